"""Looks at playbooks: which there are, what one says, whether it is in order."""

from pathlib import Path
from typing import Any

from handoffctl.actions.home import Home
from handoffctl.actions.rules import Rules, files, rules
from handoffctl.domain.gate import asks, label, why
from handoffctl.domain.playbook import Handoff, Playbook
from handoffctl.errors import HandoffError, NotFound, RulesFault, nearest
from handoffctl.playbook_file import line_of, read_playbook


def overview(home: Home) -> list[dict[str, str]]:
    """Every playbook: name, title, whether it is in order, and its path."""
    found = []
    for name, path in files(home).items():
        try:
            playbook = read_playbook(path)
            title, state = playbook.title or name, "draft" if playbook.draft else "in order"
        except HandoffError as fault:
            count = max(len(fault.problems), 1)
            title, state = name, f"{count} fault{'s' if count > 1 else ''}"
        found.append({"name": name, "title": title, "state": state, "path": str(path)})
    return found


def described(home: Home, name: str | None) -> dict[str, Any]:
    """A playbook's stages in order, with the handoffs that leave each and what they ask."""
    used = rules(home, name or home.configuration.playbook)
    playbook = used.playbook
    return {
        "playbook": playbook.playbook,
        "title": playbook.title or playbook.playbook,
        "path": str(used.path),
        "draft": playbook.draft,
        "roles": dict(playbook.roles),
        "stages": [
            {
                "stage": stage,
                "title": playbook.title_of(stage),
                "kind": rule.kind,
                "owner": playbook.owner_of(stage),
                "begins_when": rule.begins_when,
                "target_days": rule.target,
                "handoffs": [_handoff(home, used, one) for one in playbook.leaving(stage)],
            }
            for stage, rule in playbook.stages.items()
        ],
    }


def _handoff(home: Home, used: Rules, handoff: Handoff) -> dict[str, Any]:
    playbook = used.playbook
    other = _other(home, used, handoff)
    wanted = asks(playbook, handoff, other)
    return {
        "name": handoff.name,
        "to": handoff.to or f"{handoff.receiver} (same stage)",
        "trigger": handoff.trigger.says if handoff.trigger else "",
        "reason": handoff.reason,
        "benefit": handoff.benefit,
        "required": [_item(wanted.rules, name) for name in wanted.required],
        "nice_to_have": [_item(wanted.rules, name) for name in wanted.nice_to_have],
        "emails": list(handoff.emails),
    }


def _other(home: Home, used: Rules, handoff: Handoff) -> Playbook | None:
    """The other playbook that a handoff leads to. Raises RulesFault where it or its stage is not there."""
    if not handoff.to_playbook:
        return None
    number = used.playbook.handoffs.index(handoff)
    where = f"{line_of(used.path, ('handoffs', number, 'to'))}: handoffs[{number}].to"
    try:
        other = rules(home, handoff.to_playbook).playbook
    except NotFound as fault:
        raise RulesFault(f"{where}: {fault.message}", fault.hint) from None
    if handoff.to_stage not in other.stages:
        known = list(other.stages)
        raise RulesFault(
            f'{where}: {other.playbook} has no stage "{handoff.to_stage}" {nearest(handoff.to_stage, known)}'.rstrip()
            + ".",
            f"Its stages: {', '.join(known)}.",
        )
    return other


def _item(playbook: Playbook, name: str) -> dict[str, str]:
    return {"name": name, "label": label(playbook, name), "why": why(playbook, name)}


def checked(home: Home, name: str | None, path: Path | None) -> list[str]:
    """Raises RulesFault with every fault. Gives remarks that are no faults."""
    if path is not None and not path.is_file():
        raise NotFound(f"There is no file {path}.", "handoffctl playbook list shows the playbooks there are.")
    used = Rules(read_playbook(path), path) if path else rules(home, name or home.configuration.playbook)
    playbook = used.playbook
    for handoff in playbook.handoffs:
        _other(home, used, handoff)
    unfinished = sum(not (handoff.reason and handoff.benefit) for handoff in playbook.handoffs)
    if playbook.draft and unfinished:
        return [
            f"A draft: {unfinished} handoffs do not yet say their reason or benefit, and are refused until they do."
        ]
    return []
