"""Export and its way back: everything comes back as it was, to the byte, or nothing does."""

import json
import os
import shlex
import shutil
import sqlite3
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.app import main
from handoffctl.db.dump import table_columns
from handoffctl.db.file import VERSION, empty_in_memory
from handoffctl.db.integrity import MOMENTS

EXAMPLES = max(5, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 20)
NOW = "2026-03-02T09:00:00Z"


def ran(home, *words):
    """One run in this process, without a terminal: the exit code."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return main(["--home", str(home), "--now", NOW, "--no-input", *words])


def exported(home, folder):
    """The bytes of both forms, by name."""
    assert ran(home, "export", str(folder / "e.jsonl")) == 0
    assert ran(home, "export", "--csv", str(folder / "e")) == 0
    paths = [folder / "e.jsonl", *sorted((folder / "e").iterdir())]
    return {path.name: path.read_bytes() for path in paths}


def dumped(home):
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection:
        return list(connection.iterdump())


def assert_comes_back(home, folder):
    """Export, import of each form into a home of its own, and export again give the same bytes and records."""
    (folder / "first").mkdir()
    first = exported(home, folder / "first")
    for form in ("e.jsonl", "e"):
        other, again = folder / f"home-{form}", folder / f"again-{form}"
        again.mkdir()
        assert ran(other, "import", str(folder / "first" / form), "--from", "handoffctl") == 0
        assert exported(other, again) == first
        if (home / "handoffctl.db").exists():
            assert dumped(other) == dumped(home)


@pytest.fixture
def acme(quick, once):
    def make():
        for words in ("init --me Sam", "add 'Acme Corp' --contact 'Jane <jane@acme.example>'",
                      "set acme-corp situation='-their old tool broke in May'", "add Birch"):  # fmt: skip
            assert quick(*shlex.split(words), now=NOW).code == 0

    once(make)


ORDERS = [
    "add ACCOUNT", "add ACCOUNT --contact 'Ada <ada@acme.example>'", "deal add ACCOUNT Renewal", "delete ACCOUNT --yes",
    "set ACCOUNT situation=TEXT", "set ACCOUNT deal.amount=12,500.50", "touch ACCOUNT call TEXT", "step ACCOUNT TEXT",
    "touch ACCOUNT meeting --outcome held", "rename ACCOUNT TEXT", "close ACCOUNT --lost --because TEXT",
    "reopen ACCOUNT", "handoff ACCOUNT", "handoff ACCOUNT --to qualified --set contact.email=a@acme.example",
    "promise add ACCOUNT TEXT --due +3d", "summary draft ACCOUNT", "step ACCOUNT --done", "merge acme birch --yes",
    "contact add ACCOUNT 'Bo <bo@acme.example>'",
]  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["", "'", "=1+1", "-5", "@x", "\ta", "\rb", '"a",b', "\x1b[31m", "\u2028", "Müller & Söhne", "\ufeff"]
)
orders = st.tuples(st.sampled_from(ORDERS), st.sampled_from(["acme", "birch", "cedar"]), texts)


@given(story=st.lists(orders, max_size=8), own=texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_whatever_was_done_comes_back_to_the_byte(story, own):
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        assert ran(home, "add", "Acme", "--contact", "Jane <jane@acme.example>") == 0
        (home / "templates").mkdir()
        (home / "templates" / "own.j2").write_bytes(own.encode())
        for order, account, text in story:
            ran(home, *(word.replace("ACCOUNT", account).replace("TEXT", text) for word in shlex.split(order)))
        assert_comes_back(home, Path(folder))


def filled_everywhere(home):
    """A database with rows in every table: every column filled in the first, those that may be empty in the second."""
    ran(home, "list")
    home.mkdir()
    assert ran(home, "add", "Acme") == 0
    with closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in table_columns():
            connection.execute(f"DELETE FROM {table}")
        for table, columns in table_columns().items():
            for id in (1, 2):
                values = [_value(table, name, *column, id) for name, column in columns.items()]
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


def _value(table, name, type, required, id):
    special = {
        ("visit", "ended"): 0, ("visit", "number"): 1, ("visit", "playbook"): f"p{id}", ("visit", "stage"): "s",
        ("path", "stages"): f"p{id}/s", ("deal", "path_id"): id, ("former", "was"): '{"id": 1}',
        ("summary", "state"): "sent", ("meeting", "minutes"): 1438 + id, ("handoff", "enough"): id - 1,
        ("trial", "kind"): "item", ("trial", "mode"): "probation", ("trial", "verdict"): "keep_out",
        ("trial_deal", "arm"): "without", ("trial_deal", "missed"): id - 1,
    }  # fmt: skip
    if (table, name) in special:
        return special[table, name]
    if name == "id" or name.endswith("_id"):
        return id
    if id == 2 and not required:
        return None
    if name in MOMENTS:
        return "2026-03-02" if id == 1 else NOW
    return {"INTEGER": 2**62 + id, "REAL": 0.1 + id, "TEXT": f"'= ünï\n\t\x1b\x9b,\"{id}"}[type]


def test_every_table_comes_back(tmp_path):
    filled_everywhere(tmp_path / "home")
    with closing(sqlite3.connect(tmp_path / "home" / "handoffctl.db")) as connection:
        assert all(connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (2,) for table in table_columns())
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert_comes_back(tmp_path / "home", tmp_path)


def test_nothing_comes_back_as_nothing(tmp_path):
    assert_comes_back(tmp_path / "home", tmp_path)


def test_no_table_and_no_column_is_left_out(quick, acme):
    header, *parts = [json.loads(line) for line in quick("export").out.splitlines()]
    rows = [part for part in parts if "table" in part]
    files = [part for part in parts if "file" in part]
    assert header == {"handoffctl": "export", "schema": VERSION, "rows": len(rows), "files": len(files)}
    assert parts == rows + files
    assert [row["table"] for row in rows] == sorted(row["table"] for row in rows)
    assert {row["table"] for row in rows} >= {"command", "account", "deal", "visit", "field_value", "playbook_revision"}
    with closing(empty_in_memory()) as connection:
        for row in rows:
            columns = connection.execute(f"PRAGMA table_info({row['table']})").fetchall()
            assert list(row["row"]) == [column[1] for column in columns]
    assert [file["file"] for file in files] == ["config.yaml", "playbooks/solo.yaml"]


def test_stdout_and_file_hold_the_same_bytes_whatever_the_encoding(quick, run, acme, tmp_path):
    quick("add", "Zoë \u0416 \u3042")
    assert quick("export", str(tmp_path / "e.jsonl")).code == 0
    content = (tmp_path / "e.jsonl").read_bytes()
    assert (tmp_path / "e.jsonl").stat().st_mode & 0o777 == 0o600
    assert "Zoë" in content.decode()
    assert run("export", PYTHONIOENCODING="ascii").out.encode() == content
    assert quick("export").out.encode() == content


def test_an_export_takes_no_other_file_s_place(quick, home, acme, tmp_path):
    path = tmp_path / "e.jsonl"
    assert quick("export", str(path)).code == 0
    before = path.read_bytes()
    quick("add", "Cedar")
    told = quick("export", str(path))
    assert (told.code, path.read_bytes()) == (6, before)
    assert "--yes" in told.err
    assert quick("export", str(path), "--yes").code == 0
    assert path.read_bytes() != before
    for other in (home / "handoffctl.db", home / "config.yaml", home / "playbooks"):
        content = other.read_bytes() if other.is_file() else None
        assert quick("export", str(other), "--yes").code == 6
        assert quick("export", "--csv", str(other), "--yes").code == 6
        assert (other.read_bytes() if other.is_file() else None) == content
    assert quick("export", str(tmp_path / "no" / "e.jsonl")).code == 4
    assert quick("export", str(path), "--csv", str(tmp_path / "e")).code == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["e.jsonl", "home"]


def test_a_folder_of_an_earlier_export_is_written_over_only_when_told(quick, acme, tmp_path):
    folder = tmp_path / "e"
    folder.mkdir()
    assert quick("export", "--csv", str(folder)).code == 0  # empty, so nothing is lost
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    before = (folder / "account.csv").read_text()
    quick("add", "Cedar")
    assert quick("export", "--csv", str(folder)).code == 6
    assert (folder / "account.csv").read_text() == before
    assert quick("export", "--csv", str(folder), "--yes").code == 0
    assert "Cedar" in (folder / "account.csv").read_text()
    (folder / "mine.txt").write_text("keep me")
    assert quick("export", "--csv", str(folder), "--yes").code == 6
    assert (folder / "mine.txt").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["e", "home"]


def test_an_export_that_fails_leaves_nothing(quick, home, acme, tmp_path):
    with closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
        connection.execute("UPDATE account SET test = x'ff' WHERE slug = 'birch'")
    for words in (["export"], ["export", str(tmp_path / "e.jsonl")], ["export", "--csv", str(tmp_path / "e")]):
        told = quick(*words)
        assert (told.code, told.out) == (6, "")
        assert "account.test holds what no integer is" in told.err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home"]


def test_bringing_back_says_what_it_did(quick, acme, tmp_path):
    quick("export", str(tmp_path / "e.jsonl"))
    other = str(tmp_path / "other")
    dry = quick(
        "--home", other, "import", str(tmp_path / "e.jsonl"), "--from", "handoffctl", "--dry-run", "--json"
    ).json
    assert not Path(other).exists()
    done = quick("--home", other, "import", str(tmp_path / "e.jsonl"), "--from", "Handoffctl", "--json").json
    assert {**dry, "dry_run": False} == done
    assert done["tables"]["account"] == 2
    assert done["rows"] == sum(done["tables"].values())
    assert done["files"] == ["config.yaml", "playbooks/solo.yaml"]
    assert sorted(one.name for one in Path(other).iterdir()) == ["config.yaml", "handoffctl.db", "playbooks"]
    assert quick("--home", other, "list").out == quick("list").out


@pytest.mark.parametrize("form", ["e.jsonl", "e"])
def test_an_own_export_is_recognised_without_being_named(quick, acme, tmp_path, form):
    quick("export", str(tmp_path / "e.jsonl"))
    quick("export", "--csv", str(tmp_path / "e"))
    other, path = str(tmp_path / "other"), str(tmp_path / form)
    assert "Brought back" in quick("--home", other, "import", path).out
    assert quick("--home", other, "list").out == quick("list").out
    told = quick("--home", str(tmp_path / "third"), "import", path, "--make-playbook", "x")
    assert (told.code, "--make-playbook does not go with an export of handoffctl" in told.err) == (2, True)


@pytest.mark.parametrize(
    "words", ["--map m.yaml", "--playbook solo", "--make-playbook x", "--dates ymd", "--suggest"]
)  # fmt: skip
def test_options_that_choose_make_no_sense_with_it(quick, home, words):
    told = quick("import", "e.jsonl", "--from", "handoffctl", *words.split())
    assert told.code == 2
    assert words.split()[0] in told.err
    assert not home.exists()


def test_records_are_never_mixed(quick, dump, acme, tmp_path):
    quick("export", str(tmp_path / "e.jsonl"))
    before = dump()
    for dry in ([], ["--dry-run"]):
        told = quick("import", str(tmp_path / "e.jsonl"), "--from", "handoffctl", *dry)
        assert told.code == 6
        assert "holds records already" in told.err
        assert "--home" in told.err
    for account in ("acme-corp", "birch"):
        quick("delete", account, "--yes")  # the log is left, and that is a record too
    assert quick("import", str(tmp_path / "e.jsonl"), "--from", "handoffctl").code == 6
    assert before


def state(folder):
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def changed(path, change):
    """Changes rows of an export by hand, its header with them."""
    header, *parts = [json.loads(line) for line in path.read_text().splitlines()]
    parts = change(parts) or parts
    header["rows"], header["files"] = sum("table" in p for p in parts), sum("file" in p for p in parts)
    path.write_text("".join(json.dumps(part) + "\n" for part in (header, *parts)))


def rows_of(parts, table):
    return [part["row"] for part in parts if part.get("table") == table]


BAD = {
    "an id twice": ("another row has the same account.id", lambda p: [*p, rows_again(p, "account")]),
    "a slug twice": ("account.slug", lambda p: rows_of(p, "account")[1].update(slug="acme-corp")),
    "a row that points nowhere": (
        "row 2 of visit points to a row of deal that is not there",
        lambda p: rows_of(p, "visit")[1].update(deal_id=77),
    ),
    "a deal without a stay": ("what this program did not write", lambda p: [x for x in p if x.get("table") != "visit"]),
    "no moment": ("what this program did not write", lambda p: rows_of(p, "visit")[0].update(entered_at="noon")),
    "a file twice": ("config.yaml is there twice", lambda p: [*p, {"file": "config.yaml", "text": "x"}]),
    "a file outside": ("none of your own files", lambda p: [*p, {"file": "../x.yaml", "text": "x"}]),
    "an empty name": ("account.name is empty", lambda p: rows_of(p, "account")[0].update(name=None)),
}


def rows_again(parts, table):
    return {"table": table, "row": {**rows_of(parts, table)[0], "slug": "another"}}


@pytest.mark.parametrize("name", BAD)
def test_a_faulty_export_is_refused_with_its_line_and_nothing_is_written(quick, acme, tmp_path, name):
    says, change = BAD[name]
    path = tmp_path / "e.jsonl"
    quick("export", str(path))
    changed(path, change)
    before = state(tmp_path)
    told = quick("--home", str(tmp_path / "other"), "import", str(path), "--from", "handoffctl")
    assert told.code == 6
    assert says in told.err
    if "did not write" not in says:
        assert f"{path}, line " in told.err
    assert state(tmp_path) == before


def test_no_length_to_which_an_export_is_cut_is_taken_for_a_whole_one(quick, acme, tmp_path):
    path = tmp_path / "e.jsonl"
    quick("export", str(path))
    whole = path.read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == 10]
    for end in {*ends[:-1], *range(0, len(whole) - 1, len(whole) // 12)}:
        path.write_bytes(whole[:end])
        assert quick("--home", str(tmp_path / "other"), "import", str(path), "--from", "handoffctl").code == 6
    assert not (tmp_path / "other").exists()


def test_an_export_of_a_newer_program_is_refused_with_what_to_do(quick, acme, tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_text(json.dumps({"handoffctl": "export", "schema": VERSION + 1, "rows": 0, "files": 0}))
    told = quick("--home", str(tmp_path / "other"), "import", str(path), "--from", "handoffctl", "--json").json["error"]
    assert "newer handoffctl" in told["message"]
    assert "pip install" in told["hint"]


def test_an_export_of_this_program_is_taken_by_a_later_one(quick, acme, tmp_path, monkeypatch):
    from handoffctl.db import file

    path, step = tmp_path / "e.jsonl", tmp_path / "9999_later.sql"
    quick("export", str(path))
    step.write_text(
        "ALTER TABLE account ADD COLUMN shade TEXT DEFAULT 'blue';\nCREATE TABLE later (id INTEGER PRIMARY KEY);\n"
    )
    steps = [*file.STEPS, step]
    for name, module in list(sys.modules.items()):
        for constant, value in (("STEPS", steps), ("VERSION", len(steps))):
            if name.startswith("handoffctl.") and hasattr(module, constant):
                monkeypatch.setattr(module, constant, value)
    other = str(tmp_path / "other")
    told = quick("--home", other, "import", str(path), "--from", "handoffctl")
    assert told.code == 0, told
    with closing(sqlite3.connect(Path(other) / "handoffctl.db")) as connection:
        assert connection.execute("SELECT slug, shade FROM account").fetchall() == [
            ("acme-corp", "blue"), ("birch", "blue"),
        ]  # fmt: skip
    again = quick("--home", other, "export").out
    assert '"shade": "blue"' in again
    assert json.loads(again.splitlines()[0])["schema"] == VERSION + 1


@pytest.mark.parametrize("path", ["nothing", "folder", "fifo"])
def test_what_is_no_export_is_refused(quick, home, tmp_path, path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    told = quick("import", str(tmp_path / path), "--from", "handoffctl")
    assert told.code == 6
    assert not home.exists()


def test_own_files_are_written_only_where_none_are(quick, acme, tmp_path):
    quick("export", str(tmp_path / "e.jsonl"))
    other = tmp_path / "other"
    (other / "playbooks").mkdir(parents=True)
    own = other / "playbooks" / "solo.yaml"
    words = ("--home", str(other), "import", str(tmp_path / "e.jsonl"), "--from", "handoffctl")
    own.write_text("playbook: mine\n")
    before = state(other)
    for dry in ((), ("--dry-run",)):
        told = quick(*words, *dry)
        assert told.code == 6
        assert "other content" in told.err
        assert state(other) == before
    own.unlink()
    own.symlink_to(tmp_path / "nowhere")
    assert quick(*words).code == 6
    assert not (tmp_path / "nowhere").exists()
    own.unlink()
    (other / "playbooks").rmdir()
    (tmp_path / "outside").mkdir()
    (other / "playbooks").symlink_to(tmp_path / "outside")
    assert quick(*words).code == 6
    assert list((tmp_path / "outside").iterdir()) == []
    assert sorted(path.name for path in other.iterdir()) == ["playbooks"]
    shutil.copy(tmp_path / "home" / "playbooks" / "solo.yaml", tmp_path / "outside")
    assert quick(*words).code == 0  # the same is there already


def test_own_files_are_taken_away_again_when_the_records_cannot_be_written(quick, acme, tmp_path):
    quick("export", str(tmp_path / "e.jsonl"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "playbooks").write_text("in the way")
    told = quick("--home", str(other), "import", str(tmp_path / "e.jsonl"), "--from", "handoffctl")
    assert told.code == 6
    assert not (other / "config.yaml").exists()
    assert quick("--home", str(other), "list", "--json").json["deals"] == []


def test_what_was_brought_back_can_be_worked_on(quick, acme, tmp_path):
    quick("export", "--csv", str(tmp_path / "e"))
    other = ("--home", str(tmp_path / "other"))
    assert quick(*other, "import", str(tmp_path / "e"), "--from", "handoffctl").code == 0
    assert quick(*other, "doctor").code == 0
    assert quick(*other, "set", "acme-corp", "interest=urgent", now="2026-03-03").code == 0
    assert len(quick(*other, "log").out.splitlines()) == len(quick("log").out.splitlines()) + 1
