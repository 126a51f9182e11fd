"""A write that is broken off, by a kill or a full disk, leaves the whole former file or the whole new one.

And the home is not locked by it: other commands run, and the same command once more finishes the work.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOW = "2026-03-03T09:00:00Z"
BEFORE = "2026-03-02T09:00:00Z"
DEALS = """id,name,account,stage,lead
1,Roof,Acorn,Lead,2026-01-05
2,Barn,Birch,Lead,2026-01-06
"""
MAP = """program: books
deal: id
name: name
account: account
stage: stage
entered: {Lead: lead}
"""


def nothing(home: Path, quick: Any) -> None:
    pass


def begun(home: Path, quick: Any) -> None:
    assert quick("init", "--me", "Jane Doe", now=BEFORE).code == 0


def own_schema_of_an_earlier_version(home: Path, quick: Any) -> None:
    begun(home, quick)
    (home / "playbooks" / "playbook.schema.json").write_text("{}")


def recorded(home: Path, quick: Any) -> None:
    begun(home, quick)
    assert quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=BEFORE).code == 0


def exported(home: Path, quick: Any) -> None:
    """An export of another home, which holds files of its own, beside nothing else."""
    recorded(home, quick)
    assert quick("template", "copy", "nudge").code == 0
    assert quick("export", str(home.parent / "e.jsonl"), now=BEFORE).code == 0
    shutil.rmtree(home)
    home.mkdir()
    (home.parent / "e.jsonl").rename(home / "e.jsonl")


def exported_here(home: Path, quick: Any) -> None:
    """Earlier exports, pages and calendars, and records that have changed since."""
    recorded(home, quick)
    assert quick("export", str(home / "e.jsonl"), now=BEFORE).code == 0
    assert quick("report", "all", "--html", str(home / "report.html"), now=BEFORE).code == 0
    assert quick("today", "--ics", str(home / "today.ics"), now=BEFORE).code == 0
    assert quick("add", "Birch Barn", now=BEFORE).code == 0


def export_of_books(home: Path, quick: Any) -> None:
    home.mkdir()
    (home / "deals.csv").write_text(DEALS, encoding="utf-8")
    (home / "map.yaml").write_text(MAP, encoding="utf-8")


CASES = {
    "init": (nothing, ["init", "solo", "trim", "--me", "Jane Doe"]),
    "init by a newer version": (own_schema_of_an_earlier_version, ["init", "trim"]),
    "playbook new": (begun, ["playbook", "new", "my-way"]),
    "rename-stage": (recorded, ["playbook", "rename-stage", "qualified", "vetted", "--yes"]),
    "template copy": (begun, ["template", "copy", "nudge"]),
    "import of an export": (exported, ["import", "e.jsonl", "--from", "handoffctl"]),
    "import that makes a playbook": (
        export_of_books, ["import", "deals.csv", "--map", "map.yaml", "--make-playbook", "roofs"],
    ),
    "export": (recorded, ["export", "e.jsonl"]),
    "export over an earlier one": (exported_here, ["export", "e.jsonl", "--yes"]),
    "export as CSV": (recorded, ["export", "--csv", "csv"]),
    "page": (exported_here, ["report", "all", "--html", "report.html"]),
    "calendar": (exported_here, ["today", "--ics", "today.ics"]),
    "mail": (recorded, ["email", "introduction", "acme-corp", "--eml", "mail.eml"]),
}  # fmt: skip
EVERY_STEP = 10_000
# Each command at each of its steps is a long trial; the short run breaks a few commands off twice.
SOME_OR_ALL = pytest.mark.parametrize(
    ("case", "most"),
    [(case, 2) for case in ("init", "playbook new", "export as CSV", "mail")]
    + [pytest.param(case, EVERY_STEP, marks=pytest.mark.trial) for case in CASES],
)


@pytest.fixture
def broken_off(home, quick, tmp_path):
    """Breaks one of the cases off at some of its steps, or at each in turn; gives what each run left."""

    def broken_off(case: str, how: str, most: int) -> Any:
        prepare, command = CASES[case]
        prepare(home, quick)
        (tmp_path / "work").mkdir()
        given = {"folder": str(home), "work": str(tmp_path / "work"), "command": command, "again": command,
                 "how": how, "most": most}  # fmt: skip
        script = Path(__file__).with_name("breaking.py")
        done = subprocess.run(
            [sys.executable, str(script), json.dumps(given)],
            capture_output=True, text=True, env={**os.environ, "HANDOFFCTL_NOW": NOW},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return broken_off


def assert_whole(found: Any) -> None:
    assert found["code"] == 0
    assert found["before"] != found["after"]
    for one in found["left"]:
        for name in {*found["before"], *found["after"], *one["files"]}:
            assert one["files"].get(name) in (found["before"].get(name), found["after"].get(name)), (name, one)
        assert one["listed"] == 0, one
        assert one["files_again"] == found["after"], one
        assert "Traceback" not in one["said"] + one["said_again"], one


@SOME_OR_ALL
def test_a_command_that_is_killed_while_it_writes_leaves_whole_files(broken_off, case, most):
    found = broken_off(case, "kill", most)
    assert_whole(found)
    assert found["steps"] >= 8
    assert all(one["code"] == -signal.SIGKILL for one in found["left"])


@SOME_OR_ALL
def test_a_command_whose_disk_is_full_leaves_whole_files_and_says_so(broken_off, case, most):
    found = broken_off(case, "full", most)
    assert_whole(found)
    for one in found["left"]:
        assert one["code"] in (0, 6), one
        assert one["parts"] == [], one
    refused = [one for one in found["left"] if one["code"]]
    assert refused
    for one in refused:
        sentence, hint = one["said"].splitlines()[-2:]
        assert sentence.lower().endswith("no space left on device."), one
        assert hint.endswith("."), one


def limited(home: Path, size: int, *words: str) -> subprocess.CompletedProcess[str]:
    """The program where no file can grow beyond this size; Python ignores the signal, so that writing fails."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "handoffctl", "--home", str(home), "--now", NOW, *words],
        capture_output=True, text=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip


