"""A colleague leaves: her deals, steps, promises and meetings go to others, and one undo takes all of it back."""

import pytest
from tests.recorded_rows import held

DESK = """\
playbook: desk
title: A sales desk
roles: {seller: Who sells, support: Who looks after them}
fields:
  pain: {label: What hurts, why: Without pain nobody buys.}
stages:
  talks: {title: Talks, owner: seller}
  offer: {title: Offer, owner: seller}
  won: {title: Won, kind: won, owner: support}
  later: {title: Later, kind: nurture, owner: seller}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: talks, to: offer, required: [pain], trigger: They ask for a price., reason: They want it.,
     benefit: They get it in writing.}
  - {from: offer, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
NOW = "2026-03-02T09:00:00Z"
LATER = "2026-03-03T09:00:00Z"


@pytest.fixture
def desk(does, playbook, home, once):
    """Mia drives two deals and has put one aside; Ben is there to take them over, Sam only looks after customers."""

    def make():
        playbook(DESK)
        (home / "config.yaml").write_text("playbook: desk\nzone: UTC\n", encoding="utf-8")
        for name, role in (("Mia Berg", "seller"), ("Ben Roe", "seller"), ("Sam Low", "support")):
            does("person", "add", f"{name} <{name[:3].lower()}@we.example>", "--role", role)
        for name in ("Acme Corp", "Birch Barn", "Cedar Shed"):
            does("add", name, "--contact", f"Ada Bell <ada@{name[:4].lower()}.example>")
            does("handoff", name, "--to-person", "Mia Berg", "--stay")
        does("step", "acme-corp", "send the offer", "--due", "2026-03-05")
        does("promise", "add", "acme-corp", "a price", "--by", "2026-03-06", "--who", "mia berg")
        does("meeting", "book", "birch-barn", "--at", "2026-03-06 10:00", "--with", "Ada Bell", "--with", "Mia Berg")
        does("close", "cedar-shed", "--nurture", "--because", "no budget before May", "--wake", "2026-05-04")

    once(make)
    return does


def owners(does, account):
    told = does("who", account, "--json", now=LATER).json
    return [one["owner"] for one in (*told["before"], told["now"])]


def test_everything_goes_to_one_colleague_and_comes_back_with_one_undo(desk, home, rows):
    before = held(home / "handoffctl.db")
    refused = desk("person", "remove", "Mia Berg", now=LATER, code=6)
    assert "Mia Berg still drives 2 open deals." in refused.err
    assert 'handoffctl person remove "Mia Berg" --to NAME' in refused.err
    assert (
        "seller, which takes this deal over"
        in desk("person", "remove", "Mia Berg", "--to", "Sam Low", now=LATER, code=6).err
    )
    assert held(home / "handoffctl.db") == before

    left = desk("person", "remove", "Mia Berg", "--to", "ben roe", now=LATER)
    assert left.err.splitlines() == [
        "Ben Roe has 3 deals of Mia Berg now.",
        "Tell Birch Barn that Ben Roe comes instead of Mia Berg on Fri 6 Mar 10:00.",
        "Removed Mia Berg.",
    ]
    assert [one["name"] for one in desk("person", "list", "--json", now=LATER).json["persons"]] == [
        "Ben Roe",
        "Sam Low",
    ]
    assert owners(desk, "acme-corp") == ["seller", "Mia Berg", "Ben Roe"]
    assert rows("SELECT DISTINCT owner FROM visit WHERE ended = 0") == [("Ben Roe",)]
    assert rows("SELECT DISTINCT owner FROM step WHERE done_at IS NULL AND replaced_at IS NULL") == [("Ben Roe",)]
    assert rows("SELECT owner FROM promise") == [("Ben Roe",)]
    assert rows("SELECT name, email FROM meeting_guest WHERE side = 'ours'") == [("Ben Roe", "ben@we.example")]
    waiting = desk("who", "acme-corp", "--json", now=LATER).json["waiting"]
    assert (waiting["from"], waiting["to"]) == ("Mia Berg", "Ben Roe")
    assert "3 deals to Ben Roe" in desk("log", now=LATER).out
    assert desk("report", "handoffs", "--json", now=LATER).code == 0
    assert desk("today", "--json", now="2026-05-04T09:00:00Z").code == 0

    desk("undo", "--yes", now=LATER)
    assert held(home / "handoffctl.db") == before


def test_what_only_names_somebody_goes_to_who_takes_everything_over(desk, rows):
    """Ben has one of the deals by then; Mia's promise to that client is hers all the same."""
    desk("person", "add", "Pat Fox", "--role", "seller")
    desk("handoff", "acme-corp", "--to-person", "Ben Roe", "--stay", now=LATER)
    left = desk("person", "remove", "Mia Berg", "--to", "Pat Fox", now=LATER)
    assert "Pat Fox has 2 deals of Mia Berg now." in left.err
    assert rows("SELECT owner FROM promise") == [("Pat Fox",)]
    assert owners(desk, "acme-corp")[-1] == "Ben Roe"


