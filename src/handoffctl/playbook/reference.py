"""Writes the reference of the playbook format in Markdown, from the models and shipped playbooks."""

from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from handoffctl.core.yaml.forms import Form
from handoffctl.playbook.excerpts import excerpt
from handoffctl.playbook.key_descriptions import PARTS, key_description
from handoffctl.playbook.model import BUILT_IN
from handoffctl.playbook.schema import FILE, models, schema

HEAD = f"""\
# The playbook format

<!-- Made by `handoffctl playbook schema --markdown`; what is changed here by hand is lost. -->

A playbook is one YAML file. It says which stages a deal goes through, what the prospect does that begins each of them,
and what must be known before somebody passes the deal on. The file is called like the playbook, `trade.yaml` for
`playbook: trade`, and stands in the folder `playbooks` of your home folder.

`handoffctl playbook check NAME` names every fault with file and line, and then gives advice. Editors that know JSON
Schema complete and check a playbook while you write it, where its first line is
`# yaml-language-server: $schema={FILE}` and that file lies beside it; `handoffctl playbook schema` prints it.

## What the values look like

| what | how it is written |
|---|---|
| text | as it is; in quotes where it holds `: ` or ` #`, or begins with a character such as `[`, `{{`, `*`, `&`, `"` |
| a name | up to 60 letters, digits, `_`, `-` and `.`, without spaces |
| a length of time | `30m`, `4h`, `3d`, `2w` |
| working days | `3d` or `3` |
| a date | `2026-03-01` |
| a share | `50%` or `0.5` |
| yes or no | `true` or `false` |
| a list | `[situation, budget]`, or one `- ` to a line |
| by name | a mapping: names of your own choice, each with what belongs to it |

A key that the format does not know is a fault, and so is one that is there twice. Anchors, tags and a second document
in the file are refused.
"""

TITLES = {
    "Playbook": "The file", "Field": "Fields", "Criterion": "Criteria", "TouchRule": "Touches", "Stage": "Stages",
    "FollowUp": "Follow-up", "Handoff": "Handoffs", "Trigger": "Triggers", "Signal": "Signals",
    "Disposition": "Dispositions", "Condition": "Conditions", "StageLength": "The time in a stage",
    "Agreement": "The agreement between teams", "Objective": "Objectives", "Goal": "The goal", "Reasons": "Reasons",
    "Verdicts": "Verdicts", "Improve": "Improve", "Value": "Value",
}  # fmt: skip
UNDER = {
    "Field": "fields", "Criterion": "criteria", "Stage": "stages", "Handoff": "handoffs", "Signal": "signals",
    "Disposition": "dispositions", "Agreement": "sla", "Objective": "objectives", "Goal": "goal",
    "Reasons": "reasons", "Verdicts": "verdicts", "Improve": "improve", "Value": "value",
}  # fmt: skip
# What is shown of the shipped playbooks, and where it stands there.
EXAMPLES = {
    "Field": ("solo", ("fields", "situation")),
    "Criterion": ("solo", ("criteria",)),
    "Stage": ("solo", ("stages", "lead")),
    "Handoff": ("solo", ("handoffs", 1)),
    "Signal": ("account-based", ("signals",)),
    "Disposition": ("account-based", ("dispositions",)),
    "Agreement": ("account-based", ("sla",)),
    "Objective": ("account-based", ("objectives",)),
    "Value": ("customer-success", ("value",)),
}


def reference() -> str:
    """Returns the whole reference; keys, descriptions and defaults come from the models."""
    json_schema = schema()
    parts = [HEAD, *(_section(model, json_schema) for model in _in_order()), _built_in()]
    return "\n".join(parts)


def _in_order() -> list[type[Form]]:
    models_by_name = {model.__name__: model for model in models()}
    return [models_by_name.pop(name) for name in TITLES if name in models_by_name] + list(models_by_name.values())


def _section(model: type[Form], json_schema: dict[str, Any]) -> str:
    name = model.__name__
    under = f" (`{UNDER[name]}`)" if name in UNDER else ""
    lines = [f"## {TITLES.get(name, name)}{under}", "", PARTS[name], ""]
    shape = json_schema if name == "Playbook" else json_schema["$defs"][name]
    keys = shape.get("properties") or shape["anyOf"][1]["properties"]
    # The keys that a model has from its base are described there.
    parent = model.__mro__[1]
    inherited = set(parent.model_fields) if issubclass(parent, BaseModel) else set()
    if inherited:
        lines += [f"It has every key of {_link(parent.__name__)}, and these:", ""]
    lines += ["| key | takes | what it means | default |", "|---|---|---|---|"]
    for attribute, info in model.model_fields.items():
        key = info.alias or attribute
        if attribute not in inherited:
            row = f"| `{key}` | {_takes(keys[key])} | {key_description(model, key)} | {_default(info)} |"
            lines.append(row.replace("|  |", "| |"))
    return "\n".join([*lines, "", *_example(name)])


def _example(name: str) -> list[str]:
    if name not in EXAMPLES:
        return []
    playbook, path = EXAMPLES[name]
    return [f"From `{playbook}.yaml`:", "", "```yaml", *excerpt(playbook, path), "```", ""]


def _link(name: str) -> str:
    title = TITLES.get(name, name)
    under = f"-{UNDER[name]}" if name in UNDER else ""
    return f"[{title.lower()}](#{title.lower().replace(' ', '-')}{under})"


def _takes(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return _link(shape["$ref"].rpartition("/")[2])
    if "enum" in shape and "title" not in shape:
        return ", ".join(f"`{value}`" for value in shape["enum"])
    if "const" in shape:
        return f"`{shape['const']}`"
    if shape.get("type") == ["object", "array"]:
        return f"{_takes(shape['additionalProperties'])} by name, or a list of them, each with its `name`"
    if "title" in shape:
        return str(shape["title"])
    if shape.get("type") == "array":
        return f"a list of {_takes(shape['items'])}" if "$ref" in shape["items"] else "a list"
    if shape.get("type") == "object":
        return f"{_takes(shape['additionalProperties'])} by name"
    if shape.get("type") in ("integer", "number"):
        return _number(shape)
    return "text"


def _number(shape: dict[str, Any]) -> str:
    what = "a whole number" if shape["type"] == "integer" else "a number"
    if "maximum" in shape:
        return f"{what}, {shape['minimum']} to {shape['maximum']}"
    return f"{what}, {shape['minimum']} or more"


def _default(info: Any) -> str:
    if info.is_required():
        return "**needed**"
    value = None if info.default is PydanticUndefined else info.default
    if value in (None, "", ()) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{f'{value:.0%}' if isinstance(value, float) else value}`"


def _built_in() -> str:
    lines = [
        "## What every deal has",
        "",
        "These values need no field of your own; stages, handoffs and criteria name them like fields. `contact` is the",
        "main contact of the account. `next_step` can be asked for too.",
        "",
        "| name | type | what it is |",
        "|---|---|---|",
    ]
    for name, field in BUILT_IN.items():
        choices = f": {', '.join(f'`{choice}`' for choice in field.choices)}" if field.choices else ""
        lines.append(f"| `{name}` | {field.type}{choices} | {field.label}. {field.why} |")
    return "\n".join([*lines, ""])
