"""One sells, a partner delivers: they meet the client before it is signed, return the deal once, and then take it."""

import pytest

PAIR = """\
playbook: pair
title: Two people
roles: {seller: Who sells, delivery: The partner who delivers}
fields:
  goal: {label: Goal, min_words: 3, why: Delivery works towards it.}
  promised: {label: Promised, type: list, why: A promise nobody knows of is broken.}
criteria:
  acquainted: {label: They have met the partner, introduced: delivery, why: Nobody signs with a stranger.}
stages:
  talks: {title: Talks}
  signing: {title: Signing, target: 7d}
  won: {title: Won, kind: won, owner: delivery, entry: [acquainted, goal]}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: talks, to: signing, trigger: They ask for a contract., reason: They decided., benefit: It is in writing.}
  - {from: signing, to: won, trigger: They sign., reason: It is to be delivered., benefit: They know who comes.,
     nice_to_have: [promised], next_step: required, emails: [introduction]}
"""


@pytest.fixture
def does(does, playbook):
    playbook(PAIR)
    return does


@pytest.fixture
def at_signing(does):
    does(
        "add", "Tallow & Sons", "--playbook", "pair", "--contact", "Ines Tallow <ines@tallow.example>", now="2026-03-02"
    )
    does("handoff", "tallow-sons", now="2026-03-04")
    does("set", "tallow-sons", "goal=half the paper work", now="2026-03-05")


def won(does, now):
    return does("handoff", "tallow-sons", "--step", "kick-off call", "--due", "+3d", "--json", now=now).json


def test_nobody_signs_before_they_have_met_the_partner(does, at_signing):
    blocked = does("close", "tallow-sons", "--won", "--json", now="2026-03-06", code=3).json
    assert [gap["name"] for gap in blocked["missing"]] == ["acquainted", "next_step"]
    assert blocked["missing"][0]["why"] == "Nobody signs with a stranger."
    assert blocked["missing"][0]["fix"] == "handoffctl touch tallow-sons meeting --outcome held --with delivery"
    for outcome in ("booked", "no-show", "cancelled"):
        does("touch", "tallow-sons", "meeting", "--outcome", outcome, "--with", "delivery", now="2026-03-06")
    does("touch", "tallow-sons", "meeting", "--outcome", "held", "--with", "ines tallow", now="2026-03-06")
    left = does("check", "tallow-sons", "--json", now="2026-03-06", code=3).json["missing"]
    assert [gap["name"] for gap in left] == ["acquainted", "next_step"]
    does("touch", "tallow-sons", "meeting", "--outcome", "held", "--with", "Delivery", now="2026-03-06")
    left = does("check", "tallow-sons", "--json", now="2026-03-06", code=3).json["missing"]
    assert [gap["name"] for gap in left] == ["next_step"]


def test_the_partner_returns_it_once_and_then_takes_it(does, at_signing, rows):
    does("touch", "tallow-sons", "call", "with the three of us", "--with", "delivery", now="2026-03-06")
    passed = won(does, "2026-03-09")
    assert (passed["from"], passed["to"], passed["handed_off"]) == ("signing", "won", True)
    assert (passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == ("seller", "delivery")
    assert [gap["name"] for gap in passed["nice_to_have"]] == ["promised"]
    letter = passed["emails"][0]
    assert letter["to"] == "ines@tallow.example"
    assert letter["subject"] == "What happens next"
    assert letter["body"].startswith("Hi Ines,\n")

    does("return", "tallow-sons", "--because", "what did we promise them?", "--missing", "promised", now="2026-03-10")
    shown = does("show", "tallow-sons", "--json", now="2026-03-11").json["deals"][0]
    assert (shown["stage"], shown["owner"], shown["because"]) == ("signing", "seller", "what did we promise them?")
    assert "tallow-sons" in does("list", now="2026-03-11").out

    does("set", "tallow-sons", "promised=training on site; two months of help", now="2026-03-11")
    again = won(does, "2026-03-12")
    assert again["nice_to_have"] == []
    does("accept", "tallow-sons", now="2026-03-12")
    assert rows("SELECT state, from_owner, to_owner, accepted_at, returned_at FROM handoff ORDER BY id") == [
        ("completed", "seller", "seller", None, None),
        ("returned", "seller", "delivery", None, "2026-03-10"),
        ("accepted", "seller", "delivery", "2026-03-12", None),
    ]
    assert does("show", "tallow-sons", "--json", now="2026-03-12").json["deals"][0]["owner"] == "delivery"

    stages = does("report", "throughput", "--playbook", "pair", "--json", now="2026-03-20").json["stages"]
    signing, closed = stages[1], stages[2]
    assert (signing["entered"], signing["deals"], signing["won"], signing["now"], signing["conversion"]) == (
        2,
        1,
        2,
        0,
        1,
    )
    assert (signing["mean_days_completed"], signing["within_target"]) == (3.5, 1)  # 5 and 2 days, a week each
    assert (closed["entered"], closed["returned"], closed["now"], closed["oldest_now_days"]) == (2, 1, 1, 8)


def test_who_looks_for_their_own_deals_finds_them(does, at_signing):
    does("add", "Umber Works", "--playbook", "pair", now="2026-03-02")
    does("touch", "tallow-sons", "call", "--with", "delivery", now="2026-03-06")
    won(does, "2026-03-09")
    mine = does("list", "--owner", "delivery", "--all", "--json", now="2026-03-10").json["deals"]
    assert [deal["account"] for deal in mine] == ["tallow-sons"]
    yours = does("list", "--owner", "seller", "--json", now="2026-03-10").json["deals"]
    assert [deal["account"] for deal in yours] == ["umber-works"]
