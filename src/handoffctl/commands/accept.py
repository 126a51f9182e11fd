"""The command `accept`."""

import typer

from handoffctl.commands.shared.brief import echo_brief
from handoffctl.commands.shared.options import Account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err
from handoffctl.console.prompts import ask_line, confirm_by_enter
from handoffctl.handoffs.accept_return import OfferedDeal, offered_deal, return_deal
from handoffctl.handoffs.accept_return import accept as accept_deal


def register(app: typer.Typer) -> None:
    command(app, "accept", "handoffctl accept acme-corp")(accept)


def accept(account: Account) -> None:
    """Accept a deal that was handed to you; shows what you must know to begin."""
    offered = offered_deal(context.home(), context.reference(account))
    if offered.brief:
        echo_brief(offered.brief)
    if context.prompting() and not confirm_by_enter("Enough to begin?", "n: what was missing"):
        _ask_what_was_missing(offered)
        return
    answered = accept_deal(context.home(), offered.deal.full_ref)
    echo_err(f"{answered.handoff.to_owner} accepted {answered.deal.called}.")


def _ask_what_was_missing(offered: OfferedDeal) -> None:
    """Asks what was missing, and returns the deal with the answer; without an answer it stays where it is."""
    echo(f"What was missing? The deal goes back to {offered.giver} with your answer; Enter leaves it as it is.")
    missing, _ = ask_line("> ")
    if not missing:
        echo_err(f"Nothing was recorded; {offered.deal.called} still waits for you to accept it.")
        return
    with context.home().recording_as("return"):
        answered = return_deal(context.home(), offered.deal.full_ref, missing, ())
    echo_err(f"Returned {answered.deal.called} to {answered.handoff.from_owner}; it is where it came from again.")
