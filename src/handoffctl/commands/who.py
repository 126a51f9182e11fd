"""The command `who`."""

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_heading, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.core.moments import format_local
from handoffctl.core.names import Abbreviation
from handoffctl.meetings.model import describe_booking
from handoffctl.overview.who import CurrentOwner, OwnedStage, PlannedStep, ownership


def register(app: typer.Typer) -> None:
    command(app, "who", "handoffctl who acme-corp")(who)


def who(account: Account, json: Json = False) -> None:
    """Show who drives a deal now and since when, what their next step is, and who drove it before."""
    deal_ownership = ownership(context.home(), Abbreviation(account))
    if json:
        echo_json(deal_ownership)
        return

    deal, owner, waiting = deal_ownership.deal, deal_ownership.owner, deal_ownership.waiting
    echo_heading(f"{deal.called}: {owner.status.name}{_described(owner)}, since {_when(owner.since)}.")
    echo(f"Stage: {deal_ownership.now.title}, since {_when(deal.entered_at)}.")
    echo(f"Next step: {_step(deal_ownership.step)}.")
    for meeting in deal_ownership.meetings:
        echo(f"Meeting: {describe_booking(meeting, context.home().clock)}")
    if waiting:
        echo(f"Handed to {waiting.to} by {waiting.from_} on {_when(waiting.since)}, not yet accepted.")
    if owner.status.away_now and owner.status.away:
        echo(f"{owner.status.name} is away until {owner.status.away.to}.")
    rows = [_row(owned, _when(owned.until)) for owned in deal_ownership.before]
    echo()
    echo_table(Table(["who", "stage", "from", "until"], [*rows, _row(deal_ownership.now, "now")]))


def _row(owned: OwnedStage, until: str) -> list[str]:
    return [owned.owner, owned.title, _when(owned.from_), until]


def _described(owner: CurrentOwner) -> str:
    """Returns `(seller, mia@we.example)` for a person, or the playbook's description of a role."""
    parts = [*owner.status.roles, owner.status.email] if owner.is_person else [owner.description]
    details = [part for part in parts if part]
    return f" ({', '.join(details)})" if details else ""


def _step(step: PlannedStep | None) -> str:
    if step is None:
        return "none"
    due = f" (by {_when(step.due)}{', overdue' if step.overdue else ''})" if step.due else ""
    return f"{step.text}{due}"


def _when(moment: str | None) -> str:
    return format_local(moment, context.home().clock.zone) if moment else "a time that is not known"
