"""What a template for clients gets: nothing internal, by construction.

A field's value or question is there only if the playbook sends it to clients (`Field.client_facing`). Of everything
else only what is listed here goes out; the rest is WITHHELD, which counts as unknown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.emails.heads import points_of
from handoffctl.emails.render_result import WITHHELD
from handoffctl.emails.variable_types import TemplateVariables
from handoffctl.playbook.model import BUILT_IN, Playbook

# Whole variables that clients may read. Those of lists of fields are narrowed below.
OPEN = (
    "me", "meeting", "missed_meeting", "next_steps", "summary", "question", "news", "replaces", "thread", "call_on",
    "offers", "client_benefit", "introduces", "greeting", "closing", "say", "heads", "key_points", "reference", "today",
)  # fmt: skip
OPEN_PARTS: Mapping[str, tuple[str, ...]] = {
    "account": ("name",),
    "contact": ("first_name", *(name.partition(".")[2] for name, field in BUILT_IN.items() if field.client_facing)),
    "sender": ("person", "first_name", "email", "intro"),
    "receiver": ("person", "first_name", "email", "intro"),
}


def client_variables(variables: TemplateVariables, playbook: Playbook) -> dict[str, Any]:
    """Returns the variables for a template that clients read or hear."""
    every = variables.as_mapping()
    facing = {name for name, field in playbook.fields.items() if field.client_facing}
    view: dict[str, Any] = dict.fromkeys(every, WITHHELD)
    view |= {name: every[name] for name in OPEN}
    view |= {name: _parts(every[name], parts) for name, parts in OPEN_PARTS.items()}
    view["deal"] = dict.fromkeys(every["deal"], WITHHELD)
    view["contacts"] = [_parts(contact, OPEN_PARTS["contact"]) for contact in every["contacts"]]
    for name in ("fields", "lines"):
        view[name] = {field: value if field in facing else WITHHELD for field, value in every[name].items()}
    if "key_points" in playbook.fields and "key_points" not in facing:
        view["key_points"] = points_of(variables.heads)
    view["known"] = [known for known in every["known"] if known["name"] in facing]
    view["unknown"] = [
        unknown | {"why": WITHHELD} for unknown in every["unknown"] if unknown["name"] in facing and unknown["ask"]
    ]
    view["changed"] = [change for change in every["changed"] if change["name"] in facing]
    told = [promise for promise in every["promises"] if promise["told"] or promise["whose"] == "theirs"]
    view["promises"] = _without_roles(told, playbook)
    view["next_steps"] = _without_roles(every["next_steps"], playbook)
    if every["news"]:
        view["news"] = every["news"] | {"done": _without_roles(every["news"]["done"], playbook)}
    view["values"] = [entry for entry in every["values"] if entry["plus"]]
    view["summaries"] = [_without_internal_corrections(summary, facing) for summary in every["summaries"]]
    return view


def _parts(record: Mapping[str, Any], open_parts: tuple[str, ...]) -> dict[str, Any]:
    return {name: value if name in open_parts else WITHHELD for name, value in record.items()}


def _without_roles(records: Sequence[Mapping[str, Any]], playbook: Playbook) -> list[dict[str, Any]]:
    """Returns the records with nobody as `who` where that is a role: clients know people, not roles."""
    return [dict(record) | ({"who": None} if record["who"] in playbook.roles else {}) for record in records]


def _without_internal_corrections(summary: Mapping[str, Any], facing: set[str]) -> dict[str, Any]:
    corrections = [correction for correction in summary["corrections"] if correction["name"] in facing]
    return dict(summary) | {"corrections": corrections}
