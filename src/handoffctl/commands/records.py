"""Accounts: add, list, show, set, rename."""

from collections import Counter
from typing import Annotated, Any

import typer

from handoffctl.commands.shared.options import (
    Account,
    Json,
    Limit,
    OnlyAccount,
    Playbook,
    complete_field,
    complete_stage,
)
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.core.moments import before, shown
from handoffctl.errors import UsageFault
from handoffctl.meetings.model import described

MOST_WITHOUT = 5


def register(app: typer.Typer) -> None:
    command(
        app, "add",
        'handoffctl add "Acme Corp" --contact "Jane Doe <jane@acme.example>"\nhandoffctl add "Test Inc" --test',
    )(add)  # fmt: skip
    command(app, "list", "handoffctl list\nhandoffctl list --stage qualified --json")(list_)
    command(app, "show", "handoffctl show acme-corp")(show)
    command(app, "set", 'handoffctl set acme-corp budget=12,500 situation="Their tool broke in May"')(set_)
    command(app, "rename", 'handoffctl rename acme-corp "Acme Group"')(rename)


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")],
    playbook: Playbook = "",
    contact: Annotated[str, typer.Option(metavar='"NAME <ADDRESS>"', help="Somebody who works there.")] = "",
    no_deal: Annotated[bool, typer.Option("--no-deal", help="Open no deal yet.")] = False,
    test: Annotated[bool, typer.Option("--test", help="A test account: its handoffs are drills.")] = False,
) -> None:
    """Add an account, and open a deal with it in the first stage. Prints its slug."""
    from handoffctl.deals.accounts import add as record

    made = record(context.home(), name, playbook or None, contact or None, not no_deal, test)
    echo(made.slug)
    echo_err(f"Added {made.name}" + (f", in {made.stage}." if made.stage else "."))
    if test:
        echo_err("It is a test account: its handoffs are drills, and it is in no figure but handoffctl report effort.")


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
    from handoffctl.overview.show import deals

    if duplicates:
        if playbook or stage or owner or closed:
            raise UsageFault("--duplicates looks at all accounts.", "Leave the other choices out.")
        from handoffctl.commands.merging import list_duplicates

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
    from handoffctl.deals.missing_stages import gone_among

    return list(gone_among(context.home(), {(deal["playbook"], deal["stage"]) for deal in among}))


def _deals_table(found: list[dict[str, Any]]) -> Any:
    from handoffctl.console.table import Table

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
    return shown(moment, context.home().clock.zone) if moment else "unknown"


def show(account: Account, json: Json = False) -> None:
    """Show everything about an account: contacts, deals, what is known, the next step, time in each stage."""
    from handoffctl.overview.show import account as whole

    found = whole(context.home(), account, allow_prefix=True)
    if json:
        echo_json(found)
        return
    echo_heading(f"{found['name']}  ({found['account']})" + ("  test account" if found["test"] else ""))
    for person in found["contacts"]:
        parts = [person[part] for part in ("name", "title", "email", "phone") if person[part]]
        echo(f"  {', '.join(parts)}" + (f"  [{person['level']}]" if person["level"] else ""))
    if found["touches_without_deal"]:
        echo(f"  {counted(found['touches_without_deal'], 'touches')} of no deal: handoffctl log {found['account']}")
    if not found["deals"]:
        echo("  No deal yet.")
    for deal in found["deals"]:
        _show_deal(deal)
    for one in _stages_gone(found["deals"]):
        echo_err(one.says)


def _show_deal(deal: dict[str, Any]) -> None:
    echo()
    named = f"{deal['name']}: " if deal["name"] else ""
    since = f", since {_when(deal['entered_at'])} ({_days(deal['days'])})" if deal["entered_at"] else ""
    echo_heading(f"{named}{deal['stage']}{since}")
    lines = {
        "deal": deal["ref"],
        "playbook": deal["playbook"],
        "owner": deal["owner"],
        "next step": _step(deal["step"]),
        **({"follow-up": deal["follow_up"]["says"]} if deal["follow_up"] else {}),
        "summary": deal["summary"] or "none sent",
        "touches": f"{deal['touches']}, last {_when(deal['last_touch'])}" if deal["touches"] else "none",
    }
    if deal["because"]:
        lines["because"] = deal["because"]
    if deal["wakes_on"]:
        lines["wakes on"] = deal["wakes_on"]
    if deal["outside"]:
        lines["moved outside"] = f"the export has it in {deal['outside']['stage']} since {_when(deal['outside']['at'])}"
    lines.update({name: _value(value) + _mark(name, deal) for name, value in deal["fields"].items()})
    wide = max(map(len, lines))
    for name, text in lines.items():
        echo(f"  {name.ljust(wide)}  {text}".replace("\n", "\n" + " " * (wide + 4)))
    for one in deal["meetings"]:
        echo(f"  {'meeting'.ljust(wide)}  {described(one, context.home().clock)}")
    for one in deal["promises"]:
        if not one["kept_at"]:
            echo(f"  {'promised'.ljust(wide)}  {_step(one)}")
    past = " > ".join(f"{stay['stage']} {_days(stay['days'])}" for stay in deal["stays"] if stay["left_at"])
    if past:
        echo_prose(f"  {'before'.ljust(wide)}  {past}")


def _mark(name: str, deal: dict[str, Any]) -> str:
    return "  (changed since the client confirmed it)" if name in deal["changed"] else ""


def _days(days: float | None) -> str:
    if days is None:
        return "(time unknown)"
    if days and days < 1:
        return f"{days * 24:.1f} hours"
    return f"{days:.0f} day{'' if round(days) == 1 else 's'}"


def _step(step: dict[str, Any] | None) -> str:
    if not step:
        return "none"
    due, clock = step["due"], context.home().clock
    late = ", overdue" if due and before(due, clock.now, clock.zone) else ""
    return str(step["text"]) + (f" (by {_when(due)}{late})" if due else "")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def set_(
    account: Account,
    values: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE", help="What is known now.", autocompletion=complete_field),
    ],
) -> None:
    """Record what is known of a deal or its account. All of it, or nothing where one value is bad."""
    from handoffctl.deals.fields import pairs, set_values

    for line in set_values(context.home(), account, pairs(values), allow_prefix=context.prompting()):
        echo(line)


def rename(account: OnlyAccount, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Give an account another name, and the slug that goes with it. Prints the slug."""
    from handoffctl.deals.accounts import rename as record

    before, slug = record(context.home(), account, name, allow_prefix=context.prompting())
    echo(slug)
    echo_err(f"{before} is now called {name}.")
