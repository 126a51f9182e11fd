"""Hands an e-mail over: on the screen or into a pipe, onto the clipboard, into a file for the mail program."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handoffctl.console import context
from handoffctl.console.clipboard import copy_text
from handoffctl.console.output import echo, echo_err
from handoffctl.emails.eml_file import write_unsent
from handoffctl.errors import UsageFault

if TYPE_CHECKING:
    from handoffctl.emails.email import Email

Copy = Annotated[bool, typer.Option("--copy", help="Put it on the clipboard too.")]
Eml = Annotated[
    str, typer.Option("--eml", metavar="FILE", help="Write it as a file that your mail program opens as a draft.")
]
Cc = Annotated[
    list[str], typer.Option("--cc", metavar="ADDRESS", help="Who gets a copy, in the file; may be given several times.")
]


def hand_over(made: "Email", copy: bool, eml: str, cc: Sequence[str], sent_as: str = "", quiet: bool = False) -> None:
    """Shows the mail unless it is to be quiet, copies it, writes the file, then tells what its writer should know."""
    if not quiet:
        echo(made.pasted)
        if sys.stdout.isatty():
            echo("---")  # where the mail ends and the remarks begin
    if copy:
        done = copy_text(made.pasted)
        echo_err("It is on the clipboard." if done else "There is no clipboard here; copy it from above.")
    if eml:
        remark = write_unsent(context.home(), Path(eml), made, cc, sent_as)
        echo_err(f"Written to {eml}. Open it with your mail program; nothing was sent.")
        if remark:
            echo_err(remark)
    for remark in made.remarks:
        echo_err(remark)


def refuse_alone(cc: Sequence[str], eml: str) -> None:
    """Copies go to somebody only through the file."""
    if cc and not eml:
        raise UsageFault("--cc goes with --eml.", "As in: --eml summary.eml --cc sam@acme.example")
