"""A solo seller's Thursday: one command in the morning says what would slip, and each line what to type."""

import itertools
import shlex

MORNING = "2026-03-05T08:00:00Z"


def test_a_solo_seller_works_through_the_day_until_nothing_waits(quick, home, answered):
    home.mkdir()
    (home / "config.yaml").write_text("zone: Europe/Berlin\nhours: 09:00-17:00\n")

    def does(*words, now=MORNING):
        ran = quick(*words, now=now)
        assert ran.code == 0, (words, ran)
        return ran

    def waits(now=MORNING):
        return [(one["account"], one["kind"], one["overdue"]) for one in does("today", "--json", now=now).json["items"]]

    # Last week: a lead that was called once, a customer who was promised something, a deal put aside, a silent summary.
    does("add", "Northwind Bakery", "--contact", "Ada Lindqvist <ada@northwind.example>", now="2026-02-27T09:00")
    does("touch", "northwind-bakery", "call", "--outcome", "no-answer", now="2026-02-27T11:00")
    does("step", "northwind-bakery", "call again", "--due", "2026-03-04", now="2026-02-27T11:00")
    does("add", "Harbor Clinic", "--contact", "Kim Berg <kim@harbor.example>", now="2026-02-23T09:00")
    does("touch", "harbor-clinic", "meeting", "--in", "--outcome", "held", "--set", "situation=their tool broke in May",
         "--step", "offer", "--due", "2026-03-20", now="2026-02-25T10:00")  # fmt: skip
    does("summary", "draft", "harbor-clinic", now="2026-02-25T11:00")
    does("summary", "sent", "harbor-clinic", now="2026-02-25T11:05")
    does("promise", "add", "harbor-clinic", "price list", "--by", "2026-03-05", now="2026-02-25T11:10")
    does("add", "Mill Street School", now="2026-02-20T09:00")
    does("close", "mill-street-school", "--nurture", "--because", "the budget comes in spring", "--wake", "2026-03-05",
         now="2026-02-23T12:00")  # fmt: skip
    does("add", "Quarry Lodge", "--contact", "Lee Stone <lee@quarry.example>", now="2026-03-04T15:30")

    # Quarry wrote at half past three; four working hours later is half past eleven today.
    assert waits() == [
        ("quarry-lodge", "hot", False),
        ("northwind-bakery", "step", True),
        ("harbor-clinic", "promise", False),
        ("northwind-bakery", "attempt", True),
        ("harbor-clinic", "silent", True),
        ("mill-street-school", "wake", False),
        ("harbor-clinic", "target", False),
        ("northwind-bakery", "target", False),
        ("quarry-lodge", "no_step", False),
    ]
    assert quick("today", "--fail", now=MORNING).code == 3

    # Line by line, by the commands that stand there; a call tells what comes next, too.
    does("touch", "quarry-lodge", "call", "--outcome", "answered", "--set", "situation=two lodges and one ledger",
         "--step", "send two dates", "--due", "2026-03-06", now="2026-03-05T09:30")  # fmt: skip
    does("touch", "northwind-bakery", "call", "--outcome", "no-answer", "--step", "try the bakery itself", "--due",
         "2026-03-10", now="2026-03-05T09:40")  # fmt: skip
    does("promise", "kept", "harbor-clinic", now="2026-03-05T10:00")
    nudge = next(
        one for one in does("today", "--json", now="2026-03-05T10:00").json["items"] if one["kind"] == "silent"
    )
    assert "Kim" in does(*answered(nudge["command"]), now="2026-03-05T10:05").out
    does("summary", "confirm", "harbor-clinic", now="2026-03-05T14:00")
    does(*shlex.split("reopen mill-street-school"), now="2026-03-05T14:10")
    does("touch", "mill-street-school", "email", "are you ready?", "--step", "call the head", "--due", "2026-03-09",
         now="2026-03-05T14:15")  # fmt: skip

    # What is left is no slip but a question: the bakery has been a lead for longer than it should.
    evening = waits(now="2026-03-05T15:30")
    assert {kind for _, kind, _ in evening} == {"target"}
    assert quick("today", "--fail", now="2026-03-05T15:30").code == 0


def test_a_nurtured_account_wakes_on_its_day_and_goes_on_where_it_was(quick, rows):
    def does(*words, now):
        ran = quick(*words, now=now)
        assert ran.code == 0, (words, ran)
        return ran

    def waits(now):
        return does("today", "--json", now=now).json["items"]

    does("add", "Harbor Clinic", "--contact", "Kim Berg <kim@harbor.example>", now="2026-01-12T09:00")
    does("touch", "harbor-clinic", "call", "--outcome", "answered", "--set", "situation=they move in summer",
         now="2026-01-12T10:00")  # fmt: skip
    does("handoff", "harbor-clinic", "--step", "talk about the move", "--due", "2026-01-20", now="2026-01-13T09:00")
    assert next(one["kind"] for one in waits("2026-01-21")) == "step"
    does("close", "harbor-clinic", "--nurture", "--because", "not before the move", "--wake", "2026-06-01",
         now="2026-01-21T09:00")  # fmt: skip

    # Put aside it is out of the way: neither the old step nor the guideline of the stage is asked for.
    assert waits("2026-02-01") == []
    woken = [one for one in waits("2026-06-01") if one["kind"] == "wake"]
    assert [(one["account"], one["overdue"], one["command"]) for one in woken] == [
        ("harbor-clinic", False, "handoffctl reopen harbor-clinic")
    ]
    assert [one["overdue"] for one in waits("2026-06-08") if one["kind"] == "wake"] == [True]

    does("reopen", "harbor-clinic", now="2026-06-08T09:00")
    stays = rows("SELECT stage, kind, entered_at, left_at FROM visit ORDER BY number")
    assert [stay[:2] for stay in stays] == [
        ("lead", "open"), ("qualified", "open"), ("nurture", "nurture"), ("qualified", "open")
    ]  # fmt: skip
    assert all(one[3] == onward[2] for one, onward in itertools.pairwise(stays))
    # The guideline begins anew: nobody has spoken with them in this stay.
    # And the step that was planned before it was put aside waits again.
    assert {"first", "step"} <= {one["kind"] for one in waits("2026-06-10")}
