"""kill -9 at every statement: a command is done wholly or not at all, and the next one goes on as if nothing was."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from handoffctl.db import file as store_file

NOW = "2026-03-03T09:00:00Z"
EACH = pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.trial)])  # the short run kills a handoff


@pytest.fixture
def killed(tmp_path):
    """Kills a command at each n-th of its statements in turn, or `times` times at some moment; what each run left."""

    def killed(home, *command, code=0, small_cache=False, stride=1, times=0, step=None):
        (tmp_path / "work").mkdir()
        given = {
            "home": str(home),
            "work": str(tmp_path / "work"),
            "command": command,
            "again": command,
            "code": code,
            "small_cache": small_cache,
            "stride": stride,
            "times": times,
            "step": str(step or ""),
            "env": {"HANDOFFCTL_NOW": NOW},
        }
        script = Path(__file__).with_name("killing.py")
        done = subprocess.run([sys.executable, str(script), json.dumps(given)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return killed


def assert_all_or_nothing(found, times: bool = False) -> None:
    assert found["before"] != found["after"]
    for one in found["left"]:
        assert one["state"] in ("before", "after"), one
        assert one["listed"] == 0, one
        assert "Traceback" not in one["said"], one
        assert one.get("integrity", [["ok"]]) == [["ok"]], one
        assert one.get("pointing nowhere", []) == [], one
    if not times:
        *cut, last = found["left"]
        assert all(one["code"] == -signal.SIGKILL for one in cut)
        assert len(cut) > 4
        assert last["state"] == "after"
        states = [one["state"] for one in found["left"]]
        assert states == sorted(states, reverse=True)  # once it is done, it stays done


@pytest.fixture
def ready(quick, home):
    """A home with acme-corp, for which nothing is missing on its next handoff."""
    at = {"now": "2026-03-02T09:00:00Z"}
    assert quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", **at).code == 0
    assert quick("set", "acme-corp", "situation=their old tool broke in May", **at).code == 0
    assert quick("step", "acme-corp", "send the offer", "--due", "+3d", **at).code == 0
    return home


HANDOFF = ("handoff", "acme-corp", "--no-input", "--set", "interest=urgent")


@pytest.mark.parametrize(
    ("small_cache", "stride"),
    [(True, 11), pytest.param(True, 1, marks=pytest.mark.trial), pytest.param(False, 1, marks=pytest.mark.trial)],
)
def test_a_handoff_that_is_killed_at_any_statement_is_wholly_done_or_not_at_all(ready, killed, small_cache, stride):
    found = killed(ready, *HANDOFF, small_cache=small_cache, stride=stride)
    assert_all_or_nothing(found)
    for one in found["left"]:
        assert one["again"] == (0 if one["state"] == "before" else 3), one
        assert one["ends"]  # tried again, it comes to the same
    assert any(one["spilled"] for one in found["left"]) == small_cache


@EACH
def test_a_blocked_attempt_that_is_killed_at_any_statement_is_wholly_recorded_or_not_at_all(
    ready, quick, killed, stride
):
    assert quick("step", "acme-corp", "--done", now="2026-03-02T10:00:00Z").code == 0
    found = killed(ready, *HANDOFF, code=3, small_cache=True, stride=stride)
    assert_all_or_nothing(found)
    assert all(one["again"] == 3 for one in found["left"])
    assert all(one["ends"] == (one["state"] == "before") for one in found["left"])  # a second attempt is a second one


@EACH
def test_a_first_run_that_is_killed_at_any_statement_leaves_a_home_to_go_on_in(home, killed, stride):
    found = killed(home, "add", "Acme Corp", stride=stride)
    assert_all_or_nothing(found)
    for one in found["left"]:
        assert one["ends"], one
        assert one["again"] == (6 if one["state"] == "after" else 0), one  # Acme Corp is there already


MORE = [
    ("close", "acme-corp", "--disqualified", "--because", "no budget"),
    ("touch", "acme-corp", "meeting", "once", "--outcome", "held", "--set", "interest=urgent", "--step", "call them"),
    ("deal", "add", "acme-corp", "Renewal"),
    ("delete", "acme-corp", "--yes"),
    ("merge", "acme-corp", "acme-gmbh", "--yes"),
    ("undo", "--yes"),
]


@pytest.mark.trial
@pytest.mark.parametrize("words", MORE, ids=lambda words: words[0])
def test_other_commands_that_are_killed_at_any_statement_are_wholly_done_or_not_at_all(ready, quick, killed, words):
    jane = ("--contact", "Jane Doe <jane@acme.example>")
    assert quick("add", "Acme GmbH", *jane, now="2026-03-02T09:00:00Z").code == 0
    assert_all_or_nothing(killed(ready, *words, small_cache=True))


LATER = "ALTER TABLE account ADD COLUMN shade TEXT;\nCREATE TABLE later (a);\nCREATE INDEX later_a ON later (a);\n"


@EACH
def test_raising_an_older_file_that_is_killed_at_any_statement_is_done_wholly_or_not_at_all(
    ready, killed, tmp_path, stride
):
    step = tmp_path / "9999_later.sql"
    step.write_text(LATER, encoding="utf-8")
    found = killed(ready, "add", "Birch Barn", step=step, small_cache=True, stride=stride)
    # Raising comes first, in a transaction of its own; the listing that looks at what is left raises the file too.
    for one in found["left"]:
        assert one["listed"] == 0, one
        assert one["integrity"] == [["ok"]]
        assert one["again"] in (0, 6), one
        assert one["ends"], one
        assert one["aside"], one
        assert all(copy == found["before"] for copy in one["aside"]), one
        assert not [name for name in one["parts"] if name.endswith(".part")], one
    assert f"version {len(store_file.STEPS) + 1}" in found["after"]
    assert len(found["left"]) > 4


EXPORT = {
    "Opportunity": """Id,AccountId,Name,StageName,Amount,Probability,CloseDate,LeadSource,IsClosed,IsWon,IsDeleted
