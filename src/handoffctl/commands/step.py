"""The command `step`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Due, step_from
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.core.moments import format_local
from handoffctl.deals.steps import finish_step, plan
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    command(app, "step", 'handoffctl step acme-corp "send the offer" --due fri\nhandoffctl step acme-corp --done')(step)


def step(
    account: Account,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What happens next.")] = "",
    due: Due = "",
    done: Annotated[bool, typer.Option("--done", help="The open step is done.")] = False,
) -> None:
    """Plan the next step of a deal, or mark it as done."""
    if done == bool(text):
        raise UsageFault(
            "Give either the next step or --done.", 'As in: handoffctl step acme-corp "call back" --due fri'
        )
    if done and due:
        raise UsageFault("--due goes with a step, not with --done.", "Leave one of them out.")
    if done:
        deal, finished = finish_step(context.home(), context.reference(account))
        echo_err(f"Done: {finished}. Plan what comes next with: handoffctl step {deal.ref} TEXT --due WHEN")
        return
    deal, when = plan(context.home(), context.reference(account), step_from(text, due))
    echo_err(
        f"Next step for {deal.called}: {text}"
        + (f", by {format_local(when, context.home().clock.zone)}." if when else ".")
    )
