"""Files and folders that may only be read, or not even that."""

import json
import shutil
from pathlib import Path

import pytest
from tests.db.file_checks import READING, WRITING, assert_refused


def _opened_up(folder: Path, mode: int, file_mode: int) -> Path:
    home = folder / "home"
    for path in home.iterdir():
        path.chmod(file_mode)
    home.chmod(mode)
    return home


@pytest.fixture
def lent(good_home: Path, open_folder: Path) -> Path:
    shutil.copytree(good_home, open_folder / "home")
    return open_folder


def test_a_read_only_file_in_a_read_only_folder_can_be_read(lent, as_nobody, state):
    home = _opened_up(lent, 0o555, 0o444)
    before = state(home)
    for words, ran in zip(READING, as_nobody(home, *READING), strict=True):
        assert ran.code in (0, 3), ran.err
        assert "Acme" in ran.out or words[0] == "report"
    assert state(home) == before


@pytest.mark.parametrize(
    "modes",
    [(0o555, 0o444), *(pytest.param(modes, marks=pytest.mark.trial) for modes in [(0o555, 0o666), (0o777, 0o444)])],
)
def test_writing_to_what_is_read_only_is_refused(lent, as_nobody, state, modes):
    home = _opened_up(lent, *modes)
    before = state(home)
    for ran in as_nobody(home, *WRITING):
        assert_refused(ran, "handoffctl.db")
    assert state(home) == before


@pytest.mark.parametrize("modes", [(0o700, 0o600), pytest.param((0o755, 0o600), marks=pytest.mark.trial)])
def test_what_may_not_be_looked_into_is_refused(lent, as_nobody, state, modes):
    home = _opened_up(lent, *modes)
    before = state(home)
    ends = as_nobody(home, *READING, *WRITING, *((*words, "--json") for words in READING))
    for ran in ends[: -len(READING)]:
        assert_refused(ran, str(home))
    for ran in ends[-len(READING) :]:
        assert ran.code == 6
        assert json.loads(ran.out)["error"]["code"] == 6
    assert state(home) == before


def test_a_home_that_cannot_be_made_is_refused(open_folder, as_nobody):
    (ran,) = as_nobody(open_folder / "home", ("add", "Acme Corp"))
    assert_refused(ran, str(open_folder / "home"))
    assert not list(open_folder.iterdir())


def test_an_older_file_that_may_only_be_read_is_refused(lent, as_nobody, state, later):
    home = _opened_up(lent, 0o555, 0o444)
    before = state(home)
    for ran in as_nobody(home, ("list",), ("add", "Cedar Shed"), step=later()):
        assert_refused(ran, "handoffctl.db")
    assert state(home) == before


def test_a_write_that_a_crash_cut_short_is_refused_where_it_cannot_be_undone(hot, open_folder, as_nobody, state):
    shutil.copytree(hot.parent, open_folder / "home")
    home = _opened_up(open_folder, 0o555, 0o444)
    before = state(home)
    for ran in as_nobody(home, ("list",), ("add", "Cedar Shed")):
        assert_refused(ran, "in the middle of a write")
    assert state(home) == before
