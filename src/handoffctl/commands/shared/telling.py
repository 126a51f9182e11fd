"""Asks what the client is told of the next steps, or takes it from the options, before a mail to them is written."""

from dataclasses import replace
from typing import Annotated

import typer

from handoffctl.console import context
from handoffctl.console.output import echo
from handoffctl.console.prompts import ask_line, ask_prefilled
from handoffctl.core.moments import Clock, Moment, NotAMoment, parse_user
from handoffctl.deals.next_step import TypedStep
from handoffctl.errors import UsageFault
from handoffctl.promises.telling import PrivateStep, Telling, telling_of
from handoffctl.promises.told import NextStepsOfDeal, next_steps_of, tell_client

Tell = Annotated[bool, typer.Option("--tell", help="Tell the client the open step, as it is worded.")]
TellAs = Annotated[
    str, typer.Option("--tell-as", metavar="WORDS", help="Tell the client in these words what you do next.")
]


def typed_telling(tell: bool, tell_as: str) -> Telling:
    """Returns what the options say. Raises UsageFault if both are given."""
    if tell and tell_as:
        raise UsageFault("Either --tell or --tell-as.", "--tell says the step as it is, --tell-as in your words.")
    return Telling(as_worded=tell, words=tell_as)


def decide_what_to_tell(account: str, telling: Telling, ask_theirs: bool = False) -> None:
    """Records what the client is told: what the options say; on a terminal without them, what the user answers.

    `ask_theirs` also asks what the client said they would do if there is no open step to ask about.
    """
    home, ref = context.home(), context.reference(account)
    if telling.is_empty and context.prompting():
        next_steps = next_steps_of(home, ref)
        telling = ask_what_to_tell(next_steps, next_steps.step, ask_theirs)
    tell_client(home, ref, telling)


def ask_what_to_tell(next_steps: NextStepsOfDeal, step: PrivateStep | None, ask_theirs: bool = False) -> Telling:
    """Asks once for the next steps as the client will read them, and for what the client said they would do."""
    clock, client = context.home().clock, next_steps.client or "the client"
    told = Telling()
    if step and step.is_to_be_asked_about:
        echo(f"Next steps as {client} will read them (Enter: as shown, -: leave out, or your own words)")
        echo(f"  {step.as_shown(clock)}")
        answer = ask_prefilled("> ")
        if answer is None:  # nobody has decided: the client is told nothing
            return told
        told = telling_of(answer)
    elif not ask_theirs or next_steps.theirs_open:
        return told
    theirs, _ = ask_line(f"What did {client} say they would do? (Enter: nothing) > ")
    if not theirs:
        return told
    return replace(told, theirs=theirs, theirs_by=_ask_day(clock), client=next_steps.client)


def _ask_day(clock: Clock) -> Moment | None:
    """Asks by when, until the answer is a date or Enter."""
    while True:
        answer, _ = ask_line("By when? (fri, +3d, 2026-03-01; Enter: no date) > ")
        if not answer:
            return None
        try:
            return parse_user(answer, clock)
        except NotAMoment as fault:
            echo(f"  {fault}")


def typed_private_step(step: TypedStep | None, clock: Clock) -> PrivateStep | None:
    """Returns the step that is about to be recorded; None if none was typed."""
    return PrivateStep(None, step.text, parse_user(step.due, clock) if step.due else None) if step else None
