"""Who does not come: marketing books a meeting for sales, keeps the account until it was held, and learns from it."""

import pytest

STEP = ("--step", "next talk", "--due", "+7d", "--json")


@pytest.fixture
def quarry(does):
    """A chosen account that has come as far as agreeing to meet sales."""
    does("add", "Quarry Rail", "--playbook", "account-based", now="2026-03-02T09:00:00Z")
    does("contact", "add", "quarry-rail", "Olu Stone <olu@quarry.example>", "--level", "vp", now="2026-03-02T09:05:00Z")
    facts = ("fit=good", "situation=tickets are still printed", "interest=urgent", "deal.source=webinar")
    does("set", "quarry-rail", *facts, now="2026-03-02T09:10:00Z")
    does("handoff", "quarry-rail", *STEP[:-1], "--json", now="2026-03-03T09:00:00Z")
    does("step", "quarry-rail", "--done", now="2026-03-03T09:10:00Z")


def deal(does, now):
    return does("show", "quarry-rail", "--json", now=now).json["deals"][0]


def test_the_owner_changes_when_they_came_and_not_when_they_said_they_would(does, quarry, rows):
    # They agree to a meeting with sales. It is the next step, and the account stays with marketing.
    booked = does(
        "meeting", "book", "quarry-rail", "--at", "2026-03-05T14:00:00Z", "--with", "sales", "--for", "discovery",
        "--json", now="2026-03-03T10:00:00Z",
    ).json  # fmt: skip
    assert (booked["step"], booked["for"], booked["criteria"]["met_sales"]) == (
        "meeting with sales",
        "discovery",
        False,
    )
    assert booked["criteria"]["reachable"] is True
    assert deal(does, "2026-03-03T10:00:00Z")["owner"] == "sdr"

    # Nobody comes.
    does("meeting", "no-show", "quarry-rail", now="2026-03-05T14:30:00Z")
    after = deal(does, "2026-03-05T14:30:00Z")
    assert (after["stage"], after["owner"]) == ("qualified", "sdr")
    assert after["step"] == {"text": "find a new date (no-show on Thu 5 Mar)", "due": "2026-03-06"}
    blocked = does("handoff", "quarry-rail", *STEP, "--set", "priorities=no queues", now="2026-03-05T14:40:00Z", code=3)
    assert [gap["name"] for gap in blocked.json["missing"]] == ["met_sales"]

    # A new date, and again nobody: the playbook says that somebody must decide.
    does("meeting", "move", "quarry-rail", "--at", "2026-03-09T10:00:00Z", now="2026-03-06T09:00:00Z")
    told = does("meeting", "no-show", "quarry-rail", now="2026-03-09T11:00:00Z").err
    assert "2 no-shows in this stage, and the playbook allows 2: time to decide." in told
    assert deal(does, "2026-03-09T11:00:00Z")["owner"] == "sdr"

    # One more try. They come, and the account changes hands.
    does("meeting", "move", "quarry-rail", "--at", "2026-03-12T10:00:00Z", now="2026-03-09T15:00:00Z")
    told = does("meeting", "held", "quarry-rail", "They were ill", now="2026-03-12T11:00:00Z").err
    assert told.count("handoffctl handoff quarry-rail --to discovery") == 1
    assert deal(does, "2026-03-12T11:00:00Z")["owner"] == "sdr"
    passed = does("handoff", "quarry-rail", *STEP, now="2026-03-12T11:05:00Z").json
    assert (passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == ("sdr", "sales")
    assert deal(does, "2026-03-12T11:05:00Z")["owner"] == "sales"

    # And the figures know of all three dates.
    found = does("report", "activity", "--playbook", "account-based", "--json", now="2026-03-31").json
    (rep,) = found["owners"]
    assert rep["owner"] == "sdr"
    assert [rep[name] for name in ("booked", "held", "no_shows", "moved")] == [3, 1, 2, 0]
    assert (found["no_shows"]["no_shows"], found["no_shows"]["meetings"]) == (2, 3)
    assert [(one["source"], one["no_shows"], one["meetings"]) for one in found["sources"]] == [("webinar", 2, 3)]
    reachable = next(one for one in found["criteria"] if one["criterion"] == "reachable")
    assert (reachable["met"]["no_shows"], reachable["not_met"]["meetings"]) == (2, 0)
    assert rows("SELECT count(*) FROM meeting WHERE state = 'booked'") == [(0,)]


def test_over_many_meetings_it_shows_from_where_those_come_who_do_not_turn_up(does):
    for number in range(8):
        for source, comes in (("cold list", number >= 6), ("webinar", number >= 1)):
            slug = f"{source.replace(' ', '-')}-{number}"
            does("add", slug, "--playbook", "account-based", now="2026-03-02T09:00:00Z")
            facts = [f"deal.source={source}", *(["contact.email=x@x.example"] if source == "webinar" else [])]
            does("set", slug, *facts, now="2026-03-02T09:00:00Z")
            does("meeting", "book", slug, "--at", "2026-03-04T10:00:00Z", now="2026-03-02T10:00:00Z")
            does("meeting", "held" if comes else "no-show", slug, now="2026-03-04T12:00:00Z")
    found = does("report", "activity", "--playbook", "account-based", "--json", now="2026-03-31").json
    rates = {one["source"]: one["rate"] for one in found["sources"]}
    assert rates == {"cold list": 0.75, "webinar": 0.125}
    reachable = next(one for one in found["criteria"] if one["criterion"] == "reachable")
    assert (reachable["met"]["rate"], reachable["not_met"]["rate"], reachable["tells"]) == (0.125, 0.75, True)
    said = does("report", "activity", "--playbook", "account-based", now="2026-03-31").out
    assert "E-mail or phone" in said
    assert "clear" in said
