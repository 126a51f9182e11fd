"""Asks on a terminal whether a call or meeting ended the open step, and says which step was done with it."""

from typing import Annotated

import typer

from handoffctl.console import context
from handoffctl.console.output import echo_err
from handoffctl.console.prompts import confirm_by_enter
from handoffctl.core.moments import format_day
from handoffctl.meetings.query import OpenStep

Done = Annotated[bool, typer.Option("--done", help="The open step is done with it.")]


def ask_whether_ended(step: OpenStep | None) -> bool | None:
    """Returns the answer to whether this was the step; None if there is no step to ask about."""
    return confirm_by_enter(f'Was that "{step.text}"?') if step else None


def echo_ended(ended: str | None) -> None:
    """Says which step was done, if one was."""
    if ended:
        echo_err(f'Done: "{ended}".')


def echo_still_due(step: OpenStep | None, ref: str) -> None:
    """Says that a step which may be done is still open, with the command for it."""
    if step:
        due = f" (due {format_day(step.due, context.home().clock)})" if step.due else ""
        echo_err(f'The next step is still "{step.text}"{due}. If it is done: handoffctl step {ref} --done')