D1,A1,Acorn Roof,Survey,1500,20,12/24/26,Web,FALSE,FALSE,FALSE
D2,A2,Birch Barn,Signed,,100,01/31/26,,TRUE,TRUE,FALSE
D3,,Cedar Shed,Gone,7.5,0,01/31/26,Fair,TRUE,FALSE,FALSE
""",
    "OpportunityHistory": """Id,OpportunityId,CreatedDate,StageName,Amount,Probability,ForecastCategory,IsDeleted
H1,D1,02/23/26 08:55 PM,Intro,1500,10,Pipeline,FALSE
H2,D1,02/25/26 08:55 PM,Survey,1500,20,Pipeline,FALSE
H3,D2,02/23/26 09:00 AM,Signed,,100,Closed,FALSE
H4,D3,02/23/26 09:00 AM,Intro,7.5,10,Pipeline,FALSE
H5,D3,02/26/26 09:00 AM,Gone,7.5,0,Omitted,FALSE
""",
    "Account": "Id,Name,Website\nA1,Acorn Works,https://www.acorn.example/x\nA2,Birch & Co,\n",
    "Contact": """Id,AccountId,LastName,FirstName,Email,Phone,MobilePhone,Title
C1,A1,Doe,Jane,jane@acorn.example,,0170-1,Owner
C2,A2,Roe,,,030-2,,
""",
}


@pytest.mark.trial
@pytest.mark.parametrize("into", ["an empty home", "a home with records"])
def test_an_import_that_is_killed_at_any_statement_is_wholly_done_or_not_at_all(request, home, killed, tmp_path, into):
    if into == "a home with records":
        request.getfixturevalue("ready")
    export = tmp_path / "export"
    export.mkdir()
    for name, text in EXPORT.items():
        (export / f"{name}.csv").write_text(text, encoding="utf-8")
    found = killed(home, "import", str(export), "--make-playbook", "roofs", small_cache=True)
    assert_all_or_nothing(found)
    assert all(one["again"] == 0 and one["ends"] for one in found["left"])  # importing again changes nothing


MAP = """program: books
deal: id
name: name
account: account
stage: stage
entered: {Lead: lead, Qualified: qualified}
contact: {name: person, email: mail}
"""
DEALS = """id,name,account,stage,lead,qualified,person,mail
1,Roof,,Lead,2026-01-05,,Jane Doe,jane@acorn.example
2,Barn,Birch,Lead,2026-01-06,,,
"""
NEWER = """id,name,account,stage,lead,qualified,person,mail
1,Roof,Acorn,Qualified,2026-01-05,2026-02-05,Jane Doe,jane@acorn.example
2,Barn,Birch,Qualified,2026-01-06,2026-02-06,,
3,Shed,Birch,Lead,2026-01-07,,Ida,
"""


@EACH
@pytest.mark.parametrize("newer", [False, True], ids=["the first export", "a newer one"])
def test_an_import_by_a_map_that_is_killed_at_any_statement_is_wholly_done_or_not_at_all(
    ready, quick, killed, tmp_path, stride, newer
):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    words = ("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"), "--playbook", "solo")
    if newer:  # deal 1, which stood alone, comes to its account, and the stays of all are written anew
        assert quick(*words, now="2026-03-02T09:00:00Z").code == 0
        (tmp_path / "deals.csv").write_text(NEWER, encoding="utf-8")
    found = killed(ready, *words, small_cache=True, stride=stride)
    assert_all_or_nothing(found)
    assert all(one["again"] == 0 and one["ends"] for one in found["left"])


@pytest.mark.parametrize("times", [4, pytest.param(400, marks=pytest.mark.trial)])
def test_a_handoff_that_is_killed_at_any_moment_is_wholly_done_or_not_at_all(ready, killed, times):
    found = killed(ready, *HANDOFF, small_cache=True, times=times)
    assert_all_or_nothing(found, times=True)
    assert all(one["ends"] for one in found["left"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_program_that_is_killed_after_its_commit_has_done_it(ready, rows):
    child = """
import os, signal, sys
from sqlalchemy import event
from sqlmodel import Session
from handoffctl.app import main
event.listen(Session, "after_commit", lambda session: os.kill(os.getpid(), signal.SIGKILL))
main(sys.argv[1:])
"""
    command = [sys.executable, "-c", child, *HANDOFF, "--home", str(ready)]
    environment = {**os.environ, "HANDOFFCTL_NOW": NOW}
    assert subprocess.run(command, capture_output=True, env=environment).returncode == -signal.SIGKILL
    assert rows("SELECT state FROM handoff") == [("completed",)]
    assert rows("SELECT stage, ended FROM visit ORDER BY number") == [("lead", 1), ("qualified", 0)]
    assert rows("PRAGMA integrity_check") == [("ok",)]
