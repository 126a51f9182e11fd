"""inbox: finds the answers to summaries in files of mail, and asks what each of them is."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from handoffctl.commands.shared.options import Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json
from handoffctl.console.prompts import asked, chosen
from handoffctl.core.moments import shown
from handoffctl.errors import HandoffError, UsageFault

if TYPE_CHECKING:
    from handoffctl.inbox.replies import Answer


def register(app: typer.Typer) -> None:
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
    from handoffctl.inbox.replies import named, read

    if not path:
        raise UsageFault("PATH is empty.", "Name a .eml file, an mbox file or a Maildir.")
    found = read(context.home(), Path(os.path.expanduser(path)))
    if json:
        echo_json(found.as_json())
        return
    asking = context.prompting() and assume is None
    for answer in found.answers:
        _tell(answer)
        if asking:
            _ask(answer)
        else:
            which = f" --ref {answer.summary.reference}" if answer.summary.reference else ""
            echo(f"  To take it down: handoffctl summary confirm {answer.ref}{which}, or summary correct ...")
            echo()
    _sum_up(len(found.answers), found.messages, found.taken_before, asking)
    named(found.unreadable, echo_err)


def _sum_up(answers: int, messages: int, taken_before: int, asking: bool) -> None:
    known = f" {counted(taken_before, 'answers')} known already." if taken_before else ""
    if not answers:
        echo_err(f"No new answer to a summary among {counted(messages, 'mails')}.{known}")
        return
    echo_err(f"{counted(answers, 'answers')} to summaries among {counted(messages, 'mails')}.{known}")
    if not asking:
        echo_err("Run this on a terminal to be asked what each of them is.")


def _tell(answer: "Answer") -> None:
    one, zone = answer.message, context.home().clock.zone
    when = f", {shown(one.at, zone)}" if one.at else ""
    about = f"the summary {answer.summary.reference}" if answer.summary.reference else "a summary"
    sent = f" of {shown(answer.summary.sent_at, zone)[:10]}" if answer.summary.sent_at else ""
    echo_heading(f"{answer.name}: {one.sender or 'somebody'}{when}")
    state = "waiting" if answer.summary.state == "sent" else answer.summary.state
    echo(f"  answers {about}{sent}, {state} (told by {answer.how})")
    for line in (answer.text or "(no text)").splitlines():
        echo(f"  | {line}".rstrip())
    for remark in answer.remarks:
        echo(f"  {remark}")
    echo(f"  It looks like: {answer.proposal}" + (", sent by a machine" if one.automatic else ""))


def _ask(answer: "Answer") -> None:
    from handoffctl.inbox.replies import set_aside, take_answer

    picked = chosen("What is it? Enter leaves it for the next time.", ["confirmed", "corrected", "other"])
    try:
        if picked == "confirmed":
            take_answer(context.home(), answer, {})
        elif picked == "corrected":
            picked = _ask_what_is_right(answer)
        elif picked == "other":
            set_aside(context.home(), answer)
    except HandoffError as fault:  # one that cannot be taken down must not keep the others from it
        echo(f"  {fault.message} {fault.hint}")
        picked = None
    echo(f"  Taken down: {picked}." if picked else "  Left as it is.")
    echo()


def _ask_what_is_right(answer: "Answer") -> str | None:
    """Asks for the values that are right, one a line, each judged at once; None where none is given."""
    from handoffctl.inbox.replies import askable, judged, take_answer

    echo("  What is right? One NAME=VALUE a line; Enter when that is all. On record:")
    for name, value in askable(context.home(), answer).items():
        echo(f"    {name}={value}")
    given: dict[str, str] = {}
    while line := asked("  > ")[0]:
        try:
            given |= judged(context.home(), answer, line)
        except HandoffError as fault:
            echo(f"  {fault.message} Type it again; what you gave before stays.")
    if not given:
        return None
    take_answer(context.home(), answer, given)
    return "corrected (" + ", ".join(f"{name} = {value}" for name, value in given.items()) + ")"
