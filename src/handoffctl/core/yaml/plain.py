"""Turns parts of YAML files into plain values, as JSON has them, and back.

What comes back is checked by the same limits as what a file says, so that nothing has to be believed. Only the
sentences are missing: what does not fit is made anew from its file, which has its faults told.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import isfinite
from types import UnionType
from typing import Annotated, Any, Literal, NoReturn, TypeVar, Union, cast, get_args, get_origin

from handoffctl.core.yaml.types import MISSING, After, Before, JsonValue, KeyInfo, ShortText, StrictModel

M = TypeVar("M", bound=StrictModel)
Reader = Callable[[Any], Any]


def to_plain(value: Any) -> JsonValue:
    """Returns a part or a value of it as a plain value. Keys that have their default are left out."""
    if isinstance(value, StrictModel):
        infos = value.key_infos()
        return {name: to_plain(item) for name, item in vars(value).items() if item != infos[name].default}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: type[M], raw: Any) -> M:
    """Returns the part that a plain value is. Raises ValueError for anything that no file could say."""
    try:
        part = _part_reader(kind)(raw)
    except (TypeError, ArithmeticError, RecursionError) as fault:
        raise ValueError(str(fault)) from None
    return cast(M, part)


_PART_READERS: dict[type[StrictModel], Reader] = {}


def _part_reader(kind: type[StrictModel]) -> Reader:
    if kind not in _PART_READERS:
        _PART_READERS[kind] = _make_part_reader(kind)
    return _PART_READERS[kind]


def _make_part_reader(kind: type[StrictModel]) -> Reader:
    infos = kind.written_keys()
    required = {name for name, info in infos.items() if info.default is MISSING}
    readers: dict[str, Reader] = {}

    def read(raw: Any) -> StrictModel:
        if type(raw) is not dict or not raw.keys() <= infos.keys() or not raw.keys() >= required:
            _refuse(raw)
        values = {}
        for name, item in raw.items():
            if name not in readers:
                readers[name] = _limited(_reader(infos[name].annotation), [infos[name]])
            values[name] = readers[name](item)
        return kind.build(values)

    return read


def _reader(annotation: Any) -> Reader:
    """Returns the function that reads a value of this type."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is None:
        return _part_reader(annotation) if issubclass(annotation, StrictModel) else _SINGLE[annotation]
    if origin is Annotated:
        return _limited(_reader(parts[0]), parts[1:])
    if origin in (Union, UnionType):
        (inner,) = (part for part in parts if part is not type(None))
        return _or_none(_reader(inner))
    if origin is Literal:
        return lambda raw: raw if type(raw) is str and raw in parts else _refuse(raw)
    if origin is tuple:
        return _list_reader(parts)
    return _mapping_reader(_reader(parts[0]), _reader(parts[1]))


def _or_none(read: Reader) -> Reader:
    return lambda raw: None if raw is None else read(raw)


def _list_reader(parts: tuple[Any, ...]) -> Reader:
    readers = [_reader(part) for part in parts if part is not Ellipsis]
    if Ellipsis in parts:
        (read,) = readers
        return lambda raw: tuple(read(item) for item in raw) if type(raw) is list else _refuse(raw)

    def read_each(raw: Any) -> tuple[Any, ...]:
        if type(raw) is not list or len(raw) != len(readers):
            _refuse(raw)
        return tuple(read(item) for read, item in zip(readers, raw, strict=True))

    return read_each


def _mapping_reader(read_key: Reader, read: Reader) -> Reader:
    def read_each(raw: Any) -> dict[str, Any]:
        return {read_key(key): read(item) for key, item in raw.items()} if type(raw) is dict else _refuse(raw)

    return read_each


def _limited(read: Reader, marks: Iterable[Any]) -> Reader:
    """Returns a function that reads a value and holds it to the limits of its type."""
    checks = [check for mark in marks for check in _checks(mark)]
    if not checks:
        return read

    def read_limited(raw: Any) -> Any:
        value = read(raw)
        for check in checks:
            if value is not None and not check(value):
                _refuse(raw)
        return value

    return read_limited


def _checks(mark: Any) -> list[Callable[[Any], bool]]:
    if isinstance(mark, After):
        return [lambda value: bool(mark.check(value) == value)]
    if isinstance(mark, ShortText):
        return [lambda value: 0 < len(value) <= mark.longest and value == value.strip()]
    if isinstance(mark, Before):
        return _bounds({name: bound for name, bound in (("ge", mark.least), ("le", mark.most)) if bound is not None})
    return _bounds(mark.limits) if isinstance(mark, KeyInfo) else []


def _bounds(limits: Mapping[str, float]) -> list[Callable[[Any], bool]]:
    return [_bound(name, limit) for name, limit in limits.items() if name in _OF_NUMBERS or name in _OF_LENGTHS]


def _bound(name: str, limit: float) -> Callable[[Any], bool]:
    if name in _OF_NUMBERS:
        return lambda value: bool(_OF_NUMBERS[name](value, limit))
    return lambda value: bool(_OF_LENGTHS[name](len(value), limit))


_OF_NUMBERS = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
_OF_LENGTHS = {"min_length": operator.ge, "max_length": operator.le}


def _read_date(raw: Any) -> date:
    return date.fromisoformat(raw) if type(raw) is str else _refuse(raw)


_SINGLE: dict[type, Reader] = {
    str: lambda raw: raw if type(raw) is str else _refuse(raw),
    bool: lambda raw: raw if type(raw) is bool else _refuse(raw),
    int: lambda raw: raw if type(raw) is int else _refuse(raw),
    float: lambda raw: raw if type(raw) is float and isfinite(raw) else _refuse(raw),
    date: _read_date,
}


def _refuse(raw: Any) -> NoReturn:
    raise ValueError(f"{type(raw).__name__} does not fit here")
