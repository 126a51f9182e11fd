"""Promises of the client, milestones of both sides, and what `today` says of those that are overdue."""

import pytest

NOW = "2026-03-05T09:00:00Z"
LATER = "2026-03-20T09:00:00Z"


@pytest.fixture
def acme(quick, once):
    once(lambda: quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=NOW))
    return "acme-corp"


def listed(does, *more, now=NOW):
    return does("promise", "list", *more, "--json", now=now).json["promises"]


def due_items(does, now):
    items = does("today", "--json", now=now).json["items"]
    return [(item["what"], item["overdue"], item["command"]) for item in items if item["kind"] == "promise"]


def test_a_promise_is_ours_the_clients_or_a_milestone(does, acme):
    does("promise", "add", acme, "sample export", "--by", "2026-03-10")
    theirs = does("promise", "add", acme, "the list of users", "--theirs", "--who", "Jane")
    milestone = does("promise", "add", acme, "go live", "--milestone", "--by", "2026-06-01", "--who", "Mia", "--tell")
    assert theirs.err == (
        "Acme Corp (Jane) promised: the list of users. When it is kept: handoffctl promise kept acme-corp 2\n"
    )
    assert milestone.err == (
        "Milestone of Acme Corp (Mia) by Mon 1 Jun: go live. When it is reached: handoffctl promise kept acme-corp 3\n"
    )
    assert [(one["kind"], one["owner"], one["told"]) for one in listed(does)] == [
        ("ours", "", False), ("milestone", "Mia", True), ("theirs", "Jane", False),
    ]  # fmt: skip
    assert does("promise", "list").out.splitlines()[2].split() == [
        "acme-corp", "3", "go", "live", "Mon", "1", "Jun", "milestone", "Mia",
    ]  # fmt: skip
    log = does("log", acme).out
    assert "Acme Corp promised: the list of users (Jane)." in log
    assert "Milestone of Acme Corp: go live (Mia), by 2026-06-01." in log


def test_the_same_words_may_be_promised_by_both_sides(does, acme):
    does("promise", "add", acme, "a list of users")
    does("promise", "add", acme, "a list of users", "--theirs")
    does("promise", "add", acme, "A LIST of users", "--theirs", code=6)


@pytest.mark.parametrize("whose", [("--theirs", "--milestone"), ("--milestone", "--theirs")])
def test_a_promise_has_one_side(does, acme, whose):
    assert "Either --theirs or --milestone." in does("promise", "add", acme, "a list", *whose, code=2).err


def test_an_open_promise_can_be_changed(does, acme):
    does("promise", "add", acme, "sample export", "--by", "2026-03-10")
    changed = does("promise", "edit", acme, "1", "--text", "two samples", "--by", "+7d", "--who", "Sam", "--tell")
    assert changed.err == "Promised Acme Corp (Sam) by Thu 12 Mar: two samples.\n"
    does("promise", "edit", acme, "--theirs", "--by", "")
    one = listed(does)[0]
    assert (one["text"], one["due"], one["kind"], one["owner"], one["told"]) == (
        "two samples", None, "theirs", "Sam", True,
    )  # fmt: skip
    does("undo", "--yes")
    assert listed(does)[0]["kind"] == "ours"


def test_what_is_no_change_is_refused(does, acme, dump):
    does("promise", "add", acme, "sample export")
    before = dump()
    assert "Nothing to change." in does("promise", "edit", acme, "1", code=2).err
    does("promise", "edit", acme, "1", "--text", "tbd", code=6)
    does("promise", "edit", acme, "1", "--by", "soon", code=6)
    does("promise", "edit", acme, "2", "--by", "fri", code=4)
    does("promise", "edit", acme, "1", "--ours", "--theirs", code=2)
    assert dump() == before


def test_what_the_client_promised_is_never_private(does, acme, dump):
    does("promise", "add", acme, "a list of users", "--theirs")
    does("promise", "add", acme, "a sample")
    before = dump()
    for words in (("1", "--private"), ("2", "--theirs", "--private")):
        refused = does("promise", "edit", acme, *words, code=2)
        assert refused.err.startswith("What the client promised is never private.\n")
    assert dump() == before
    does("promise", "edit", acme, "1", "--milestone", "--private")


def test_a_dropped_promise_waits_for_nobody_and_stays_on_record(does, acme):
    does("promise", "add", acme, "sample export", "--by", "2026-03-10")
    assert does("promise", "drop", acme, "--because", "they have one").err == "Dropped: sample export (Acme Corp).\n"
    assert listed(does) == []
    assert due_items(does, LATER) == []
    assert listed(does, "--all")[0]["dropped_at"] == NOW
    assert "dropped Thu 5 Mar 09:00" in does("promise", "list", "--all").out
    assert "Dropped a promise of Acme Corp: sample export (they have one)." in does("log", acme).out
    does("promise", "kept", acme, code=3)
    assert "promise kept acme-corp 2" in does("promise", "add", acme, "sample export").err


def test_what_the_client_promised_stands_in_today_once_it_is_overdue(does, acme):
    does("promise", "add", acme, "sample export", "--by", "2026-03-10")
    does("promise", "add", acme, "the list of users", "--by", "2026-03-10", "--theirs", "--who", "Jane")
    does("promise", "add", acme, "first test orders", "--by", "2026-03-10", "--milestone", "--who", "Mia")
    assert due_items(does, "2026-03-10T09:00:00Z") == [
        ("promised: sample export", False, "handoffctl promise kept acme-corp 1")
    ]
    assert due_items(does, "2026-03-11T09:00:00Z") == [
        ("promised: sample export", True, "handoffctl promise kept acme-corp 1"),
        ("they promised: the list of users (Jane)", True, "handoffctl promise kept acme-corp 2"),
        ("milestone not reached: first test orders (Mia)", True, "handoffctl promise kept acme-corp 3"),
    ]
    does("promise", "kept", acme, "2")
    assert does("promise", "kept", acme, "3").err == "Reached: first test orders (Acme Corp).\n"
    assert len(due_items(does, "2026-03-11T09:00:00Z")) == 1


def test_a_promise_made_before_is_ours_and_untold(does, acme, rows):
    does("promise", "add", acme, "sample export")
    assert rows("SELECT kind, owner, told FROM promise") == [("ours", "", 0)]
