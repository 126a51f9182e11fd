"""Meetings with a prospect: book, held, no-show, move, cancel, list."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from handoffctl.commands.shared.options import (
    Account,
    Because,
    Due,
    Json,
    Sets,
    StepText,
    complete_account,
    complete_stage,
    step_from,
)
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.prompts import confirm_by_enter
from handoffctl.console.table import Table
from handoffctl.core.moments import shown
from handoffctl.meetings.list import listed

if TYPE_CHECKING:
    from handoffctl.core.moments import Moment
    from handoffctl.meetings.book import Arranged
    from handoffctl.meetings.outcome import Marked

When = Annotated[str, typer.Option("--at", metavar="WHEN", help="When: 2026-03-05T14:00, tomorrow 9:30, fri 14:00.")]
Which = Annotated[
    str, typer.Option("--at", metavar="WHEN", help="Which one, where several are booked; else the earliest.")
]
With = Annotated[str, typer.Option("--with", metavar="ROLE|CONTACT", help="Whom it is with.")]
Ics = Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Also write a file for calendars.")]
Said = Annotated[str, typer.Argument(metavar="[TEXT]", help="What was said.")]


def register(app: typer.Typer) -> None:
    meeting = group(app, "meeting", "Meetings with a prospect: book, held, no-show, move, cancel, list.")
    command(
        meeting, "book",
        'handoffctl meeting book acme-corp --at "fri 14:00" --with sales --ics acme.ics\n'
        "handoffctl meeting book acme-corp --at 2026-03-05T14:00 --for discovery --minutes 45",
    )(book)  # fmt: skip
    command(
        meeting, "held", 'handoffctl meeting held acme-corp "They want it by May" --set timeline="by May"',
    )(held)  # fmt: skip
    command(meeting, "no-show", "handoffctl meeting no-show acme-corp")(no_show)
    command(meeting, "move", 'handoffctl meeting move acme-corp --at "mon 10:00" --ics acme.ics')(move)
    command(meeting, "cancel", 'handoffctl meeting cancel acme-corp --because "They chose another firm"')(cancel)
    command(meeting, "list", "handoffctl meeting list\nhandoffctl meeting list acme-corp --all")(list_)


def book(
    account: Account,
    at: When,
    met: With = "",
    for_: Annotated[
        str,
        typer.Option("--for", metavar="HANDOFF", help="The handoff that waits for it.", autocompletion=complete_stage),
    ] = "",
    minutes: Annotated[int, typer.Option("--minutes", metavar="N", min=1, max=1440, help="How long.")] = 30,
    ics: Ics = None,
    json: Json = False,
) -> None:
    """Book a meeting. Where the deal has no next step, it becomes that."""
    from handoffctl.meetings.book import book as record

    done = record(context.home(), account, at, met, for_, minutes, ics, context.prompting())
    if json:
        echo_json(done.as_json() | {"ics": str(ics) if ics else None})
        return
    with_whom = f" with {done.meeting.met}" if done.meeting.met else ""
    echo_err(f"Booked for {done.deal.called}: {_shown(done.meeting.at)}{with_whom}." + _step_made(done))
    _tell_away(done)
    _tell_of_file(done, ics)
    ref = done.deal.ref
    echo_err(f"When it was: handoffctl meeting held {ref}. If nobody came: handoffctl meeting no-show {ref}")


def held(
    account: Account,
    text: Said = "",
    which: Which = "",
    met: Annotated[str, typer.Option("--with", metavar="ROLE|CONTACT", help="Who was there, if others.")] = "",
    values: Sets = [],  # noqa: B006
    next_step: StepText = "",
    due: Due = "",
    json: Json = False,
) -> None:
    """Record that a booked meeting was held, with what you learned. Then the handoff that waited for it can be done."""
    from handoffctl.deals.fields import pairs
    from handoffctl.meetings.outcome import held as record

    done = record(
        context.home(), account, text, which, met, pairs(values), step_from(next_step, due), context.prompting()
    )
    if json:
        echo_json(done.as_json())
        return
    echo_err(f"Held: the {done.meeting.called} of {done.deal.called}, {_shown(done.at)}.")
    if done.still_due and done.due:
        echo_err(f'The next step is still "{done.step}" (by {_shown(done.due)}). '
             f"If it is done: handoffctl step {done.deal.ref} --done")  # fmt: skip
    _go_on(done)


def _go_on(done: "Marked") -> None:
    """Offers the handoff that waited for the meeting; in a script it only names the command."""
    commands = {name: f"handoffctl handoff {done.deal.ref} --to {quote(name)}" for name in done.handoffs}
    noticed = {one.handoff for one in context.home().noticed if one.deal_id == done.deal.id}
    if context.prompting() and len(commands) == 1:
        from handoffctl.commands.handoff import handoff

        name = next(iter(commands))
        if confirm_by_enter(f'Hand it off now ("{name}")? The deal stays with {done.deal.owner} until then.'):
            with context.home().recording_as("handoff"):
                handoff(done.deal.ref, to=name)
            return
    for name, typed in commands.items():
        if name not in noticed:
            echo_err(f"The deal stays with {done.deal.owner} until it is handed off: {typed}")
    if not commands and done.step is None:
        echo_err(f'No next step yet: handoffctl step {done.deal.ref} "TEXT" --due WHEN')


def no_show(
    account: Account,
    text: Said = "",
    which: Which = "",
    next_step: StepText = "",
    due: Due = "",
    json: Json = False,
) -> None:
    """Record that nobody came to a booked meeting. The owner stays, and finding a new date is the next step."""
    from handoffctl.meetings.outcome import no_show as record

    done = record(context.home(), account, text, which, step_from(next_step, due), context.prompting())
    if json:
        echo_json(done.as_json())
        return
    ref = done.deal.ref
    echo_err(f"No-show: the {done.meeting.called} of {done.deal.called}, {_shown(done.at)}. Owner: {done.deal.owner}.")
    if done.step:
        echo_err(f"Next step: {done.step}" + (f", by {_shown(done.due)}." if done.due else "."))
    if done.time_to_decide:
        times = "1 no-show" if done.no_shows == 1 else f"{done.no_shows} no-shows"
        echo_err(f"{times} in this stage, and the playbook allows {done.limit}: time to decide.")
        echo_err(f'  handoffctl close {ref} --lost --because "TEXT"')
        echo_err(f'  handoffctl close {ref} --nurture --because "TEXT" --wake +90d')
        echo_err(f"  handoffctl meeting move {ref} --at WHEN")
    else:
        echo_err(f"When you have a new date: handoffctl meeting move {ref} --at WHEN")


def move(
    account: Account,
    at: When,
    which: Annotated[str, typer.Option("--from", metavar="WHEN", help="Which one; else the earliest.")] = "",
    ics: Ics = None,
    json: Json = False,
) -> None:
    """Give a booked meeting another time. After a no-show: book it anew."""
    from handoffctl.meetings.book import move as record

    done = record(context.home(), account, at, which, ics, context.prompting())
    if json:
        echo_json(done.as_json() | {"ics": str(ics) if ics else None})
        return
    was = f", instead of {_shown(done.before)}" if done.before else ""
    echo_err(
        f"The {done.meeting.called} of {done.deal.called} is on {_shown(done.meeting.at)} now{was}." + _step_made(done)
    )
    _tell_away(done)
    _tell_of_file(done, ics)


def cancel(account: Account, which: Which = "", because: Because = "", ics: Ics = None, json: Json = False) -> None:
    """Call off a booked meeting."""
    from handoffctl.meetings.book import cancel as record

    done = record(context.home(), account, which, because, ics, context.prompting())
    if json:
        echo_json(done.as_json() | {"ics": str(ics) if ics else None})
        return
    echo_err(f"Cancelled: the {done.meeting.called} of {done.deal.called}, {_shown(done.meeting.at)}.")
    _tell_of_file(done, ics)
    if done.nothing_next:
        echo_err(f'No next step now: handoffctl step {done.deal.ref} "TEXT" --due WHEN')


def list_(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that were marked or cancelled too.")] = False,
    json: Json = False,
) -> None:
    """List the meetings to come; first those that are over and that nobody marked as held or no-show."""
    found = listed(context.home(), account, every)
    if json:
        echo_json({"meetings": found, "total": len(found)})
        return
    if not found:
        echo_err("No meeting is booked. Book one with: handoffctl meeting book ACCOUNT --at WHEN")
        return

    rows = [
        [one["ref"], _shown(one["at"]), one["minutes"], one["with"], one["for"] or "",
         "held, or no-show?" if one["unmarked"] else one["state"]]
        for one in found
    ]  # fmt: skip
    echo_table(Table(["account", "when", "minutes", "with", "for", "state"], rows))


def _shown(moment: "Moment") -> str:
    return shown(moment, context.home().clock.zone)


def _step_made(done: "Arranged") -> str:
    return f" Next step: {done.step}." if done.step else ""


def _tell_away(done: "Arranged") -> None:
    for sentence in done.away:
        echo_err(sentence)


def _tell_of_file(done: "Arranged", ics: Path | None) -> None:
    if ics is None:
        return
    if done.invited:
        what = "the cancellation" if done.meeting.state == "cancelled" else "an invitation"
        echo_err(f"Wrote {ics}, {what} for {', '.join(done.invited)}. Open it in your calendar, or send it yourself.")
    else:
        echo_err(f"Wrote {ics}, for your own calendar. It invites nobody: that takes your address (me: {{email: ...}} "
             f"in {context.home().folder / 'config.yaml'}) and that of the contact.")  # fmt: skip
