"""The command `snooze`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Because, Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.dispositions.decide import snooze as snooze_deal


def register(app: typer.Typer) -> None:
    command(app, "snooze", 'handoffctl snooze acme-corp +30d --because "They decide after the trade fair"')(snooze)


def snooze(
    account: Account,
    until: Annotated[str, typer.Argument(metavar="UNTIL", help="Until when: +30d, 2026-06-01, eom.")],
    because: Because = "",
    json: Json = False,
) -> None:
    """Go on with a deal although a rule says stop: nothing is proposed about it until then. Needs the reason."""
    home = context.home()
    snoozed = snooze_deal(home, context.reference(account), until, because)
    if json:
        echo_json(snoozed.as_json())
        return
    echo_err(f"Nothing is proposed about {snoozed.deal.called} until {weekday_and_day(snoozed.until, home.clock)}.")
    if snoozed.proposal and snoozed.decided == "snooze":
        proposed = snoozed.proposal
        echo_err(f"{proposed.rule} proposed otherwise; see later who was right: handoffctl report dispositions")
