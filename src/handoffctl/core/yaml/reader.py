"""Reads YAML into a tree of plain text with the line of every key. Errors name the line.

The tree is built from the parser's events, without recursion: composing deep nesting crashes the C loader. The depth
is counted here, so that its limit and its sentence are the same with every version of the library. Anchors (they can
grow without bound), tags and a second document are refused.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from handoffctl.core.yaml.text import MOST_BYTES, UnreadableYaml

DEEPEST = 50
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str | int, ...]
Tree = str | list["Tree"] | dict[str, "Tree"]


@dataclass(frozen=True)
class RepeatedKey:
    """A key that appears in its mapping twice; the first one, in the line `first`, counts."""

    path: KeyPath
    line: int
    first: int


@dataclass
class YamlDocument:
    """The tree as written, the line of each key and list item, and the keys that appear twice."""

    tree: dict[str, Tree]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    repeated: list[RepeatedKey] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        """Returns the line of the key; if it is missing, of the nearest parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse_yaml(text: str, loader: Any = None) -> YamlDocument:
    """Parses one YAML document. Raises Unreadable."""
    if len(text) > MOST_BYTES:
        raise UnreadableYaml(1, f"the text is larger than {MOST_BYTES // 1024} KiB")
    text = unicodedata.normalize("NFC", text)
    stray = _stray_character(text)
    if stray:
        raise UnreadableYaml(_line_at(text, text.index(stray)), _take_out(stray))
    builder = _TreeBuilder()
    try:
        for event in _events(text, loader or LOADER):
            builder.add(event)
    except yaml.MarkedYAMLError as fault:
        raise _too_deep_at(fault, text, builder) or _in_plain_words(fault, text) from None
    if builder.root in (None, ""):
        raise UnreadableYaml(1, "the file is empty")
    if not isinstance(builder.root, dict):
        raise UnreadableYaml(1, "the file should hold keys and values, one `key: value` to a line")
    return YamlDocument(builder.root, builder.lines, builder.repeated)


def _events(text: str, loader: Any) -> Iterator[Event]:
    try:
        parser = loader(text)
        while parser.check_event():
            yield parser.get_event()
    except yaml.MarkedYAMLError:
        raise
    except (yaml.YAMLError, ValueError, OverflowError):  # the pure loader's chr() of an escape that is no character
        raise UnreadableYaml(1, "the file holds an escape or a directive that cannot be read") from None


