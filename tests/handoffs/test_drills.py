"""Drills on test accounts, timed and put back, and the report of what answering takes."""

import contextlib
import sqlite3
import sys

import pytest

DAY = "2026-03-02T09:00:00Z"
LATER = "2026-03-03T09:00:00Z"
TALK = """\
playbook: talk
roles: {seller: Who sells, delivery: Who delivers}
fields:
  situation:
    {label: Current situation, min_words: 3, why: The first call rests on it., summary: current situation}
  size: {label: Size, type: choice, choices: [small, large], of: account, why: To send the right person.}
criteria:
  reachable: {label: E-mail or phone, any_of: [contact.phone], why: Nobody can follow up without one.}
  met: {label: A call that was held, meeting: held, why: Many do not come.}
  confirmed: {label: Confirmed summary, summary: confirmed, why: Agree first.}
stages:
  lead: {title: Lead, exit: [reachable]}
  talks: {title: Talks}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talks, required: [situation, size, met, confirmed], nice_to_have: [deal.amount, contact.title],
     next_step: required, trigger: They agree to talk., reason: They fit., benefit: They are heard., emails: [summary]}
  - {from: talks, receiver: delivery, name: over, trigger: They ask., reason: It is hard., benefit: It fits.}
  - {from: talks, to: won, trigger: They sign., reason: It fits., benefit: They get it.}
  - {from: talks, to: other/start, name: aside, trigger: They ask., reason: It fits., benefit: They get it.}
"""
OTHER = """\
playbook: other
roles: {seller: Who sells}
stages:
  start: {title: Start}
  won: {title: Won, kind: won}
handoffs:
  - {from: start, to: won, trigger: They sign., reason: It fits., benefit: They get it.}
"""
NOTHING = {"median_seconds": None, "p85_seconds": None, "total_seconds": 0.0}


@pytest.fixture
def inc(quick, playbook, once):
    def make():
        playbook(TALK)
        playbook(OTHER)
        added = quick(
            "add", "Test Inc", "--test", "--playbook", "talk", "--contact", "Ada Bell <ada@test.example>", now=DAY
        )
        assert (added.code, added.out) == (0, "test-inc\n")
        assert "It is a test account" in added.err

    once(make)


@pytest.fixture
def learns(quick):
    """Everything that a drill may learn, through to the second stage."""

    def learns(now=LATER, account="test-inc"):
        for words in (
            ("set", account, "situation=their old tool broke", "size=large", "deal.amount=9000", "deal.source=fair",
             "contact.phone=+49 30 1234567", "contact.title=Head", "account.domain=test.example"),
            ("contact", "add", account, "Bob <bob@test.example>", "--phone", "+49 30 7654321"),
            ("touch", account, "meeting", "they order on paper", "--outcome", "held"),
            ("promise", "add", account, "training on site"),
            ("summary", "draft", account),
            ("summary", "sent", account),
            ("summary", "confirm", account),
            ("handoff", account, "--step", "call her"),
        ):  # fmt: skip
            ran = quick(*words, now=now)
            assert ran.code == 0, (words, ran)

    return learns


@pytest.fixture
def learned(quick, inc, learns, once):
    """The test account after a drill; gives what was known before it."""
    before = known(quick, LATER)
    once(learns)
    return before


@pytest.fixture
def took(home):
    """`took(12.5, "handoff")`: writes down how long those took that no person was there for."""

    def took(seconds, table):
        with contextlib.closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
            connection.execute(f"UPDATE {table} SET seconds = ? WHERE seconds IS NULL", (seconds,))

    return took


def known(quick, now, *accounts):
    """What `check` and `show` say, but for the past and since when."""
    told = []
    for account in accounts or ("test-inc",):
        shown = quick("show", account, "--json", now=now).json
        for deal in shown["deals"]:
            for name in ("entered_at", "days", "stays", "because"):
                del deal[name]
        told += [quick("check", account, "--json", now=now).json, shown]
    return told


