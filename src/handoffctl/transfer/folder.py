"""A folder of CSV files that together are one export: finds its tables, reads them, and keeps what is to be said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from handoffctl.domain.names import visible
from handoffctl.errors import Refused, nearest
from handoffctl.transfer.history import Skipped
from handoffctl.transfer.sheet import Sheet, open_sheet
from handoffctl.transfer.written import DatesSeen

MOST_ROWS_NAMED = 10
LONGEST_HEADER = 60  # longer ones are no near miss of a column's name

Row = TypeVar("Row")


@dataclass(frozen=True)
class Table:
    """A file of the export: its columns by our word for each, under any of the names the program gives them."""

    file: str
    columns: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    dates: Sequence[str] = ()
    may_be_empty: bool = True


class Folder:
    """One export. `skipped`, `rows` and `notes` grow while it is read; `dates` are those the import uses."""

    def __init__(self, path: Path, main: str, system: str) -> None:
        """`path` is the folder, or the main file in it. Raises Refused when that file is not there."""
        self._system = system
        self.skipped: list[Skipped] = []
        self.notes: list[str] = []
        self.rows = 0
        self.dates = DatesSeen()
        self.other_dates = DatesSeen()
        self._files = _csv_files(path)
        self._names: dict[str, str] = {}
        named = path.is_file() and path.name.casefold() != main.casefold()
        if main.casefold() not in self._files or named:
            there = ", ".join(visible(file.name) for file in list(self._files.values())[:5]) or "no CSV file"
            hint = f"Name the folder of a {system} data export. Found: {there}."
            raise Refused(f"There is no {main} in {visible(str(path.parent if path.is_file() else path))}.", hint)
        if path.is_file():
            self._files[main.casefold()] = path

    def has(self, table: Table) -> bool:
        return table.file.casefold() in self._files

    def name(self, table: Table) -> str:
        """How the file of this table is called here."""
        return self._names.get(table.file, table.file)

    def read(self, table: Table, row_of: Callable[..., Row], deleted: Callable[[str], bool]) -> Iterator[Row]:
        """The rows as `row_of(number, *cells)`, the cells in the order of the table's columns, "" where there is none.

        Rows whose column called `deleted` says so are skipped. Raises Refused when a needed column is missing.
        """
        if not self.has(table):
            return
        path = self._files[table.file.casefold()]
        sheet = open_sheet(path, may_be_empty=table.may_be_empty)
        self._names[table.file] = sheet.file
        places = self._places(sheet, table)
        used = [list(table.columns).index(word) for word in table.dates]
        others = [n for n, header in enumerate(sheet.headers) if _is_of_dates(header) and n not in places]
        mark = list(table.columns).index("deleted") if "deleted" in table.columns else None
        for number, cells in sheet.picked([*places, *others]):
            if mark is not None and deleted(cells[mark]):
                self.skip(sheet.file, number, "is marked as deleted in the export")
                continue
            for at in used:
                self.dates.see(cells[at], sheet.file, number)
            for text in cells[len(places) :]:
                self.other_dates.see(text, sheet.file, number)
            yield row_of(number, *cells[: len(places)])
        self.skipped += sheet.skipped
        self.rows += sheet.seen

    def skip(self, file: str, row: int, reason: str) -> None:
        self.skipped.append(Skipped(file, row, reason))

    def note(self, table: Table, what: str, rows: Sequence[int]) -> None:
        """Notes something about these rows; nothing when there are none."""
        if rows:
            more = f" and {len(rows) - MOST_ROWS_NAMED:,} more" if len(rows) > MOST_ROWS_NAMED else ""
            named = ", ".join(str(row) for row in rows[:MOST_ROWS_NAMED])
            self.notes.append(f"{self.name(table)}: {what} (row{'s' if len(rows) > 1 else ''} {named}{more}).")

    def unread(self) -> list[str]:
        """The CSV files of the folder that no table was read from."""
        names = [visible(path.name) for path in self._files.values()]
        return [name for name in names if name not in self._names.values()]

    def _places(self, sheet: Sheet, table: Table) -> list[int | None]:
        places = {word: sheet.place(*names) for word, names in table.columns.items()}
        missing = [table.columns[word][0] for word in table.needed if places[word] is None]
        if missing:
            headers = [visible(header) for header in sheet.headers if len(header) <= LONGEST_HEADER]
            problems = [f"{sheet.file} has no column {name} {nearest(name, headers)}".strip() for name in missing]
            names = " and no ".join(missing)
            hint = f"Is this a {self._system} data export?"
            raise Refused(f"{sheet.file} has no column {names}.", hint, problems)
        return list(places.values())


def _csv_files(path: Path) -> dict[str, Path]:
    """The CSV files by their folded names. Where two differ only in case the first in order counts, the other stays
    unread under its full name."""
    folder = path.parent if path.is_file() else path
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.casefold() == ".csv")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise Refused(f"{visible(str(path))} cannot be read: {why}.", "Check the path.") from None
    found: dict[str, Path] = {}
    for file in files:
        key = file.name.casefold()
        found[key if key not in found else file.name + "\0"] = file
    return found


def _is_of_dates(header: str) -> bool:
    folded = header.casefold()
    return "date" in folded or "modstamp" in folded
