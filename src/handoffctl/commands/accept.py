"""The command `accept`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.brief import echo_brief
from handoffctl.commands.shared.felt import AskedTwice
from handoffctl.commands.shared.options import Account
from handoffctl.commands.shared.reasons import ask_reason
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.console.prompts import ask_prefilled, confirm
from handoffctl.core.field_values import is_placeholder
from handoffctl.errors import NotFound
from handoffctl.handoffs.accept_return import (
    OfferedDeal,
    check_asked_twice,
    offered_deal,
    reasons_to_return,
    return_deal,
)
from handoffctl.handoffs.accept_return import accept as accept_deal
from handoffctl.handoffs.felt_readiness import FeltReadiness, felt_readiness


def register(app: typer.Typer) -> None:
    command(
        app, "accept", "handoffctl accept acme-corp\n"
        'handoffctl accept acme-corp --lacked "who signs?" --asked-twice budget',
    )(accept)  # fmt: skip


def accept(
    account: Account,
    enough: Annotated[bool, typer.Option("--enough", help="It was enough to begin.")] = False,
    not_enough: Annotated[bool, typer.Option("--not-enough", help="It was not enough to begin.")] = False,
    lacked: Annotated[str, typer.Option("--lacked", metavar="TEXT", help="What was missing to begin.")] = "",
    asked_twice: AskedTwice = [],  # noqa: B006
) -> None:
    """Accept a deal that was handed to you; shows what you must know to begin."""
    felt = felt_readiness(enough, not_enough, lacked, asked_twice)
    offered = offered_deal(context.home(), context.reference(account))
    if offered.brief:
        echo_brief(offered.brief)
    if context.prompting() and felt == FeltReadiness():
        answer = _ask_felt(offered)
        if answer is None:
            _say_nothing_recorded(offered)
            return
        felt = answer
        if felt.enough is False and confirm(f"Give it back to {offered.giver}?"):
            _give_back(offered, felt)
            return
    answered = accept_deal(context.home(), offered.deal.full_ref, felt)
    echo_err(f"{offered.receiver} accepted {answered.deal.called}.")


def _ask_felt(offered: OfferedDeal) -> FeltReadiness | None:
    """Asks whether it was enough; after a no, what was missing and was asked again. None at the end of input."""
    answer = ask_prefilled("Did you have enough to begin? [Y/n] ")
    if answer is None:
        return None
    if answer.casefold() in ("", "y", "yes"):
        return FeltReadiness(True)
    lacked = _ask_lacked()
    asked_twice = None if lacked is None else _ask_asked_twice(offered)
    return None if lacked is None or asked_twice is None else FeltReadiness(False, lacked, asked_twice)


def _ask_lacked() -> str | None:
    """Asks what was missing until it is no placeholder. Enter leaves it open; None at the end of input."""
    while True:
        lacked = ask_prefilled("What was missing? ")
        if not lacked or not is_placeholder(lacked):
            return lacked
        echo_err(f'"{lacked[:40]}" is a placeholder. Press Enter if you cannot say what was missing.')


def _ask_asked_twice(offered: OfferedDeal) -> list[str] | None:
    """Asks until every name is a field of the playbook. Returns the names; None at the end of input."""
    while True:
        line = ask_prefilled("What did you have to ask again? Fields, with commas between; Enter for none: ")
        if line is None:
            return None
        names = [name.strip() for name in line.split(",") if name.strip()]
        try:
            check_asked_twice(context.home(), offered.deal, names)
        except NotFound as unknown:
            echo_err(f"{unknown.message} {unknown.hint}")
        else:
            return names


def _give_back(offered: OfferedDeal, felt: FeltReadiness) -> None:
    """Returns the deal with what was missing as the reason, or with one that is asked for."""
    home, ref = context.home(), offered.deal.full_ref
    reason, because = ask_reason(reasons_to_return(home, ref), "Why does it come back?")
    if not (reason or because or felt.lacked):
        _say_nothing_recorded(offered)
        return
    with home.recording_as("return"):
        answered = return_deal(home, ref, because or felt.lacked, (), reason, felt)
    echo_err(f"Returned {answered.deal.called} to {offered.giver}; it is where it came from again.")


def _say_nothing_recorded(offered: OfferedDeal) -> None:
    echo_err(f"Nothing was recorded; {offered.deal.called} still waits for you to accept it.")
