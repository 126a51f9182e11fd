"""Turns pydantic's errors into plain sentences that suggest the nearest right word."""

import re
import types
from collections.abc import Callable
from typing import Annotated, Any, Union, get_args, get_origin

from handoffctl.core.yaml.reader import KeyPath
from handoffctl.core.yaml.types import StrictModel
from handoffctl.errors import closest, nearest

Error = dict[str, Any]


def describe_error(error: Error, model: type[StrictModel]) -> str:
    """Describes an error, without the name of its key. `loc` of the error is its path in the file."""
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
        return _not_a_choice(error)
    for part, describe in _SENTENCES.items():
        if part in kind:
            return describe(error)
    return "cannot be read"


def intended_path(error: Error, model: type[StrictModel]) -> KeyPath | None:
    """Returns the path of the key that an unknown key was probably meant to be; None if there is none."""
    if error["type"] != "extra_forbidden":
        return None
    *parent, key = error["loc"]
    guess = closest(str(key), keys_at(model, tuple(parent)))
    return (*parent, guess) if guess else None


def quoted(value: object) -> str:
    """Returns the value in quotes, on one line and up to 60 characters."""
    text = " ".join(str(value).split())
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


def keys_at(model: type[StrictModel], path: KeyPath) -> list[str]:
    """Returns the keys that the model allows at a path of a file, as they are written in YAML."""
    kind: Any = model
    for key in path:
        kind = _inside(_bare(kind), key)
    kind = _bare(kind)
    return [info.written for info in kind.written_keys().values()] if _is_model(kind) else []


def _inside(kind: Any, key: str | int) -> Any:
    if _is_model(kind):
        return next((info.annotation for info in kind.written_keys().values() if info.written == key), None)
    inner = get_args(kind) or (None,)
    return inner[0] if isinstance(key, int) else inner[-1]


def _bare(kind: Any) -> Any:
    """Returns the type without the constraints and the None around it."""
    while get_origin(kind) in (Annotated, Union, types.UnionType):
        kind = next((inner for inner in get_args(kind) if inner is not type(None)), None)
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrictModel)


def _not_a_choice(error: Error) -> str:
    words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    if not isinstance(error["input"], str):
        return f"should be one of: {', '.join(words)}"
    if len(words) == 1:
        return f"{quoted(error['input'])} is not known here; it can only be {words[0]}"
    return _with_guess(f"{quoted(error['input'])} is not one of: {', '.join(words)}", error["input"], words)


def _with_guess(sentence: str, wrong: str, choices: list[str]) -> str:
    return f"{sentence} {nearest(wrong, choices)}".rstrip()


def _not_single(error: Error) -> str:
    value = error["input"]
    if not isinstance(value, list | dict):
        return ""
    return f"should be a single value, not a {'list' if isinstance(value, list) else 'mapping'}"


def _not_a_list(error: Error) -> str:
    value = error["input"]
    return f"should be a list, like [{value}]" if isinstance(value, str) and len(value) <= 40 else "should be a list"


def _not_a_mapping(error: Error) -> str:
    return "should be a mapping of names, one `name: ...` to a line"


# By a part of pydantic's name for the error; the first that matches counts.
_SENTENCES: dict[str, Callable[[Error], str]] = {
    "string_too_short": lambda error: "is empty",
    "too_short": lambda error: f"needs {error['ctx']['min_length']} entries and has {error['ctx']['actual_length']}",
    "string_too_long": lambda error: f"is longer than {error['ctx']['max_length']:,} characters",
    "too_long": lambda error: f"has more than {error['ctx']['max_length']:,} entries",
    "greater_than": lambda error: f"{quoted(error['input'])} is too small; the least is {_limit(error, 'ge', 'gt')}",
    "less_than": lambda error: f"{quoted(error['input'])} is too large; the most is {_limit(error, 'le', 'lt')}",
    "int_": lambda error: _not_single(error) or f"{quoted(error['input'])} is not a whole number",
    "bool_": lambda error: _not_single(error) or f"{quoted(error['input'])} is neither true nor false",
    "string_": lambda error: _not_single(error) or "should be text",
    "float_": lambda error: _not_single(error) or f"{quoted(error['input'])} is not a number",
    "finite_": lambda error: f"{quoted(error['input'])} is not a number",
    "date_": lambda error: _not_single(error) or "should be a date like 2026-03-01",
    "tuple_": _not_a_list,
    "list_": _not_a_list,
    "dict_": _not_a_mapping,
    "mapping_": _not_a_mapping,
    "model_": _not_a_mapping,
}


def _limit(error: Error, *names: str) -> str:
    limit = next(error["ctx"][name] for name in names if name in error["ctx"])
    return f"{limit:g}" if isinstance(limit, float) else str(limit)
