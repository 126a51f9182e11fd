"""Asks a person, and times the answers."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from handoffctl.console.output import echo, styled
from handoffctl.core.names import escape_controls


def ask_line(prompt: str) -> tuple[str, float]:
    """Returns the line typed and the seconds it took. End of input counts as an empty line."""
    line, took = _line(prompt)
    return line.strip(), took


def ask_prefilled(prompt: str) -> str | None:
    """Returns the line typed, empty for Enter, which means the answer that is shown; None at the end of input."""
    line, _ = _line(prompt)
    return line.strip() if line else None


def _line(prompt: str) -> tuple[str, float]:
    """Returns the line with its end; an empty string at the end of input."""
    sys.stdout.write(styled(escape_controls(prompt), "1"))
    sys.stdout.flush()
    start = time.monotonic()
    line = sys.stdin.readline()
    if not line:
        echo()
    return line, time.monotonic() - start


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Holds Ctrl-C back until an answer is saved."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def end_like_ctrl_c() -> Iterator[None]:
    """Treats SIGTERM like Ctrl-C, so that half-written files are removed."""

    def ended(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ended)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def confirm(question: str) -> bool:
    """Asks and returns True for a yes."""
    answer, _ = ask_line(f"{question} [y/N] ")
    return answer.casefold() in ("y", "yes")


def confirm_by_enter(question: str, hint: str = "") -> bool:
    """Asks and returns True for a yes or Enter, but not for the end of input. The hint stands after the choices."""
    line, _ = _line(f"{question} [Y/n] " + (f" {hint} " if hint else ""))
    return bool(line) and line.strip().casefold() in ("", "y", "yes")


def choose(question: str, options: list[str]) -> str | None:
    """Asks for one of several by number or name; None if the person picks none."""
    echo(question)
    for number, option in enumerate(options, 1):
        echo(f"  {number}. {option}")
    while True:
        answer, _ = ask_line("> ")
        if not answer:
            return None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options):
            return options[int(answer) - 1]
        fits = [option for option in options if option.casefold().startswith(answer.casefold())]
        if len(fits) == 1:
            return fits[0]
        echo(f"Type a number from 1 to {len(options)}, or Enter to leave it.")
