"""The command `delete`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Yes, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo_err
from handoffctl.console.prompts import confirm
from handoffctl.deals.delete import copies_left, erase, forget_taken_back, taken_back_so_far, what_goes
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    command(app, "delete", "handoffctl delete acme-corp\nhandoffctl delete --taken-back")(delete)


def delete(
    account: Annotated[
        str,
        typer.Argument(metavar="[ACCOUNT]", help="Slug or name of an account.", autocompletion=complete_account),
    ] = "",
    taken_back: Annotated[
        bool, typer.Option("--taken-back", help="Instead, everything that undo took back and still keeps.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Erase an account with everything about it, history included. This cannot be undone.

    What was taken back with undo is forgotten with it: it may have been about the account.
    """
    if taken_back == bool(account):
        raise UsageFault("Either an account or --taken-back.", "As in: handoffctl delete acme-corp")

    echo_err(_forget_taken_back(yes) if taken_back else _erase(account, yes))
    if left := copies_left(context.home()):
        echo_err(f"Older copies of the database still hold it; remove them yourself: {', '.join(left)}")


def _erase(account: str, yes: bool) -> str:
    match, counts = what_goes(context.home(), account)
    records = ", ".join(counted(count, name) for name, count in counts.items() if count) or "nothing else"
    final = "This cannot be undone, and afterwards neither can anything that was done before it."
    _confirm_or_exit(f"erase {match.name} for good ({records})", final, yes)
    erase(context.home(), account)
    return f"Erased {match.name} ({records})."


def _forget_taken_back(yes: bool) -> str:
    commands = counted(taken_back_so_far(context.home()), "commands")
    _confirm_or_exit(f"forget for good what undo took back ({commands})", "None of it can be done again then.", yes)
    forget_taken_back(context.home())
    return f"Forgot {commands}. What is in effect can still be taken back: handoffctl undo --further"


def _confirm_or_exit(what: str, final: str, yes: bool) -> None:
    """Asks for confirmation. Raises UsageFault without a terminal, Exit if the user declines."""
    if yes:
        return
    if not context.prompting():
        raise UsageFault(f"This would {what}. {final}", "If you mean it, add --yes.")
    if not confirm(f"{what[0].upper()}{what[1:]}? {final}"):
        echo_err("Nothing was erased.")
        raise typer.Exit(0)
