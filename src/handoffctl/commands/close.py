"""The command `close`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Because, Json, To
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json
from handoffctl.errors import UsageFault
from handoffctl.handoffs import close as handoffs_close
from handoffctl.handoffs.close import Closed
from handoffctl.handoffs.output import tell


def register(app: typer.Typer) -> None:
    command(app, "close", 'handoffctl close acme-corp --won\nhandoffctl close acme-corp --lost --because "No budget"')(
        close
    )


def close(
    account: Account,
    won: Annotated[bool, typer.Option("--won", help="They signed. Goes through the gate.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="They said no.")] = False,
    disqualified: Annotated[bool, typer.Option("--disqualified", help="It was never one.")] = False,
    nurture: Annotated[bool, typer.Option("--nurture", help="Not now; keep in touch.")] = False,
    because: Because = "",
    wake: Annotated[str, typer.Option(metavar="WHEN", help="With --nurture: when to look again.")] = "",
    to: To = "",
    json: Json = False,
) -> None:
    """Close a deal. A win needs what the playbook asks of it; the other ways need a reason."""
    ways = {"won": won, "lost": lost, "disqualified": disqualified, "nurture": nurture}
    meant = [way for way, given in ways.items() if given]
    if len(meant) != 1:
        raise UsageFault("Say how it ended: --won, --lost, --disqualified or --nurture.", "One of them.")
    done = handoffs_close.close(
        context.home(), account, meant[0], because or None, to or None, wake or None, context.prompting()
    )
    if not isinstance(done, Closed):
        tell(done, json)
    elif json:
        echo_json({"account": done.deal.account.slug, "deal": done.deal.slug, "stage": done.stage,
                  "disposition": done.disposition})  # fmt: skip
    else:
        echo_err(f"Closed {done.deal.called} as {done.disposition}; it is in {done.title} now.")
