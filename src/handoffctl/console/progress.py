"""A progress bar for what takes longer than a second; what is faster draws and loads nothing."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from handoffctl.console import context

WORTH_A_BAR = 1.0  # seconds


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yields a function that reports progress as done and total. Leaves nothing on the screen."""
    begun = time.monotonic()
    drawn: list[Any] = []

    def tell(done: int, size: int) -> None:
        if not drawn:
            if time.monotonic() - begun < WORTH_A_BAR:
                return
            drawn.append(start_bar(what))
        drawn[0].update(0, completed=done, total=size)

    try:
        yield tell
    finally:
        for one in drawn:
            one.stop()


def start_bar(what: str) -> Any:
    """Starts a rich progress bar on stderr and returns it. The caller stops it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

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
