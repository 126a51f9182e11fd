"""The heads of a summary with the lines under them, as the client reads them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from handoffctl.emails.summary_sections import lines_of
from handoffctl.playbook.model import Field, Playbook


class Head(NamedTuple):
    """A head of the summary: `name` as playbooks write it, `title` as the client reads it."""

    name: str
    title: str
    lines: list[str]


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


SAID_FIRST = ("current situation", "business priorities", "timeline")
MOST_POINTS = 3


def key_points(
    playbook: Playbook, values: Mapping[str, str], heads: list[Head], shown: Callable[[Field, str], str]
) -> list[str]:
    """Returns what is said first in a live handoff: the field `key_points` if it is known, else three heads.

    What stands under one head is one point; situation, priorities and timeline come before the others.
    """
    own = playbook.fields.get("key_points")
    if own and "key_points" in values:
        return [shown(own, line) for line in lines_of(own, values["key_points"]) or []][:MOST_POINTS]
    first = sorted(heads, key=lambda head: head.name not in SAID_FIRST)
    return ["; ".join(head.lines) for head in first[:MOST_POINTS]]


def head_title(playbook: Playbook, head: str) -> str:
    """Returns what the client reads above a head: the playbook's own words, or the head with a capital."""
    return playbook.heads.get(head) or head[:1].upper() + head[1:]
