"""Prints: results to stdout, everything else to stderr. All output passes here, so that no data can control the
terminal."""

import sys
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, TextIO

from handoffctl.console import context
from handoffctl.console import table as console_table
from handoffctl.console.table import Table, as_text
from handoffctl.core.json_record import json_value
from handoffctl.core.names import escape_controls


def echo(text: str = "") -> None:
    """Prints a result to stdout."""
    _write(sys.stdout, text)


def echo_err(text: str) -> None:
    """Prints anything but the result to stderr; wraps between words on a terminal."""
    sys.stdout.flush()  # so that both keep their order where they end in one place
    _write(sys.stderr, wrapped(text) if sys.stderr.isatty() else text)


def _write(stream: TextIO, text: str) -> None:
    stream.write(escape_controls(text) + "\n")


class EscapingStream:
    """A stream that escapes whatever could control a terminal, for text written by others."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(escape_controls(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def echo_json(value: Any) -> None:
    """Prints a result as one JSON object; characters that could control a terminal become JSON escapes."""
    import json

    text = json.dumps(json_value(value), ensure_ascii=False, indent=2, allow_nan=False)
    escaped = "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)
    sys.stdout.write(escaped + "\n")


def echo_prose(text: str, further: int | None = None) -> None:
    """Prints a result in sentences; on a terminal wraps between words and indents further lines."""
    echo(wrapped(text, further) if sys.stdout.isatty() else text)


def wrapped(text: str, further: int | None = None) -> str:
    """Wraps each line of the text to the terminal, with further lines indented."""
    width = max(get_terminal_size().columns - 1, 40)
    lines: list[str] = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 2 if further is None else further)
        lines += wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(lines)


def fits(table: Table) -> bool:
    """True if the table fits the terminal with nothing cut or wrapped; always True in a pipe."""
    return (
        not sys.stdout.isatty()
        or max(map(console_table.width, as_text(table).splitlines())) <= get_terminal_size().columns
    )


def echo_table(table: Table) -> None:
    """Prints a table: drawn on a terminal, plain text in a pipe."""
    if not sys.stdout.isatty():
        echo(as_text(table))
        return
    from handoffctl.console.rich_output import draw_table

    draw_table(table)


def styled(text: str, code: str) -> str:
    """Returns the text in a terminal style, for the few lines that need one. It must be visible() already."""
    return f"\x1b[{code}m{text}\x1b[0m" if context.coloured() else text


def echo_heading(text: str) -> None:
    sys.stdout.write(styled(escape_controls(text), "1") + "\n")


_SINGULAR = {"touches": "touch", "summaries": "summary", "entries": "entry"}


def counted(count: int, name: str) -> str:
    """Returns a count with its noun: `1 touch`, `2 touches`."""
    return f"{count:,} {name if count != 1 else _SINGULAR.get(name) or name.removesuffix('s')}"
