"""The command `show`."""

from typing import Any

import typer

from handoffctl.commands.shared.options import (
    Account,
    Json,
)
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_prose
from handoffctl.core.moments import format_local, is_before
from handoffctl.deals.missing_stages import gone_among
from handoffctl.meetings.model import describe_booking
from handoffctl.overview.show import account_view as whole


def register(app: typer.Typer) -> None:
    command(app, "show", "handoffctl show acme-corp")(show)


def _stages_gone(among: list[dict[str, Any]]) -> list[Any]:
    """Of these deals, the stages that their playbook no longer has: such a deal is not lost, but can be moved."""
    return list(gone_among(context.home(), {(deal["playbook"], deal["stage"]) for deal in among}))


def _when(moment: str | None) -> str:
    return format_local(moment, context.home().clock.zone) if moment else "unknown"


def show(account: Account, json: Json = False) -> None:
    """Show everything about an account: contacts, deals, what is known, the next step, time in each stage."""
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
        echo(f"  {'meeting'.ljust(wide)}  {describe_booking(one, context.home().clock)}")
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
    late = ", overdue" if due and is_before(due, clock.now, clock.zone) else ""
    return str(step["text"]) + (f" (by {_when(due)}{late})" if due else "")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)
