"""The playbook that an import goes into: matches its stages with the export's, or drafts a playbook from them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from handoffctl.core.names import fold, next_free_slug, slugify
from handoffctl.deals.contacts import name_of
from handoffctl.errors import NotFound, Refused, UsageFault, nearest
from handoffctl.imports.rows.stages import ExportStage
from handoffctl.playbook.library import LoadedPlaybook, load_playbook
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import write_new

MOST_STAGES = 200


@dataclass(frozen=True)
class TargetPlaybook:
    """The playbook, its stage for each stage id of the export, and the text of the draft if it is yet to be written."""

    rules: LoadedPlaybook
    stages: Mapping[int, str]
    draft: str | None = None

    def write_draft(self) -> Path | None:
        """Writes the draft, if there is one, and returns its path. Raises Refused where a file is there by now."""
        if self.draft is None:
            return None
        path = self.rules.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not write_new(path, self.draft):
            raise Refused(f"{path} was written meanwhile.", "Look at it, and try again.")
        return path

    def remove_draft(self) -> None:
        """Deletes the draft, if there is one."""
        if self.draft is not None:
            self.rules.path.unlink(missing_ok=True)


def resolve_target(
    home: Home,
    stages: Sequence[ExportStage],
    fields: Sequence[str],
    playbook: str | None,
    make: str | None,
    program: str,
) -> TargetPlaybook:
    """Returns the playbook to import into. Raises UsageFault, NotFound, Refused or RulesFault."""
    if make is None or not stages:  # companies and contacts alone need no draft
        playbook_rules, draft = load_playbook(home, playbook or home.configuration.playbook), None
    else:
        playbook_rules, draft = _draft_target(home, make, stages, fields, program)
    unknown = [name for name in fields if name not in playbook_rules.playbook.fields]
    if unknown:
        raise NotFound(
            f'The playbook {playbook_rules.playbook.playbook} has no field called "{unknown[0]}" '
            f"{nearest(unknown[0], list(playbook_rules.playbook.fields))}".rstrip()
            + ".",
            f"Add it under fields in {playbook_rules.path.name}, take it out of the map, or let a draft be made: "
            "--make-playbook NAME",
            [f'no field called "{name}"' for name in unknown],
        )
    return TargetPlaybook(playbook_rules, _match_stages(stages, playbook_rules, is_draft=make is not None), draft)


def _draft_target(
    home: Home, make: str, stages: Sequence[ExportStage], fields: Sequence[str], program: str
) -> tuple[LoadedPlaybook, str | None]:
    title = name_of(make, "playbook's name")
    name = slugify(title)
    if not any(c.isalnum() for c in title):
        raise UsageFault(
            f'"{title}" cannot be the name of a playbook.', "Take letters or digits: --make-playbook sales"
        )
    path = home.folder / "playbooks" / f"{name}.yaml"
    if path.exists():
        return load_playbook(home, name), None
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
    draft = draft_playbook(name, title, program, stages, fields, home.clock.today)
    return LoadedPlaybook(playbook_from_text(draft, str(path)), path), draft


def _match_stages(stages: Sequence[ExportStage], playbook_rules: LoadedPlaybook, is_draft: bool) -> dict[int, str]:
    """Returns the playbook's stage for each of the export's, by name, title or slug. Raises Refused if one has none."""
    playbook = playbook_rules.playbook
    names_by_title = {fold(playbook.title_of(name)): name for name in playbook.stages} | {
        fold(name): name for name in playbook.stages
    }
    matches = {
        stage.id: names_by_title.get(fold(stage.name)) or names_by_title.get(slugify(stage.name)) for stage in stages
    }
    unmatched = [stage.name for stage in stages if matches[stage.id] is None]
    if unmatched:
        advice = "Let a draft be made from the export: --make-playbook NAME"
        if is_draft:
            advice = "Let a draft of another name be made from the export"
        raise Refused(
            f"The playbook {playbook.playbook} has no stage for {len(unmatched)} of the stages that the import has.",
            f"{advice}; or give them a place in {playbook_rules.path.name}.",
            [f'no stage called "{stage}"' for stage in unmatched],
        )
    return {id: name for id, name in matches.items() if name is not None}


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
    name: str, title: str, program: str, stages: Sequence[ExportStage], fields: Sequence[str], day: date
) -> str:
    """Returns the YAML text of a draft playbook, for the user to complete.

    It has the fields, the stages in the export's order, and a handoff from each open stage to the next and on to won.
    """
    by_name = dict(zip(_unique_keys([stage.name for stage in stages]), stages, strict=True))
    text = _HEAD.format(day=day.isoformat(), system=program, name=_yaml_quoted(name), title=_yaml_quoted(title))
    if fields:
        text += "fields:\n"
        text += "".join(
            _FIELD.format(name=name, label=_yaml_quoted(name.replace("_", " ").capitalize())) for name in fields
        )
    text += "stages:\n" + "".join(f"  {_yaml_quoted(key)}: {_stage_yaml(stage)}\n" for key, stage in by_name.items())
    if not any(stage.kind == "open" for stage in stages):  # new deals begin somewhere
        text = text.replace("stages:\n", "stages:\n  open: {title: Open}\n", 1)
    if not any(stage.kind == "lost" for stage in stages):  # every process loses some
        text += "  not-won: {title: Lost, kind: lost}\n"
    return text + "handoffs:" + ("\n" + "".join(_handoff_yaml(by_name)) if _handoff_yaml(by_name) else " []\n")


def _unique_keys(names: list[str]) -> list[str]:
    keys: dict[str, None] = {}
    for name in names:
        keys[next_free_slug(slugify(name)[:50], set(keys))] = None
    return list(keys)


def _stage_yaml(stage: ExportStage) -> str:
    kind = "" if stage.kind == "open" else f", kind: {stage.kind}"
    return f"{{title: {_yaml_quoted(stage.name)}{kind}}}"


def _handoff_yaml(stages: dict[str, ExportStage]) -> list[str]:
    """Returns a handoff from each open stage to the next, and from the last one to every won stage."""
    open_stages = [key for key, stage in stages.items() if stage.kind == "open"]
    pairs = list(pairwise(open_stages))
    pairs += [(open_stages[-1], key) for key, stage in stages.items() if stage.kind == "won"] if open_stages else []
    return [_HANDOFF.format(start=_yaml_quoted(start), to=_yaml_quoted(to)) for start, to in pairs]


def _yaml_quoted(text: str) -> str:
    """Returns the text in double quotes, which YAML reads as JSON does; unprintable characters become spaces."""
    return json.dumps("".join(c if c.isprintable() else " " for c in text).strip(), ensure_ascii=False)
