"""Trigger, reason, benefit: a deal moves when the prospect did something and what the receiver needs is known."""

from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "playbooks" / "trim.yaml"


@pytest.fixture
def does(does):
    does("add", "Lark & Rye", "--playbook", "trim", now="2026-03-02")
    return does


def names(gaps):
    return [gap["name"] for gap in gaps]


def stands(does, now):
    deal = does("show", "lark-rye", "--json", now=now).json["deals"][0]
    return deal["stage"], deal["owner"]


def test_from_the_first_word_to_the_signature_every_move_has_its_trigger_and_its_facts(does, rows):
    # Nothing is known. The deal stays where it is on every way that leads on.
    blocked = does("handoff", "lark-rye", "--json", now="2026-03-02", code=3).json
    assert names(blocked["missing"]) == ["reachable", "problem", "next_step"]
    assert all(gap["why"] and gap["fix"].startswith("handoffctl ") for gap in blocked["missing"])
    assert names(blocked["nice_to_have"]) == ["contact.title", "priorities", "deal.source"]
    does("handoff", "lark-rye", "--to", "terms", now="2026-03-02", code=2)  # no handoff leads there from here
    won = does("close", "lark-rye", "--won", "--json", now="2026-03-02", code=3).json
    assert {"reachable", "success_criteria", "promised"} <= set(names(won["missing"]))
    assert stands(does, "2026-03-02") == ("prospect", "prospecting")

    # A mail of ours is no trigger; their answer is, once it names the problem.
    does("contact", "add", "lark-rye", "Mina Rye <mina@larkrye.example>", now="2026-03-02")
    sent = does(
        "touch", "lark-rye", "email", "What keeps you busy?", "--set", "problem=orders get lost", now="2026-03-02"
    )
    assert "Trigger seen" not in sent.err
    answered = does("touch", "lark-rye", "email", "Two orders a week get lost", "--in", now="2026-03-03")
    assert "Trigger seen for Lark & Rye: The prospect answers and names a problem." in answered.err

    # What is nice to have is told, and blocks nothing.
    passed = does("handoff", "lark-rye", "--step", "call Mina", "--due", "+2d", "--json", now="2026-03-04").json
    assert (passed["handed_off"], passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == (
        True, "prospecting", "sales",
    )  # fmt: skip
    assert names(passed["nice_to_have"]) == ["contact.title", "priorities", "deal.source"]
    letter = passed["emails"][0]
    assert (letter["template"], letter["to"]) == ("introduction", "mina@larkrye.example")
    assert "nobody new to brief" in letter["body"]  # the team is one person, so she need not say it again

    # A booked call is not a call. The one that was held is the next trigger.
    no_show = does("touch", "lark-rye", "call", "--outcome", "no-show", now="2026-03-06")
    assert "Trigger seen" not in no_show.err
    missing = does("check", "lark-rye", "--json", now="2026-03-06", code=3).json["missing"]
    assert names(missing) == ["met", "impact", "decision_process"]
    held = does("touch", "lark-rye", "call", "--outcome", "held", "--set", "impact=a day of work every week",
                "--set", "decision_process=Mina asks her father, who signs", now="2026-03-09")  # fmt: skip
    assert "handoffctl handoff lark-rye --to solution" in held.err
    does("handoff", "lark-rye", "--step", "show them the order form", "--due", "+3d", now="2026-03-09")

    does("set", "lark-rye", "success_criteria=no lost order in a month", "timeline=before Easter", now="2026-03-16")
    does("touch", "lark-rye", "email", "Send us your terms", "--in", "--trigger", "terms", now="2026-03-16")
    does("handoff", "lark-rye", "--step", "send the terms", "--due", "+1d", now="2026-03-16")

    # They sign; onboarding takes it with every promise.
    blocked = does("handoff", "lark-rye", "--json", now="2026-03-20", code=3).json
    assert names(blocked["missing"]) == ["deal.amount", "promised", "next_step"]  # the step is overdue
    last = does("handoff", "lark-rye", "--set", "deal.amount=4,800", "--set", "promised=a training day on site",
                "--step", "kick-off", "--due", "+5d", "--json", now="2026-03-20").json  # fmt: skip
    mails = {one["template"]: one["body"] for one in last["emails"]}
    assert "our onboarding side" not in mails["introduction"]
    assert "- a training day on site" in mails["support-packet"]
    assert stands(does, "2026-03-20") == ("won", "onboarding")

    # Each change of the stage was a handoff, and each handoff that was called for was done.
    stays = does("show", "lark-rye", "--json", now="2026-03-20").json["deals"][0]["stays"]
    assert [stay["stage"] for stay in stays] == ["prospect", "qualified", "solution", "terms", "won"]
    done = rows("SELECT from_stage, to_stage FROM handoff WHERE state = 'completed' ORDER BY id")
    assert done == [("prospect", "qualified"), ("qualified", "solution"), ("solution", "terms"), ("terms", "won")]


def test_what_came_without_the_facts_goes_back_and_comes_again(does):
    does("set", "lark-rye", "contact.phone=+49 30 1234567", "problem=orders get lost", now="2026-03-02")
    does("handoff", "lark-rye", "--step", "call them", "--due", "+1d", now="2026-03-03")
    assert stands(does, "2026-03-03") == ("qualified", "sales")
    does("return", "lark-rye", "--because", "whose number is it?", "--missing", "contact.name", now="2026-03-04")
    assert stands(does, "2026-03-04") == ("prospect", "prospecting")

    does("set", "lark-rye", "contact.name=Mina Rye", now="2026-03-05")
    does("handoff", "lark-rye", "--step", "call Mina", "--due", "+1d", now="2026-03-05")
    does("accept", "lark-rye", now="2026-03-05")
    assert stands(does, "2026-03-05") == ("qualified", "sales")
    told = does("log", "lark-rye", "--limit", "50", now="2026-03-06").out
    assert "whose number is it? (missing: contact.name)" in told

    stages = does("report", "throughput", "--playbook", "trim", "--json", now="2026-03-10").json["stages"]
    by_name = {stage["stage"]: stage for stage in stages}
    assert (by_name["prospect"]["entered"], by_name["prospect"]["deals"]) == (2, 1)
    assert (by_name["qualified"]["returned"], by_name["qualified"]["now"]) == (1, 1)


def test_a_placeholder_is_no_fact(does):
    refused = does("set", "lark-rye", "problem=tbd", now="2026-03-02", code=6)
    assert "placeholder" in refused.err
    assert "problem" in names(does("check", "lark-rye", "--json", now="2026-03-02", code=3).json["missing"])


@pytest.mark.parametrize("part", ["trigger", "reason", "benefit"])
def test_a_handoff_without_its_trigger_reason_or_benefit_makes_the_playbook_refused(does, home, part):
    shown = does("playbook", "show", "trim", "--json", now="2026-03-02").json
    assert all(handoff[part] for stage in shown["stages"] for handoff in stage["handoffs"])
    lines = SHIPPED.read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if line.startswith(f"    {part}:"))
    mine = home / "playbooks" / "trim.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("".join(lines[:last] + lines[last + 1 :]), encoding="utf-8")
    faulty = does("playbook", "check", "trim", now="2026-03-02", code=5)
    assert f'"{part}" is missing' in faulty.err
    does("handoff", "lark-rye", now="2026-03-02", code=5)


def test_the_shipped_playbook_checks_silently(does):
    checked = does("playbook", "check", str(SHIPPED), now="2031-01-01")
    assert (checked.out, checked.err) == ("", "")
