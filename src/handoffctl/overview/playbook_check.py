"""Checks a playbook together with its surroundings: deals left behind, team members, templates."""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.yaml.validation import display_path, dotted_path, read_tree
from handoffctl.deals.missing_stages import stages_gone
from handoffctl.emails.templates import template_paths
from handoffctl.errors import ErrorDetails, HandoffError, NotFound, RulesFault
from handoffctl.people.members import namesakes
from handoffctl.playbook.advice import Advice, AdviceContext, advice, advice_on_age
from handoffctl.playbook.check import broken_destinations, destination_playbook
from handoffctl.playbook.library import LoadedPlaybook, load_playbook, playbook_paths
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.reader import read_playbook
from handoffctl.playbook.rule_list import by_name
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
    name = name or home.configuration.playbook
    loaded = LoadedPlaybook(read_playbook(path), path) if path else load_playbook(home, name)
    playbook = loaded.playbook
    broken = broken_destinations(home, loaded)
    if len(broken) > 1:
        raise RulesFault(f"{display_path(loaded.path)} has {len(broken)} faults.", "Put them right.", broken)
    destinations = {handoff.to_playbook: destination_playbook(home, loaded, handoff) for handoff in playbook.handoffs}
    others = {name: other for name, other in destinations.items() if name and other}
    is_own = loaded.path.resolve().is_relative_to((home.folder / "playbooks").resolve())
    remarks = _in_file(loaded.path, advice_on_age(playbook, home.clock.today)) if is_own else []
    if not path:
        remarks += [*_left_behind(home, playbook.playbook), *_namesakes(home, playbook)]
    context = AdviceContext(others, _fields_in_templates(home))
    return PlaybookAdvice(playbook.playbook, _in_file(loaded.path, advice(playbook, context)), remarks)


def read_new_playbook(home: Home, named: str) -> tuple[Playbook, Path]:
    """Returns the playbook of this path or name, and its file. Raises as `check_playbook` does."""
    path = Path(named) if named.endswith((".yaml", ".yml")) else None
    check_playbook(home, named, path)
    return (read_playbook(path), path) if path else (load_playbook(home, named).playbook, playbook_paths(home)[named])


def _in_file(path: Path, items: list[Advice]) -> list[str]:
    """Returns advice in lines, each with file, line and path, in the order of the file."""
    lines, _ = by_name(read_tree(path), "dispositions")
    in_order = sorted((lines.line(keys), n, keys, sentence) for n, (keys, sentence) in enumerate(items))
    return [f"{display_path(path)}:{line}: {dotted_path(keys)}: {sentence}" for line, _, keys, sentence in in_order]


def _left_behind(home: Home, name: str) -> list[str]:
    """Returns a sentence for each removed stage that deals are still in, with the command that moves them."""
    with suppress(HandoffError):  # a database that cannot be read is no matter of the playbook
        return [missing.says for missing in stages_gone(home) if missing.playbook == name]
    return []


def _namesakes(home: Home, playbook: Playbook) -> list[str]:
    """Returns a sentence for each team member named like a role of this playbook."""
    with suppress(HandoffError):
        return namesakes(home, {role: [playbook.playbook] for role in playbook.roles})
    return []


def refuse_advice(advice: PlaybookAdvice) -> None:
    """Raises RulesFault if there is advice; the age of the review does not count."""
    if advice.advice:
        count = "1 thing" if len(advice.advice) == 1 else f"{len(advice.advice)} things"
        raise RulesFault(
            f"{advice.playbook} has no fault, but {count} could be better.",
            f"Without --strict these are advice: handoffctl playbook check {advice.playbook}",
            advice.advice,
        )


class PlaybookCheck(NamedTuple):
    """The result of a check in lines; `error` is there if there are faults."""

    playbook: str
    faults: list[str]
    advice: list[str]
    error: ErrorDetails | Omitted = OMITTED


def playbook_check(home: Home, name: str | None, path: Path | None, strict: bool) -> PlaybookCheck:
    """Returns the faults and the advice. With `strict` advice counts as faults."""
    advice = None
    try:
        advice = check_playbook(home, name, path)
        if strict:
            refuse_advice(advice)
    except RulesFault as fault:
        checked = path.stem if path else name or home.configuration.playbook
        faults = fault.problems or [fault.message]
        return PlaybookCheck(checked, faults, advice.remarks if advice else [], fault.details())
    return PlaybookCheck(advice.playbook, [], [*advice.remarks, *advice.advice])


def _fields_in_templates(home: Home) -> set[str]:
    """Returns the fields that e-mail templates mention, and the one that key points come from."""
    names = {"key_points"}
    for path in template_paths(home).values():
        try:
            names |= set(_FIELD_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):  # told by `template check`
            continue
    return names