def test_a_test_account_is_marked_wherever_it_is_listed(quick, inc):
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    lines = quick("list", now=DAY).out.splitlines()
    assert ["(test)" in line for line in lines] == [False, False, True]
    assert [deal["test"] for deal in quick("list", "--json", now=DAY).json["deals"]] == [False, True]
    assert "test account" in quick("show", "test-inc", now=DAY).out
    assert quick("show", "test-inc", "--json", now=DAY).json["test"] is True
    assert quick("show", "acme-corp", "--json", now=DAY).json["test"] is False


def test_a_handoff_of_a_test_account_says_that_it_was_a_drill(quick, inc, learns):
    line = "This was a drill. To do it again: handoffctl drill reset test-inc\n"
    assert quick("handoff", "test-inc", "--no-input", now=DAY).err == line
    blocked = quick("handoff", "test-inc", "--json", now=DAY)
    assert (blocked.code, blocked.json["handed_off"], blocked.err) == (3, False, line)
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    assert "drill" not in quick("handoff", "acme-corp", "--no-input", now=DAY).err


def test_a_reset_forgets_all_that_was_learned_and_keeps_what_was_timed(quick, learned, took, rows):
    took(12.5, "handoff")
    took(3.5, "field_value")
    effort = quick("report", "effort", "--json", now=LATER).json
    assert known(quick, LATER) != learned
    put_back = quick("drill", "reset", "test-inc", now=LATER)
    assert (put_back.code, put_back.out) == (0, "")
    assert (
        put_back.err == "Test Inc is as it was when it was added; 1 timed run so far. Go: handoffctl handoff test-inc\n"
    )
    assert known(quick, LATER) == learned
    assert quick("report", "effort", "--json", now=LATER).json == effort
    assert quick("log", "test-inc", now=LATER).out.count("Put the test account Test Inc back") == 1
    for table in ("touch", "step", "summary", "answer", "promise", "sighting"):
        assert rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert quick("doctor", now=LATER).code == 0


def test_after_a_reset_the_same_handoff_asks_for_the_same_and_passes_again(quick, inc, learns, rows):
    for _ in range(2):
        blocked = quick("handoff", "test-inc", "--json", now=LATER).json
        gaps = [one["name"] for one in blocked["missing"]]
        assert gaps == ["reachable", "situation", "size", "met", "confirmed", "next_step"]
        learns()
        assert quick("drill", "reset", "test-inc", now=LATER).code == 0
    assert rows("SELECT state FROM handoff ORDER BY id") == [("blocked",), ("completed",)] * 2
    required = rows("SELECT handoff_id, count(*) FROM gap WHERE kind = 'required' GROUP BY handoff_id")
    assert [count for _, count in required] == [6, 6]


def test_two_resets_in_a_row_are_harmless(quick, inc, learns, rows):
    quick("drill", "reset", "test-inc", now=DAY)
    assert rows("SELECT count(*) FROM visit") == [(1,)]  # nothing had happened
    learns()
    quick("drill", "reset", "test-inc", now=LATER)
    once = known(quick, LATER), rows("SELECT * FROM visit ORDER BY id"), rows("SELECT * FROM handoff")
    assert quick("drill", "reset", "test-inc", now=LATER).code == 0
    assert (known(quick, LATER), rows("SELECT * FROM visit ORDER BY id"), rows("SELECT * FROM handoff")) == once


@pytest.mark.parametrize(
    "end", ["close test-inc --lost --because chosen", "handoff test-inc --to over", "handoff test-inc --to aside",
            "handoff test-inc --to won", "return test-inc --because early"]
)  # fmt: skip
def test_wherever_the_drill_led_it_begins_anew(quick, learned, end):
    assert quick(*end.split(), now=LATER).code == 0
    assert quick("drill", "reset", "test-inc", now=LATER).code == 0
    assert known(quick, LATER) == learned
    assert quick("show", "test-inc", "--json", now=LATER).json["deals"][0]["because"] == "drill put back"
    assert quick("accept", "test-inc", now=LATER).code == 3  # a handoff of the drill before is over
    assert quick("doctor", now=LATER).code == 0


