"""What pydantic finds wrong with a file of rules, said in plain sentences with the nearest right word."""

import re
import types
from collections.abc import Callable
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from handoffctl.core.yaml.reader import KeyPath
from handoffctl.errors import closest, nearest

Error = dict[str, Any]


def sentence(error: Error, model: type[BaseModel]) -> str:
    """What is wrong, without the name of the key it stands under. `loc` of the error is its path in the file."""
    kind = error["type"]
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        return _with_guess(f"there is no key {quoted(key)} here", key, keys_at(model, error["loc"][:-1]))
    if kind == "missing":
        return f'"{error["loc"][-1]}" is missing'
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if error["input"] in ("", [], {}):
        return "is empty"
    if kind == "literal_error":
        return _none_of(error)
    for part, say in _SAYINGS.items():
        if part in kind:
            return say(error)
    return "cannot be read"


def misspelt(error: Error, model: type[BaseModel]) -> KeyPath | None:
    """The path of the key that an unknown key was probably meant to be."""
    if error["type"] != "extra_forbidden":
        return None
    *parent, key = error["loc"]
    guess = closest(str(key), keys_at(model, tuple(parent)))
    return (*parent, guess) if guess else None


def quoted(value: object) -> str:
    """The value in quotes, on one line and not too long."""
    text = " ".join(str(value).split())
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


def keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that may stand at a path of a file of this model, as they are written in YAML."""
    here: Any = model
    for key in path:
        here = _inside(_bare(here), key)
    here = _bare(here)
    return [info.alias or name for name, info in here.model_fields.items()] if _is_model(here) else []


def _inside(kind: Any, key: str | int) -> Any:
    if _is_model(kind):
        return next((info.annotation for name, info in kind.model_fields.items() if (info.alias or name) == key), None)
    inner = get_args(kind) or (None,)
    return inner[0] if isinstance(key, int) else inner[-1]


def _bare(kind: Any) -> Any:
    """The type without the constraints and the None around it."""
    while get_origin(kind) in (Annotated, Union, types.UnionType):
        kind = next((inner for inner in get_args(kind) if inner is not type(None)), None)
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _none_of(error: Error) -> str:
    words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    if not isinstance(error["input"], str):
        return f"should be one of: {', '.join(words)}"
    if len(words) == 1:
        return f"{quoted(error['input'])} is not known here; it can only be {words[0]}"
    return _with_guess(f"{quoted(error['input'])} is not one of: {', '.join(words)}", error["input"], words)


def _with_guess(said: str, wrong: str, known: list[str]) -> str:
    return f"{said} {nearest(wrong, known)}".rstrip()


def _one_value(error: Error) -> str:
    given = error["input"]
    if not isinstance(given, list | dict):
        return ""
    return f"should be a single value, not a {'list' if isinstance(given, list) else 'mapping'}"


def _a_list(error: Error) -> str:
    given = error["input"]
    return f"should be a list, like [{given}]" if isinstance(given, str) and len(given) <= 40 else "should be a list"


def _keys(error: Error) -> str:
    return "should be a mapping of names, one `name: ...` to a line"


# By a part of pydantic's name for the fault; the first that fits speaks.
_SAYINGS: dict[str, Callable[[Error], str]] = {
    "too_short": lambda error: "is empty",
    "string_too_long": lambda error: f"is longer than {error['ctx']['max_length']:,} characters",
    "too_long": lambda error: f"has more than {error['ctx']['max_length']:,} entries",
    "greater_than": lambda error: f"{quoted(error['input'])} is too small; the least is {_limit(error, 'ge', 'gt')}",
    "less_than": lambda error: f"{quoted(error['input'])} is too large; the most is {_limit(error, 'le', 'lt')}",
    "int_": lambda error: _one_value(error) or f"{quoted(error['input'])} is not a whole number",
    "bool_": lambda error: _one_value(error) or f"{quoted(error['input'])} is neither true nor false",
    "string_": lambda error: _one_value(error) or "should be text",
    "float_": lambda error: _one_value(error) or f"{quoted(error['input'])} is not a number",
    "finite_": lambda error: f"{quoted(error['input'])} is not a number",
    "date_": lambda error: _one_value(error) or "should be a date like 2026-03-01",
    "tuple_": _a_list,
    "list_": _a_list,
    "dict_": _keys,
    "mapping_": _keys,
    "model_": _keys,
}


def _limit(error: Error, *names: str) -> str:
    limit = next(error["ctx"][name] for name in names if name in error["ctx"])
    return f"{limit:g}" if isinstance(limit, float) else str(limit)
