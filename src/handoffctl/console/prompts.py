"""Asks a person, and tells how long the answer took."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from handoffctl.console.output import echo, styled
from handoffctl.core.names import visible


def asked(prompt: str) -> tuple[str, float]:
    """The line typed, and the seconds it took. The end of input counts as nothing typed."""
    line, took = _line(prompt)
    return line.strip(), took


def _line(prompt: str) -> tuple[str, float]:
    """The line with its end; nothing at all at the end of input."""
    sys.stdout.write(styled(visible(prompt), "1"))
    sys.stdout.flush()
    start = time.monotonic()
    line = sys.stdin.readline()
    if not line:
        echo()
    return line, time.monotonic() - start


@contextmanager
def unbroken() -> Iterator[None]:
    """Holds Ctrl-C back until what was answered is saved."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def ending_tidily() -> Iterator[None]:
    """Whoever ends the program from outside (SIGTERM) ends it as by Ctrl-C: what is half written is taken away."""

    def ended(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ended)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def confirmed(question: str) -> bool:
    """Whether the person says yes."""
    answer, _ = asked(f"{question} [y/N] ")
    return answer.casefold() in ("y", "yes")


def agreed(question: str) -> bool:
    """Whether the person lets it be so: Enter will do, the end of input will not."""
    line, _ = _line(f"{question} [Y/n] ")
    return bool(line) and line.strip().casefold() in ("", "y", "yes")


def chosen(question: str, options: list[str]) -> str | None:
    """One of several, by number or name; None where the person picks none."""
    echo(question)
    for number, option in enumerate(options, 1):
        echo(f"  {number}. {option}")
    while True:
        answer, _ = asked("> ")
        if not answer:
            return None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(options):
            return options[int(answer) - 1]
        fits = [option for option in options if option.casefold().startswith(answer.casefold())]
        if len(fits) == 1:
            return fits[0]
        echo(f"Type a number from 1 to {len(options)}, or Enter to leave it.")
