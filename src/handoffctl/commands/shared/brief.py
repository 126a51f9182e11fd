"""Prints the receiver's brief."""

import sys
from shutil import get_terminal_size

from handoffctl.console.output import echo, echo_heading
from handoffctl.emails.brief_lines import brief_lines
from handoffctl.emails.receiver_brief import ReceiverBrief

WIDTH = 100  # in a pipe, and at most on a terminal: longer lines are hard to read


def echo_brief(brief: ReceiverBrief) -> None:
    """Prints the brief, folded to the terminal."""
    width = min(max(get_terminal_size().columns - 1, 60), WIDTH) if sys.stdout.isatty() else WIDTH
    first, *rest = brief_lines(brief, width)
    echo_heading(first)
    for line in rest:
        echo(line)
