"""Locates every key and value in the text of a YAML file, and replaces single ones without touching the rest."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event, MappingStartEvent, ScalarEvent

from handoffctl.core.yaml.reader import LOADER, KeyPath, parse_yaml
from handoffctl.core.yaml.text import UnreadableYaml


@dataclass(frozen=True)
class YamlToken:
    """A key or a value: its text, its path, and where it starts and ends in the text, in characters."""

    path: KeyPath
    is_key: bool
    says: str
    start: int
    end: int


Change = Callable[[YamlToken], str | None]


def replace_tokens(text: str, change: Change) -> str:
    """Replaces each key or value for which `change` returns another word. Raises Unreadable if that is not safe."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    before = yaml_tokens(text)
    result = text
    for place in reversed(before):
        word = change(place)
        if word is not None:
            quote = text[place.start] if text[place.start] in "'\"" else ""
            result = f"{result[: place.start]}{quote}{word}{quote}{result[place.end :]}"
    expected = [(place.is_key, place.says if (word := change(place)) is None else word) for place in before]
    if [(place.is_key, place.says) for place in yaml_tokens(result)] != expected:
        raise UnreadableYaml(1, "the file is written in a way in which single words cannot be changed safely")
    return mark + result


def yaml_tokens(text: str) -> list[YamlToken]:
    """Returns all keys and values in their order. Raises Unreadable for text that the reader refuses, too."""
    parse_yaml(text)  # refuses what is too deep, too large, or no tree
    try:
        return list(_walked(text))
    except yaml.YAMLError:
        raise UnreadableYaml(1, "the file is written in a way in which single words cannot be found") from None


@dataclass
class _OpenCollection:
    """A list or mapping whose end has not come yet. `key` is set while a mapping waits for its value."""

    path: KeyPath
    is_mapping: bool
    count: int = 0
    key: str | None = None


def _walked(text: str) -> Iterator[YamlToken]:
    opened: list[_OpenCollection] = []
    for event in _events(text):
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        elif isinstance(event, ScalarEvent):
            says = unicodedata.normalize("NFC", event.value)
            is_key = bool(opened) and opened[-1].is_mapping and opened[-1].key is None
            path = (*opened[-1].path, says) if is_key else _path(opened)
            start, end = _span(event)
            yield YamlToken(path, is_key, says, start, end)
            if is_key:
                opened[-1].key = says
        elif isinstance(event, CollectionStartEvent):
            opened.append(_OpenCollection(_path(opened), isinstance(event, MappingStartEvent)))


def _path(opened: list[_OpenCollection]) -> KeyPath:
    """Returns the path of the value that comes next, and moves on in its list or mapping."""
    if not opened:
        return ()
    inside = opened[-1]
    if inside.is_mapping:
        key, inside.key = inside.key, None
        return (*inside.path, key or "")
    inside.count += 1
    return (*inside.path, inside.count - 1)


def _span(event: Event) -> tuple[int, int]:
    marks: Any = (event.start_mark, event.end_mark)
    return marks[0].index, marks[1].index


def _events(text: str) -> Iterator[Event]:
    parser = LOADER(text)  # the loader that reads playbooks: PyYAML's other one refuses some texts that this one takes
    while parser.check_event():
        yield parser.get_event()