def test_the_contact_told_when_it_was_added_stays_and_no_other(quick, playbook, rows):
    playbook(TALK)
    for number, contact in enumerate(("Ada Bell", "ada@test.example", "Ada Bell <ada@test.example>", "")):
        account = f"test-{number}"
        quick("add", account, "--test", "--playbook", "talk", *(["--contact", contact] if contact else []), now=DAY)
        before = quick("show", account, "--json", now=DAY).json["contacts"]
        told = {"Ada Bell": ["contact.email=ada@test.example"], "ada@test.example": ["contact.name=Ada Bell"]}
        told |= {"": ["contact.name=Bob", "contact.email=bob@test.example"]}
        quick("set", account, "contact.phone=+49 30 1234567", *told.get(contact, []), now=DAY)
        assert quick("show", account, "--json", now=DAY).json["contacts"] != before
        quick("drill", "reset", account, now=DAY)
        assert quick("show", account, "--json", now=DAY).json["contacts"] == before
    assert rows("SELECT count(*) FROM contact") == [(3,)]


def test_only_a_test_account_is_put_back(quick, inc, dump):
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    quick("set", "acme-corp", "size=large", now=DAY)
    before = dump()
    refused = quick("drill", "reset", "acme-corp", now=DAY)
    assert refused.code == 6
    assert refused.err == (
        'Acme Corp is not a test account; nothing was changed.\nA drill needs one: handoffctl add "Test Inc" --test\n'
    )
    assert quick("drill", "reset", "nobody", now=DAY).code == 4
    assert dump() == before


def test_a_reset_before_the_drill_is_refused_and_changes_nothing(quick, learned, dump):
    before = dump()
    refused = quick("drill", "reset", "test-inc", now=DAY)
    assert (refused.code, "later than" in refused.err) == (6, True)
    assert dump() == before


def test_drills_change_no_other_report(quick, inc, learns, took):
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    report = ("report", "throughput", "--playbook", "talk", "--json")
    before = quick(*report, now=LATER).out
    learns()
    took(12.5, "handoff")
    assert quick(*report, now=LATER).out == before
    quick("drill", "reset", "test-inc", now=LATER)
    assert quick(*report, now=LATER).out == before


def test_test_accounts_are_listed_with_their_timed_runs(quick, learned, took):
    assert quick("drill", "list", "--json").json == {
        "accounts": [{"account": "test-inc", "name": "Test Inc", "timed_runs": 0, "last_at": None}], "total": 1
    }  # fmt: skip
    took(12.5, "handoff")
    quick("drill", "reset", "test-inc", now=LATER)
    assert quick("drill", "list").out.splitlines()[1].split() == ["test-inc", "Test", "Inc", "1", "2026-03-03", "09:00"]


def test_without_a_test_account_the_list_says_how_to_get_one(quick):
    assert quick("drill", "list").err == 'No test account here. Add one with: handoffctl add "Test Inc" --test\n'
    assert quick("drill", "list", "--json").json == {"accounts": [], "total": 0}


def test_two_test_accounts_become_one_without_what_their_drills_forgot(quick, learned):
    quick("add", "Other Inc", "--test", "--playbook", "talk", now=DAY)
    quick("drill", "reset", "test-inc", now=LATER)
    assert quick("merge", "other-inc", "test-inc", "--yes", now=LATER).code == 0
    assert all(not deal["fields"] for deal in quick("show", "other-inc", "--json", now=LATER).json["deals"])


