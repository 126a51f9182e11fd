"""The command `touch`."""

from dataclasses import replace
from shlex import quote
from typing import Annotated, Literal

import typer

from handoffctl.commands.shared.ending_steps import Done, ask_whether_ended, echo_ended, echo_still_due
from handoffctl.commands.shared.felt import AskedTwice
from handoffctl.commands.shared.options import Account, Due, Sets, StepText, complete_stage, step_from
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.core.moments import format_local
from handoffctl.deals.fields import pairs
from handoffctl.deals.touches import NewTouch
from handoffctl.errors import UsageFault
from handoffctl.handoffs.touch import step_that_touch_ends
from handoffctl.handoffs.touch import touch as record_touch
from handoffctl.trials.missed import filled_in_remarks


def register(app: typer.Typer) -> None:
    command(
        app, "touch", 'handoffctl touch acme-corp call "Sent me their figures" --in --set budget=12000\n'
        "handoffctl touch acme-corp meeting --outcome held --with delivery --step \"send the offer\" --due fri\n"
        'handoffctl touch acme-corp email "Please send an offer" --in --trigger proposal',
    )(touch)  # fmt: skip


def touch(
    account: Account,
    kind: Annotated[Literal["call", "email", "meeting", "message", "note"], typer.Argument(metavar="KIND")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was said.")] = "",
    inbound: Annotated[bool, typer.Option("--in", help="It came from them.")] = False,
    outbound: Annotated[bool, typer.Option("--out", help="It came from you (the usual).")] = False,
    at: Annotated[str, typer.Option(metavar="WHEN", help="When it happened; now, if left out.")] = "",
    outcome: Annotated[
        str,
        typer.Option(
            metavar="OUTCOME",
            help="How it went: held, no-show, booked, cancelled, answered, no-answer, left-message, sent or replied.",
        ),
    ] = "",
    met: Annotated[str, typer.Option("--with", metavar="ROLE|CONTACT", help="Who was there.")] = "",
    values: Sets = [],  # noqa: B006
    next_step: StepText = "",
    due: Due = "",
    trigger: Annotated[
        str,
        typer.Option(metavar="STAGE|NAME", help="They did what calls for this handoff.", autocompletion=complete_stage),
    ] = "",
    done: Done = False,
    asked_twice: AskedTwice = [],  # noqa: B006
) -> None:
    """Record a call, e-mail, meeting, message or note, with what you learned and what comes next, in one line."""
    if inbound and outbound:
        raise UsageFault("It was either --in or --out.", "Leave one of them out.")
    new = NewTouch(
        kind, text, "in" if inbound else "out", at, outcome, met, pairs(values), step_from(next_step, due), trigger,
        asked_twice=asked_twice,
    )  # fmt: skip
    ends_step = True if done else None
    if context.prompting() and not done:
        ends_step = ask_whether_ended(step_that_touch_ends(context.home(), context.reference(account), new))
    recorded = record_touch(context.home(), context.reference(account), replace(new, ends_step=ends_step))
    deal, when = recorded.deal, format_local(recorded.at, context.home().clock.zone)
    echo_err(f"Recorded the {kind} with {deal.called} ({when}).")
    echo_ended(recorded.ended)
    echo_still_due(recorded.still_due, deal.ref)
    for remark in filled_in_remarks(context.home(), deal.full_ref, new.values):
        echo_err(remark)
    if recorded.handoff:
        echo_err(f"Hand it off with: handoffctl handoff {deal.ref} --to {quote(recorded.handoff.key)}")
