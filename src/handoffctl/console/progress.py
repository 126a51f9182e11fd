"""A progress bar for what takes longer than a second; what is faster draws and loads nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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
    """Starts a progress bar on stderr and returns it. The caller stops it."""
    from handoffctl.console.rich_output import start_bar

    return start_bar(what)
