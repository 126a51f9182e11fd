"""Once a month `today` reminds you to leave an item out on trial, where the playbook says so."""

import pytest

from handoffctl.playbook.lint import faults
from handoffctl.playbook.reader import read_playbook
from handoffctl.resources import shipped

NOW = "2026-03-02"
SAYS = "Trigger, reason, benefit: nothing was tried without for 30 days. "


@pytest.fixture
def handed_off(does, once):
    """A deal of `trim` whose first handoff was made on 2 March; another deal waits."""

    def made():
        does("add", "Acme Corp", "--playbook", "trim", "--contact", "Ann Lee <ann@acme.example>", now="2026-02-27")
        does("touch", "acme-corp", "email", "wants to talk", "--in", now=NOW)
        does("set", "acme-corp", "problem=orders are typed twice", now=NOW)
        does("handoff", "acme-corp", "--step", "call", "--due", "+3d", now=NOW)

    once(made)


def reminded(does, now):
    return SAYS in does("today", now=now).err


def test_a_month_after_the_first_handoff_today_says_where_to_look(does, handed_off):
    assert not reminded(does, "2026-03-31")
    said = does("today", now="2026-04-01").err
    assert said.count(SAYS) == 1
    assert "See what could be left out with: handoffctl trial list --playbook trim" in said
    assert SAYS not in does("today", "acme-corp", now="2026-04-01").err


def test_the_candidate_of_the_playbook_is_proposed_until_it_was_tried(does, handed_off):
    shown = does("trial", "list", "--playbook", "trim", now="2026-04-01").out
    assert "The playbook names the first one." in shown
    assert "Try without the first: handoffctl trial start terms.timeline" in shown

    does("trial", "start", "terms.timeline", "--playbook", "trim", now="2026-04-01")
    assert not reminded(does, "2026-06-01")  # one waits for the trial
    does("trial", "stop", "terms.timeline", "--put-back", "--playbook", "trim", now="2026-06-01")
    assert not reminded(does, "2026-06-30")
    assert reminded(does, "2026-07-01")
    after = does("trial", "list", "--playbook", "trim", "--json", now="2026-07-01").json["candidates"]
    assert "terms.timeline" not in [each["name"] for each in after]


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        ("terms.budgets", 'the handoff terms does not ask for "budgets"'),
        ("offer.budget", '"offer.budget" is no HANDOFF.ITEM; the handoffs are: qualified, solution, terms, won'),
        ("won.promised", None),  # its stage asks for it on entry
    ],
)
def test_a_candidate_must_be_an_item_of_its_handoff(candidate, sentence):
    playbook = read_playbook(shipped("playbooks") / "trim.yaml")
    improve = playbook.improve.with_values(candidate=candidate)
    found = [fault.sentence for fault in faults(playbook.with_values(improve=improve))]
    assert found == ([sentence] if sentence else [])
