"""Rows as they were earlier, by the notes that are kept for undo."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from handoffctl.reports.rehearsal.query import RowNote

IsLater = Callable[[RowNote], bool]


class RowVersions:
    """The earlier contents of rows that were changed. Rows that were undone since are none of them."""

    def __init__(self, notes: Iterable[RowNote]) -> None:
        self._notes: dict[tuple[str, int], list[RowNote]] = defaultdict(list)
        for note in notes:
            self._notes[note.table, note.row].append(note)

    def changed(self, table: str, row: int, is_later: IsLater) -> dict[str, Any] | None:
        """Returns the columns of a row before the first change that is later, or None if it did not change later.

        An empty mapping stands for a row that was not there then.
        """
        for note in self._notes.get((table, row), ()):
            if is_later(note):
                was = json.loads(note.was)
                return was if isinstance(was, dict) else {}
        return None