def test_nothing_timed_gives_no_figure_and_says_how_to_get_one(quick):
    found = quick("report", "effort", "--json", now=DAY).json
    assert found == {
        "playbook": "solo", "as_of": DAY, "minutes_a_week": None, "weeks": None, "runs": 0, "untimed": 0, "drills": 0,
        "handoffs": [], "items": [],
    }  # fmt: skip
    assert quick("report", "effort", now=DAY).out == (
        "Nothing was timed yet. To get data, run handoffctl handoff on a terminal. Or make a drill of it, with a test "
        'account: handoffctl add "Test Inc" --test\n'
    )
    for form in ("--csv", "--markdown"):
        assert quick("report", "effort", form, now=DAY).code == 0
    since = quick("report", "effort", "--since", "2026-01-01", now=DAY)
    assert "\nNothing was timed in this time." in since.out


@pytest.fixture
def two_weeks(quick, inc, learns, took):
    """A real deal whose two runs took 600 and 240 seconds, two weeks apart, and a drill of 99 between them."""
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    quick("set", "acme-corp", "contact.phone=+49 30 1234567", "size=small", now=DAY)
    took(7.0, "field_value")
    quick("handoff", "acme-corp", "--no-input", now=DAY)
    took(600.0, "handoff")
    learns(now=LATER)
    took(99.0, "handoff")
    took(2.0, "field_value")
    quick("drill", "reset", "test-inc", now=LATER)
    quick("set", "acme-corp", "situation=their old tool broke", now="2026-03-16T09:00:00Z")
    took(20.5, "field_value")
    quick("handoff", "acme-corp", "--no-input", now="2026-03-16T09:00:00Z")
    took(240.0, "handoff")


def test_the_process_is_told_as_minutes_a_week(quick, two_weeks):
    found = quick("report", "effort", "--json", now="2026-03-16T09:00:00Z").json
    assert (found["minutes_a_week"], found["weeks"], found["runs"], found["drills"]) == (7.0, 2.0, 2, 1)
    assert found["handoffs"] == [
        {
            "handoff": "talks", "from": "lead", "to": "talks",
            "real": {"runs": 2, "median_seconds": 420.0, "p85_seconds": 546.0, "total_seconds": 840.0},
            "drills": {"runs": 1, "median_seconds": 99.0, "p85_seconds": 99.0, "total_seconds": 99.0},
        }
    ]  # fmt: skip
    # Real seconds first, then those of drills, then the name; what the drill learned is forgotten, its seconds are not.
    assert [(one["item"], one["real"]["total_seconds"], one["drills"]["total_seconds"]) for one in found["items"]] == [
        ("situation", 20.5, 2.0), ("contact.phone", 7.0, 2.0), ("size", 7.0, 2.0), ("account.domain", 0.0, 2.0),
        ("contact.title", 0.0, 2.0), ("deal.amount", 0.0, 2.0), ("deal.source", 0.0, 2.0),
    ]  # fmt: skip
    assert found["items"][0]["label"] == "Current situation"
    assert found["items"][3]["real"] == {"answers": 0, **NOTHING}
    out = quick("report", "effort", now="2026-03-16T09:00:00Z").out
    assert out.startswith("This process costs you 7.0 minutes a week: 2 timed runs in 2.0 weeks.\n")
    assert max(map(len, out.splitlines())) <= 100
    rows = quick("report", "effort", "--csv", now="2026-03-16T09:00:00Z").out.splitlines()
    assert rows[1].startswith("process,talk,,,,7.0,2.0,2,,,,1,")
    assert len({row.count(",") for row in rows}) == 1


