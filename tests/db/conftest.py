"""A home with a little in it, made once and copied; and what a folder holds, to the byte."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

import handoffctl
from handoffctl.db import file as store_file

State = dict[str, tuple[int, bytes | None]]

MAKE = """
import sys
from handoffctl.app import main
home = ["--home", sys.argv[1], "--now", "2026-03-02T09:00:00Z", "--no-input"]
assert main(["add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", *home]) == 0
assert main(["set", "acme-corp", "situation=their old tool broke in May", *home]) == 0
assert main(["touch", "acme-corp", "call", "they want it soon", *home]) == 0
assert main(["add", "Birch Barn", *home]) == 0
"""

# Runs commands as a user who owns nothing. Everything is loaded first, since that user may not be able to read it.
AS_NOBODY = """
import contextlib, io, json, os, sys
from pathlib import Path
from handoffctl.app import main
from handoffctl.db import file

def ran(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    return code, out.getvalue(), err.getvalue()

given = json.loads(sys.argv[1])
for words in (["add", "Warm Up"], ["list"], ["show", "warm-up"], ["check", "warm-up"], ["report", "throughput"],
              ["set", "warm-up", "interest=urgent"], ["handoff", "warm-up"], ["show", "nobody"], ["list", "--json"]):
    ran([*words, "--home", given["scratch"]])
if given["step"]:
    file.STEPS.append(Path(given["step"]))
    file.VERSION = len(file.STEPS)
if os.geteuid() == 0:
    try:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    except OSError:
        sys.exit(77)
print(json.dumps([ran([*words, "--home", given["home"]]) for words in given["commands"]]))
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def good_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good") / "home"
    subprocess.run([sys.executable, "-c", MAKE, str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def filled(home: Path, good_home: Path) -> Path:
    """The database of a home with two accounts: acme-corp, of which something is known, and birch-barn."""
    shutil.copytree(good_home, home)
    return home / "handoffctl.db"


@pytest.fixture
def state() -> Callable[[Path], State]:
    """Every file and folder below one, with its mode and its bytes."""

    def state(folder: Path) -> State:
        return {
            str(path.relative_to(folder)): (path.stat().st_mode & 0o777, path.read_bytes() if path.is_file() else None)
            for path in sorted(folder.rglob("*"))
        }

    return state


@pytest.fixture
def execute() -> Callable[..., None]:
    """Statements on a database file, past the program."""

    def execute(path: Path, *statements: str) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return execute


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; the test's own is closed to others."""
    folder = Path(mkdtemp(prefix="handoffctl-test-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def as_nobody(tmp_path: Path) -> Callable[..., list[Ran]]:
    """Runs commands one after the other as a user whom permissions hold back, which root is not."""

    closed = [path for path in Path(handoffctl.__file__).resolve().parents if not path.stat().st_mode & 0o001]
    if closed and os.geteuid() == 0:
        pytest.skip(f"the program lies in {closed[-1]}, where no other user may read it")

    def as_nobody(home: Path, *commands: Sequence[str], step: Path | None = None) -> list[Ran]:
        given = {
            "scratch": str(tmp_path / "scratch"),
            "home": str(home),
            "commands": commands,
            "step": str(step) if step else "",
        }
        done = subprocess.run([sys.executable, "-c", AS_NOBODY, json.dumps(given)], capture_output=True, text=True)
        if done.returncode == 77:
            pytest.skip("root may not become another user here, and permissions do not hold root back")
        assert done.returncode == 0, done.stderr
        return [Ran(*one) for one in json.loads(done.stdout)]

    return as_nobody


@pytest.fixture
def hot(filled, execute) -> Path:
    """A database left by a process that was killed in the middle of a write so large that half of it is in the file."""
    child = f"""
import os, signal, sqlite3
connection = sqlite3.connect({str(filled)!r}, isolation_level=None)
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE touch SET text = 'torn'")
connection.execute("UPDATE account SET name = 'Torn', folded = 'torn'")
os.kill(os.getpid(), signal.SIGKILL)
"""
    rows = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
              INSERT INTO touch (command_id, account_id, kind, direction, text, at)
              SELECT 1, 1, 'note', 'in', 'whole ' || i, '2026-03-02' FROM n"""
    execute(filled, rows)
    whole = filled.read_bytes()
    assert subprocess.run([sys.executable, "-c", child]).returncode == -signal.SIGKILL
    assert filled.read_bytes() != whole  # it spilled
    assert Path(f"{filled}-journal").stat().st_size > 4096
    (filled.parent.parent / "whole").write_bytes(whole)  # to compare with
    return filled


LATER = """
ALTER TABLE account ADD COLUMN shade TEXT;
CREATE TABLE later (id INTEGER PRIMARY KEY, word TEXT NOT NULL);
INSERT INTO later (word) VALUES ('a; b');
-- A table that others point to, made anew with a further column and a check.
CREATE TABLE new_deal (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    slug TEXT NOT NULL CHECK (slug <> ''),
    colour TEXT
);
INSERT INTO new_deal (id, account_id, slug) SELECT id, account_id, slug FROM deal;
CREATE TABLE kept_deal AS SELECT * FROM deal;
"""


@pytest.fixture
def later(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Gives the program a further step of the schema."""

    def later(script: str = LATER) -> Path:
        step = open_folder / "9999_later.sql"
        step.write_text(script, encoding="utf-8")
        monkeypatch.setattr(store_file, "STEPS", [*store_file.STEPS, step])
        monkeypatch.setattr(store_file, "VERSION", len(store_file.STEPS))
        return step

    return later
