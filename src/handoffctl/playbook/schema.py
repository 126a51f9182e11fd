"""The playbook format as JSON Schema (2020-12), with which editors complete and check a file.

It describes YAML as editors see it: 5 is a number, a date is text. The program still checks what it accepts, and also
which keys go together and whether names are known.
"""

import json
from collections.abc import Iterator
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema

from handoffctl.core.yaml import types as keys
from handoffctl.core.yaml.forms import Form, form_of
from handoffctl.core.yaml.types import StrictModel
from handoffctl.playbook.key_descriptions import PARTS, key_description
from handoffctl.playbook.model import Playbook

Schema = dict[str, Any]
FILE = "playbook.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Schema = {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 2000}
YES_NO: Schema = {"title": "yes or no", "enum": [True, False, "yes", "no"]}
NAME: Schema = {
    "title": "a name",
    "description": "Up to 60 letters, digits, _ - and . without spaces.",
    "type": "string",
    # What \w leaves out of ASCII, for not every engine takes \w for more than ASCII's letters.
    "pattern": r"^[^\s!-/:-@\[-^`{-~][^\s!-,/:-@\[-^`{-~]{0,59}$",
}
LENGTH: Schema = {
    "title": "a length of time",
    "type": "string",
    "pattern": r"^\+?[0-9]{1,5} ?[mhdwMHDW]$",
    "examples": ["30m", "4h", "3d", "2w"],
}
WORKING_DAYS: Schema = {
    "title": "working days",
    "type": ["string", "integer"],
    "pattern": "^[0-9]{1,3} ?[dD]?$",
    "minimum": 1,
    "maximum": 365,
    "examples": ["3d"],
}
SHARE: Schema = {
    "title": "a share",
    "type": ["string", "number"],
    "pattern": r"^([0-9]{1,2}(\.[0-9]{1,4})?|100(\.0{1,4})?) ?%$",
    "minimum": 0,
    "maximum": 1,
    "examples": ["50%", 0.5],
}
DATE: Schema = {
    "title": "a date",
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "examples": ["2026-03-01"],
}
# By the function that reads it from text, which is all that tells one of our kinds of value from another.
KINDS = {
    keys.check_name: NAME, keys.read_days: LENGTH, keys.read_working_days: WORKING_DAYS, keys.read_share: SHARE,
    keys.read_day: DATE,
}  # fmt: skip
_BARE_NAME = "The name of a field that must be known, or of a criterion that must hold."
SHORT_FORMS = {
    "Criterion": _BARE_NAME,
    "Condition": _BARE_NAME,
    "Trigger": "The prospect's action, in a sentence.",
    "StageLength": "A fixed length of time: `60d`.",
}


class _WrittenSchema(GenerateJsonSchema):
    """Maps our value types to how they are written rather than how pydantic holds them."""

    def function_before_schema(self, schema: Any) -> Schema:
        return self._ours(schema) or super().function_before_schema(schema)

    def function_after_schema(self, schema: Any) -> Schema:
        return self._ours(schema) or super().function_after_schema(schema)

    def _ours(self, schema: Any) -> Schema | None:
        written_schema = KINDS.get(schema["function"]["function"])
        return dict(written_schema) if written_schema else None

    def str_schema(self, schema: Any) -> Schema:
        return dict(TEXT)

    def bool_schema(self, schema: Any) -> Schema:
        return dict(YES_NO)

    def dict_schema(self, schema: Any) -> Schema:
        names, values = (self.generate_inner(schema[part]) for part in ("keys_schema", "values_schema"))
        mapping_schema = {"type": "object", "propertyNames": names, "additionalProperties": values}
        self.update_with_validations(mapping_schema, schema, self.ValidationsMapping.object)
        return mapping_schema

    def nullable_schema(self, schema: Any) -> Schema:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> Schema:
    """Returns the whole schema; every key has a description."""
    json_schema = form_of(Playbook).model_json_schema(by_alias=True, schema_generator=_WrittenSchema)
    inner = {
        model.__name__: _with_descriptions(json_schema["$defs"][model.__name__], model)
        for model in models()
        if model != form_of(Playbook)
    }
    inner["NamedDisposition"] = _with_name(inner["Disposition"])
    whole = _with_descriptions({key: value for key, value in json_schema.items() if key != "$defs"}, form_of(Playbook))
    by_name = whole["properties"]["dispositions"]
    whole["properties"]["dispositions"] = {
        **by_name, "type": ["object", "array"], "items": {"$ref": "#/$defs/NamedDisposition"},
    }  # fmt: skip
    conditions = inner["Condition"]["anyOf"][1]["properties"]
    length = dict(sorted(LENGTH.items()))
    conditions["stage_age"] = {**conditions["stage_age"], **length, "type": ["string", "object"]}
    return {"$schema": DIALECT, **whole, "title": "A playbook of handoffctl", "$defs": dict(sorted(inner.items()))}


def _with_name(model_schema: Schema) -> Schema:
    """Returns the schema of a rule as it stands in a list, where its name is one of its keys."""
    name = {**NAME, "description": "The name of the rule."}
    return {
        **model_schema,
        "title": f"Named{model_schema['title']}",
        "properties": {"name": name, **model_schema["properties"]},
        "required": ["name", *model_schema["required"]],
    }


def schema_text() -> str:
    """Returns the schema as the text of the file shipped beside the playbooks."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def models() -> list[type[Form]]:
    """Returns every model of the format, outer ones before those inside them."""
    found_models: dict[type[Form], None] = {form_of(Playbook): None}
    queue = [form_of(Playbook)]
    while queue:
        for info in queue.pop(0).model_fields.values():
            new = [model for model in _models_in(info.annotation) if model not in found_models]
            found_models.update(dict.fromkeys(new))
            queue += new
    return list(found_models)


def _models_in(kind: Any) -> Iterator[type[Form]]:
    if isinstance(kind, type) and issubclass(kind, StrictModel):
        yield form_of(kind)
    for inner in get_args(kind):
        yield from _models_in(inner)


def _with_descriptions(model_schema: Schema, model: type[Form]) -> Schema:
    for key, key_schema in model_schema["properties"].items():
        if key_schema.get("default", 0) in (None, "", [], {}):
            del key_schema["default"]  # the same as leaving the key out, which needs no saying
        description = key_description(model, key)
        model_schema["properties"][key] = {"description": description, **_without_description(key_schema)}
    model_schema = {**model_schema, "description": PARTS[model.__name__]}
    short = SHORT_FORMS.get(model.__name__)
    if short is None:
        return model_schema
    return {"title": model_schema.pop("title"), "anyOf": [{**TEXT, "description": short}, model_schema]}


def _without_description(key_schema: Schema) -> Schema:
    return {key: value for key, value in key_schema.items() if key != "description"}
