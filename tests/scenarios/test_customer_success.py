"""One client from the last talk before the contract to the second term; sold by one person, looked after by another."""

import pytest

SALES = """\
playbook: shop
title: A sale of its own
roles: {seller: Sells, success: Looks after them}
fields:
  promised: {label: Promised, type: list, why: A promise must be kept.}
stages:
  talk: {title: Talk, begins_when: They ask., target: 7d}
handoffs:
  - {from: talk, to: customer-success/signed, trigger: They sign., reason: It is agreed.,
     benefit: The client is looked after., required: [promised]}
"""


def before_signing(does):
    who = ("--playbook", "customer-success", "--contact", "Ines Maple <ines@maple.example>")
    does("add", "Maple Dairy", *who, now="2026-03-02")
    does("set", "maple-dairy", "use_cases=orders of shops; recalls", "priorities=fewer returns; one list of orders",
         "stakeholders=Ines decides; her brother pays", now="2026-03-02")  # fmt: skip
    does("set", "maple-dairy", "timeline=before the season in May", "promised=training on site", now="2026-03-09")
    does("set", "maple-dairy", "value_seen=nine hours of typing a week", now="2026-03-09")
    does("set", "maple-dairy", "success_criteria=no order is typed twice", now="2026-03-09")


def missing(does, now):
    return [gap["name"] for gap in does("check", "maple-dairy", "--json", now=now, code=3).json["missing"]]


def signs(does, now):
    does("touch", "maple-dairy", "meeting", "all three of us", "--with", "success", "--outcome", "held", now=now)
    return does("handoff", "maple-dairy", "--step", "kick-off", "--due", "+9d", "--json", now=now).json


@pytest.fixture
def signing(does, once):
    once(lambda: before_signing(does))


@pytest.fixture
def signed(does, signing):
    return signs(does, "2026-03-12")


