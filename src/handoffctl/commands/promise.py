"""The `promise` command: promises to a client."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Json, complete_account
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import Clock, format_local
from handoffctl.promises.model import DealPromise
from handoffctl.promises.ours import list_promises, make_promise, mark_kept


def register(app: typer.Typer) -> None:
    promise = group(app, "promise", "What you promised a client, by when, and whether it was kept.")
    command(promise, "add", 'handoffctl promise add acme-corp "training on site" --by 2026-05-01')(add)
    command(promise, "kept", "handoffctl promise kept acme-corp 1")(kept)
    command(promise, "list", "handoffctl promise list\nhandoffctl promise list acme-corp --all")(list_)


def add(
    account: Account,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you promised.")],
    by: Annotated[str, typer.Option("--by", metavar="WHEN", help="By when: 2026-03-01, +3d, tomorrow, fri.")] = "",
) -> None:
    """Record what you promised a client. Packets and briefs tell it to whoever takes over."""
    deal, promise = make_promise(context.home(), context.reference(account), text, by)
    due = f" by {format_local(promise.due, context.home().clock.zone)}" if promise.due else ""
    echo_err(
        f"Promised {deal.called}{due}: {promise.text}. "
        f"When it is kept: handoffctl promise kept {deal.ref} {promise.number}"
    )


def kept(
    account: Account,
    which: Annotated[
        str, typer.Argument(metavar="[NUMBER|TEXT]", help="Which one; its number, or how it begins.")
    ] = "",
) -> None:
    """Record that a promise was kept."""
    deal, promise = mark_kept(context.home(), context.reference(account), which)
    echo_err(f"Kept: {promise.text} ({deal.called}).")


def list_(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that were kept too.")] = False,
    json: Json = False,
) -> None:
    """List open promises, those due first at the top."""
    promises, clock = list_promises(context.home(), account, every), context.home().clock
    if json:
        echo_json({"promises": [promise.as_json(clock) for promise in promises], "total": len(promises)})
        return
    if not promises:
        echo_err('No open promise. Record one with: handoffctl promise add ACCOUNT "TEXT" --by +7d')
        return
    echo_table(Table(["account", "number", "promise", "by", "state"], [_cells(promise, clock) for promise in promises]))


def _cells(deal_promise: DealPromise, clock: Clock) -> list[Cell]:
    promise = deal_promise.promise
    due = format_local(promise.due, clock.zone) if promise.due else ""
    overdue = "overdue" if deal_promise.is_overdue(clock) else ""
    state = f"kept {format_local(promise.kept_at, clock.zone)}" if promise.kept_at else overdue
    return [deal_promise.ref, promise.number, promise.text, due, state]
