"""Asks which next steps the client will read, before a mail to them is written; scripts say it by options."""

from dataclasses import replace
from typing import Annotated

import typer

from handoffctl.commands.shared.due_dates import checked_due
from handoffctl.console import context
from handoffctl.console.output import echo
from handoffctl.console.prompts import ask_line, ask_prefilled
from handoffctl.core.moments import Clock, Moment, NotAMoment, parse_user
from handoffctl.deals.next_step import TypedStep
from handoffctl.errors import Refused, UsageFault
from handoffctl.promises.changes import promise_text
from handoffctl.promises.telling import LEAVE_OUT, PrivateStep, Telling, telling_of
from handoffctl.promises.told import NextStepsOfDeal, next_steps_of, tell_client

Tell = Annotated[bool, typer.Option("--tell", help="Tell the client the open step, as it is worded.")]
TellAs = Annotated[
    str, typer.Option("--tell-as", metavar="WORDS", help="Tell the client in these words what you do next.")
]


def typed_telling(tell: bool, tell_as: str) -> Telling:
    """Returns what --tell or --tell-as asks for. Raises UsageFault if both are given."""
    if tell and tell_as:
        raise UsageFault("Either --tell or --tell-as.", "--tell says the step as it is, --tell-as in your words.")
    return Telling(as_worded=tell, words=tell_as)


def decide_what_to_tell(account: str, telling: Telling, ask_theirs: bool = False) -> None:
    """Records the next steps that the client will read: those of the options, or those that the user types.

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
        answer = _ask_own_words()
        if answer is None:  # the input ended, so nobody has decided
            return told
        told = telling_of(answer)
    elif not ask_theirs or next_steps.theirs_open:
        return told
    theirs = _ask_theirs(client)
    if not theirs:
        return told
    return replace(told, theirs=theirs, theirs_by=_ask_day(clock), client=next_steps.client)


def _ask_own_words() -> str | None:
    """Asks until the answer is Enter, `-` or words that can be a promise; None at the end of the input."""
    while True:
        answer = ask_prefilled("> ")
        if answer in (None, "", LEAVE_OUT) or _can_be_promised(answer):
            return answer


def _ask_theirs(client: str) -> str:
    """Asks what the client promised, until the answer can be a promise; Enter and `-` stand for nothing."""
    while True:
        answer, _ = ask_line(f"What did {client} say they would do? (Enter: nothing) > ")
        if answer in ("", LEAVE_OUT):
            return ""
        if _can_be_promised(answer):
            return answer


def _can_be_promised(text: str) -> bool:
    """Returns False for a text that says nothing, such as `n/a`, and prints why."""
    try:
        promise_text(text)
    except Refused as refused:
        echo(f"  {refused.message} {refused.hint}")
        return False
    return True


def _ask_day(clock: Clock) -> Moment | None:
    """Asks by when, until the answer is a date or Enter. A day that is past is asked about."""
    while True:
        answer, _ = ask_line("By when? (fri, +3d, 2026-03-01; Enter: no date) > ")
        if not answer:
            return None
        try:
            return parse_user(checked_due(answer), clock)
        except NotAMoment as fault:
            echo(f"  {fault}")


def typed_private_step(step: TypedStep | None, clock: Clock) -> PrivateStep | None:
    """Returns the step that is about to be recorded; None if none was typed."""
    return PrivateStep(None, step.text, parse_user(step.due, clock) if step.due else None) if step else None
