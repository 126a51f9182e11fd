"""Tells everything that a playbook says, in values and in words."""

from typing import Any

from pydantic import BaseModel

from handoffctl.errors import Refused
from handoffctl.playbook.agreements import agreements
from handoffctl.playbook.check import entered
from handoffctl.playbook.criteria import Criterion, describe_item
from handoffctl.playbook.describe_rules import agreement_in_words, follow_up_in_words, objective_in_words
from handoffctl.playbook.library import Rules, rules
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.quantities import length
from handoffctl.playbook.requirements import asks, label, why
from handoffctl.workspace.home import Home


def described(home: Home, name: str | None) -> dict[str, Any]:
    """All of a playbook; its stages in order, with the handoffs that leave each and what they ask."""
    used = rules(home, name or home.configuration.playbook)
    playbook = used.playbook
    return {
        "playbook": playbook.playbook,
        "title": playbook.title or playbook.playbook,
        "path": str(used.path),
        "draft": playbook.draft,
        "about": playbook.about,
        "reviewed": playbook.reviewed.isoformat() if playbook.reviewed else None,
        "confirm_within": playbook.confirm_within,
        "pitching": playbook.pitching and list(playbook.pitching),
        "agreed": _agreed(home, playbook.playbook),
        "roles": dict(playbook.roles),
        "stages": [_stage(home, used, stage) for stage in playbook.stages],
        "fields": {name: _written(field) for name, field in playbook.fields.items()},
        "criteria": {
            name: {**Criterion.written_form().as_json(one), "in_words": one.describe(playbook)}
            for name, one in playbook.criteria.items()
        },
        "signals": {
            name: {**_written(one), "when": [part.describe(playbook) for part in one.when]}
            for name, one in playbook.signals.items()
        },
        "dispositions": _dispositions(playbook),
        "sla": {
            name: {**_written(one), "in_words": agreement_in_words(one, playbook)} for name, one in playbook.sla.items()
        },
        "objectives": {
            name: {**_written(one), "in_words": objective_in_words(one)} for name, one in playbook.objectives.items()
        },
        "verdicts": _written(playbook.verdicts),
        "value": _written(playbook.value) if playbook.value else None,
        # Everything once more as it is read, lengths of time in days: for programs that want no words.
        "rules": _written(playbook),
    }


def _agreed(home: Home, name: str) -> list[dict[str, Any]] | None:
    """Who agreed to it; None where the database cannot be read, without which the rules can be looked at too."""
    try:
        return agreements(home, name)
    except Refused:
        return None


def _written(part: BaseModel) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True)


def _dispositions(playbook: Playbook) -> dict[str, Any]:
    found = {}
    for name, one in playbook.dispositions.items():
        said = {key: [part.describe(playbook) for part in parts]
                for key, parts in (("when", one.when), ("unless", one.unless))}  # fmt: skip
        found[name] = {**_written(one), **said, "wake": one.wake and length(one.wake)}
    return found


def _stage(home: Home, used: Rules, name: str) -> dict[str, Any]:
    playbook = used.playbook
    stage = playbook.stages[name]
    return {
        "stage": name,
        "title": playbook.title_of(name),
        "kind": stage.kind,
        "owner": playbook.owner_of(name),
        "begins_when": stage.begins_when,
        "target_days": stage.target,
        "target": length(stage.target) if stage.target is not None else "",
        "entry": [_item(playbook, item) for item in stage.entry],
        "exit": [_item(playbook, item) for item in stage.exit],
        "follow_up": _written(stage.follow_up) if stage.follow_up else None,
        "follow_up_in_words": follow_up_in_words(stage.follow_up) if stage.follow_up else "",
        "handoffs": [_handoff(home, used, one) for one in playbook.leaving(name)],
    }


def _handoff(home: Home, used: Rules, handoff: Handoff) -> dict[str, Any]:
    playbook = used.playbook
    other = entered(home, used, handoff)
    wanted = asks(playbook, handoff, other)
    into = other or playbook
    title = into.title_of(handoff.to_stage) if handoff.to else f"{handoff.receiver} (same stage)"
    when = handoff.trigger.when if handoff.trigger else ()
    return {
        "name": handoff.name,
        "to": handoff.to or f"{handoff.receiver} (same stage)",
        "title": f"{into.title or into.playbook}: {title}" if other else title,
        "sender": handoff.sender or playbook.owner_of(handoff.from_stage),
        "receiver": handoff.receiver or into.owner_of(handoff.to_stage),
        "trigger": handoff.trigger.says if handoff.trigger else "",
        "when": [one.describe(playbook) for one in when],
        "reason": handoff.reason,
        "benefit": handoff.benefit,
        "required": [_item(wanted.rules, name) for name in wanted.required],
        "nice_to_have": [_item(wanted.rules, name) for name in wanted.nice_to_have],
        "next_step": handoff.next_step,
        "emails": list(handoff.emails),
    }


def _item(playbook: Playbook, name: str) -> dict[str, str]:
    """An item; `asks` says what a criterion asks for, which its label may only hint at."""
    said = describe_item(name, playbook) if name in playbook.criteria else ""
    return {"name": name, "label": label(playbook, name), "why": why(playbook, name), "asks": said}