def test_a_report_as_of_an_earlier_moment_knows_nothing_of_what_came_later(quick, inc, learns, took):
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    quick("handoff", "acme-corp", "--no-input", now=DAY)
    took(600.0, "handoff")
    quick("set", "acme-corp", "size=small", now=DAY)
    took(4.0, "field_value")
    then = quick("report", "effort", "--json", now=DAY).json
    assert (then["minutes_a_week"], then["weeks"], then["runs"]) == (10.0, 1.0, 1)  # a week at the least
    learns(now=LATER)
    took(99.0, "handoff")
    took(2.0, "field_value")
    quick("drill", "reset", "test-inc", now=LATER)
    assert quick("report", "effort", "--json", now=DAY).json == then
    assert quick("report", "effort", "--json", now="2026-03-01").json["runs"] == 0


def test_the_window_chooses_the_runs_and_the_weeks_they_stand_for(quick, two_weeks):
    def cost(*ends):
        found = quick("report", "effort", "--json", *ends, now="2026-03-30T09:00:00Z").json
        return found["runs"], found["weeks"], found["minutes_a_week"], found["drills"]

    assert cost() == (2, 4.0, 3.5, 1)
    assert cost("--since", "2026-03-09") == (1, 3.0, pytest.approx(4 / 3), 0)
    assert cost("--until", "2026-03-16") == (2, 2.0, 7.0, 1)
    assert cost("--since", "2026-03-16", "--until", "2026-03-23") == (1, 1.0, 4.0, 0)
    assert cost("--until", "2027-01-01") == (2, 4.0, 3.5, 1)  # what is to come is no time spent
    assert cost("--since", "2026-03-03", "--until", "2026-03-03") == (0, None, None, 1)


def test_a_run_belongs_to_the_playbook_it_left_and_an_answer_to_the_one_it_was_given_in(quick, inc, learns, took):
    quick("add", "Acme Corp", "--playbook", "talk", now=DAY)
    learns(account="acme-corp")
    assert quick("handoff", "acme-corp", "--to", "aside", now="2026-03-04").code == 0
    took(30.0, "handoff")
    took(5.0, "field_value")
    assert quick("handoff", "acme-corp", "--to", "won", now="2026-03-09").code == 0
    took(60.0, "handoff")
    talk, other = (
        quick("report", "effort", "--json", "--playbook", name, now="2026-03-09").json for name in ("talk", "other")
    )
    ways = [(one["handoff"], one["from"], one["to"]) for one in talk["handoffs"]]
    assert ways == [("talks", "lead", "talks"), ("aside", "talks", "other/start")]
    assert [(one["from"], one["to"], one["real"]["runs"]) for one in other["handoffs"]] == [("start", "won", 1)]
    assert "situation" in [one["item"] for one in talk["items"]]
    assert other["items"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_drill_is_timed_on_a_terminal_again_and_again(sits, quick, playbook, rows):
    playbook(TALK.replace(", size, met, confirmed]", "]").replace(", emails: [summary]", ""))
    quick("add", "Test Inc", "--test", "--playbook", "talk", now=DAY)
    for run in (1, 2):
        terminal = sits("handoff", "test-inc")
        terminal.sees("Missing: E-mail or phone, Current situation, Next step.")
        terminal.sees("> ").types("+49 30 1234567").sees("> ").types("their old tool broke")
        terminal.sees("What happens next? > ").types("call her").sees("By when?").types("fri")
        terminal.sees("Handed off: Test Inc, Lead -> Talks.").sees("This was a drill.").sees("drill reset test-inc")
        assert terminal.ends() == 0
        assert quick("drill", "reset", "test-inc", now=LATER).err.count(f"; {run} timed run") == 1
    found = quick("report", "effort", "--json", now=LATER).json
    assert (found["drills"], found["runs"], found["minutes_a_week"]) == (2, 0, None)
    assert found["handoffs"][0]["drills"]["runs"] == 2
    assert {one["item"]: one["drills"]["answers"] for one in found["items"]} == {"contact.phone": 2, "situation": 2}
    assert rows("SELECT count(*) FROM field_value WHERE forgotten AND seconds IS NOT NULL") == [(4,)]
    assert quick("report", "effort", now=LATER).out.startswith("No real run was timed yet, only 2 drills.")
