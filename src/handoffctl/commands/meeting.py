"""The `meeting` command: meetings with a prospect."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from handoffctl.commands.shared.ending_steps import Done, ask_whether_ended, echo_ended
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
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import Moment, format_local
from handoffctl.errors import HandoffError
from handoffctl.meetings.lookup import list_meetings

if TYPE_CHECKING:
    from handoffctl.meetings.book import BookedMeeting
    from handoffctl.meetings.outcome import MeetingOutcome

# `meeting list` loads neither the gate nor the reader of playbooks, so that the other commands import what they need.

When = Annotated[str, typer.Option("--at", metavar="WHEN", help="When: 2026-03-05T14:00, tomorrow 9:30, fri 14:00.")]
Where = Annotated[str, typer.Option("--where", metavar="PLACE", help="Where: an address, a link or a number to call.")]
Subject = Annotated[str, typer.Option("--subject", metavar="TEXT", help="What the client reads above the invitation.")]
Which = Annotated[
    str, typer.Option("--at", metavar="WHEN", help="Which one, where several are booked; else the earliest.")
]
With = Annotated[
    list[str],
    typer.Option("--with", metavar="CONTACT|PERSON|ROLE", help="Who is to be there; may be given several times."),
]
Ics = Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Also write a file for calendars.")]
Text = Annotated[str, typer.Argument(metavar="[TEXT]", help="What was said.")]


def register(app: typer.Typer) -> None:
    meeting = group(app, "meeting", "Meetings with a prospect: book, held, no-show, move, cancel, list.")
    command(
        meeting, "book",
        'handoffctl meeting book acme-corp --at "fri 14:00" --with sales --ics acme.ics\n'
        'handoffctl meeting book acme-corp --at "fri 14:00" --with "Jane Doe" --with "Alan Reed" --subject "Kickoff"\n'
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
    names: With = [],  # noqa: B006
    for_: Annotated[
        str,
        typer.Option("--for", metavar="HANDOFF", help="The handoff that waits for it.", autocompletion=complete_stage),
    ] = "",
    minutes: Annotated[int, typer.Option("--minutes", metavar="N", min=1, max=1440, help="How long.")] = 30,
    place: Where = "",
    subject: Subject = "",
    ics: Ics = None,
    json: Json = False,
) -> None:
    """Book a meeting. Where the deal has no next step, it becomes that."""
    from handoffctl.meetings.book import MeetingToBook, book_meeting

    given = MeetingToBook(at, names, for_, minutes, place, subject)
    booked = book_meeting(context.home(), context.reference(account), given, ics)
    if json:
        echo_json(booked)
        return
    meeting = booked.meeting
    with_whom = f" with {meeting.participants}" if meeting.participants else ""
    where = f", {meeting.place}" if meeting.place else ""
    echo_err(f"Booked for {booked.deal.called}: {_shown(meeting.at)}{with_whom}{where}." + _next_step(booked))
    _echo_away(booked)
    _echo_file(booked)
    _offer_introduction(booked)
    ref = booked.deal.ref
    echo_err(f"When it was: handoffctl meeting held {ref}. If nobody came: handoffctl meeting no-show {ref}")


def _offer_introduction(booked: "BookedMeeting") -> None:
    """Asks whether to write the introduction of the colleague who would take over; in a script prints its command."""
    name, ref = booked.newcomer, booked.deal.ref
    if not name:
        return
    if context.prompting() and confirm_by_enter(f"Write the introduction to {name} now?"):
        from handoffctl.commands.email import email

        try:
            email("introduction", ref, role=name)
        except HandoffError as fault:  # the meeting is booked all the same
            echo_err(" ".join([f"No introduction: {fault.message}", fault.hint, *fault.problems]))
        return
    echo_err(f"The introduction for the client: handoffctl email introduction {ref} --for {quote(name)}")


def held(
    account: Account,
    text: Text = "",
    which: Which = "",
    met: Annotated[str, typer.Option("--with", metavar="ROLE|CONTACT", help="Who was there, if others.")] = "",
    values: Sets = [],  # noqa: B006
    next_step: StepText = "",
    due: Due = "",
    done: Done = False,
    json: Json = False,
) -> None:
    """Record that a booked meeting was held, with what you learned. Then the handoff that waited for it can be done."""
    from handoffctl.deals.fields import pairs
    from handoffctl.meetings.outcome import mark_held, step_that_held_meeting_ends

    home, ref = context.home(), context.reference(account)
    ends_step = True if done else None
    if context.prompting() and not done:
        ends_step = ask_whether_ended(step_that_held_meeting_ends(home, ref, which))
    step = step_from(next_step, due)
    outcome = mark_held(home, ref, text, which, met, pairs(values), step, ends_step)
    if json:
        echo_json(outcome)
        return
    echo_err(f"Held: the {outcome.meeting.called} of {outcome.deal.called}, {_shown(outcome.at)}.")
    echo_ended(outcome.ended)
    if outcome.still_due and outcome.due:
        echo_err(f'The next step is still "{outcome.step}" (by {_shown(outcome.due)}). '
             f"If it is done: handoffctl step {outcome.deal.ref} --done")  # fmt: skip
    _offer_handoff(outcome)


def _offer_handoff(outcome: "MeetingOutcome") -> None:
    """Offers the handoff that waited for the meeting; in a script it only names the command."""
    commands = {name: f"handoffctl handoff {outcome.deal.ref} --to {quote(name)}" for name in outcome.handoffs}
    noticed = {notice.handoff for notice in context.home().notices if notice.deal_id == outcome.deal.id}
    if context.prompting() and len(commands) == 1:
        from handoffctl.commands.handoff import handoff

        name = next(iter(commands))
        if confirm_by_enter(f'Hand it off now ("{name}")? The deal stays with {outcome.deal.owner} until then.'):
            with context.home().recording_as("handoff"):
                handoff(outcome.deal.ref, to=name)
            return
    for name, line in commands.items():
        if name not in noticed:
            echo_err(f"The deal stays with {outcome.deal.owner} until it is handed off: {line}")
    if not commands and outcome.step is None:
        echo_err(f'No next step yet: handoffctl step {outcome.deal.ref} "TEXT" --due WHEN')


def no_show(
    account: Account,
    text: Text = "",
    which: Which = "",
    next_step: StepText = "",
    due: Due = "",
    json: Json = False,
) -> None:
    """Record that nobody came to a booked meeting. The owner stays, and finding a new date is the next step."""
    from handoffctl.meetings.outcome import mark_no_show

    outcome = mark_no_show(context.home(), context.reference(account), text, which, step_from(next_step, due))
    if json:
        echo_json(outcome)
        return
    deal, meeting = outcome.deal, outcome.meeting
    echo_err(f"No-show: the {meeting.called} of {deal.called}, {_shown(outcome.at)}. Owner: {deal.owner}.")
    if outcome.step:
        echo_err(f"Next step: {outcome.step}" + (f", by {_shown(outcome.due)}." if outcome.due else "."))
    if outcome.time_to_decide:
        times = "1 no-show" if outcome.no_shows == 1 else f"{outcome.no_shows} no-shows"
        echo_err(f"{times} in this stage, and the playbook allows {outcome.limit}: time to decide.")
        echo_err(f'  handoffctl close {deal.ref} --lost --because "TEXT"')
        echo_err(f'  handoffctl close {deal.ref} --nurture --because "TEXT" --wake +90d')
        echo_err(f"  handoffctl meeting move {deal.ref} --at WHEN")
    else:
        echo_err(f"When you have a new date: handoffctl meeting move {deal.ref} --at WHEN")
    echo_err(f"To offer them two other times: handoffctl email no-show {deal.ref}")


def move(
    account: Account,
    at: When,
    which: Annotated[str, typer.Option("--from", metavar="WHEN", help="Which one; else the earliest.")] = "",
    place: Where = "",
    subject: Subject = "",
    ics: Ics = None,
    json: Json = False,
) -> None:
    """Give a booked meeting another time. After a no-show: book it anew."""
    from handoffctl.meetings.book import MeetingToBook, move_meeting

    given = MeetingToBook(at, place=place, subject=subject)
    booked = move_meeting(context.home(), context.reference(account), given, which, ics)
    if json:
        echo_json(booked)
        return
    was = f", instead of {_shown(booked.before)}" if booked.before else ""
    meeting = booked.meeting
    where = f", {meeting.place}" if meeting.place else ""
    echo_err(
        f"The {meeting.called} of {booked.deal.called} is on {_shown(meeting.at)} now{was}{where}." + _next_step(booked)
    )
    _echo_away(booked)
    _echo_file(booked)


def cancel(account: Account, which: Which = "", because: Because = "", ics: Ics = None, json: Json = False) -> None:
    """Call off a booked meeting."""
    from handoffctl.meetings.book import cancel_meeting

    booked = cancel_meeting(context.home(), context.reference(account), which, because, ics)
    if json:
        echo_json(booked)
        return
    echo_err(f"Cancelled: the {booked.meeting.called} of {booked.deal.called}, {_shown(booked.meeting.at)}.")
    _echo_file(booked)
    if booked.nothing_next:
        echo_err(f'No next step now: handoffctl step {booked.deal.ref} "TEXT" --due WHEN')


def list_(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that were marked or cancelled too.")] = False,
    json: Json = False,
) -> None:
    """List the meetings to come; first those that are over and that nobody marked as held or no-show."""
    clock = context.home().clock
    meetings = list_meetings(context.home(), account, every)
    if json:
        echo_json({"meetings": [row.as_json(clock) for row in meetings], "total": len(meetings)})
        return
    if not meetings:
        echo_err("No meeting is booked. Book one with: handoffctl meeting book ACCOUNT --at WHEN")
        return

    more = [
        (title, [str(getattr(row.meeting, name)) for row in meetings])
        for title, name in (("about", "subject"), ("where", "place"))
        if any(getattr(row.meeting, name) for row in meetings)
    ]
    rows: list[list[Cell]] = [
        [row.ref, _shown(row.meeting.at), row.meeting.minutes, row.meeting.participants, row.meeting.handoff or "",
         "held, or no-show?" if row.is_unmarked(clock) else row.meeting.state, *(column[n] for _, column in more)]
        for n, row in enumerate(meetings)
    ]  # fmt: skip
    echo_table(Table(["account", "when", "minutes", "with", "for", "state", *(title for title, _ in more)], rows))


def _shown(moment: Moment) -> str:
    return format_local(moment, context.home().clock.zone)


def _next_step(booked: "BookedMeeting") -> str:
    return f" Next step: {booked.step}." if booked.step else ""


def _echo_away(booked: "BookedMeeting") -> None:
    for sentence in booked.away:
        echo_err(sentence)


def _echo_file(booked: "BookedMeeting") -> None:
    ics = booked.ics
    if ics is None:
        return
    if booked.invited:
        what = "the cancellation" if booked.meeting.state == "cancelled" else "an invitation"
        echo_err(f"Wrote {ics}, {what} for {', '.join(booked.invited)}. Open it in your calendar, or send it yourself.")
    else:
        echo_err(f"Wrote {ics}, for your own calendar. It invites nobody: that takes your address (me: {{email: ...}} "
             f"in {context.home().folder / 'config.yaml'}) and that of the contact.")  # fmt: skip
