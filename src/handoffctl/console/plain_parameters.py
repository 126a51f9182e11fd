"""Passes text arguments on as typed, so that Typer need not load pydantic for them.

Typer makes a pydantic checker for each parameter, also for plain text and for values that were not given. Loading and
making these takes a third of the time of a reading command. Other values go through Typer's checkers, and so do all
values where this version of Typer has no such checkers.
"""

from collections.abc import Callable, Iterator
from typing import Any


def spare_conversion(command: Any) -> None:
    """Lets the parameters of this command, and of those within it, pass on what needs no conversion."""
    for each in _with_commands_within(command):
        for parameter in each.params:
            _spare(parameter)
        if hasattr(each, "get_help_option"):
            each.get_help_option = _sparing(each.get_help_option)


def _sparing(make: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function that makes the option --help, which is no parameter before it is asked for."""
    return lambda *words: _spare(make(*words))


def _spare(parameter: Any) -> Any:
    convert = getattr(parameter, "get_runtime_param", None)
    descriptor = getattr(parameter, "type_descriptor", None)
    if convert is not None and descriptor is not None:
        parameter.get_runtime_param = _getter(_PlainParameter(descriptor, convert))
    return parameter


def _with_commands_within(command: Any) -> Iterator[Any]:
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from _with_commands_within(inner)


def _getter(plain: "_PlainParameter") -> Callable[[], "_PlainParameter"]:
    return lambda: plain


class _PlainParameter:
    """Stands in for Typer's checker of a parameter, which `convert` makes."""

    def __init__(self, descriptor: Any, convert: Callable[[], Any]) -> None:
        self.convert = convert
        info = descriptor.parameter_info
        as_typed = getattr(info, "parser", None) is None and not getattr(info, "clamp", False)
        self.single = descriptor.annotation is str and as_typed
        self.several = descriptor.annotation == list[str] and as_typed
        self.number = descriptor.annotation is int and as_typed

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Returns the value as the command gets it. Raises what Typer raises for one that is not allowed."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self.single and not param.multiple and param.nargs == 1 and _is_text(value):
            return value
        if self.number and type(value) is int and value == param.default:
            return value
        if self.several and isinstance(value, list | tuple) and all(_is_text(item) for item in value):
            return list(value)
        return self.convert().coerce(value, param=param, ctx=ctx)


def _is_text(value: Any) -> bool:
    """True for text that can be encoded, which is all that the checker asks of text."""
    return type(value) is str and not any("\ud800" <= character <= "\udfff" for character in value)
