"""A small deal with a champion: worth a letter in autumn, and not a call a week. The same deal, a hundred times as
large, is worth the wait."""

import pytest

NOW = "2026-01-05T09:00:00Z"
BOOK = """\
playbook: machines
title: Machines
stages:
  talks: {title: Talks, target: 30d}
  offer: {title: Offer, target: 30d}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: talks, to: offer, trigger: They ask for an offer., reason: It fits., benefit: They know the price.}
  - {from: offer, to: won, trigger: They sign., reason: They signed., benefit: They can begin.}
fields:
  champion: {label: Champion, type: yes_no}
signals:
  budget: {label: They have a budget, points: 60, when: [{field: deal.amount, at_least: 20000}]}
conditions:
  past_close_60d: {past_close: 60d}
  untouched_30d: {untouched: 30d}
  big: {field: deal.amount, at_least: 100000}
criteria:
  has_champion:
    all_of: [{field: champion, is: "yes"}, {field: contact.level, is: c-suite}, {touches: {direction: in, within: 30d}}]
    why: Somebody who can decide still talks to you.
dispositions:
  - {name: big-with-champion, when: [past_close_60d, has_champion, big], propose: keep, for: 30d,
     because: It is worth the wait.}
  - {name: small-with-champion, when: [past_close_60d, has_champion], propose: nurture, wake: 90d,
     because: They want it and have no money yet.}
  - {name: gone-quiet, when: [past_close_60d, untouched_30d], propose: nurture, wake: 90d, because: Nobody talks to us.}
wake_when:
  - {score: 60, label: They have a budget}
"""
APRIL = "2026-04-16T09:00:00Z"


@pytest.fixture
def two_deals(does, playbook, home):
    playbook(BOOK)
    (home / "config.yaml").write_text("playbook: machines\ncurrency: EUR\n")
    for name, amount in (("Small Works", "4,000"), ("Large Works", "400,000")):
        slug = does("add", name, "--contact", f"Ada Bell <ada@{name[:5].lower()}.example>").out.strip()
        does("set", slug, f"deal.amount={amount}", "deal.expected_close=2026-02-15", "contact.level=c-suite",
             "champion=yes")  # fmt: skip
        does("handoff", slug, "--to", "offer", now="2026-01-12T09:00:00Z")
        does("touch", slug, "email", "We still want it", "--in", now="2026-04-10T08:00:00Z")
        does("touch", slug, "email", "Thank you", "--out", now="2026-04-10T09:00:00Z")


def kinds(does, *words, now):
    items = does("today", *words, "--json", now=now).json["items"]
    return {item["kind"]: item for item in items}


def test_the_small_deal_is_put_aside_and_wakes_by_a_signal(does, two_deals, rows):
    assert "dispose" not in kinds(does, now="2026-04-15T09:00:00Z")
    proposed = {one["ref"]: one for one in does("dispose", "--json", now=APRIL).json["proposals"]}
    small, large = proposed["small-works"], proposed["large-works"]
    assert (small["rule"], small["propose"], small["wake_days"]) == ("small-with-champion", "nurture", 90)
    assert (large["rule"], large["propose"], large["keep_days"]) == ("big-with-champion", "keep", 30)
    assert (small["also"], large["also"]) == ([], ["small-with-champion"])
    assert sorted(one["ref"] for one in does("today", "--json", now=APRIL).json["items"] if one["kind"] == "dispose") \
        == ["large-works", "small-works"]  # fmt: skip

    does("close", "small-works", "--nurture", "--wake", "+90d", "--because", small["because"], now=APRIL)
    does("snooze", "large-works", "+30d", "--because", "they decide in May", now=APRIL)
    assert "dispose" not in kinds(does, now="2026-05-15T09:00:00Z")
    assert "wake" not in kinds(does, now="2026-05-20T09:00:00Z")

    # A call that reaches nobody is on record, and no attempt; the budget that they got in May is a signal.
    does("touch", "small-works", "call", "nobody there", "--out", now="2026-05-21T09:00:00Z")
    does("set", "small-works", "deal.amount=25,000", now="2026-05-22T09:00:00Z")
    woken = kinds(does, "small-works", now="2026-05-22T09:00:00Z")["wake"]
    assert woken["what"] == "was put aside, and now: They have a budget"
    assert rows("SELECT kind FROM visit WHERE ended = 0 ORDER BY deal_id") == [("nurture",), ("open",)]
    does("reopen", "small-works", now="2026-05-22T10:00:00Z")
    does("close", "small-works", "--won", now="2026-06-10T09:00:00Z")

    told = does("report", "dispositions", now="2026-06-20T09:00:00Z").out
    assert told.startswith("Of 2 deals for which a rule spoke, 2 went as proposed and 0 did not.\n")


def test_a_deal_put_aside_wakes_on_its_day_without_a_signal(does, two_deals):
    does("close", "small-works", "--nurture", "--wake", "+90d", "--because", "no money yet", now=APRIL)
    assert "wake" not in kinds(does, "small-works", now="2026-07-14T09:00:00Z")
    woken = kinds(does, "small-works", now="2026-07-15T09:00:00Z")["wake"]
    assert (woken["what"], woken["command"]) == ("was put aside until now", "handoffctl reopen small-works")
