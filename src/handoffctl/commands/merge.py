"""The command `merge`, and the list of likely duplicates."""

from typing import Annotated, Any

import typer

from handoffctl.commands.shared.options import Json, OnlyAccount, Yes, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_json, echo_table
from handoffctl.console.prompts import confirm
from handoffctl.console.table import Table
from handoffctl.deals.merge import duplicates, what_moves
from handoffctl.deals.merge import merge as join
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    command(app, "merge", "handoffctl merge acme-corp acme-gmbh")(merge)


def list_duplicates(limit: int, json: bool) -> None:
    """Prints `list --duplicates`: groups of accounts, each led by the oldest."""
    found = duplicates(context.home())
    if json:
        echo_json({"groups": found[:limit], "total": len(found)})
        return
    if not found:
        echo_err("No likely duplicates.")
        return
    rows = [
        [one["account"], one["name"], one["domain"] or "", group[0]["account"] if place else ""]
        for group in found[:limit]
        for place, one in enumerate(group)
    ]
    echo_table(Table(["account", "name", "domain", "like"], rows))
    if len(found) > limit:
        echo_err(f"{limit:,} of {len(found):,} groups; more with --limit {len(found)}.")
    first, second = (one["account"] for one in found[0][:2])
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
    pair = what_moves(context.home(), account, other, allow_prefix=context.prompting())
    into, gone = pair.called
    if not yes:
        moves = ", ".join(counted(count, name) for name, count in pair.counts.items() if count) or "nothing"
        if not context.prompting():
            raise UsageFault(f"This would join {gone} into {into} ({moves}).", "If you mean it, add --yes.")
        verb = "move" if sum(pair.counts.values()) > 1 else "moves"
        if not confirm(f"Join {gone} into {into}: {moves} {verb}. {gone} is gone afterwards. Join them?"):
            echo_err("Nothing was changed.")
            raise typer.Exit(0)
    done = join(context.home(), pair)
    if json:
        echo_json(done.as_json())
        return
    _say_what_moved(done.as_json(), *done.pair.called)
    if done.pair.unnamed:
        slug, name = done.pair.into.slug, done.pair.gone.name
        echo_err(f'{into} got its name from a deal. To use the other: handoffctl rename {slug} "{name}"')


def _say_what_moved(done: dict[str, Any], into: str, gone: str) -> None:
    moved = {name: done["moved"][name] for name in ("contacts", "deals", "touches")}
    parts = ", ".join(counted(count, name) for name, count in moved.items() if count)
    echo(f"Joined {gone} into {into}" + (f": {parts} moved." if parts else "."))
    for person in done["same_people"]:
        echo(f"  {person} was a contact of both and is one now.")
    for deal in done["deals_renamed"]:
        echo(f"  The deal {deal['was']} of {gone} is now {done['account']}/{deal['now']}.")
    for one in done["not_taken_over"]:
        echo(f"  Not taken over: {one['what']} {one['goes']}; it stays {one['stays']}.")
