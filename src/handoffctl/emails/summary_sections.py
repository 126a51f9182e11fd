"""The sections of a summary: which heading each field stands under, and what comes first when it is spoken."""

from dataclasses import dataclass

from handoffctl.core.moments import Zone, local_date
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.model import Field, Playbook

NEXT_STEPS = "next steps"
MOST_POINTS = 3


@dataclass(frozen=True)
class SummarySection:
    """A heading of a summary with the lines under it."""

    title: str
    lines: list[str]


def lines_of(field: Field, value: str | None) -> list[str] | None:
    """Returns the items of a list or the lines of a text, or None for an unknown value."""
    if value is None:
        return None
    parts = value.split("; ") if field.type == "list" else value.splitlines()
    return [line.strip() for line in parts if line.strip()]


def summary_sections(playbook: Playbook, facts: Facts, zone: Zone) -> list[SummarySection]:
    """Returns the sections that have content, in the order of the playbook; the next step comes last."""
    lines_under: dict[str, list[str]] = {}
    for name, field in playbook.fields.items():
        if field.summary and name in facts.values:
            lines_under.setdefault(field.summary, []).extend(lines_of(field, facts.values[name]) or [])
    if facts.step:
        by = f" (by {local_date(facts.step.due, zone).isoformat()})" if facts.step.due else ""
        lines_under[NEXT_STEPS] = [*lines_under.pop(NEXT_STEPS, []), facts.step.text + by]
    return [SummarySection(_title(heading), lines) for heading, lines in lines_under.items()]


def empty_sections(playbook: Playbook, facts: Facts) -> list[str]:
    """Returns the headings that no known value fills, in the order of the playbook."""
    filled = {field.summary for name, field in playbook.fields.items() if name in facts.values}
    if facts.step:
        filled.add(NEXT_STEPS)
    headings = dict.fromkeys(field.summary for field in playbook.fields.values() if field.summary)
    return [_title(heading) for heading in headings if heading not in filled]


def key_points(playbook: Playbook, facts: Facts) -> list[str]:
    """Returns the lines of the field `key_points` if it is known, else the first three summary fields, a line each."""
    own = playbook.fields.get("key_points")
    if own and "key_points" in facts.values:
        return (lines_of(own, facts.values["key_points"]) or [])[:MOST_POINTS]
    known = [(name, field) for name, field in playbook.fields.items() if field.summary and name in facts.values]
    return ["; ".join(lines_of(field, facts.values[name]) or []) for name, field in known[:MOST_POINTS]]


def _title(heading: str) -> str:
    return heading[:1].upper() + heading[1:]
