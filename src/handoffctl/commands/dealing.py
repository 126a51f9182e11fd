"""Deals: add, list, close, reopen."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Because, Json, Playbook, To
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_json, echo_table
from handoffctl.errors import UsageFault
from handoffctl.handoffs.output import tell


def register(app: typer.Typer) -> None:
    deal = group(app, "deal", "Further deals of an account: add, list.")
    command(deal, "add", 'handoffctl deal add acme-corp "Renewal 2027"')(add)
    command(deal, "list", "handoffctl deal list acme-corp")(list_)
    command(app, "close", 'handoffctl close acme-corp --won\nhandoffctl close acme-corp --lost --because "No budget"')(
        close
    )
    command(app, "reopen", "handoffctl reopen acme-corp")(reopen)


def add(account: Account, name: Annotated[str, typer.Argument(metavar="NAME")], playbook: Playbook = "") -> None:
    """Open a further deal with an account. Prints how commands name it."""
    from handoffctl.deals.accounts import add_deal

    made = add_deal(context.home(), account, name, playbook or None, context.prompting())
    echo(f"{made.account.slug}/{made.slug}")
    echo_err(f"Opened {made.name} with {made.account.name}, in {made.stage}.")


def list_(account: Account, json: Json = False) -> None:
    """List the deals of an account, open and closed."""
    from handoffctl.console.table import Table
    from handoffctl.overview.show import account as whole

    found = whole(context.home(), account, allow_prefix=True)
    if json:
        echo_json({"account": found["account"], "deals": found["deals"]})
        return
    columns = ("ref", "name", "playbook", "stage", "kind", "owner", "days")
    echo_table(Table(("deal", *columns[1:]), [[deal[part] or "" if part != "days" else deal[part] for part in columns]
                                             for deal in found["deals"]]))  # fmt: skip


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
    from handoffctl.handoffs.close import Closed
    from handoffctl.handoffs.close import close as record

    ways = {"won": won, "lost": lost, "disqualified": disqualified, "nurture": nurture}
    meant = [way for way, given in ways.items() if given]
    if len(meant) != 1:
        raise UsageFault("Say how it ended: --won, --lost, --disqualified or --nurture.", "One of them.")
    done = record(context.home(), account, meant[0], because or None, to or None, wake or None, context.prompting())
    if not isinstance(done, Closed):
        tell(done, json)
    elif json:
        echo_json({"account": done.deal.account.slug, "deal": done.deal.slug, "stage": done.stage,
                  "disposition": done.disposition})  # fmt: skip
    else:
        echo_err(f"Closed {done.deal.called} as {done.disposition}; it is in {done.title} now.")


def reopen(account: Account, to: To = "") -> None:
    """Take a closed deal up again, in the open stage it was last in."""
    from handoffctl.handoffs.close import reopen as record

    done = record(context.home(), account, to or None, context.prompting())
    echo_err(f"{done.deal.called} is open again, in {done.title}.")
