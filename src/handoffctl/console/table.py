"""A table of plain values, rendered as aligned text, CSV or Markdown."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap
from unicodedata import combining, east_asian_width

from handoffctl.core.names import escape_controls

WIDEST = 100  # places, that a table should fit into

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Columns by heading; numbers are right-aligned.

    Below the table come the `legend` entries of the columns shown, then `notes`, each a paragraph. The columns in
    `give_way` are dropped, in this order, if the table is too wide. Columns in `typed` hold commands, which are never
    cut.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    legend: Mapping[str, str] = field(default_factory=dict)
    give_way: Sequence[str] = ()
    typed: Sequence[str] = ()

    @property
    def below(self) -> list[str]:
        """Returns the paragraphs below the table."""
        words = " ".join(f"{name}: {self.legend[name]}" for name in self.columns if name in self.legend)
        return [*([words] if words else []), *self.notes]


def format_cell(cell: Cell) -> str:
    """Formats a cell for people: whole numbers whole, others with one decimal, None as a dash."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.1f}" if abs(cell) >= 0.05 or cell == 0 else "<0.1"
    return f"{cell:,}" if isinstance(cell, int) else escape_controls(cell).replace("\n", " ")


def numeric_columns(table: Table) -> list[bool]:
    """Returns for each column whether it holds numbers only."""
    return [bool(table.rows) and all(_is_figure(row[n]) for row in table.rows) for n in range(len(table.columns))]


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell == "-" or (cell.endswith("%") and cell[:-1].isdigit())


def as_text(table: Table) -> str:
    """Renders as many columns as fit, two spaces apart."""
    table = fit_table(table, WIDEST)
    below = [line for note in table.below for line in _wrapped(note)]
    return "\n".join([*_lines(table), *([""] if below else []), *below])


def _lines(table: Table) -> list[str]:
    right = numeric_columns(table)
    lines = [list(table.columns), *([format_cell(cell) for cell in row] for row in table.rows)]
    widths = [max(width(line[n]) for line in lines) for n in range(len(table.columns))]
    return ["  ".join(_set(cell, widths[n], right[n]) for n, cell in enumerate(line)).rstrip() for line in lines]


def _wrapped(note: str) -> list[str]:
    return wrap(escape_controls(note), WIDEST, break_long_words=False, break_on_hyphens=False) or [""]


def fit_table(table: Table, places: int) -> Table:
    """Returns the table without the columns that must give way to fit this width, with a note that says so."""
    gone = []
    while max(map(width, _lines(table))) > places:
        name = next((name for name in table.give_way if name in table.columns), None)
        if name is None:
            break
        gone.append(name)
        table = without(table, name)
    if not gone:
        return table
    return replace(table, notes=[*table.notes, f"Left out for room: {', '.join(gone)}. --csv and --json have them."])


def without(table: Table, name: str) -> Table:
    """Returns the table without the column of this name."""
    kept = [n for n, column in enumerate(table.columns) if column != name]
    columns, rows = [table.columns[n] for n in kept], [[row[n] for n in kept] for row in table.rows]
    return replace(table, columns=columns, rows=rows)


def cut_short(text: str, places: int) -> str:
    """Shortens the text to this width with an ellipsis."""
    text = " ".join(format_cell(text).split())
    if width(text) <= places:
        return text
    text = text[: 4 * places]  # more could only be marks that take no place of their own
    while text and width(text) > places - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def share(value: float | None) -> str:
    """Formats a share from 0 to 1 in percent, or a dash if unknown."""
    return "-" if value is None else f"{value:.0%}"


def width(text: str) -> int:
    """Returns how many terminal cells the text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _set(text: str, places: int, right: bool) -> str:
    blank = " " * (places - width(text))
    return blank + text if right else text + blank


def as_csv(table: Table) -> str:
    """Renders CSV for a spreadsheet; cells that a spreadsheet would run as a formula are made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return out.getvalue().rstrip("\n")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_markdown(table: Table) -> str:
    """Renders a Markdown table; bars and marks in names are escaped."""
    right = numeric_columns(table)
    rows = [[_escaped(format_cell(cell)) for cell in row] for row in table.rows]
    heads = [_escaped(name) for name in table.columns]
    rule = ["---:" if is_right else "---" for is_right in right]
    return "\n".join(f"| {' | '.join(line)} |" for line in [heads, rule, *rows])


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "|\\`*_[]<>" else c for c in text)
