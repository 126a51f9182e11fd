"""An export as plain rows: the two forms give back what they were given, and take nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffctl.archive.csv_folder import CsvFolder, csv_files
from handoffctl.archive.export_schema import (
    ExportColumn,
    ExportHeader,
    ExportRow,
    TableExport,
    WorkspaceExport,
    WorkspaceFile,
)
from handoffctl.archive.json_lines import JsonLinesFile, json_lines
from handoffctl.errors import Refused

SHAPE = {
    "bird": {
        "id": ExportColumn("INTEGER", True),
        "name": ExportColumn("TEXT", False),
        "weight": ExportColumn("REAL", False),
        "nests": ExportColumn("INTEGER", False),
    },
    "egg": {"id": ExportColumn("INTEGER", True)},
}
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        "",
        "'",
        "''",
        "=1+1",
        "-5",
        "+49 30",
        "@x",
        "\ta",
        "\rb",
        "\r\n",
        'a"b,c',
        "\0",
        "\u2028",
        "\x1b[31m\x9b",
        "\ufeff",
    ]
)
whole_numbers = st.integers(-(2**63), 2**63 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e299, max_value=1e299)
birds = st.lists(
    st.tuples(whole_numbers, st.none() | texts, st.none() | numbers, st.none() | whole_numbers), max_size=4
)
own_files = st.dictionaries(
    st.sampled_from(["config.yaml", "playbooks/mine.yaml", "templates/über uns.j2"]), texts, max_size=3
)


def whole(rows, files=None):
    own = [WorkspaceFile("", path, text) for path, text in (files or {}).items()]
    tables = [TableExport("bird", list(SHAPE["bird"]), rows), TableExport("egg", ["id"], [])]
    return WorkspaceExport(ExportHeader(6, len(rows), len(own)), tables, own)


def to_lines(path, all):
    path.write_bytes("".join(json_lines(all)).encode())
    return JsonLinesFile(path)


def to_sheets(path, all):
    path.mkdir(exist_ok=True)
    for name, pieces in csv_files(all):
        (path / name).write_bytes("".join(pieces).encode())
    return CsvFolder(path)


@pytest.mark.parametrize("form", [to_lines, to_sheets])
@given(rows=birds, files=own_files)
def test_what_is_written_is_read_back_value_by_value(tmp_path_factory, form, rows, files):
    source = form(tmp_path_factory.mktemp("form") / "export", whole(rows, files))
    assert source.header == ExportHeader(6, len(rows), len(files))
    for _ in range(2):  # it can be read more than once
        parts = list(source.items(SHAPE))
        found = [part.values for part in parts if isinstance(part, ExportRow)]
        assert repr(found) == repr(rows)  # 1 is no 1.0 here
        assert {part.path: part.text for part in parts if isinstance(part, WorkspaceFile)} == files


def test_no_line_can_steer_a_terminal():
    told = "".join(json_lines(whole([(1, "a\x1b[31m\x7f\x9b\u202e\u2028b\U000e0001", None, None)])))
    assert all(line.isprintable() for line in told.splitlines())
    assert "\\u009b" in told


def test_no_cell_is_run_by_a_spreadsheet(tmp_path):
    to_sheets(tmp_path / "e", whole([(1, "=cmd()", -1.5, -3), (2, "", None, None), (3, "plain", 2.0, 0)]))
    assert (tmp_path / "e" / "bird.csv").read_text().splitlines() == [
        "id,name,weight,nests", "1,'=cmd(),-1.5,-3", "2,',,", "3,plain,2.0,0",
    ]  # fmt: skip


HEAD = '{"handoffctl": "export", "schema": 6, "rows": 1, "files": 0}'
ROW = '{"table": "bird", "row": {"id": 1, "name": "Tit", "weight": 1.5, "nests": 0}}'


def changed(**values):
    row = json.loads(ROW)
    row["row"].update(values)
    return f"{HEAD}\n{json.dumps(row)}\n"


BAD_LINES = {
    "an empty file": ("line 1: this is not JSON", ""),
    "something else": ("line 1: this is not JSON", "account,stage\n"),
    "JSON of another kind": ("line 1: this does not begin an export", "[1]\n"),
    "another header": ("line 1: this does not begin an export", '{"handoffctl": "backup"}\n'),
    "an older schema": ('no export has the schema "5"', HEAD.replace("6", "5")),
    "a schema that is none": ('no export has the schema "True"', HEAD.replace("6", "true")),
    "no counts": ("does not say how many", '{"handoffctl": "export", "schema": 6}\n'),
    "a line of no kind": ("line 2: this is neither a row nor a file", f"{HEAD}\n{{}}\n"),
    "a row that is a list": ("line 2: this is neither", f'{HEAD}\n{{"table": "bird", "row": [1]}}\n'),
    "another key": ("line 2: this is neither", f'{HEAD}\n{ROW[:-1]}, "x": 1}}\n'),
    "an empty line": ("line 2: this is not JSON", f"{HEAD}\n\n{ROW}\n"),
    "half a line": ("line 2: this is not JSON", f"{HEAD}\n{ROW[:40]}"),
    "a row too few": ("0 rows are there, and 1 were exported: it was cut off", f"{HEAD}\n"),
    "a row too many": ("2 rows are there", f"{HEAD}\n{ROW}\n{ROW}\n"),
    "an unknown table": ('line 2: there is no table "fish"', f"{HEAD}\n{ROW}".replace("bird", "fish")),
    "a table that is a list": ("line 2: there is no table", f"{HEAD}\n{ROW}".replace('"bird"', "[]")),
    "a column too many": ('bird has no column "wings"', changed(wings=2)),
    "a column missing": ("line 2: bird.name is missing", f"{HEAD}\n{ROW}".replace('"name": "Tit", ', "")),
    "a key twice": ("a key is there twice", f"{HEAD}\n{ROW}".replace('"id": 1', '"id": 1, "id": 2')),
    "yes for a number": ("bird.nests holds what no integer is", changed(nests=True)),
    "a number too large": ("bird.nests holds what no integer is", changed(nests=2**63)),
    "a number of ten thousand digits": ("line 2: this is not JSON", f"{HEAD}\n{ROW}".replace("1.5", "1" * 10_000)),
    "a whole number too large for a real one": ("line 2: bird.weight holds what no real is", changed(weight=2**63)),
    "a name too long": (
        "line 2: \"playbooks/xxx", f'{HEAD}\n{{"file": "playbooks/{"x" * 300}.yaml", "text": ""}}'),
    "a fraction": ("bird.nests holds what no integer is", changed(nests=1.0)),
    "a text for a number": ("bird.weight holds what no real is", changed(weight="1")),
    "an endless number": ("bird.weight holds what no real is", f"{HEAD}\n{ROW}".replace("1.5", "1e999")),
    "NaN": ("line 2: this is not JSON: NaN is no number", f"{HEAD}\n{ROW}".replace("1.5", "NaN")),
    "a number for a text": ("bird.name holds what no text is", changed(name=5)),
    "a list for a text": ("bird.name holds what no text is", changed(name=["x"])),
    "half of a pair": ("bird.name holds what no text is", changed(name="\ud800")),
    "nothing where something must be": ("bird.id is empty", changed(id=None)),
    "deep nesting": ("line 2: this is nested too deeply", f"{HEAD}\n" + "[" * 200_000),
    "a long line of nothing": ("line 2: this is not JSON", f"{HEAD}\n" + "x" * 10_000_000),
    "a file outside": ('"../x" is none of your own files', f'{HEAD}\n{{"file": "../x", "text": ""}}'),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_faulty_file_is_refused_in_a_sentence_with_its_line(tmp_path, name):
    says, content = BAD_LINES[name]
    path = tmp_path / "export.jsonl"
    path.write_text(content)
    with pytest.raises(Refused) as caught:
        list(JsonLinesFile(path).items(SHAPE))
    assert says in caught.value.message
    assert caught.value.message.startswith(str(path))
    assert caught.value.hint


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path):
    path = tmp_path / "export.jsonl"
    path.write_bytes(f"{HEAD}\n{ROW}".encode("utf-16"))
    with pytest.raises(Refused, match="line 1: this is not text"):
        JsonLinesFile(path)
    path.write_bytes(HEAD.encode() + b'\n{"table": "\xff"}\n')
    with pytest.raises(Refused, match="line 2: this is not text"):
        list(JsonLinesFile(path).items(SHAPE))


def test_the_mark_that_some_editors_write_is_no_fault(tmp_path):
    path = tmp_path / "export.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}\r\n{ROW}\r\n".encode())
    assert len(list(JsonLinesFile(path).items(SHAPE))) == 1


@pytest.mark.parametrize("path", [
    "../x.yaml", "/etc/passwd", "playbooks/../../x.yaml", "playbooks/a/b.yaml", "playbooks\\x.yaml",
    "playbooks/.x.yaml",    "playbooks/..yaml", "playbooks/.yaml", "config.yaml\n",
    "playbooks/x\ny.yaml", "playbooks/x\0.yaml", "handoffctl.db",
    "playbooks/x.yaml/", "templates/x.yaml", "", "C:\\x.yaml", 5, None, ["config.yaml"], "playbooks/\x1b.yaml",
])  # fmt: skip
def test_the_name_of_a_file_leads_nowhere_but_into_the_home(tmp_path, path):
    file = tmp_path / "export.jsonl"
    file.write_text(
        HEAD.replace("1", "0").replace('"files": 0', '"files": 1') + "\n" + json.dumps({"file": path, "text": ""})
    )
    with pytest.raises(Refused, match="none of your own files"):
        list(JsonLinesFile(file).items(SHAPE))


BAD_SHEETS = {
    "no header": ("export.json cannot be read", "export.json", None),
    "a header that is none": ("export.json, line 1: this is not JSON", "export.json", "x"),
    "a table missing": ("egg.csv cannot be read", "egg.csv", None),
    "an unknown table": ("fish.csv: there is no table", "fish.csv", "id\n"),
    "other columns": ("bird.csv, line 1: the columns are not", "bird.csv", "id,name\n"),
    "an empty table": ("bird.csv, line 1: the columns are not", "bird.csv", ""),
    "a cell too few": ("line 2: 4 cells belong here, and 3 are there", "bird.csv", "id,name,weight,nests\n1,x,2.0\n"),
    "a word for a number": ("line 2: bird.id holds", "bird.csv", "id,name,weight,nests\none,x,2.0,3\n"),
    "digits of another script": ("line 2: bird.id holds", "bird.csv", "id,name,weight,nests\n١,x,2.0,3\n"),
    "a number too large": ("line 2: bird.id holds", "bird.csv", f"id,name,weight,nests\n{2**63},x,2.0,3\n"),
    "a number far too large": ("line 2: bird.id holds", "bird.csv", f"id,name,weight,nests\n{'9' * 9999},x,2.0,3\n"),
    "an endless number": ("line 2: bird.weight holds", "bird.csv", "id,name,weight,nests\n1,x,inf,3\n"),
    "no id": ("line 2: bird.id is empty", "bird.csv", "id,name,weight,nests\n,x,2.0,3\n"),
    "a quote that does not end": ("line 2: this is not CSV", "bird.csv", 'id,name,weight,nests\n1,"x,2.0,3\n'),
    "a row more": ("2 rows are there, and 1 were exported", "bird.csv", "id,name,weight,nests\n1,x,2.0,3\n2,y,,\n"),
    "a file outside": ("files.csv, line 2", "files.csv", "path,text\n../../x.yaml,x\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SHEETS)
def test_a_faulty_folder_is_refused_in_a_sentence_with_file_and_line(tmp_path, name):
    says, file, content = BAD_SHEETS[name]
    to_sheets(tmp_path / "e", whole([(1, "x", 2.0, 3)]))
    if content is None:
        (tmp_path / "e" / file).unlink()
    else:
        (tmp_path / "e" / file).write_text(content)
    with pytest.raises(Refused) as caught:
        list(CsvFolder(tmp_path / "e").items(SHAPE))
    assert says in caught.value.message


def test_a_table_that_is_no_text_is_refused(tmp_path):
    to_sheets(tmp_path / "e", whole([(1, "x", 2.0, 3)]))
    (tmp_path / "e" / "bird.csv").write_bytes(b"id,name,weight,nests\n1,\xff,2.0,3\n")
    with pytest.raises(Refused, match="not text in UTF-8"):
        list(CsvFolder(tmp_path / "e").items(SHAPE))
