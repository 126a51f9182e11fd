"""The day's work: touch, step, check."""

from shlex import quote
from typing import Annotated, Literal

import typer

from handoffctl.commands.shared.options import Account, Due, Json, Sets, StepText, To, complete_stage, step_from
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err, echo_json
from handoffctl.core.moments import shown
from handoffctl.errors import MISSING, UsageFault
from handoffctl.handoffs.output import say_verdict


def register(app: typer.Typer) -> None:
    command(
        app, "touch", 'handoffctl touch acme-corp call "Sent me their figures" --in --set budget=12000\n'
        "handoffctl touch acme-corp meeting --outcome held --with delivery --step \"send the offer\" --due fri\n"
        'handoffctl touch acme-corp email "Please send an offer" --in --trigger proposal',
    )(touch)  # fmt: skip
    command(app, "step", 'handoffctl step acme-corp "send the offer" --due fri\nhandoffctl step acme-corp --done')(step)
    command(app, "check", "handoffctl check acme-corp\nhandoffctl check acme-corp --json")(check)


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
) -> None:
    """Record a call, e-mail, meeting, message or note, with what you learned and what comes next, in one line."""
    from handoffctl.deals.fields import pairs
    from handoffctl.handoffs.touch import touch as record

    if inbound and outbound:
        raise UsageFault("It was either --in or --out.", "Leave one of them out.")
    found, when, seen = record(
        context.home(), account, kind, text, "in" if inbound else "out", at or None, outcome, met or None,
        pairs(values), step_from(next_step, due), context.prompting(), trigger,
    )  # fmt: skip
    echo_err(f"Recorded the {kind} with {found.called} ({shown(when, context.home().clock.zone)}).")
    if seen:
        echo_err(f"Hand it off with: handoffctl handoff {found.ref} --to {quote(seen.key)}")


def step(
    account: Account,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What happens next.")] = "",
    due: Due = "",
    done: Annotated[bool, typer.Option("--done", help="The open step is done.")] = False,
) -> None:
    """Plan the next step of a deal, or mark it as done."""
    from handoffctl.deals.steps import finish_step, plan

    if done == bool(text):
        raise UsageFault(
            "Give either the next step or --done.", 'As in: handoffctl step acme-corp "call back" --due fri'
        )
    if done:
        found, what = finish_step(context.home(), account, context.prompting())
        echo_err(f"Done: {what}. Plan what comes next with: handoffctl step {found.ref} TEXT --due WHEN")
        return
    found, when = plan(context.home(), account, step_from(text, due), context.prompting())
    echo_err(
        f"Next step for {found.called}: {text}" + (f", by {shown(when, context.home().clock.zone)}." if when else ".")
    )


def check(account: Account, to: To = "", json: Json = False) -> None:
    """Say what is missing for the next handoff, why it is needed, and the command that fixes it. Changes nothing.

    Exit code 0 when nothing required is missing, else 3.
    """
    from handoffctl.follow_up.status import as_json
    from handoffctl.handoffs.attempt import verdict_as_json
    from handoffctl.handoffs.check import checked

    tried, verdict, where = checked(context.home(), account, to or None, allow_prefix=True)
    follow_up = as_json(context.home(), where)
    if json:
        echo_json(verdict_as_json(tried, verdict) | {"follow_up": follow_up})
    else:
        say_verdict(tried, verdict)
        if follow_up:
            echo(f"Follow-up: {follow_up['says']}")
        if tried.unfinished:
            echo_err(f"{tried.rules.path} is a draft: this handoff is refused until it says its {tried.unfinished}.")
    raise typer.Exit(0 if verdict.clear else MISSING)