def test_without_open_deals_a_script_removes_somebody_and_says_what_still_names_them(desk):
    for account in ("acme-corp", "birch-barn"):
        desk("handoff", account, "--to-person", "Ben Roe", "--stay", now=LATER)
    left = desk("person", "remove", "Mia Berg", now=LATER)
    assert left.err.splitlines() == [
        "2 of the steps, promises and meetings still name Mia Berg.",
        "Removed Mia Berg.",
    ]


def test_nobody_takes_over_what_is_their_own(desk):
    assert "cannot take over" in desk("person", "remove", "Mia Berg", "--to", "mia berg", code=6).err


def test_on_a_terminal_it_is_offered_as_a_whole_and_deal_by_deal(desk, sits, rows):
    desk("person", "add", "Pat Fox", "--role", "seller")
    there = sits("person", "remove", "Mia Berg")
    there.sees("Mia Berg drives 2 open deals. Who takes everything over?").sees("1. Ben Roe (0 open)")
    there.sees("3. deal by deal").sees("> ").types("3")
    there.sees("Who takes over Acme Corp (Talks)?").sees("> ").types("ben")
    there.sees("Who takes over Birch Barn (Talks)?").sees("1. Ben Roe (1 open)").sees("> ").types("pat")
    there.sees("Who takes over Cedar Shed (Later, put aside)?").sees("> ").types("pat")
    there.sees("Removed Mia Berg.")
    assert there.ends() == 0
    assert rows("SELECT a.slug, v.owner FROM visit AS v JOIN deal AS d ON d.id = v.deal_id "
                "JOIN account AS a ON a.id = d.account_id WHERE v.ended = 0 ORDER BY 1") == [
        ("acme-corp", "Ben Roe"), ("birch-barn", "Pat Fox"), ("cedar-shed", "Pat Fox"),
    ]  # fmt: skip


def test_enter_on_a_terminal_leaves_everything_as_it_is(desk, sits, home):
    before = held(home / "handoffctl.db")
    there = sits("person", "remove", "Mia Berg")
    there.sees("Who takes everything over?").sees("> ").types("")
    there.sees("Mia Berg still drives 2 open deals.")
    assert there.ends() == 6
    assert held(home / "handoffctl.db") == before


def test_a_deal_put_aside_in_a_stage_of_another_role_goes_to_a_colleague_of_the_one_who_leaves(desk, playbook):
    playbook(DESK.replace("later: {title: Later, kind: nurture, owner: seller}",
                          "later: {title: Later, kind: nurture, owner: support}"))  # fmt: skip
    desk("touch", "cedar-shed", "note", "read the new rules", now=LATER)
    refused = desk("person", "remove", "Mia Berg", "--to", "Sam Low", now=LATER, code=6)
    assert refused.err.startswith("Can't hand over Acme Corp: Sam Low does not have the role seller, which takes")
    assert (
        "Ben Roe has 3 deals of Mia Berg now." in desk("person", "remove", "Mia Berg", "--to", "Ben Roe", now=LATER).err
    )
    assert owners(desk, "cedar-shed")[-1] == "Ben Roe"
