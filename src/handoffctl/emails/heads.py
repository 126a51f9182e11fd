"""The heads of a summary with the lines under them, as the client reads them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from handoffctl.playbook.model import Field, Playbook

SAID_FIRST = ("current situation", "business priorities", "timeline")  # in a live handoff
MOST_POINTS = 3


class Head(NamedTuple):
    """A head of the summary: `name` as playbooks write it, `title` as the client reads it."""

    name: str
    title: str
    lines: list[str]


def lines_of(field: Field, value: str | None) -> list[str] | None:
    """Returns the items of a list or the lines of a text, or None for an unknown value."""
    if value is None:
        return None
    parts = value.split("; ") if field.type == "list" else value.splitlines()
    return [line.strip() for line in parts if line.strip()]


def summary_heads(playbook: Playbook, values: Mapping[str, str], shown: Callable[[Field, str], str]) -> list[Head]:
    """Returns the heads that something stands under, in the order of the playbook.

    `shown` writes a value as the mail's language does. Internal fields stand under no head.
    """
    lines_under: dict[str, list[str]] = {}
    for name, field in playbook.fields.items():
        if field.head and name in values:
            lines_under.setdefault(field.head, []).extend(
                shown(field, line) for line in lines_of(field, values[name]) or []
            )
    return [Head(head, head_title(playbook, head), lines) for head, lines in lines_under.items() if lines]


def key_points(
    playbook: Playbook, values: Mapping[str, str], heads: list[Head], shown: Callable[[Field, str], str]
) -> list[str]:
    """Returns what is said first in a live handoff: the field `key_points` if it is known, else three heads."""
    own = playbook.fields.get("key_points")
    if own and "key_points" in values:
        return [shown(own, line) for line in lines_of(own, values["key_points"]) or []][:MOST_POINTS]
    return points_of(heads)


def points_of(heads: list[Head]) -> list[str]:
    """Returns three heads as one point each; situation, priorities and timeline come before the others."""
    first = sorted(heads, key=lambda head: head.name not in SAID_FIRST)
    return ["; ".join(head.lines) for head in first[:MOST_POINTS]]


def empty_heads(playbook: Playbook, values: Mapping[str, str]) -> list[str]:
    """Returns the heads that no known value fills, as the seller knows them, in the order of the playbook."""
    filled = {field.head for name, field in playbook.fields.items() if name in values}
    heads = dict.fromkeys(field.head for field in playbook.fields.values() if field.head)
    return [_with_capital(head) for head in heads if head not in filled]


def head_title(playbook: Playbook, head: str) -> str:
    """Returns what the client reads above a head: the playbook's own words, or the head with a capital."""
    return playbook.heads.get(head) or _with_capital(head)


def _with_capital(head: str) -> str:
    return head[:1].upper() + head[1:]
