"""`report activity` over what the program itself recorded."""

import csv
import io

import pytest
from tests.march import day

TEAM = """\
playbook: team
roles: {sdr: Finds them, ae: Talks to them}
fields:
  situation: {type: text}
criteria:
  reachable: {any_of: [contact.email, contact.phone]}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard.}
  - {from: lead, name: holiday, receiver: ae, trigger: Leave., reason: Nobody is in., benefit: Somebody answers.}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


@pytest.fixture
def record(quick, playbook, home):
    playbook(TEAM)
    (home / "config.yaml").write_text("playbook: team\n")

    def record(*words, at):
        ran = quick(*words, now=at)
        assert ran.code == 0, ran
        return ran

    return record


@pytest.fixture
def told(quick):
    def told(*words, at="2026-03-31T09:00:00Z"):
        ran = quick("report", "activity", *words, "--json", now=at)
        assert ran.code == 0, ran
        return ran.json

    return told


def owner(found, name):
    return next((one for one in found["owners"] if one["owner"] == name), None)


def meets(record, name, held, source="", known=False, at=3):
    """An account with one meeting, which was held or not."""
    contact = ("--contact", "Jane <jane@x.example>") if known else ()
    record("add", name, *contact, at=day(1))
    if source:
        record("set", name, f"deal.source={source}", at=day(1))
    record("meeting", "book", name, "--at", day(at), at=day(1, 10))
    record("meeting", "held" if held else "no-show", name, at=day(at, 12))


def test_touches_and_meetings_go_to_whoever_owned_the_deal_then(record, told):
    record("add", "Acme", at=day(1))
    record("touch", "acme", "call", "--outcome", "no-answer", at=day(2))
    record("touch", "acme", "email", "--in", at=day(3))
    record("meeting", "book", "acme", "--at", day(5), at=day(3))
    record("meeting", "held", "acme", at=day(5, 12))
    record("handoff", "acme", "--to", "talk", at=day(6))
    record("touch", "acme", "call", "--outcome", "answered", at=day(7))
    record("touch", "acme", "call", "told late", "--at", day(2), at=day(8))
    record("meeting", "book", "acme", "--at", day(20), at=day(8))
    record("meeting", "move", "acme", "--at", day(21), at=day(9))
    record("meeting", "cancel", "acme", at=day(10))
    found = told()
    sdr, ae = owner(found, "sdr"), owner(found, "ae")
    assert sdr["touches"]["call"] == {"out": 2, "in": 0}
    assert sdr["touches"]["email"] == {"out": 0, "in": 1}
    assert (sdr["out"], sdr["in"], sdr["conversations"]) == (3, 1, 2)  # the mail, and the meeting
    assert [sdr[name] for name in ("booked", "held", "no_shows", "cancelled", "moved")] == [1, 1, 0, 0, 0]
    assert (ae["out"], ae["conversations"]) == (1, 1)
    assert [ae[name] for name in ("booked", "held", "no_shows", "cancelled", "moved")] == [1, 0, 0, 1, 1]


def test_a_handoff_that_changes_only_the_person_begins_a_turn_and_a_return_ends_it(record, told):
    record("add", "Acme", at=day(1))
    record("touch", "acme", "call", at=day(2))
    record("handoff", "acme", "--to", "holiday", at=day(3))
    record("touch", "acme", "call", at=day(4))
    record("touch", "acme", "call", at=day(5))
    record("return", "acme", "--because", "nobody knows the budget", at=day(6))
    record("touch", "acme", "call", at=day(7))
    found = told()
    assert (owner(found, "sdr")["out"], owner(found, "ae")["out"]) == (2, 2)


def test_the_no_show_rate_stands_by_source_and_by_what_held_at_booking(record, told):
    for number in range(6):
        meets(record, f"Web {number}", held=number < 2, source="web")
        meets(record, f"Event {number}", held=number > 0, source="event", known=True)
    found = told()
    assert (found["no_shows"]["meetings"], found["no_shows"]["no_shows"]) == (12, 5)
    assert found["no_shows"]["rate"] == pytest.approx(5 / 12)
    sources = {one["source"]: (one["no_shows"], one["meetings"]) for one in found["sources"]}
    assert sources == {"web": (4, 6), "event": (1, 6)}
    (criterion,) = found["criteria"]
    assert criterion["criterion"] == "reachable"
    assert (criterion["met"]["no_shows"], criterion["not_met"]["no_shows"]) == (1, 4)
    assert criterion["difference"] is not None


def test_as_of_an_earlier_moment_it_is_what_it_was_then(record, quick, rows):
    """Whatever is recorded later: each report is made on its day, and again at the end with that day's clock."""
    steps = [
        (2, ("add", "Acme")),
        (3, ("touch", "acme", "call")),
        (4, ("meeting", "book", "acme", "--at", day(10))),
        (5, ("meeting", "move", "acme", "--at", day(11))),
        (6, ("meeting", "move", "acme", "--at", day(12))),
        (13, ("meeting", "no-show", "acme")),
        (14, ("meeting", "move", "acme", "--at", day(16))),
        (17, ("meeting", "held", "acme")),
        (18, ("handoff", "acme", "--to", "talk")),
        (19, ("meeting", "book", "acme", "--at", day(25))),
        (20, ("meeting", "cancel", "acme")),
    ]
    then = {}
    for number, words in steps:
        record(*words, at=day(number))
        then[number] = quick("report", "activity", "--json", now=day(number, 20)).out
    for number, printed in then.items():
        assert quick("report", "activity", "--json", now=day(number, 20)).out == printed, number
    assert [row[0] for row in rows("SELECT state FROM meeting WHERE state <> 'moved' ORDER BY id")] == [
        "no-show", "held", "cancelled",
    ]  # fmt: skip


