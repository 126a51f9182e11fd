"""The command `list`."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

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
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import format_local, is_before
from handoffctl.deals.lookup_query import full_deal_ref
from handoffctl.errors import UsageFault
from handoffctl.overview.dated import DatedStep
from handoffctl.overview.list import ListedDeal, deals

MOST_WITHOUT = 5
SCORE = "score"


def register(app: typer.Typer) -> None:
    command(app, "list", "handoffctl list\nhandoffctl list --stage qualified --json\nhandoffctl list --sort score")(
        list_
    )


def list_(
    playbook: Playbook = "",
    stage: Annotated[
        str, typer.Option(metavar="STAGE", help="Only deals in this stage.", autocompletion=complete_stage)
    ] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="Only deals of this person or role.")] = "",
    closed: Annotated[bool, typer.Option("--all", help="Closed deals too.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Accounts that may be one, instead.")] = False,
    sort: Annotated[str, typer.Option(metavar="score", help="The highest score first, else by account.")] = "",
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """List open deals: where they are, since when, and what comes next."""
    if duplicates:
        if playbook or stage or owner or closed or sort:
            raise UsageFault("--duplicates looks at all accounts.", "Leave the other choices out.")

        list_duplicates(limit, json)
        return
    if sort not in ("", SCORE):
        raise UsageFault(f'"{sort[:60]}" is no way to sort deals.', "There is one: --sort score")
    deal_list = deals(context.home(), limit, playbook or None, stage or None, owner or None, closed, sort == SCORE)
    if json:
        echo_json(deal_list)
        return
    if deal_list.deals:
        echo_table(_with_scores(deal_list.deals) if sort else _deals_table(deal_list.deals))
    for missing in deal_list.stages_gone:
        echo_err(missing.says)
    without = [account.account for account in deal_list.without_deal]
    for account in without[:MOST_WITHOUT]:
        echo_err(f"{account} has no deal yet. Open one with: handoffctl deal add {account} NAME")
    if len(without) > MOST_WITHOUT:
        echo_err(f"... and {counted(len(without) - MOST_WITHOUT, 'accounts')} more without a deal.")
    if len(deal_list.deals) < deal_list.total:
        echo_err(f"{len(deal_list.deals):,} of {deal_list.total:,} deals; more with --limit {deal_list.total}.")
    if not deal_list.deals and not without:
        chosen = playbook or stage or owner
        echo_err(
            "No deal fits" + ("." if closed else "; closed ones are listed with --all.")
            if chosen
            else 'No deals here. Add an account with: handoffctl add "Acme Corp"'
        )


def _deals_table(listed: Sequence[ListedDeal]) -> Table:
    def step(deal: ListedDeal) -> str:
        if deal.wakes_on:
            return f"wakes on {deal.wakes_on}"
        return "" if deal.kind != "open" else _step(deal.step)

    shared = {account for account, count in Counter(deal.account for deal in listed).items() if count > 1}
    named = any(deal.deal_name for deal in listed)
    rows: list[list[Cell]] = [
        [
            full_deal_ref(deal.account, deal.deal) if deal.account in shared else deal.account,
            ((deal.deal_name or deal.name) if named else deal.name) + (" (test)" if deal.test else ""),
            deal.stage, deal.owner, deal.days, step(deal),
        ]
        for deal in listed
    ]  # fmt: skip
    return Table(["account", "deal" if named else "name", "stage", "owner", "days", "next step"], rows)


def _with_scores(listed: Sequence[ListedDeal]) -> Table:
    """Returns the table with the score before the next step; a playbook without signals has none."""
    table = _deals_table(listed)
    rows: list[list[Cell]] = [
        [*row[:-1], deal.score if isinstance(deal.score, int) else None, row[-1]]
        for row, deal in zip(table.rows, listed, strict=True)
    ]
    return Table([*table.columns[:-1], "score", table.columns[-1]], rows)


def _when(moment: str | None) -> str:
    return format_local(moment, context.home().clock.zone) if moment else "unknown"


def _step(step: DatedStep | None) -> str:
    if not step:
        return "none"
    due, clock = step.due, context.home().clock
    late = ", overdue" if due and is_before(due, clock.now, clock.zone) else ""
    return step.text + (f" (by {_when(due)}{late})" if due else "")
