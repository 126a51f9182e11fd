"""What was promised to a client: written down, kept, overdue, and told to whoever takes over."""

import pytest

NOW = "2026-03-05T09:00:00Z"
LATER = "2026-03-20T09:00:00Z"


@pytest.fixture
def acme(quick, once):
    def make():
        for name in ("Acme Corp", "Acorn Bakery"):
            assert quick("add", name, "--contact", "Ada Bell <ada@acme.example>", now=NOW).code == 0

    once(make)
    return "acme-corp"


def listed(does, *more, now=NOW):
    return does("promise", "list", *more, "--json", now=now).json["promises"]


def texts(does, *more, now=NOW):
    return [one["text"] for one in listed(does, *more, now=now)]


def test_promises_are_numbered_and_kept_by_number_or_beginning(does, acme):
    for text in ("training on site", "a second seat", "a visit in May"):
        does("promise", "add", acme, text)
    assert [(one["number"], one["text"]) for one in listed(does)] == [
        (1, "training on site"), (2, "a second seat"), (3, "a visit in May"),
    ]  # fmt: skip
    assert "Kept: a second seat (Acme Corp)." in does("promise", "kept", acme, "2").err
    assert "Kept: training on site" in does("promise", "kept", acme, "TRAIN").err
    assert texts(does) == ["a visit in May"]
    assert "Kept: a visit in May" in does("promise", "kept", acme).err
    assert texts(does) == []


def test_a_number_is_never_given_twice(does, acme):
    does("promise", "add", acme, "training on site")
    does("promise", "kept", acme)
    added = does("promise", "add", acme, "training on site")
    assert "handoffctl promise kept acme-corp 2" in added.err
    assert [one["number"] for one in listed(does, "--all")] == [2, 1]


def test_what_could_be_any_of_several_is_told_with_all_of_them(does, acme, dump):
    does("promise", "add", acme, "a visit in May")
    does("promise", "add", acme, "a visit in June")
    before = dump()
    refused = does("promise", "kept", acme, code=4)
    assert refused.err.splitlines() == [
        "Acme Corp has 2 open promises that could be meant.", "  1  a visit in May", "  2  a visit in June",
        "Name one by its number: handoffctl promise kept acme-corp 1",
    ]  # fmt: skip
    does("promise", "kept", acme, "a visit", code=4)
    assert 'begins with "dinner"' in does("promise", "kept", acme, "dinner", code=4).err
    does("promise", "kept", acme, "3", code=4)
    does("promise", "kept", acme, "0", code=4)
    does("promise", "kept", acme, "-1", code=2)
    assert dump() == before
    does("promise", "kept", acme, "a visit in J")
    assert texts(does) == ["a visit in May"]


@pytest.mark.parametrize(("typed", "code"), [
    (("add", "acme-corp", ""), 6), (("add", "acme-corp", " \t "), 6), (("add", "acme-corp", "tbd"), 6),
    (("add", "acme-corp", "?"), 6), (("add", "acme-corp", "none yet"), 6), (("add", "acme-corp", "word " * 5_000), 6),
    (("add", "acme-corp", "a visit", "--by", "soon"), 6), (("add", "acme-corp", "a visit", "--by", "2026-02-30"), 6),
    (("add", "acme-corp", "a visit", "--by", "25:70"), 6), (("add", "nobody", "a visit"), 4),
    (("add", "ac", "a visit"), 4), (("add", "acme", "a visit"), 4), (("add", "acme-corp"), 2), (("add",), 2),
    (("kept", "acme-corp"), 3), (("kept", "acme-corp", "1"), 3), (("kept", "nobody", "1"), 4), (("list", "nobody"), 4),
])  # fmt: skip
def test_what_is_no_promise_is_told_and_changes_nothing(does, acme, dump, typed, code):
    before = dump()
    refused = does("promise", *typed, code=code)
    assert refused.out == ""
    assert refused.err.strip()
    assert dump() == before


def test_a_promise_is_made_once(does, acme, dump):
    does("promise", "add", acme, "a  visit\nin May")
    before = dump()
    assert "has that promise already" in does("promise", "add", acme, "A VISIT in may", code=6).err
    assert dump() == before
    assert texts(does) == ["a visit in May"]


@pytest.mark.parametrize(("by", "due"), [
    ("+7d", "2026-03-12"), ("fri", "2026-03-06"), ("tomorrow", "2026-03-06"), ("2026-05-01", "2026-05-01"),
    ("2026-03-01", "2026-03-01"), ("2026-03-06T14:30", "2026-03-06T14:30:00Z"),
])  # fmt: skip
def test_by_when_may_be_said_as_for_a_step(does, acme, by, due):
    does("promise", "add", acme, "a visit", "--by", by)
    assert listed(does)[0]["due"][: len(due)] == due


