"""The summary e-mail of a call: draft, sent, confirm, correct; and the ledger of those that wait for an answer."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from handoffctl.commands.shared.deliver import Cc, Copy, Eml, deliver, put_on_clipboard, refuse_alone, write_file
from handoffctl.commands.shared.options import Account, Json, Sets, complete_account, complete_field
from handoffctl.commands.shared.telling import Tell, TellAs, decide_what_to_tell, typed_telling
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.editor import edit_text, save_draft
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_table
from handoffctl.console.prompts import ask_line
from handoffctl.console.prompts import confirm as confirm_question
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import format_local
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.deals.fields import pairs
from handoffctl.emails.summary import sent as summary_sent
from handoffctl.emails.summary.draft import Drafted, NothingNew, check_typed, split_text
from handoffctl.emails.summary.draft import draft as draft_summary
from handoffctl.emails.summary.ledger import SummaryDetails, confirm_within, list_summaries, summary_details
from handoffctl.emails.summary.reply import record_reply
from handoffctl.emails.summary_model import SummaryEmail, silent_from
from handoffctl.errors import HandoffError, Refused, UsageFault

YesNo = Literal["yes", "no"]
Announced = Annotated[
    YesNo | None, typer.Option(metavar="yes|no", help="Whether the client agreed at the end of the call to confirm it.")
]
To = Annotated[str, typer.Option(metavar="ADDRESS", help="Who gets it; else the main contact.")]
On = Annotated[str, typer.Option(metavar="WHEN", help="When they answered; now, if left out.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What they said.")]
Ref = Annotated[str, typer.Option("--ref", metavar="REFERENCE", help="Which summary, where there are several.")]


MOST_BYTES = 1024 * 1024


def register(app: typer.Typer) -> None:
    summary = group(app, "summary", "The summary e-mail of a call: draft it, mark it sent, take down the answer.")
    command(
        summary, "draft", "handoffctl summary draft acme-corp\n"
        'handoffctl summary draft acme-corp --set timeline="before the summer" --edit --eml acme.eml',
        one_undo=True,
    )(draft)  # fmt: skip
    command(summary, "sent", "handoffctl summary sent acme-corp --announced yes")(sent)
    command(summary, "confirm", 'handoffctl summary confirm acme-corp --on 2026-03-04 --note "all right, said Jane"')(
        confirm
    )
    command(summary, "correct", 'handoffctl summary correct acme-corp timeline="by May, not by June"')(correct)
    command(summary, "list", "handoffctl summary list\nhandoffctl summary list acme-corp --all")(list_)
    command(summary, "show", "handoffctl summary show acme-corp\nhandoffctl summary show acme-corp 6YRT4")(show)


def draft(
    account: Account,
    values: Sets = [],  # noqa: B006
    to: To = "",
    announced: Announced = None,
    edit: Annotated[bool, typer.Option("--edit", help="Open it in $VISUAL or $EDITOR first.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Write it anew, even where you wrote in the draft.")] = False,
    copy: Copy = False,
    eml: Eml = "",
    cc: Cc = [],  # noqa: B006
    whole: Annotated[
        bool, typer.Option("--whole", help="Everything, not only what is new since they confirmed the last one.")
    ] = False,
    sent: Annotated[bool, typer.Option("--sent", help="Record at once that you sent it.")] = False,
    tell: Tell = False,
    tell_as: TellAs = "",
    json: Json = False,
) -> None:
    """Draft the summary of a call from what you recorded: subject, blank line, body. Sends nothing.

    The first one says everything. Once the client has confirmed one, the next says what is new, what has changed and
    what was done since; where that is nothing, none is written. The draft is kept until you say that it was sent. A
    draft you wrote in stays as it is, unless you say --anew.
    """
    refuse_alone(cc, eml)
    telling, given = typed_telling(tell, tell_as), pairs(values)
    if given or to:  # nothing is told by a mail that will be refused
        check_typed(context.home(), context.reference(account), given, to)
    decide_what_to_tell(account, telling, ask_theirs=True)
    typed: list[str] = []

    def edit_and_keep(before: str) -> str | None:
        text = edit_text(before)
        typed.append(text or "")
        return text

    try:
        query = edit_and_keep if edit else None
        drafted = draft_summary(
            context.home(), context.reference(account), given, to, _as_bool(announced), anew, query, whole
        )
    except HandoffError as fault:
        if any(text.strip() for text in typed):  # nobody shall have to write it twice
            fault.hint = f"{fault.hint} What you wrote is in {save_draft(typed[0])}.".strip()
        raise
    if isinstance(drafted, NothingNew):
        _say_nothing_new(drafted, json)
        return
    if sent:
        summary_sent.record_sent(context.home(), drafted.deal.full_ref)
    if json:
        echo_json(drafted.as_json("sent" if sent else "draft"))
    deliver(drafted.email, copy, eml, cc, drafted.sent_as, quiet=json)
    if drafted.kept:
        echo_err("This is the draft as you wrote it; --anew writes it from the records again.")
    if drafted.stale:
        echo_err(f"Changed since, and not in this text: {', '.join(drafted.stale)}.")
    if not sent and not json and context.prompting():
        sent = _offer_and_ask(drafted, not copy, not eml, cc)
    if sent:
        echo_err("Recorded as sent.")
    else:
        echo_err(f"When it is sent: handoffctl summary sent {drafted.deal.ref}")


def _say_nothing_new(result: NothingNew, json: bool) -> None:
    """Says that no mail was written, since when nothing is new, and how to write everything all the same."""
    if json:
        echo_json(result.as_json())
        return
    base, clock = result.base, context.home().clock
    on = f" on {weekday_and_day(base.answered_at, clock)}" if base.answered_at else ""
    since = f"since {result.deal.called} {base.state} the last summary{on}"
    echo_err(f"Nothing is new {since}, so there is no mail to write.")
    echo_err(f"To write everything again: handoffctl summary draft {result.deal.ref} --whole")


def _offer_and_ask(drafted: Drafted, offer_copy: bool, offer_file: bool, cc: list[str]) -> bool:
    """Offers the clipboard and a file, then asks whether it was sent, and records that. Returns the answer."""
    if offer_copy and offer_file:
        answer, _ = ask_line("Clipboard [c], file for your mail program [f], or neither [Enter]? ")
        if answer[:1].casefold() == "c":
            put_on_clipboard(drafted.email)
        elif answer[:1].casefold() == "f":
            write_file(drafted.email, f"{drafted.deal.account.slug}.eml", cc, drafted.sent_as)
    if not confirm_question("Sent?"):
        return False
    summary_sent.record_sent(context.home(), drafted.deal.full_ref)
    return True


def _as_bool(answer: YesNo | None) -> bool | None:
    return None if answer is None else answer == "yes"


def sent(
    account: Account,
    to: To = "",
    at: Annotated[str, typer.Option(metavar="WHEN", help="When it was sent; now, if left out.")] = "",
    announced: Announced = None,
    text: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The text as you sent it, where it is not the draft; - reads a pipe."),
    ] = None,
) -> None:
    """Record that you sent the client the summary: text, recipient and moment are kept as they are."""
    recorded = summary_sent.record_sent(
        context.home(),
        context.reference(account),
        to,
        at,
        _as_bool(announced),
        None if text is None else _text_from(text),
    )
    summary = recorded.summary
    to_whom = f" ({summary.recipient})" if summary.recipient else ""
    echo_err(f"Summary {summary.reference} sent to {recorded.deal.called}{to_whom}.")
    if not summary.body:
        echo_err("Its text is not kept, for nothing that it could say is on record. --text FILE keeps what you sent.")
    if recorded.stale:
        echo_err(f"Its text is older than what is on record of: {', '.join(recorded.stale)}.")

    home = context.home()
    if from_day := silent_from(summary, home.clock, home.week, confirm_within(home, recorded.deal.playbook)):
        echo_err(f"Without an answer it counts as silent from {from_day} on.")
    ref = recorded.deal.ref
    echo_err(f"When they answer: handoffctl summary confirm {ref}, or summary correct {ref} NAME=VALUE")


def _text_from(name: str) -> tuple[str, str]:
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise Refused(f"{name} is larger than 1 MiB.", "That is no mail to a client.")
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{name} is not text in UTF-8.", "Save it as UTF-8 text.") from None
    return split_text(text.replace("\r\n", "\n"))


def confirm(account: Account, on: On = "", note: Note = "", ref: Ref = "") -> None:
    """Record that the client confirmed the summary."""
    recorded = record_reply(context.home(), context.reference(account), on=on, note=note, reference=ref)
    summary, name = recorded.summary, recorded.deal.called
    echo_err(f"Summary {summary.reference} confirmed by {name}{_on(summary)}.".replace("  ", " "))


def correct(
    account: Account,
    values: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE", help="What is right.", autocompletion=complete_field)
    ],
    on: On = "",
    note: Note = "",
    ref: Ref = "",
) -> None:
    """Record that the client corrected the summary, with what is right. It then counts as confirmed."""
    recorded = record_reply(context.home(), context.reference(account), pairs(values), on, note, context.reference(ref))
    summary, name = recorded.summary, recorded.deal.called
    echo_err(f"Summary {summary.reference} corrected by {name}{_on(summary)}; the next one says it right.")


def _on(summary: SummaryEmail) -> str:
    when = summary.answered_at
    return f", {format_local(when, context.home().clock.zone)}" if when and when != context.home().clock.now else ""


def list_(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Answered ones and those of closed deals too.")] = False,
    json: Json = False,
) -> None:
    """List the summaries that wait: drafts to be sent, and those without an answer, with their age in working days."""
    listed = list_summaries(context.home(), account, every)
    if json:
        echo_json({"summaries": listed, "total": len(listed)})
        return
    if not listed:
        echo_err("No summary" + (" yet." if every else " waits for an answer; --all lists the answered ones.")
             + " Draft one with: handoffctl summary draft ACCOUNT")  # fmt: skip
        return

    columns = ["account", "state", "sent", "days", "agreed", "reference"]
    zone = context.home().clock.zone
    rows: list[list[Cell]] = [
        [
            row.owner.ref, row.standing.state, format_local(summary.sent_at, zone) if summary.sent_at else "",
            row.standing.working_days, _yes_no(summary.announced), summary.reference or None,
        ]
        for row in listed
        for summary in [row.standing.summary]
    ]  # fmt: skip
    echo_table(
        Table(columns, rows, ["days: working days without an answer. agreed: whether they said they would answer."])
    )
    silent = [row.owner.ref for row in listed if row.standing.state == "silent"]
    if silent:
        echo_err(f"Silent: {counted(len(silent), 'summaries')}. Ask again: handoffctl email nudge {silent[0]}")


def show(
    account: Annotated[
        str,
        typer.Argument(
            metavar="ACCOUNT|REFERENCE",
            help="Account, account/deal, or a reference from summary list.",
            autocompletion=complete_account,
        ),
    ],
    reference: Annotated[
        str, typer.Argument(metavar="[REFERENCE]", help="Which summary, as summary list prints it.")
    ] = "",
    ref: Ref = "",
    json: Json = False,
) -> None:
    """Show the newest summary of a deal, or the one of this reference: its text, its state, what has changed since."""
    if reference and ref:
        raise UsageFault("The reference is given twice.", "As in: handoffctl summary show acme-corp 6YRT4")
    details = summary_details(context.home(), account, reference or ref)
    if json:
        echo_json(details.as_json())
        return
    summary = details.standing.summary
    echo_heading(f"{details.deal.account.name}: {_since(details)}")
    lines = {"reference": summary.reference, "to": summary.recipient, "note": summary.note}
    for name, value in (lines | {"announced": _yes_no(summary.announced)}).items():
        if value:
            echo(f"  {name}: {value}")
    for name, value in details.corrections.items():
        echo(f"  corrected: {name} = {value}")
    for change in details.changed:
        echo(f"  changed since: {change.name} was {change.was!r}, is {change.now!r}")
    echo()
    echo(f"Subject: {summary.subject}\n\n{summary.body}" if summary.body else "Its text is not on record.")
    if not summary.intact:
        echo_err("The text is not the one that was sent: somebody changed it in the database.")


def _yes_no(answer: bool | None) -> str:
    return {True: "yes", False: "no"}.get(answer, "") if answer is not None else ""


def _since(details: SummaryDetails) -> str:
    zone, state, summary = context.home().clock.zone, details.standing.state, details.standing.summary
    if not summary.sent_at:
        return f"{state}, not sent yet"
    if summary.answered_at:
        return f"{state} {format_local(summary.answered_at, zone)}, sent {format_local(summary.sent_at, zone)}"
    days = counted(details.standing.working_days or 0, "working days")
    since = f"sent {format_local(summary.sent_at, zone)} ({days} ago)"
    return since if state == "sent" else f"{state}, {since}"
