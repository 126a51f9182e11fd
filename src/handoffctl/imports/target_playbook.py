"""The playbook that an import goes into: which of its stages each of the export's is; or a draft made from them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from handoffctl.core.names import folded, numbered, slug
from handoffctl.deals.contacts import name_of
from handoffctl.errors import NotFound, Refused, UsageFault, nearest
from handoffctl.imports.rows.stages import FoundStage
from handoffctl.playbook.library import Rules, rules
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home

MOST_STAGES = 200


@dataclass(frozen=True)
class Into:
    """The playbook, the name there of each stage of the export, and the draft's text where it has yet to be written."""

    rules: Rules
    stages: Mapping[int, str]
    text: str | None = None

    def written(self) -> Path | None:
        """Writes the draft, whole or not at all; gives where."""
        if self.text is None:
            return None
        path = self.rules.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_text(self.text, encoding="utf-8")
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        return path

    def unwritten(self) -> None:
        """Takes the draft back."""
        if self.text is not None:
            self.rules.path.unlink(missing_ok=True)


def into(
    home: Home,
    stages: Sequence[FoundStage],
    fields: Sequence[str],
    playbook: str | None,
    make: str | None,
    program: str,
) -> Into:
    """The playbook to import into. Raises UsageFault, NotFound, Refused or RulesFault."""
    if make is None or not stages:  # companies and contacts alone go into no playbook
        used, text = rules(home, playbook or home.configuration.playbook), None
    else:
        used, text = _draft(home, make, stages, fields, program)
    unknown = [name for name in fields if name not in used.playbook.fields]
    if unknown:
        raise NotFound(
            f'The playbook {used.playbook.playbook} has no field called "{unknown[0]}" '
            f"{nearest(unknown[0], list(used.playbook.fields))}".rstrip()
            + ".",
            f"Add it under fields in {used.path.name}, take it out of the map, or let a draft be made: "
            "--make-playbook NAME",
            [f'no field called "{name}"' for name in unknown],
        )
    return Into(used, _matched(stages, used, made=make is not None), text)


def _draft(
    home: Home, make: str, stages: Sequence[FoundStage], fields: Sequence[str], program: str
) -> tuple[Rules, str | None]:
    title = name_of(make, "playbook's name")
    name = slug(title)
    if not any(c.isalnum() for c in title):
        raise UsageFault(
            f'"{title}" cannot be the name of a playbook.', "Take letters or digits: --make-playbook sales"
        )
    path = home.folder / "playbooks" / f"{name}.yaml"
    if path.exists():
        return rules(home, name), None
    if (shipped("playbooks") / f"{name}.yaml").exists():
        raise UsageFault(
            f"{name} is the name of a playbook that came with the program; a draft would hide it.",
            "Give the draft another name, as in: --make-playbook sales",
        )
    if len(stages) > MOST_STAGES:
        raise Refused(
            f"The export has {len(stages):,} stages; a playbook with more than {MOST_STAGES} helps nobody.",
            "Is the stage column the right one?",
        )
    text = draft_playbook(name, title, program, stages, fields, home.clock.today)
    return Rules(playbook_from_text(text, str(path)), path), text


def _matched(stages: Sequence[FoundStage], used: Rules, made: bool) -> dict[int, str]:
    """The playbook's stage for each of the export's: by name, title or slug. Raises Refused with all that have none."""
    playbook = used.playbook
    known = {folded(playbook.title_of(name)): name for name in playbook.stages} | {
        folded(name): name for name in playbook.stages
    }
    found = {stage.id: known.get(folded(stage.name)) or known.get(slug(stage.name)) for stage in stages}
    lacking = [stage.name for stage in stages if found[stage.id] is None]
    if lacking:
        another = "Let a draft be made from the export: --make-playbook NAME"
        if made:
            another = "Let a draft of another name be made from the export"
        raise Refused(
            f"The playbook {playbook.playbook} has no stage for {len(lacking)} of the stages that the import has.",
            f"{another}; or give them a place in {used.path.name}.",
            [f'no stage called "{stage}"' for stage in lacking],
        )
    return {id: name for id, name in found.items() if name is not None}


_HEAD = """\
# A draft, made on {day} from the stages of a {system} export. Imports and reports can use it as it is.
# Handoffs are refused until each says why it happens and what the prospect gains. For each one below:
# write its trigger, reason and benefit, and the items it requires; then take out the line "draft: true".
playbook: {name}
title: {title}
draft: true
roles:
  seller: You, while you sell
"""

_FIELD = "  {name}: {{label: {label}, type: text, why: It came with the export.}}\n"

_HANDOFF = """\
  - from: {start}
    to: {to}
    next_step: required
    # trigger: What the prospect does that calls for this handoff.
    # reason: Why the deal is passed on.
    # benefit: What the prospect gains by it.
    # required: []
"""


def draft_playbook(
    name: str, title: str, program: str, stages: Sequence[FoundStage], fields: Sequence[str], day: date
) -> str:
    """The YAML text: the fields, the stages in the export's order, and a handoff from each open stage to the next and
    on to won."""
    by_name = dict(zip(_distinct([stage.name for stage in stages]), stages, strict=True))
    text = _HEAD.format(day=day.isoformat(), system=program, name=_quoted(name), title=_quoted(title))
    if fields:
        text += "fields:\n"
        text += "".join(_FIELD.format(name=name, label=_quoted(name.replace("_", " ").capitalize())) for name in fields)
    text += "stages:\n" + "".join(f"  {_quoted(key)}: {_stage(stage)}\n" for key, stage in by_name.items())
    if not any(stage.kind == "open" for stage in stages):  # new deals begin somewhere
        text = text.replace("stages:\n", "stages:\n  open: {title: Open}\n", 1)
    if not any(stage.kind == "lost" for stage in stages):  # every process loses some
        text += "  not-won: {title: Lost, kind: lost}\n"
    return text + "handoffs:" + ("\n" + "".join(_handoffs(by_name)) if _handoffs(by_name) else " []\n")


def _distinct(names: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        found[numbered(slug(name)[:50], set(found))] = None
    return list(found)


def _stage(stage: FoundStage) -> str:
    kind = "" if stage.kind == "open" else f", kind: {stage.kind}"
    return f"{{title: {_quoted(stage.name)}{kind}}}"


def _handoffs(stages: dict[str, FoundStage]) -> list[str]:
    """From each open stage to the next; from the last one to every won stage."""
    open_stages = [key for key, stage in stages.items() if stage.kind == "open"]
    pairs = list(pairwise(open_stages))
    pairs += [(open_stages[-1], key) for key, stage in stages.items() if stage.kind == "won"] if open_stages else []
    return [_HANDOFF.format(start=_quoted(start), to=_quoted(to)) for start, to in pairs]


def _quoted(text: str) -> str:
    """In double quotes, in which YAML reads as JSON does; what no screen shows becomes a space."""
    return json.dumps("".join(c if c.isprintable() else " " for c in text).strip(), ensure_ascii=False)