def test_those_due_first_stand_first_and_overdue_ones_say_so(does, acme):
    does("promise", "add", acme, "some day")
    does("promise", "add", acme, "much later", "--by", "2026-04-01")
    does("promise", "add", "acorn-bakery", "soon", "--by", "2026-03-10")
    does("promise", "add", acme, "today", "--by", "2026-03-20")
    assert texts(does) == ["soon", "today", "much later", "some day"]
    assert [one["overdue"] for one in listed(does, now=LATER)] == [True, False, False, False]
    assert [one["overdue"] for one in listed(does, now="2026-03-21")] == [True, True, False, False]
    lines = does("promise", "list", now=LATER).out.splitlines()
    assert lines[0].split() == ["account", "number", "promise", "by", "whose", "owner", "state"]
    assert [line.endswith("overdue") for line in lines[1:]] == [True, False, False, False]
    assert texts(does, acme) == ["today", "much later", "some day"]
    does("promise", "kept", "acorn-bakery", now=LATER)
    every = listed(does, "--all", now=LATER)
    assert [one["text"] for one in every] == ["today", "much later", "some day", "soon"]
    assert (every[-1]["overdue"], every[-1]["kept_at"]) == (False, LATER)
    assert "kept Fri 20 Mar 09:00" in does("promise", "list", "--all", now=LATER).out


def test_the_shape_of_json(does, acme):
    does("promise", "add", acme, "a visit")
    told = does("promise", "list", "--json").json
    assert set(told) == {"promises", "total"}
    assert told["total"] == 1
    assert told["promises"] == [{
        "account": acme, "name": "Acme Corp", "deal": "deal", "ref": acme, "number": 1, "text": "a visit", "due": None,
        "at": NOW, "kept_at": None, "overdue": False, "kind": "ours", "owner": "", "told": False, "dropped_at": None,
    }]  # fmt: skip


def test_a_won_deal_has_promises_too(does, quick, playbook):
    playbook("playbook: tiny\nstages: {lead: {}, won: {kind: won}, lost: {kind: lost}}\n")
    does("add", "Acme Corp", "--playbook", "tiny")
    does("promise", "add", "acme-corp", "training")
    does("close", "acme-corp", "--won")
    does("promise", "add", "acme-corp", "a visit")
    does("promise", "kept", "acme-corp", "1")
    assert texts(does) == ["a visit"]


def test_each_deal_numbers_its_own(does, acme):
    does("deal", "add", acme, "renewal")
    does("promise", "add", "acme-corp/deal", "a visit")
    does("promise", "add", "acme-corp/renewal", "a visit")
    assert [(one["ref"], one["number"]) for one in listed(does)] == [("acme-corp/deal", 1), ("acme-corp/renewal", 1)]
    does("promise", "kept", acme, code=4)
    does("promise", "kept", "acme-corp/renewal")
    assert [one["ref"] for one in listed(does)] == ["acme-corp/deal"]


def test_promises_are_told_to_whoever_takes_over(does, acme):
    does("promise", "add", acme, "training on site", "--by", "2026-05-01")
    does("promise", "add", acme, "a second seat")
    does("promise", "kept", acme, "2")
    for template in ("support-packet", "prep-brief", "receiver-agenda"):
        text = does("email", template, acme).out
        assert "training on site" in text, template
        assert ("a second seat" in text) == (template == "support-packet"), template
    packet = does("email", "support-packet", acme).out
    assert "- We owe: training on site, by Friday, May 1" in packet
    assert "- We owe: a second seat, kept" in packet


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }} times", "[bold]x[/bold] it", "\x1b[31m red \x07 one", "a 🔥 at \u202enight"]
)
def test_hostile_promises_steer_nothing(does, acme, text):
    does("promise", "add", acme, text)
    for typed in (("promise", "list"), ("email", "support-packet", acme), ("log", acme)):
        shown = does(*typed).out
        assert not set(shown) & {"\x1b", "\x07", "\u202e"}
        assert "49 times" not in shown
    does("promise", "kept", acme)


def test_a_joined_account_brings_its_promises(does, acme):
    does("promise", "add", acme, "a visit")
    does("promise", "add", "acorn-bakery", "a cake", "--by", "+3d")
    does("merge", acme, "acorn-bakery", "--yes")
    assert sorted((one["account"], one["text"]) for one in listed(does)) == [(acme, "a cake"), (acme, "a visit")]
    ref = next(one["ref"] for one in listed(does) if one["text"] == "a cake")
    does("promise", "kept", ref)
    assert texts(does) == ["a visit"]


def test_a_deleted_account_has_no_promises(does, acme, rows, dump):
    does("promise", "add", acme, "xylophone lessons")
    does("delete", acme, "--yes")
    assert rows("SELECT count(*) FROM promise") == [(0,)]
    assert [line for line in dump() if "xylophone" in line] == []


def test_without_any_it_says_how_to_make_one(does, home):
    assert does("promise", "list").out == ""
    assert "handoffctl promise add ACCOUNT" in does("promise", "list").err
    assert listed(does) == []
    assert not (home / "handoffctl.db").exists()


def test_the_log_tells_of_them(does, acme):
    does("promise", "add", acme, "a visit", "--by", "2026-05-01")
    does("promise", "kept", acme)
    log = does("log", acme).out
    assert "Promised Acme Corp: a visit, by 2026-05-01." in log
    assert "Kept what was promised to Acme Corp: a visit." in log


# --- faults that are known; each says what would be right


def test_a_number_is_the_number_even_where_another_begins_with_it(does, acme):
    does("promise", "add", acme, "training")
    does("promise", "add", acme, "10 seats for free")
    assert "Kept: training" in does("promise", "kept", acme, "1").err


def test_a_lost_deal_has_no_promises_that_wait(does, acme):
    does("promise", "add", acme, "a visit")
    does("touch", acme, "call", "Too dear for us", "--in")
    does("close", acme, "--lost", "--because", "the price was too high")
    assert texts(does) == []