def test_who_has_not_met_the_success_manager_does_not_sign(does, signing, rows):
    asked = ("--step", "kick-off", "--due", "+9d", "--json")
    blocked = does("handoff", "maple-dairy", *asked, now="2026-03-10", code=3).json
    (gap,) = blocked["missing"]
    assert (gap["name"], gap["label"]) == ("success_introduced", "Client and success manager have met")
    assert gap["fix"] == "handoffctl touch maple-dairy meeting --outcome held --with success"
    for outcome in ("booked", "no-show"):
        does("touch", "maple-dairy", "meeting", "--with", "success", "--outcome", outcome, now="2026-03-11")
    assert missing(does, "2026-03-11") == ["success_introduced"]
    shown = does("show", "maple-dairy", "--json", now="2026-03-11").json["deals"][0]
    assert (shown["stage"], shown["owner"]) == ("signing", "seller")

    passed = signs(does, "2026-03-12")
    assert (passed["to"], passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == (
        "signed", "seller", "success",
    )  # fmt: skip
    assert rows("SELECT state, to_stage FROM handoff ORDER BY id") == [
        ("blocked", "signed"), ("completed", "signed"),
    ]  # fmt: skip


def test_the_success_manager_gets_what_the_seller_knew(signed):
    letters = {letter["template"]: letter for letter in signed["emails"]}
    assert list(letters) == ["introduction", "support-packet", "internal-meeting"]
    assert letters["introduction"]["to"] == "ines@maple.example"
    packet, agenda = letters["support-packet"]["body"], letters["internal-meeting"]["body"]
    assert {"- training on site", "- no order is typed twice"} <= set(packet.splitlines())
    for line in ("orders of shops", "- her brother pays", "- Until now Seller, from here on Success",
                 "- before the season in May", "- training on site"):  # fmt: skip
        assert line in agenda, line


def test_the_two_of_them_meet_before_the_client_is_kicked_off(does, signed):
    assert missing(does, "2026-03-13") == ["risks"]  # with which the internal meeting begins
    does("handoff", "maple-dairy", now="2026-03-17", code=3)
    does("set", "maple-dairy", "risks=none", now="2026-03-18")
    does("promise", "add", "maple-dairy", "first shop orders", "--milestone", "--tell", "--who", "Kim",
         "--by", "2026-04-20",
         now="2026-03-18")  # fmt: skip

    passed = does("handoff", "maple-dairy", "--json", now="2026-03-18").json
    assert (passed["from"], passed["to"]) == ("signed", "onboarding")
    (agenda,) = passed["emails"]
    assert (agenda["template"], agenda["to"]) == ("kick-off", "ines@maple.example")
    assert "  No order is typed twice\n" in agenda["body"]
    assert "first shop orders (Kim)" in agenda["body"]


def first_term(does):
    """A first result on 9 April, renewed in the next winter."""
    does("set", "maple-dairy", "use_cases=orders of shops", "risks=none", "term_ends=2027-03-12", now="2026-03-16")
    does("handoff", "maple-dairy", now="2026-03-16")
    assert missing(does, "2026-04-08") == ["value_since", "next_step"]  # the step was due long ago
    does("step", "maple-dairy", "a look at the figures with Ines", "--due", "+300d", now="2026-04-08")
    assert missing(does, "2026-04-08") == ["value_since"]
    does("set", "maple-dairy", "value_since=the first shop orders by itself", now="2026-04-09")
    does("handoff", "maple-dairy", now="2026-04-09")
    does("set", "maple-dairy", "value_since=recalls still by telephone", now="2026-09-01")


def test_from_the_kick_off_to_the_second_term(does, signed):
    first_term(does)
    (told,) = does("report", "value", "--playbook", "customer-success", "--json", now="2026-10-01").json["deals"]
    assert (told["signed_on"], told["days"], len(told["log"])) == ("2026-03-12", 28, 2)
    does("step", "maple-dairy", "renew the contract", "--due", "+60d", now="2026-12-20")
    does("handoff", "maple-dairy", now="2026-12-20")
    assert does("close", "maple-dairy", "--won", "--json", now="2027-02-01", code=3).json["missing"][0]["name"] == (
        "deal.amount"
    )
    does("set", "maple-dairy", "deal.amount=9000", now="2027-02-01")
    does("close", "maple-dairy", "--won", now="2027-02-01")
    shown = does("show", "maple-dairy", "--json", now="2027-02-02").json["deals"][0]
    assert [(stay["stage"], stay["days"]) for stay in shown["stays"]] == [
        ("signing", 10), ("signed", 4), ("onboarding", 24), ("first-value", 255), ("renewal", 43), ("renewed", None),
    ]  # fmt: skip
    drivers = [stay["owner"] for stay in shown["stays"]]
    assert drivers == ["seller"] + ["success"] * 5


def test_a_client_sold_under_another_playbook_is_asked_the_same_and_followed_to_first_value(does, playbook):
    playbook(SALES)
    does("add", "Maple Dairy", "--playbook", "shop", "--contact", "Ines Maple <ines@maple.example>", now="2026-03-02")
    does("set", "maple-dairy", "promised=training on site", now="2026-03-02")
    assert missing(does, "2026-03-12") == ["success_introduced", "value_seen", "success_criteria"]
    does("set", "maple-dairy", "value_seen=nine hours of typing a week", "success_criteria=no order is typed twice",
         now="2026-03-12")  # fmt: skip
    passed = signs(does, "2026-03-12")
    assert (passed["to_playbook"], passed["to"], passed["handoff"]["to_owner"]) == (
        "customer-success", "signed", "success",
    )  # fmt: skip
    first_term(does)

    told = does("report", "value", "--playbook", "customer-success", "--json", now="2026-10-01").json
    (deal,) = told["deals"]
    assert (deal["signed_on"], deal["first_value_on"], deal["days"]) == ("2026-03-12", "2026-04-09", 28)
    assert deal["seen"] == "nine hours of typing a week"
    assert [(entry["on"], entry["value"]) for entry in deal["log"]] == [
        ("2026-04-09", "the first shop orders by itself"), ("2026-09-01", "recalls still by telephone"),
    ]  # fmt: skip
    assert told["days_to_first_value"]["median"] == 28
