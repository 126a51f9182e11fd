"""A home with a little in it, made once and copied; and what a folder holds, to the byte."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

State = dict[str, tuple[int, bytes | None]]

MAKE = """
import sys
from handoffctl.cli.main import main
home = ["--home", sys.argv[1], "--now", "2026-03-02T09:00:00Z", "--no-input"]
assert main(["add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", *home]) == 0
assert main(["set", "acme-corp", "situation=their old tool broke in May", *home]) == 0
assert main(["touch", "acme-corp", "call", "they want it soon", *home]) == 0
assert main(["add", "Birch Barn", *home]) == 0
"""

# Runs the program as a user who owns nothing. Everything is loaded first, since that user may not be able to read it.
AS_NOBODY = """
import contextlib, io, os, sys
from handoffctl.cli.main import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    for words in (["add", "Warm Up"], ["list"], ["show", "warm-up"], ["check", "warm-up"], ["show", "nobody"]):
        main([*words, "--home", sys.argv[1]])
if os.geteuid() == 0:
    try:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    except OSError:
        sys.exit(77)
code = main(sys.argv[2:])
sys.stdout.flush()
sys.exit(code)
"""


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
def as_nobody(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the program as a user whom permissions hold back, which root is not."""

    def as_nobody(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", AS_NOBODY, str(tmp_path / "scratch"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60, env={**os.environ})
        if done.returncode == 77:
            pytest.skip("root may not become another user here, and permissions do not hold root back")
        return done

    return as_nobody
