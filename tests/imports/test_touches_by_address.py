"""A touch finds its account by the address of a person, however the files write it."""

import pytest

MAP = """\
program: books
tables:
  - {file: deals.csv, rows: deals, deal: id, name: name, stage: stage, contact: {email: mail}}
  - {file: touches.csv, rows: touches, at: at, kind: kind, contact: {email: mail}}
"""


@pytest.mark.parametrize("mail", ["JANE@acme.example", "jane@acme.example"])
def test_capitals_make_no_difference_on_the_first_import_either(quick, tmp_path, rows, mail):
    export = tmp_path / "export"
    export.mkdir()
    (export / "deals.csv").write_text(f"id,name,stage,mail\n1,Roof,Talk,{mail}\n")
    (export / "touches.csv").write_text("at,kind,mail\n2026-04-13,call,Jane@ACME.example\n")
    (tmp_path / "map.yaml").write_text(MAP)
    words = ("import", str(export), "--map", str(tmp_path / "map.yaml"), "--json")
    first = quick(*words, "--make-playbook", "own", now="2026-06-01").json
    assert (first["touches"], first["skipped"]) == (1, [])
    again = quick(*words, "--playbook", "own", now="2026-06-01").json
    assert again["touches"] == 0
    assert rows("SELECT count(*) FROM touch") == [(1,)]
