"""Asks on a terminal whether this call or meeting completed the open step, and prints which step was closed."""

from typing import Annotated

import typer

from handoffctl.console import context
from handoffctl.console.output import echo_err
from handoffctl.console.prompts import confirm_by_enter
from handoffctl.core.screen_dates import day_and_time
from handoffctl.meetings.query import OpenStep

Done = Annotated[bool, typer.Option("--done", help="The open step is done with it.")]


def ask_whether_ended(step: OpenStep | None) -> bool | None:
    """Asks whether this was the open step, and returns the answer; None if there is no step to ask about."""
    return confirm_by_enter(f'Was that "{step.text}"?') if step else None


def echo_ended(ended: str | None) -> None:
    """Prints which step was closed, if one was."""
    if ended:
        echo_err(f'Done: "{ended}".')


def echo_still_due(step: OpenStep | None, ref: str) -> None:
    """Prints that the step is still open, with the command that closes it."""
    if step:
        due = f" (due {day_and_time(step.due, context.home().clock)})" if step.due else ""
        echo_err(f'The next step is still "{step.text}"{due}. If it is done: handoffctl step {ref} --done')