def test_only_what_happened_in_the_window_is_counted(record, told):
    meets(record, "Acme", held=True, at=5)
    meets(record, "Birch", held=False, at=10)
    early = told("--until", "2026-03-05")
    assert early["no_shows"]["meetings"] == 1
    late = told("--since", "2026-03-06")
    assert (owner(late, "sdr")["booked"], owner(late, "sdr")["no_shows"]) == (0, 1)


def test_neither_test_accounts_nor_deals_of_another_playbook_are_in_it(record, told, quick):
    record("add", "Drill Inc", "--test", at=day(1))
    record("touch", "drill-inc", "call", at=day(2))
    record("meeting", "book", "drill-inc", "--at", day(3), at=day(2))
    record("meeting", "no-show", "drill-inc", at=day(4))
    record("add", "Elsewhere", "--playbook", "solo", at=day(1))
    record("touch", "elsewhere", "call", at=day(2))
    found = told("--playbook", "team")
    assert found["owners"] == []
    assert found["no_shows"]["meetings"] == 0
    said = quick("report", "activity", "--playbook", "team", now=day(5)).out
    assert "No touch or meeting has been recorded yet." in said


def test_on_paper_it_says_where_there_is_not_enough_to_tell_from(record, quick):
    meets(record, "Acme", held=False)
    said = quick("report", "activity", now=day(5)).out
    assert "1 of 1 meetings were no-shows: not enough to tell a rate." in said
    assert "not known" in said
    for number in range(6):
        meets(record, f"Web {number}", held=True, source="web")
    said = quick("report", "activity", now=day(6)).out
    assert "1 of 7 meetings were no-shows: 14% (95 % interval 3% to 51%)." in said
    assert max(map(len, said.splitlines())) <= 100


def test_csv_and_markdown_have_every_figure(record, quick):
    meets(record, "Acme", held=False, source="web")
    meets(record, "Birch", held=True, known=True)
    lines = list(csv.DictReader(io.StringIO(quick("report", "activity", "--csv", now=day(5)).out)))
    assert {line["about"] for line in lines} == {"owner", "all", "source", "criterion"}
    assert next(line for line in lines if line["about"] == "owner")["meeting_out"] == "2"
    said = quick("report", "activity", "--markdown", now=day(5)).out
    assert "## Activity" in said
    assert "### No-shows by source" in said


def test_it_is_among_all_reports(record, quick):
    record("add", "Acme", at=day(1))
    assert "activity" in quick("report", "all", "--json", now=day(5)).json["reports"]
