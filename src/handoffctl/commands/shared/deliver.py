"""Delivers an e-mail to the screen or a pipe, to the clipboard, and to a file for the mail program."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from handoffctl.console import context
from handoffctl.console.clipboard import copy_text
from handoffctl.console.output import echo, echo_err
from handoffctl.emails.email import Email
from handoffctl.emails.eml_file import write_eml
from handoffctl.errors import UsageFault

Copy = Annotated[bool, typer.Option("--copy", help="Put it on the clipboard too.")]
Eml = Annotated[
    str, typer.Option("--eml", metavar="FILE", help="Write it as a file that your mail program opens as a draft.")
]
Cc = Annotated[
    list[str], typer.Option("--cc", metavar="ADDRESS", help="Who gets a copy, in the file; may be given several times.")
]


def deliver(email: Email, copy: bool, eml: str, cc: Sequence[str], sent_as: str = "", quiet: bool = False) -> None:
    """Prints the e-mail unless `quiet`, copies it, writes the file, then prints the remarks for its writer."""
    if not quiet:
        echo(email.pasted)
        if sys.stdout.isatty():
            echo("---")  # where the mail ends and the remarks begin
    if email.cc and not quiet:
        echo_err(f"Copy to: {', '.join(email.cc)}")
    if copy:
        put_on_clipboard(email)
    if eml:
        write_file(email, eml, cc, sent_as)
    for remark in email.remarks:
        echo_err(remark)


def put_on_clipboard(email: Email) -> None:
    """Puts the e-mail on the clipboard, and says so."""
    in_clipboard = copy_text(email.pasted)
    echo_err("It is on the clipboard." if in_clipboard else "There is no clipboard here; copy it from above.")


def write_file(email: Email, eml: str, cc: Sequence[str], sent_as: str = "") -> None:
    """Writes the e-mail as a file for the mail program, and says so."""
    remark = write_eml(context.home(), Path(eml), email, [*email.cc, *cc], sent_as)
    echo_err(f"Written to {eml}. Open it with your mail program; nothing was sent.")
    if remark:
        echo_err(remark)


def refuse_alone(cc: Sequence[str], eml: str) -> None:
    """Raises UsageFault for --cc without --eml: only the file has recipients of copies."""
    if cc and not eml:
        raise UsageFault("--cc goes with --eml.", "As in: --eml summary.eml --cc sam@acme.example")
