"""What stands in a template for something that is not known: it may be asked for, but not printed."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Undefined, UndefinedError


class Needed(UndefinedError):
    """The template reckons with something not known; `args[0]` holds its name in quotation marks."""


class Blank(Undefined):
    """Something not known: false and empty where a template asks; where a template prints it, its name is noted."""

    __slots__ = ("_asked",)

    def __init__(self, name: str, asked: dict[str, None]) -> None:
        super().__init__(name=name, exc=Needed)
        self._asked = asked

    def _note(self) -> None:
        self._asked[str(self._undefined_name)] = None

    def __str__(self) -> str:
        self._note()
        return ""

    __repr__ = __str__  # where a whole list or mapping is printed

    def __iter__(self) -> Iterator[Any]:
        self._note()
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, name: Any) -> Any:
        return self


def marked(value: Any, asked: dict[str, None], name: str = "") -> Any:
    """The values with a Blank for each None, which notes in `asked` when it is printed; texts without controls."""
    if value is None:
        return Blank(name, asked)
    if isinstance(value, str):
        return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in value)
    if isinstance(value, Mapping):
        return {key: marked(part, asked, f"{name}.{key}" if name else str(key)) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [marked(part, asked, name) for part in value]
    return value


def never_none(value: Any) -> Any:
    """For what is about to be printed: None is no text, nor is a function or a whole list."""
    if isinstance(value, list | dict):
        raise TypeError("it prints a whole list; take a loop, or join it")
    if value is None:
        raise TypeError("it prints something that is not there")
    if callable(value) and not isinstance(value, Undefined):
        raise TypeError("it prints a function; put () behind it, or take a filter")
    return value
