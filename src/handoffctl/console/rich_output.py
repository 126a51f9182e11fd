"""What is drawn with rich on a terminal: tables and progress bars. Loaded only there."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable
from rich.text import Text

from handoffctl.console import context
from handoffctl.console.table import Table, fit_table, format_cell, numeric_columns
from handoffctl.core.names import escape_controls


def draw_table(table: Table) -> None:
    """Draws a table on the terminal."""
    console = Console(color_system="auto" if context.coloured() else None, highlight=False)
    table = fit_table(table, console.width)
    drawn = RichTable(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for place, (name, right) in enumerate(zip(table.columns, numeric_columns(table), strict=True)):
        # What is typed again, and numbers, are never broken; the rest wraps between words.
        whole = right or place == 0 or name in table.typed or not table.rows
        drawn.add_column(
            Text(escape_controls(name)), justify="right" if right else "left", no_wrap=whole, min_width=len(name),
            # A long name gives way before the other columns do: on a terminal its beginning is enough.
            overflow="ellipsis" if place == 0 else "fold", max_width=console.width // 3 if place == 0 else None,
        )  # fmt: skip
    for row in table.rows:
        drawn.add_row(*(Text(format_cell(cell)) for cell in row))
    console.print(drawn)
    if table.below:
        console.print()
    for note in table.below:
        console.print(Text(escape_controls(note), style="dim"))


def start_bar(what: str) -> Progress:
    """Starts a rich progress bar on stderr and returns it. The caller stops it."""
    console = Console(file=sys.__stderr__, color_system="auto" if context.coloured() else None)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    progress = Progress(*columns, console=console, transient=True)
    progress.add_task(what, total=None)
    progress.start()
    return progress
