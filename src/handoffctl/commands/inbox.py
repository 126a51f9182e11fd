"""The `inbox` command: finds replies to summaries in mail files, and asks the user what each one is."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from handoffctl.commands.shared.options import Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json
from handoffctl.console.prompts import ask_line, choose
from handoffctl.core.moments import format_local
from handoffctl.errors import HandoffError, UsageFault
from handoffctl.inbox.mailbox import UnreadableMail
from handoffctl.inbox.replies import (
    InboxScan,
    SummaryReply,
    correctable_values,
    parse_correction,
    record_answer,
    scan,
    set_aside,
)

NAMES_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    command(app, "inbox", "handoffctl inbox ~/Mail/INBOX\nhandoffctl inbox reply.eml --assume none --json")(inbox)


def inbox(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A .eml file, an mbox file, a Maildir or a folder of .eml.")
    ],
    assume: Annotated[
        Literal["none"] | None, typer.Option(metavar="none", help="Ask nothing: only list what was found.")
    ] = None,
    json: Json = False,
) -> None:
    """Find the answers to your summaries in files of mail, and take down what each is.

    Nothing is confirmed unless you say so, and the mail is not changed. What you took down is not asked again.
    """
    if not path:
        raise UsageFault("PATH is empty.", "Name a .eml file, an mbox file or a Maildir.")
    result = scan(context.home(), Path(os.path.expanduser(path)))
    if json:
        echo_json(result.as_json())
        return
    interactive = context.prompting() and assume is None
    for reply in result.replies:
        _show_reply(reply)
        if interactive:
            _ask_kind(reply)
        else:
            reference = f" --ref {reply.summary.reference}" if reply.summary.reference else ""
            echo(f"  To take it down: handoffctl summary confirm {reply.ref}{reference}, or summary correct ...")
            echo()
    _show_totals(result, interactive)
    _show_unreadable(result.unreadable)


def _show_totals(result: InboxScan, interactive: bool) -> None:
    mails = counted(result.messages, "mails")
    known = f" {counted(result.recorded_before, 'answers')} known already." if result.recorded_before else ""
    if not result.replies:
        echo_err(f"No new answer to a summary among {mails}.{known}")
        return
    echo_err(f"{counted(len(result.replies), 'answers')} to summaries among {mails}.{known}")
    if not interactive:
        echo_err("Run this on a terminal to be asked what each of them is.")


def _show_unreadable(mails: Sequence[UnreadableMail]) -> None:
    if mails:
        echo_err(f"{len(mails)} could not be read:")
    for mail in mails[:NAMES_SHOWN]:
        echo_err(f"  {mail.place}: {mail.reason}")
    if len(mails) > NAMES_SHOWN:
        echo_err(f"  ... and {len(mails) - NAMES_SHOWN} more; --json names all.")


def _show_reply(reply: SummaryReply) -> None:
    message, summary, zone = reply.message, reply.summary, context.home().clock.zone
    when = f", {format_local(message.at, zone)}" if message.at else ""
    about = f"the summary {summary.reference}" if summary.reference else "a summary"
    sent = f" of {format_local(summary.sent_at, zone)[:10]}" if summary.sent_at else ""
    echo_heading(f"{reply.sent.account_name}: {message.sender or 'somebody'}{when}")
    state = "waiting" if summary.state == "sent" else summary.state
    echo(f"  answers {about}{sent}, {state} (told by {reply.matched_by})")
    for line in (reply.text or "(no text)").splitlines():
        echo(f"  | {line}".rstrip())
    for remark in reply.remarks:
        echo(f"  {remark}")
    echo(f"  It looks like: {reply.proposal}" + (", sent by a machine" if message.automatic else ""))


def _ask_kind(reply: SummaryReply) -> None:
    """Asks what the reply is, and records it. A reply that cannot be recorded does not keep the user from the rest."""
    kind = choose("What is it? Enter leaves it for the next time.", ["confirmed", "corrected", "other"])
    try:
        if kind == "confirmed":
            record_answer(context.home(), reply, {})
        elif kind == "corrected":
            kind = _ask_correction(reply)
        elif kind == "other":
            set_aside(context.home(), reply)
    except HandoffError as fault:
        echo(f"  {fault.message} {fault.hint}")
        kind = None
    echo(f"  Taken down: {kind}." if kind else "  Left as it is.")
    echo()


def _ask_correction(reply: SummaryReply) -> str | None:
    """Asks for the correct values one a line, checks each at once and records them; returns None if there are none."""
    echo("  What is right? One NAME=VALUE a line; Enter when that is all. On record:")
    for name, value in correctable_values(context.home(), reply).items():
        echo(f"    {name}={value}")
    corrections: dict[str, str] = {}
    while line := ask_line("  > ")[0]:
        try:
            corrections |= parse_correction(context.home(), reply, line)
        except HandoffError as fault:
            echo(f"  {fault.message} Type it again; what you gave before stays.")
    if not corrections:
        return None
    record_answer(context.home(), reply, corrections)
    return "corrected (" + ", ".join(f"{name} = {value}" for name, value in corrections.items()) + ")"
