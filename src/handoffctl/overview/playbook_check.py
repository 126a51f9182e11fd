"""Checks a playbook together with its surroundings: deals left behind, team members, templates."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.core.json_record import json_object
from handoffctl.core.yaml.validation import display_path, dotted_path, read_tree
from handoffctl.deals.missing_stages import stages_gone
from handoffctl.emails.templates import template_paths
from handoffctl.errors import HandoffError, NotFound, RulesFault
from handoffctl.people.members import namesakes
from handoffctl.playbook.advice import Around, advice, advice_on_age
from handoffctl.playbook.check import entered, led_astray
from handoffctl.playbook.library import Rules, rules
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.reader import read_playbook
from handoffctl.workspace.home import Home

# How a template speaks of a field: `fields.budget`, `fields["budget"]`, `lines.get("budget")`.
_FIELD_IN_TEMPLATE = re.compile(r"\b(?:fields|lines)(?:\.get\(\s*|\[\s*|\.(?!get\())[\"']?([\w.-]+)")


@dataclass(frozen=True)
class PlaybookAdvice:
    """Advice on a sound playbook; each line with file, line and path."""

    playbook: str
    advice: list[str]
    remarks: list[str]  # not reviewed for long, deals left behind: never more than advice


def check_playbook(home: Home, name: str | None, path: Path | None) -> PlaybookAdvice:
    """Returns the advice on a sound playbook. Raises RulesFault with every error of a faulty one."""
    if path is not None and not path.is_file():
        raise NotFound(f"There is no file {path}.", "handoffctl playbook list shows the playbooks there are.")
    used = Rules(read_playbook(path), path) if path else rules(home, name or home.configuration.playbook)
    playbook = used.playbook
    astray = led_astray(home, used)
    if len(astray) > 1:
        raise RulesFault(f"{display_path(used.path)} has {len(astray)} faults.", "Put them right.", astray)
    others = {handoff.to_playbook: entered(home, used, handoff) for handoff in playbook.handoffs}
    around = Around({name: other for name, other in others.items() if name and other}, _mentioned(home))
    lines = read_tree(used.path)

    def told(found: list[tuple[tuple[str | int, ...], str]]) -> list[str]:
        placed = sorted((lines.line(keys), n, keys, said) for n, (keys, said) in enumerate(found))
        return [f"{display_path(used.path)}:{line}: {dotted_path(keys)}: {said}" for line, _, keys, said in placed]

    own = used.path.resolve().is_relative_to((home.folder / "playbooks").resolve())
    age = advice_on_age(playbook, home.clock.today) if own else []
    found = [] if path else [*_left_behind(home, playbook.playbook), *_namesakes(home, playbook)]
    never_a_fault = [*told(age), *found]
    return PlaybookAdvice(playbook.playbook, told(advice(playbook, around)), never_a_fault)


def _left_behind(home: Home, name: str) -> list[str]:
    """Returns a sentence for each removed stage that deals are still in, with the command that moves them."""
    with suppress(HandoffError):  # a database that cannot be read is no matter of the playbook
        return [one.says for one in stages_gone(home) if one.playbook == name]
    return []


def _namesakes(home: Home, playbook: Playbook) -> list[str]:
    """Returns a sentence for each team member named like a role of this playbook."""
    with suppress(HandoffError):
        return namesakes(home, {role: [playbook.playbook] for role in playbook.roles})
    return []


def refuse_advice(found: PlaybookAdvice) -> None:
    """Raises RulesFault if there is advice; the age of the review does not count."""
    if found.advice:
        count = "1 thing" if len(found.advice) == 1 else f"{len(found.advice)} things"
        raise RulesFault(
            f"{found.playbook} has no fault, but {count} could be better.",
            f"Without --strict these are advice: handoffctl playbook check {found.playbook}",
            found.advice,
        )


def check_as_json(home: Home, name: str | None, path: Path | None, strict: bool) -> dict[str, Any]:
    """Returns `faults` and `advice` in lines, and the error if there are faults."""
    found = None
    try:
        found = check_playbook(home, name, path)
        if strict:
            refuse_advice(found)
    except RulesFault as fault:
        called = path.stem if path else name or home.configuration.playbook
        lines = fault.problems or [fault.message]
        return {
            "playbook": called,
            "faults": lines,
            "advice": found.remarks if found else [],
            **json_object(fault.as_json()),
        }
    return {"playbook": found.playbook, "faults": [], "advice": [*found.remarks, *found.advice]}


def _mentioned(home: Home) -> set[str]:
    """Returns the fields that e-mail templates mention, and the one that key points come from."""
    found = {"key_points"}
    for path in template_paths(home).values():
        try:
            found |= set(_FIELD_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):  # told by `template check`
            continue
    return found
