"""The command `list`."""

from collections import Counter
from typing import Annotated, Any

import typer

from handoffctl.commands.merge import list_duplicates
from handoffctl.commands.shared.options import (
    Json,
    Limit,
    Playbook,
    complete_stage,
)
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo_err, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.core.moments import format_local, is_before
from handoffctl.deals.missing_stages import gone_among
from handoffctl.errors import UsageFault
from handoffctl.overview.list import deals

MOST_WITHOUT = 5


def register(app: typer.Typer) -> None:
    command(app, "list", "handoffctl list\nhandoffctl list --stage qualified --json")(list_)


def list_(
    playbook: Playbook = "",
    stage: Annotated[
        str, typer.Option(metavar="STAGE", help="Only deals in this stage.", autocompletion=complete_stage)
    ] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="Only deals of this person or role.")] = "",
    closed: Annotated[bool, typer.Option("--all", help="Closed deals too.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Accounts that may be one, instead.")] = False,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """List open deals: where they are, since when, and what comes next."""
    if duplicates:
        if playbook or stage or owner or closed:
            raise UsageFault("--duplicates looks at all accounts.", "Leave the other choices out.")

        list_duplicates(limit, json)
        return
    found = deals(context.home(), limit, playbook or None, stage or None, owner or None, closed)
    gone = _stages_gone(found["deals"])
    if json:
        echo_json(found | {"stages_gone": [one.as_json() for one in gone]})
        return
    if found["deals"]:
        echo_table(_deals_table(found["deals"]))
    for one in gone:
        echo_err(one.says)
    without = [account["account"] for account in found["without_deal"]]
    for account in without[:MOST_WITHOUT]:
        echo_err(f"{account} has no deal yet. Open one with: handoffctl deal add {account} NAME")
    if len(without) > MOST_WITHOUT:
        echo_err(f"... and {counted(len(without) - MOST_WITHOUT, 'accounts')} more without a deal.")
    if len(found["deals"]) < found["total"]:
        echo_err(f"{len(found['deals']):,} of {found['total']:,} deals; more with --limit {found['total']}.")
    if not found["deals"] and not found["without_deal"]:
        chosen = playbook or stage or owner
        echo_err(
            "No deal fits" + ("." if closed else "; closed ones are listed with --all.")
            if chosen
            else 'No deals here. Add an account with: handoffctl add "Acme Corp"'
        )


def _stages_gone(among: list[dict[str, Any]]) -> list[Any]:
    """Of these deals, the stages that their playbook no longer has: such a deal is not lost, but can be moved."""
    return list(gone_among(context.home(), {(deal["playbook"], deal["stage"]) for deal in among}))


def _deals_table(found: list[dict[str, Any]]) -> Any:
    def step(deal: dict[str, Any]) -> str:
        if deal["wakes_on"]:
            return f"wakes on {deal['wakes_on']}"
        return "" if deal["kind"] != "open" else _step(deal["step"])

    shared = {one for one, count in Counter(deal["account"] for deal in found).items() if count > 1}
    named = any(deal["deal_name"] for deal in found)
    rows = [
        [
            f"{deal['account']}/{deal['deal']}" if deal["account"] in shared else deal["account"],
            ((deal["deal_name"] or deal["name"]) if named else deal["name"]) + (" (test)" if deal["test"] else ""),
            deal["stage"], deal["owner"], deal["days"], step(deal),
        ]
        for deal in found
    ]  # fmt: skip
    return Table(["account", "deal" if named else "name", "stage", "owner", "days", "next step"], rows)


def _when(moment: str | None) -> str:
    return format_local(moment, context.home().clock.zone) if moment else "unknown"


def _step(step: dict[str, Any] | None) -> str:
    if not step:
        return "none"
    due, clock = step["due"], context.home().clock
    late = ", overdue" if due and is_before(due, clock.now, clock.zone) else ""
    return str(step["text"]) + (f" (by {_when(due)}{late})" if due else "")
