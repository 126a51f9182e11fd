"""The command `return`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account
from handoffctl.commands.shared.reasons import Reason, ask_reason
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.errors import UsageFault
from handoffctl.handoffs.accept_return import reasons_to_return, return_deal


def register(app: typer.Typer) -> None:
    command(
        app, "return", 'handoffctl return acme-corp --because "Nobody knows the budget" --missing budget\n'
        "handoffctl return acme-corp --as too-early",
    )(return_)  # fmt: skip


def return_(
    account: Account,
    because: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it comes back. Needed without --as.")] = None,
    reason: Reason = "",
    missing: Annotated[
        list[str], typer.Option(metavar="NAME", help="What was missing; may be given several times.")
    ] = [],  # noqa: B006
) -> None:
    """Return a deal to the stage and owner it came from, with the reason."""
    home, ref = context.home(), context.reference(account)
    if because is None and not reason:
        if context.prompting():
            reason, because = ask_reason(reasons_to_return(home, ref), "Why does it come back?")
        if not (because or reason):
            raise UsageFault("A return needs a reason.", 'As in: --because "nobody there knows of the budget"')
    answered = return_deal(home, ref, because or "", missing, reason)
    from_owner = answered.handoff.from_owner
    echo_err(f"Returned {answered.deal.called} to {from_owner}; it is where it came from again.")
