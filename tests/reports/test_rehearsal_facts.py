"""The facts that a rehearsal takes an attempt to have had are those that the gate had when it was made."""

from dataclasses import replace

import pytest

from handoffctl.core.moments import Clock
from handoffctl.core.windows import Window
from handoffctl.handoffs import handoff as handoff_module
from handoffctl.reports.rehearsal import query as rehearsal_query
from handoffctl.reports.rehearsal.changes import FactsNeeded
from handoffctl.reports.rehearsal.known_facts import KnownFacts
from handoffctl.workspace.home import Home

ALL = FactsNeeded(True, True, True)
RULES = """\
playbook: solo
roles: {seller: You, delivery: A partner}
fields:
  budget: {label: Budget, type: money}
  industry: {label: Industry, of: account}
  pain: {label: Pain, summary: situation}
stages:
  lead: {}
  talk: {}
  offer: {exit: [pain]}
  won: {kind: won}
  lost: {kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They ask., reason: They fit., benefit: They are heard., required: [budget]}
  - {from: talk, to: offer, trigger: They ask., reason: They fit., benefit: They get one., required: [industry]}
  - {from: offer, to: won, trigger: They sign., reason: They fit., benefit: They begin.}
"""
# One account's days, in which everything changes between the attempts.
STORY = (
    ("add", "Acme", "--contact", "Ada <ada@acme.example>"),
    ("handoff", "acme", "--no-input"),
    ("step", "acme", "send the offer", "--due", "2026-03-09"),
    ("touch", "acme", "call", "they ask", "--outcome", "held", "--with", "delivery"),
    ("handoff", "acme", "--no-input"),
    ("set", "acme", "budget=5000", "contact.title=Head of sales", "deal.amount=9000"),
    ("contact", "add", "acme", "Bo <bo@acme.example>", "--phone", "+49 30 123456"),
    ("handoff", "acme", "--no-input"),
    ("contact", "set", "acme", "Bo", "--main", "--title", "Director"),
    ("set", "acme", "pain=They lose orders by phone", "deal.amount=12000", "budget=6000", "deal.source=fair"),
    ("summary", "draft", "acme"),
    ("handoff", "acme", "--to", "offer", "--no-input"),
    ("summary", "sent", "acme"),
    ("meeting", "book", "acme", "--at", "2026-03-06T15:00"),
    ("handoff", "acme", "--to", "offer", "--no-input"),
    ("meeting", "held", "acme"),
    ("summary", "correct", "acme", "pain=They lose orders by mail"),
    ("step", "acme", "call them", "--due", "2026-03-20"),
    ("handoff", "acme", "--to", "offer", "--no-input"),
    ("set", "acme", "industry=Printing", "budget=7000"),
    ("handoff", "acme", "--to", "offer", "--no-input"),
    ("contact", "set", "acme", "Ada", "--main", "--title", "Owner"),
    ("set", "acme", "pain=They lose all orders", "account.domain=acme.example"),
    ("return", "acme", "--because", "too early"),
    ("step", "acme", "try again", "--due", "2026-04-20"),
    ("handoff", "acme", "--to", "offer", "--no-input"),
    ("close", "acme", "--lost", "--because", "no money"),
)


def comparable(facts):
    """The facts without what no criterion looks at: how the deal is called, and the words of the client's answer."""
    answer = facts.answer and replace(facts.answer, sent_at=None, answered_at=None, line="", mail="", note="")
    return replace(facts, ref="", answer=answer)


@pytest.fixture
def gate(monkeypatch):
    """The facts that the gate had at each attempt, in order."""
    facts, real = [], handoff_module.facts_of

    def facts_of(query, deal):
        facts.append(real(query, deal))
        return facts[-1]

    monkeypatch.setattr(handoff_module, "facts_of", facts_of)
    return facts


def test_each_attempt_has_the_facts_that_the_gate_had(playbook, quick, home, gate):
    playbook(RULES)
    for number, words in enumerate(STORY):
        ran = quick(*words, now=f"2026-03-{2 + number // 3:02d}T{9 + number % 3:02d}:00:00Z")
        assert ran.code in (0, 3), (words, ran)
    clock = Clock("2026-12-01T09:00:00Z")
    with Home(home).reading() as query:
        known = KnownFacts(query, "solo", Window(clock), ALL)
        attempts = rehearsal_query.attempts(query, "solo")
        assert len(attempts) == len(gate) == 8
        for attempt, facts in zip(attempts, gate, strict=True):
            assert comparable(known.at_attempt(attempt)) == comparable(facts), attempt
            then = KnownFacts(query, "solo", Window(Clock(attempt.at)), ALL)
            assert comparable(then.by_now(attempt)) == comparable(facts), attempt