def visible(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.name != "handoffctl.db")


def assert_refused(done: subprocess.CompletedProcess[str], file: str) -> None:
    assert done.returncode == 6, done
    assert f"{file} cannot be written: File too large." in done.stderr
    assert done.stderr.count("\n") == 2


def test_init_that_finds_no_room_locks_nothing(home, quick):
    assert quick("add", "Acme Corp", now=BEFORE).code == 0
    assert_refused(limited(home, 1000, "init"), "solo.yaml")
    assert visible(home) == ["playbooks", "templates"]
    assert quick("list").code == 0
    assert quick("init", now=NOW).code == 0
    assert quick("doctor").code == 0


def test_a_playbook_that_finds_no_room_is_not_begun(home, quick):
    begun(home, quick)
    before = visible(home)
    assert_refused(limited(home, 1000, "playbook", "new", "my-way"), "my-way.yaml")
    assert visible(home) == before
    assert quick("playbook", "new", "my-way", now=NOW).code == 0


def test_a_template_that_finds_no_room_is_not_copied(home, quick):
    begun(home, quick)
    before = visible(home)
    assert_refused(limited(home, 100, "template", "copy", "nudge"), "nudge.j2")
    assert visible(home) == before
    assert quick("template", "copy", "nudge").code == 0
    assert (home / "templates" / "nudge.j2").stat().st_mode & 0o777 == 0o600


def test_an_export_whose_files_find_no_room_is_not_brought_back(home, quick, tmp_path):
    recorded(home, quick)
    (home / "templates" / "long.j2").write_text("word " * 1_000_000, encoding="utf-8")
    assert quick("export", str(tmp_path / "e.jsonl"), now=NOW).code == 0
    other = tmp_path / "other"
    words = ("import", str(tmp_path / "e.jsonl"), "--from", "handoffctl")
    assert_refused(limited(other, 3_000_000, *words), "long.j2")
    assert visible(other) == ["playbooks", "templates"]
    assert quick("--home", str(other), "list", "--json").json["total"] == 0
    assert quick("--home", str(other), *words, now=NOW).code == 0
    assert (other / "templates" / "long.j2").stat().st_size == 5_000_000


EMPTY = ["config.yaml", "playbooks/solo.yaml"]


@pytest.mark.parametrize("empty", [EMPTY[:1], EMPTY[1:], EMPTY])
def test_init_mends_what_an_earlier_version_left_empty(home, quick, empty):
    begun(home, quick)
    for name in empty:
        (home / name).write_bytes(b"")
    done = quick("init", "--me", "Jane Doe", now=NOW)
    assert done.code == 0, done
    assert [name for name in EMPTY if str(home / name) in done.out + done.err] == empty
    assert quick("doctor").code == 0


def test_init_mends_no_playbook_that_holds_something_and_none_of_the_user_s_own(home, quick):
    begun(home, quick)
    (home / "playbooks" / "solo.yaml").write_text("\n")
    (home / "playbooks" / "mine.yaml").write_bytes(b"")
    assert quick("init", now=NOW).code == 5
    assert quick("init", "mine", now=NOW).code == 5
    assert (home / "playbooks" / "solo.yaml").read_text() == "\n"
    assert (home / "playbooks" / "mine.yaml").read_bytes() == b""


def test_init_leaves_an_empty_file_behind_a_link_alone(home, quick, tmp_path):
    begun(home, quick)
    (tmp_path / "elsewhere.yaml").write_bytes(b"")
    (home / "config.yaml").unlink()
    (home / "config.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert quick("init", now=NOW).code == 5
    assert (home / "config.yaml").is_symlink()


def test_an_export_is_brought_back_over_empty_files_of_an_earlier_attempt(home, quick, tmp_path):
    recorded(home, quick)
    assert quick("export", str(tmp_path / "e.jsonl"), now=NOW).code == 0
    other = tmp_path / "other"
    (other / "playbooks").mkdir(parents=True)
    for name in EMPTY:
        (other / name).write_bytes(b"")
    assert quick("--home", str(other), "import", str(tmp_path / "e.jsonl"), "--from", "handoffctl", now=NOW).code == 0
    assert all((other / name).read_bytes() == (home / name).read_bytes() for name in EMPTY)


def test_a_template_is_copied_over_an_empty_file(home, quick):
    begun(home, quick)
    own = home / "templates" / "nudge.j2"
    own.write_bytes(b"")
    assert quick("template", "copy", "nudge").code == 0
    assert own.stat().st_size > 0
    assert quick("template", "copy", "nudge").code == 6
