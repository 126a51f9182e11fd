"""Writes a draft playbook from the stages an export has, for the user to complete."""

import json
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from handoffctl.core.names import numbered, slug
from handoffctl.imports.rows.stages import FoundStage

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
