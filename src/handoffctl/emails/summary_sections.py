"""What a summary says under which head, and what of it comes first when it is spoken."""

from typing import Any

from handoffctl.core.moments import Zone, local_date
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.model import Field, Playbook

NEXT_STEPS = "next steps"
MOST_POINTS = 3


def lines_of(field: Field, value: str | None) -> list[str] | None:
    """A value in its written form as lines: the items of a list, or the lines of a text. None where it is not known."""
    if value is None:
        return None
    parts = value.split("; ") if field.type == "list" else value.splitlines()
    return [line.strip() for line in parts if line.strip()]


def heads(playbook: Playbook, known: Facts, zone: Zone) -> list[dict[str, Any]]:
    """The heads that have something under them, in the playbook's order; the next step comes last."""
    under: dict[str, list[str]] = {}
    for name, field in playbook.fields.items():
        if field.summary and name in known.values:
            under.setdefault(field.summary, []).extend(lines_of(field, known.values[name]) or [])
    if known.step:
        by = f" (by {local_date(known.step.due, zone).isoformat()})" if known.step.due else ""
        under[NEXT_STEPS] = [*under.pop(NEXT_STEPS, []), known.step.text + by]
    return [{"title": _title(head), "lines": lines} for head, lines in under.items()]


def empty_heads(playbook: Playbook, known: Facts) -> list[str]:
    """The heads that nothing known feeds, in the playbook's order."""
    fed = {field.summary for name, field in playbook.fields.items() if name in known.values}
    if known.step:
        fed.add(NEXT_STEPS)
    every = dict.fromkeys(field.summary for field in playbook.fields.values() if field.summary)
    return [_title(head) for head in every if head not in fed]


def key_points(playbook: Playbook, known: Facts) -> list[str]:
    """The field `key_points` where the playbook has one and it is known; else the first three heads, a line each."""
    own = playbook.fields.get("key_points")
    if own and "key_points" in known.values:
        return (lines_of(own, known.values["key_points"]) or [])[:MOST_POINTS]
    feeding = [(name, field) for name, field in playbook.fields.items() if field.summary and name in known.values]
    return ["; ".join(lines_of(field, known.values[name]) or []) for name, field in feeding[:MOST_POINTS]]


def _title(head: str) -> str:
    return head[:1].upper() + head[1:]
