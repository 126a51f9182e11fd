"""The command `merge`, and the list of likely duplicates."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, OnlyAccount, Yes, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_json, echo_table
from handoffctl.console.prompts import confirm
from handoffctl.console.table import Table
from handoffctl.deals.lookup_query import full_deal_ref
from handoffctl.deals.merge import MergeResult, duplicates, what_moves
from handoffctl.deals.merge import merge as merge_accounts
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    command(app, "merge", "handoffctl merge acme-corp acme-gmbh")(merge)


def list_duplicates(limit: int, json: bool) -> None:
    """Prints `list --duplicates`: groups of accounts, each led by the oldest."""
    groups = duplicates(context.home())
    if json:
        echo_json({"groups": groups[:limit], "total": len(groups)})
        return
    if not groups:
        echo_err("No likely duplicates.")
        return
    rows = [
        [account.slug, account.name, account.domain or "", group[0].slug if index else ""]
        for group in groups[:limit]
        for index, account in enumerate(group)
    ]
    echo_table(Table(["account", "name", "domain", "like"], rows))
    if len(groups) > limit:
        echo_err(f"{limit:,} of {len(groups):,} groups; more with --limit {len(groups)}.")
    first, second = (account.slug for account in groups[0][:2])
    echo_err(f"They only look alike. If they are one: handoffctl merge {first} {second}")


def merge(
    account: OnlyAccount,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="The one that goes into it.", autocompletion=complete_account)
    ],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Join another account into this one, with everything it has. The other is gone then, unless you undo it."""
    pair = what_moves(context.home(), context.reference(account), context.reference(other))
    into, gone = pair.called
    if not yes:
        moves = ", ".join(counted(count, name) for name, count in pair.counts.items() if count) or "nothing"
        if not context.prompting():
            raise UsageFault(f"This would join {gone} into {into} ({moves}).", "If you mean it, add --yes.")
        verb = "move" if sum(pair.counts.values()) > 1 else "moves"
        if not confirm(f"Join {gone} into {into}: {moves} {verb}. {gone} is gone afterwards. Join them?"):
            echo_err("Nothing was changed.")
            raise typer.Exit(0)
    result = merge_accounts(context.home(), pair)
    if json:
        echo_json(result)
        return
    _echo_moved(result)
    if result.pair.unnamed:
        slug, name = result.pair.into.slug, result.pair.gone.name
        echo_err(f'{into} got its name from a deal. To use the other: handoffctl rename {slug} "{name}"')


def _echo_moved(result: MergeResult) -> None:
    into, gone = result.pair.called
    moved = result.moved
    parts = ", ".join(counted(moved[name], name) for name in ("contacts", "deals", "touches") if moved[name])
    echo(f"Joined {gone} into {into}" + (f": {parts} moved." if parts else "."))
    for person in result.rows.people:
        echo(f"  {person} was a contact of both and is one now.")
    for old_slug, new_slug in result.rows.renumbered.items():
        echo(f"  The deal {old_slug} of {gone} is now {full_deal_ref(result.pair.into.slug, new_slug)}.")
    for what, kept, lost in result.rows.outdone:
        echo(f"  Not taken over: {what} {lost}; it stays {kept}.")
