"""`report reasons`: why handoffs came back and deals ended, by reason, with the deals behind each count."""

import pytest

NOW = "2026-03-20"
PAIR = """\
playbook: pair
fields:
  situation: {label: Current situation}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard.}
"""
REASONS = """\
reasons:
  return: {too-early: It came too early, no-fit: It is no fit}
  lost: {price: Too expensive, rival: They chose another firm}
"""


@pytest.fixture
def told(does, playbook):
    """Four returns, three endings, and one of each on a test account."""
    playbook(PAIR + REASONS)
    returned = {
        "Acme": ("--as", "too-early"), "Birch": ("--as", "too-early", "--because", "May"), "Cedar": ("--as", "no-fit"),
        "Dune": ("--because", "nobody answers"),
    }  # fmt: skip
    for number, (name, words) in enumerate({**returned, "Drill": ("--as", "no-fit")}.items(), 3):
        test = ["--test"] if name == "Drill" else []
        does("add", name, "--playbook", "pair", *test, now="2026-03-02")
        does("handoff", name.lower(), now="2026-03-02")
        does("return", name.lower(), *words, now=f"2026-03-{number:02}")
    does("close", "acme", "--lost", "--as", "price", now="2026-03-10")
    does("close", "birch", "--lost", "--as", "price", now="2026-03-11")
    does("close", "cedar", "--nurture", "--because", "next year", now="2026-03-12")
    does("close", "drill", "--disqualified", "--because", "a drill", now="2026-03-12")
    return does


def lines(report):
    return [
        (line["occasion"], line["reason"], line["title"], line["times"], [deal["ref"] for deal in line["deals"]])
        for line in report["reasons"]
    ]


def test_reasons_are_counted_by_name_with_the_deals_behind_them(told):
    found = told("report", "reasons", "--json").json
    assert lines(found) == [
        ("return", "too-early", "It came too early", 2, ["birch", "acme"]),
        ("return", "no-fit", "It is no fit", 1, ["cedar"]),
        ("return", None, "in other words", 1, ["dune"]),
        ("lost", "price", "Too expensive", 2, ["birch", "acme"]),
        ("nurture", None, "in other words", 1, ["cedar"]),
    ]
    assert (found["test"], found["undated"], found["reasons"][0]["share"]) == (2, 0, 0.5)
    assert found["reasons"][0]["deals"][0] == {
        "account": "birch", "ref": "birch", "at": "2026-03-04", "because": "May",
    }  # fmt: skip
    shown = [" ".join(line.split()) for line in told("report", "reasons").out.splitlines()]
    assert shown[0] == "Left out: 2 on test accounts."
    assert "Returned (4)" in shown
    assert "It came too early 2 50% birch, acme" in shown
    assert "Counted on the day of the return or the close. See one with: handoffctl show ACCOUNT" in shown
    assert (
        "return,no-fit,It is no fit,1,0.25,cedar,cedar,2026-03-05,It is no fit"
        in told("report", "reasons", "--csv").out.splitlines()
    )
    assert "| It came too early | 2 | 50% | birch, acme |" in told("report", "reasons", "--markdown").out
    assert [line["reason"] for line in told("report", "missed", "--json").json["returns"]] == [
        None, "no-fit", "too-early", "too-early",
    ]  # fmt: skip


def test_as_of_an_earlier_moment_only_what_had_happened_is_counted(told):
    assert lines(told("report", "reasons", "--json", now="2026-03-03").json) == [
        ("return", "too-early", "It came too early", 1, ["acme"]),
    ]
    since = told("report", "reasons", "--since", "2026-03-11", "--json").json
    assert [line[:4] for line in lines(since)] == [
        ("lost", "price", "Too expensive", 1), ("nurture", None, "in other words", 1),
    ]  # fmt: skip


def test_a_playbook_without_lists_is_told_how_to_have_them(does, playbook):
    playbook(PAIR)
    does("add", "Acme", "--playbook", "pair")
    assert "No deal was returned, lost, disqualified or put aside so far." in does("report", "reasons").out
    does("close", "acme", "--lost", "--because", "no budget")
    assert "The playbook pair has no list of reasons." in does("report", "reasons").out
