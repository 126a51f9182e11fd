"""Drills: reset, list. A handoff of a test account is a drill."""

import typer

from handoffctl.commands.shared.options import Json, OnlyAccount
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import counted, echo_err, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.json_record import json_object
from handoffctl.core.moments import format_local
from handoffctl.handoffs.drills import drills
from handoffctl.handoffs.drills import reset as reset_drill


def register(app: typer.Typer) -> None:
    drill = group(app, "drill", "Handoffs on test accounts, to time them: put an account back, list them.")
    command(drill, "reset", "handoffctl drill reset test-inc")(reset)
    command(drill, "list", "handoffctl drill list")(list_)


def reset(account: OnlyAccount) -> None:
    """Put a test account back as it was added, to time its handoffs again. The times of past drills stay."""
    drill = reset_drill(context.home(), context.reference(account))
    so_far = f"; {counted(drill.runs, 'timed runs')} so far" if drill.runs else ""
    go = f" Go: handoffctl handoff {drill.deals[0]}" if drill.deals else ""
    echo_err(f"{drill.account.name} is as it was when it was added{so_far}.{go}")


def list_(json: Json = False) -> None:
    """List test accounts, with how many of their handoffs were timed."""
    accounts = drills(context.home())
    if json:
        echo_json({"accounts": [json_object(account) for account in accounts], "total": len(accounts)})
        return
    if not accounts:
        echo_err('No test account here. Add one with: handoffctl add "Test Inc" --test')
        return

    zone = context.home().clock.zone
    rows: list[list[Cell]] = [
        [each.account, each.name, each.timed_runs, format_local(each.last_at, zone) if each.last_at else "-"]
        for each in accounts
    ]
    echo_table(Table(["account", "name", "timed runs", "last"], rows))
