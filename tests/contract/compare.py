"""Compares what the program gives now with what was recorded: nothing may be lost or changed, more may be there."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

DIFFERENCES = Path(__file__).parent / "differences.md"
COLUMNS = ("story", "command", "where", "was", "is", "why")


@dataclass(frozen=True)
class Difference:
    """One place at which the program gives something else than it did, or nothing."""

    story: str
    command: str
    where: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.story}: {self.command}\n  {self.where}\n    was {self.was}\n    is  {self.now}"


@dataclass(frozen=True)
class Allowed:
    """A row of `differences.md`. `*` stands for anything in each column."""

    story: str
    command: str
    where: str
    was: str
    now: str
    why: str

    def covers(self, difference: Difference) -> bool:
        """Does this row allow that difference?"""
        names = ("story", "command", "where", "was", "now")
        return all(fnmatchcase(getattr(difference, name), _pattern(getattr(self, name))) for name in names)


def _pattern(cell: str) -> str:
    """Only `*` means something: brackets and question marks stand for themselves."""
    return cell.replace("[", "[[]").replace("?", "[?]")


def allowed(path: Path = DIFFERENCES) -> list[Allowed]:
    """The rows of the table of deliberate differences. Raises ValueError for one that is incomplete."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").replace("\\|", "\0").split("|")]
        cells = [cell.replace("\0", "|") for cell in cells]
        if tuple(cells) == COLUMNS or set("".join(cells)) <= set("-: "):
            continue
        if len(cells) != len(COLUMNS) or not all(cells):
            raise ValueError(f"{path.name}: a row needs {len(COLUMNS)} cells, none of them empty: {line}")
        rows.append(Allowed(*cells))
    return rows


def differences(story: str, command: str, was: Any, now: Any) -> list[Difference]:
    """Where `now` lacks something of `was`, or has something else. Keys that are new are welcome."""
    return [Difference(story, command, where, _shown(old), _shown(new)) for where, old, new in _lost(was, now, "")]


class Nothing:
    """Stands for what is not there."""


def _lost(was: Any, now: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key, inner in was.items():
            yield from _lost(inner, now.get(key, Nothing), f"{where}.{key}" if where else key)
        kept, order = [key for key in was if key in now], [key for key in now if key in was]
        if kept != order:
            yield f"{where} (order of keys)".strip(), kept, order
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, (old, new) in enumerate(zip(was, now, strict=True)):
            yield from _lost(old, new, f"{where}.{number}")
    elif type(was) is not type(now) or was != now:
        yield where, was, now


def _shown(value: Any) -> str:
    return "nothing" if value is Nothing else json.dumps(value, ensure_ascii=False)


def not_allowed(found: Sequence[Difference], rows: Sequence[Allowed]) -> list[Difference]:
    """The differences that no row of `differences.md` allows."""
    return [difference for difference in found if not any(row.covers(difference) for row in rows)]


def without_use(story: str, found: Sequence[Difference], rows: Sequence[Allowed]) -> list[Allowed]:
    """The rows about this story, by its own name, that allow nothing which is there."""
    return [row for row in rows if row.story == story and not any(row.covers(difference) for difference in found)]
