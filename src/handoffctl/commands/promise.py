"""The `promise` command: what each side promised, and the milestones of both."""

from typing import Annotated

import typer

from handoffctl.commands.shared.due_dates import checked_due
from handoffctl.commands.shared.options import Account, Because, Json, complete_account
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import day_and_time
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import UsageFault
from handoffctl.promises.changes import (
    PromiseEdit,
    TypedPromise,
    add_promise,
    drop_promise,
    edit_promise,
    list_promises,
    mark_kept,
    state_of,
)
from handoffctl.promises.model import DealPromise, Promise, PromiseKind

Which = Annotated[str, typer.Argument(metavar="[NUMBER|TEXT]", help="Which one; its number, or how it begins.")]
Theirs = Annotated[bool, typer.Option("--theirs", help="The client promised it.")]
Milestone = Annotated[bool, typer.Option("--milestone", help="It is a milestone of both sides.")]


def register(app: typer.Typer) -> None:
    promise = group(app, "promise", "What you and a client promised each other, by when, and whether it was kept.")
    command(
        promise, "add", 'handoffctl promise add acme-corp "training on site" --by 2026-05-01\n'
        'handoffctl promise add acme-corp "the list of users" --by mon --theirs --who Jane\n'
        'handoffctl promise add acme-corp "first test orders" --by 2026-05-04 --milestone --who Mia',
    )(add)  # fmt: skip
    command(promise, "edit", 'handoffctl promise edit acme-corp 1 --by 2026-05-08 --who "Mia Park"')(edit)
    command(promise, "drop", 'handoffctl promise drop acme-corp 1 --because "they do it themselves"')(drop)
    command(promise, "kept", "handoffctl promise kept acme-corp 1")(kept)
    command(promise, "list", "handoffctl promise list\nhandoffctl promise list acme-corp --all")(list_)


def add(
    account: Account,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was promised.")],
    by: Annotated[str, typer.Option("--by", metavar="WHEN", help="By when: 2026-03-01, +3d, tomorrow, fri.")] = "",
    theirs: Theirs = False,
    milestone: Milestone = False,
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="Who keeps it.")] = "",
    tell: Annotated[bool, typer.Option("--tell", help="E-mails to the client may say it.")] = False,
) -> None:
    """Record what you promised a client, what they promised you, or a milestone. Briefs show it to your own side."""
    kind = _kind(theirs, milestone) or "ours"
    deal, promise = add_promise(
        context.home(), context.reference(account), TypedPromise(text, checked_due(by), kind, who, tell)
    )
    echo_err(
        f"{_beginning(deal, promise)}: {promise.clause}. "
        f"{_when_kept(promise)}: handoffctl promise kept {deal.ref} {promise.number}"
    )


def _kind(theirs: bool, milestone: bool, ours: bool = False) -> PromiseKind | None:
    """Returns the kind that an option names, or None. Raises UsageFault for several."""
    kinds: dict[PromiseKind, bool] = {"ours": ours, "theirs": theirs, "milestone": milestone}
    named = [kind for kind, chosen in kinds.items() if chosen]
    if len(named) > 1:
        raise UsageFault(f"Either --{named[0]} or --{named[1]}.", "Leave one of them out.")
    return named[0] if named else None


def _beginning(deal: Deal, promise: Promise) -> str:
    due = f" by {day_and_time(promise.due, context.home().clock)}" if promise.due else ""
    owner = f" ({promise.owner})" if promise.owner else ""
    if promise.kind == "theirs":
        return f"{deal.called}{owner} promised{due}"
    if promise.kind == "milestone":
        return f"Milestone of {deal.called}{owner}{due}"
    return f"Promised {deal.called}{owner}{due}"


def _when_kept(promise: Promise) -> str:
    return "When it is reached" if promise.kind == "milestone" else "When it is kept"


def edit(
    account: Account,
    which: Which = "",
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="What was promised.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="WHEN", help='By when; "" for no date.')] = None,
    ours: Annotated[bool, typer.Option("--ours", help="You promised it.")] = False,
    theirs: Theirs = False,
    milestone: Milestone = False,
    who: Annotated[str | None, typer.Option("--who", metavar="NAME", help='Who keeps it; "" for nobody.')] = None,
    tell: Annotated[
        bool | None, typer.Option("--tell/--private", help="Whether e-mails to the client may say it.")
    ] = None,
) -> None:
    """Change the text, date, owner or kind of an open promise."""
    change = PromiseEdit(text, by, _kind(theirs, milestone, ours), who, tell)
    if change == PromiseEdit():
        raise UsageFault("Nothing to change.", "As in: handoffctl promise edit acme-corp 1 --by 2026-05-08")
    deal, promise = edit_promise(context.home(), context.reference(account), which, change)
    echo_err(f"{_beginning(deal, promise)}: {promise.clause}.")


def drop(account: Account, which: Which = "", because: Because = "") -> None:
    """Drop a promise that nobody waits for any more. It stays on record."""
    deal, promise = drop_promise(context.home(), context.reference(account), which, because)
    echo_err(f"Dropped: {promise.clause} ({deal.called}).")


def kept(account: Account, which: Which = "") -> None:
    """Record that a promise was kept, or a milestone reached."""
    deal, promise = mark_kept(context.home(), context.reference(account), which)
    echo_err(f"{'Reached' if promise.kind == 'milestone' else 'Kept'}: {promise.clause} ({deal.called}).")


def list_(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that were kept or dropped too.")] = False,
    json: Json = False,
) -> None:
    """List open promises of both sides, those due first at the top."""
    promises, clock = list_promises(context.home(), account, every), context.home().clock
    if json:
        echo_json({"promises": [promise.as_json(clock) for promise in promises], "total": len(promises)})
        return
    if not promises:
        echo_err('No open promise. Record one with: handoffctl promise add ACCOUNT "TEXT" --by +7d')
        return
    columns = ["account", "number", "promise", "by", "whose", "owner", "state"]
    echo_table(Table(columns, [_cells(promise, clock) for promise in promises]))


def _cells(deal_promise: DealPromise, clock: Clock) -> list[Cell]:
    promise = deal_promise.promise
    due = day_and_time(promise.due, clock) if promise.due else ""
    state = state_of(deal_promise, clock)
    return [deal_promise.ref, promise.number, promise.text, due, promise.kind, promise.owner, state]
