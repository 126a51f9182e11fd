"""Promises to a client: add, kept, list."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Json, complete_account
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.core.moments import shown
from handoffctl.promises import promise as promises_promise
from handoffctl.promises.promise import listed


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
    found, made = promises_promise.promise(context.home(), account, text, by, context.prompting())
    due = f" by {shown(made.due, context.home().clock.zone)}" if made.due else ""
    echo_err(
        f"Promised {found.called}{due}: {made.text}. When it is kept: handoffctl promise kept {found.ref} {made.number}"
    )


def kept(
    account: Account,
    which: Annotated[
        str, typer.Argument(metavar="[NUMBER|TEXT]", help="Which one; its number, or how it begins.")
    ] = "",
) -> None:
    """Record that a promise was kept."""
    found, one = promises_promise.kept(context.home(), account, which, context.prompting())
    echo_err(f"Kept: {one.text} ({found.called}).")


def list_(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that were kept too.")] = False,
    json: Json = False,
) -> None:
    """List open promises, those due first at the top."""
    found = listed(context.home(), account, every)
    if json:
        echo_json({"promises": found, "total": len(found)})
        return
    if not found:
        echo_err('No open promise. Record one with: handoffctl promise add ACCOUNT "TEXT" --by +7d')
        return

    zone = context.home().clock.zone

    def state(kept_at: str | None, overdue: bool) -> str:
        return f"kept {shown(kept_at, zone)}" if kept_at else ("overdue" if overdue else "")

    rows = [
        [one["ref"], one["number"], one["text"], shown(one["due"], zone) if one["due"] else "",
         state(one["kept_at"], one["overdue"])]
        for one in found
    ]  # fmt: skip
    echo_table(Table(["account", "number", "promise", "by", "state"], rows))
