"""Small playbooks and facts to decide on, written as their owner would write them."""

from datetime import UTC
from typing import Any

from handoffctl.core.moments import Clock
from handoffctl.core.yaml.forms import checked
from handoffctl.playbook.criteria import Criterion, DealState
from handoffctl.playbook.facts import Facts, Step, Touch
from handoffctl.playbook.model import Playbook

NOW = Clock("2026-03-10T12:00:00Z", UTC)


def playbook(**more: Any) -> Playbook:
    """A playbook with two open stages and a won one; every key can be put in place of what is here."""
    raw: dict[str, Any] = {
        "playbook": "small",
        "roles": {"seller": "You", "delivery": "A partner"},
        "fields": {
            "situation": {"label": "Situation", "why": "To begin somewhere.", "min_words": "3"},
            "budget": {"type": "money"},
            "seats": {"type": "number"},
            "size": {"type": "choice", "choices": ["small", "large", "huge"]},
            "start": {"type": "date"},
            "signed": {"type": "yes_no"},
        },
        "criteria": {"reachable": {"any_of": ["contact.email", "contact.phone"], "why": "To follow up."}},
        "stages": {"lead": {"exit": ["reachable"]}, "qualified": {"owner": "seller"}, "won": {"kind": "won"}},
        "handoffs": [handoff(), handoff(**{"from": "qualified", "to": "won"})],
    }
    return checked(Playbook, {**raw, **more})


def handoff(**more: Any) -> dict[str, Any]:
    """A handoff from lead to qualified that owes nobody a word."""
    raw = {
        "from": "lead",
        "to": "qualified",
        "trigger": "They ask.",
        "reason": "They fit.",
        "benefit": "They are heard.",
    }
    return {**raw, **more}


def criterion(raw: Any) -> Criterion:
    return checked(Criterion, raw)


def facts(**known: Any) -> Facts:
    return Facts("acme-corp", **known)


def deal(rules: Playbook, known: Facts | None = None) -> DealState:
    """A deal of this playbook at NOW, of which nothing else is known."""
    return DealState(rules, known or facts(), NOW)


def touch(
    kind: str = "call", direction: str = "out", outcome: str = "", met: str = "", at: str = "2026-03-09"
) -> Touch:
    return Touch(kind, direction, outcome, met, at)


STEP = Step("Call Jane", "2026-03-12")
