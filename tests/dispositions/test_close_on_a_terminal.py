"""On a terminal `close` asks how a deal ended, and offers what a rule says."""

import pytest
from tests.dispositions.test_dispose import LATER, NOW, RULES, add

assert NOW


@pytest.fixture
def quiet(does, playbook):
    playbook(RULES)
    add(does, "acme", "deal.expected_close=2026-03-20")


def test_enter_closes_a_deal_as_the_rule_says(sits, quiet, rows):
    terminal = sits("close", "acme", now=LATER)
    terminal.sees("gone-quiet proposes: put aside until Sun 30 Aug.").sees("Nobody talks to us.")
    terminal.sees("Close it like this? [Y/n]").types("").sees("Closed acme as nurture")
    assert terminal.ends() == 0
    assert rows("SELECT because, wakes_on FROM visit WHERE ended = 0") == [("Nobody talks to us.", "2026-08-30")]
    assert rows("SELECT rule, proposed, decided FROM decision") == [("gone-quiet", "nurture", "nurture")]


def test_another_end_can_be_chosen(sits, quiet, rows):
    terminal = sits("close", "acme", now=LATER)
    terminal.sees("[Y/n]").types("n").sees("How did it end?").sees("> ").types("disq")
    terminal.sees("Why?").types("they never were a client").sees("Closed acme as disqualified")
    assert terminal.ends() == 0
    assert rows("SELECT rule, proposed, decided FROM decision") == [("gone-quiet", "nurture", "disqualified")]


def test_who_chooses_nothing_closes_nothing(sits, quiet, rows):
    terminal = sits("close", "acme", now=LATER)
    terminal.sees("[Y/n]").types("n").sees("How did it end?").sees("> ").types("")
    terminal.sees("Say how it ended: --won, --lost, --disqualified or --nurture.")
    assert terminal.ends() == 2
    assert rows("SELECT count(*) FROM decision") == [(0,)]