class _TreeBuilder:
    """Builds the tree from the parser's events."""

    def __init__(self) -> None:
        self.root: Tree | None = None
        self.lines: dict[KeyPath, int] = {}
        self.repeated: list[RepeatedKey] = []
        self._open: list[tuple[list[Tree] | dict[str, Tree], KeyPath]] = []
        self._keys: list[tuple[str, int] | None] = []
        self._documents = 0
        self.end = 0  # of the last event, in characters of the text

    @property
    def depth(self) -> int:
        """The number of open lists and mappings."""
        return len(self._open)

    def add(self, event: Event) -> None:
        """Adds the next event. Raises Unreadable for an anchor, a tag, a second document or deep nesting."""
        self.end = event.end_mark.index if event.end_mark else self.end
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise UnreadableYaml(line, 'a second document begins here ("---"); one file holds one')
        elif isinstance(event, NodeEvent):
            _refuse_anchor_or_tag(event, line)
            self._add_node(event, line)
        elif isinstance(event, CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _add_node(self, event: Event, line: int) -> None:
        if isinstance(event, ScalarEvent):
            stray = _stray_character(event.value)
            if stray:
                raise UnreadableYaml(line, _take_out(stray))
            if self._keys and isinstance(self._open[-1][0], dict) and self._keys[-1] is None:
                self._keys[-1] = event.value, line
            else:
                self._put(event.value, line)
        elif isinstance(event, CollectionStartEvent):
            if self.depth == DEEPEST:
                raise _too_deep(line)
            into: list[Tree] | dict[str, Tree] = {} if isinstance(event, MappingStartEvent) else []
            self._open.append((into, self._put(into, line)))
            self._keys.append(None)

    def _put(self, value: Tree, line: int) -> KeyPath:
        """Adds a value to the open list or mapping, and returns its path."""
        if not self._open:
            self.root = value
            return ()
        parent, path = self._open[-1]
        if isinstance(parent, list):
            parent.append(value)
            path = (*path, len(parent) - 1)
        else:
            path, line = self._put_under_key(parent, path, value, line)
        self.lines[path] = line
        return path

    def _put_under_key(self, parent: dict[str, Tree], path: KeyPath, value: Tree, line: int) -> tuple[KeyPath, int]:
        waiting = self._keys[-1]
        if waiting is None:
            raise UnreadableYaml(line, "a key must be plain text, not a list or a mapping")
        self._keys[-1] = None
        key, line = waiting
        if key in parent:
            self.repeated.append(RepeatedKey((*path, key), line, self.lines[*path, key]))
            return (*path, key, -1), line  # a path of its own: the first one counts
        parent[key] = value
        return (*path, key), line


def _too_deep(line: int) -> UnreadableYaml:
    return UnreadableYaml(line, f"this is nested more than {DEEPEST} deep")


# A bracket, or a text in quotes, in which brackets do not count.
_BRACKET = re.compile(r"""(?P<opens>[\[{])|[\]}]|(?:"(?:[^"\\]|\\.)*+(?:"|\Z)|'[^']*+(?:'|\Z))""", re.DOTALL)


def _too_deep_at(fault: yaml.MarkedYAMLError, text: str, builder: _TreeBuilder) -> UnreadableYaml | None:
    """Returns the error of a text that is nested too deep before the place where the parser stopped, else None.

    A parser reads some way ahead of its events, and a limit of its own may stop it before the events are added.
    """
    marks = [mark.index for mark in (fault.context_mark, fault.problem_mark) if mark]
    depth = builder.depth
    for bracket in _BRACKET.finditer(text, builder.end, min(marks, default=len(text)) + 1):
        if bracket[0] in "[]{}":
            depth += 1 if bracket["opens"] else -1
        if depth > DEEPEST:
            return _too_deep(_line_at(text, bracket.start()))
    return None


def _refuse_anchor_or_tag(event: NodeEvent, line: int) -> None:
    if isinstance(event, AliasEvent) or event.anchor is not None:
        mark = "*" if isinstance(event, AliasEvent) else "&"
        raise UnreadableYaml(line, f'"{mark}{event.anchor}" refers to another part of the file; write it out here')
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise UnreadableYaml(line, 'a tag ("!...") has no place here; take it out, or put the text in quotes')


def _stray_character(text: str) -> str:
    """Returns the lowest character that no text needs (a control, a line end of YAML's own, a surrogate), or ""."""
    stray = (c for c in set(text) - set("\t\n\r") if unicodedata.category(c) in _STRAY or c in "\ufeff\ufffe\uffff")
    return min(stray, default="")


_STRAY = ("Cc", "Zl", "Zp", "Cs")


def _take_out(character: str) -> str:
    return f"here is a character that is not text (U+{ord(character):04X}); take it out"


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


# Parts of the two parsers' messages, and what they mean for a person who has just edited a line.
_BEGINS_HERE = (
    ("quoted scalar", "the text in quotes that begins here is not closed"),
    ("flow sequence", 'the list that begins here lacks its "]", or a comma between two items'),
    ("flow mapping", 'the mapping that begins here lacks its "}", or a comma between two keys'),
)
_STANDS_HERE = (
    ("escape", 'a "\\" stands before something that gives it no meaning; use single quotes'),
    ("mapping values are not allowed", 'a ":" stands where none can; put the text in quotes, or mend the indentation'),
    ("expected ':'", 'a key lacks its ":"'),
    ("sequence entries are not allowed", 'a list item ("- ") stands where none can; begin a new line'),
    ("block scalar", 'the text after "|" or ">" must begin on the next line, further in'),
    ("cannot start any token", "a character stands here that YAML keeps for itself; put the text in quotes"),
    ("parsing a block", "the indentation does not fit the lines above, or a text needs quotes"),
)


def _in_plain_words(fault: yaml.MarkedYAMLError, text: str) -> UnreadableYaml:
    message = f"{fault.problem or ''} {fault.context or ''}"
    line, began = _line(fault.problem_mark or fault.context_mark, text), _line(fault.context_mark, text)
    lines = text.splitlines()
    indent = re.match(r"[ \t]*", lines[line - 1] if line <= len(lines) else "")
    if "\t" in message or "\\t" in message or (indent and "\t" in indent[0]):
        return UnreadableYaml(line, "a tab stands in the indentation; use spaces")
    if "escape" not in message:
        for part, meaning in _BEGINS_HERE:
            if part in message:
                return UnreadableYaml(began, meaning)
    unknown = f"this cannot be read as YAML ({fault.problem})"
    return UnreadableYaml(line, next((meaning for part, meaning in _STANDS_HERE if part in message), unknown))


def _line(mark: Any, text: str) -> int:
    return min(mark.line + 1, _line_at(text.rstrip(), len(text))) if mark else 1
