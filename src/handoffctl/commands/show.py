"""The command `show`."""

import typer

from handoffctl.commands.shared.brief import echo_brief
from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_prose
from handoffctl.core.moments import format_local, is_before
from handoffctl.core.names import Abbreviation
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.deals.evidence import describe_evidence
from handoffctl.deals.missing_stages import gone_among
from handoffctl.meetings.model import describe_booking
from handoffctl.overview.dated import DatedStep
from handoffctl.overview.show import (
    AccountView,
    DealView,
    FieldValue,
    ShownPromise,
    ShownTouch,
    account_briefs,
    account_view,
)

MOST_TOUCHES = 10


def register(app: typer.Typer) -> None:
    command(app, "show", "handoffctl show acme-corp")(show)


def _when(moment: str | None) -> str:
    return format_local(moment, context.home().clock.zone) if moment else "unknown"


def show(account: Account, json: Json = False) -> None:
    """Show everything about an account: what a receiver must know, contacts, deals, what was said."""
    view = account_view(context.home(), Abbreviation(account))
    if json:
        echo_json(view)
        return
    for brief in account_briefs(context.home(), Abbreviation(account)):
        echo_brief(brief)
        echo()
    _show_account(view)


def _show_account(account: AccountView) -> None:
    echo_heading(f"{account.name}  ({account.account})" + ("  test account" if account.test else ""))
    for person in account.contacts:
        parts = [part for part in (person.name, person.title, person.email, person.phone) if part]
        echo(f"  {', '.join(parts)}" + (f"  [{person.level}]" if person.level else ""))
    if account.touches_without_deal:
        echo(f"  {counted(account.touches_without_deal, 'touches')} of no deal: handoffctl log {account.account}")
    if not account.deals:
        echo("  No deal yet.")
    for deal in account.deals:
        _show_deal(deal)
    for missing in gone_among(context.home(), {(deal.playbook, deal.stage) for deal in account.deals}):
        echo_err(missing.says)


def _show_deal(deal: DealView) -> None:
    echo()
    named = f"{deal.name}: " if deal.name else ""
    since = f", since {_when(deal.entered_at)} ({_days(deal.days)})" if deal.entered_at else ""
    echo_heading(f"{named}{deal.stage}{since}")
    lines = _lines(deal)
    wide = max(map(len, lines))
    for name, text in lines.items():
        echo(f"  {name.ljust(wide)}  {text}".replace("\n", "\n" + " " * (wide + 4)))
    for meeting in deal.meetings:
        echo(f"  {'meeting'.ljust(wide)}  {describe_booking(meeting, context.home().clock)}")
    for promise in deal.promises:
        if not promise.kept_at:
            echo(f"  {'promised'.ljust(wide)}  {_step(promise)}")
    past = " > ".join(f"{stay.stage} {_days(stay.days)}" for stay in deal.stays if stay.left_at)
    if past:
        echo_prose(f"  {'before'.ljust(wide)}  {past}")
    _show_trail(deal)


def _show_trail(deal: DealView) -> None:
    """Prints the last touches with their words, the oldest of them first."""
    if not deal.trail:
        return
    echo()
    earlier = len(deal.trail) - MOST_TOUCHES
    echo("  What was said" + (f" ({earlier} earlier: handoffctl log {deal.ref})" if earlier > 0 else ""))
    for touch in deal.trail[-MOST_TOUCHES:]:
        echo_prose(f"    {weekday_and_day(touch.at, context.home().clock)}  {_touch(touch)}", 6)


def _touch(touch: ShownTouch) -> str:
    with_whom = f"with {touch.with_}" if touch.with_ else ""
    words = ("from them" if touch.direction == "in" else "", touch.outcome, with_whom)
    what = " ".join([touch.kind, *(word for word in words if word)])
    return f"{what}: {touch.text}" if touch.text else what


def _lines(deal: DealView) -> dict[str, str]:
    """Returns what is shown of a deal, by the name in front of it."""
    lines = {
        "deal": deal.ref,
        "playbook": deal.playbook,
        "owner": deal.owner,
        "next step": _step(deal.step),
        **({"follow-up": deal.follow_up.says} if deal.follow_up else {}),
        "summary": _summary(deal),
        "touches": f"{deal.touches}, last {_when(deal.last_touch)}" if deal.touches else "none",
    }
    if deal.reason_title and deal.reason_title != deal.because:
        lines["reason"] = deal.reason_title
    if deal.because:
        lines["because"] = deal.because
    if deal.wakes_on:
        lines["wakes on"] = deal.wakes_on
    if deal.outside:
        lines["moved outside"] = f"the export has it in {deal.outside.stage} since {_when(deal.outside.at)}"
    return lines | {name: _value(value) + _mark(name, deal) for name, value in deal.fields.items()}


def _summary(deal: DealView) -> str:
    """Returns the state of the summary, with the evidence for it where the client has answered one."""
    if deal.confirmed is None:
        return deal.summary or "none sent"
    evidence = describe_evidence(deal.confirmed, context.home().clock)
    return evidence if deal.summary == deal.confirmed.state else f"{deal.summary}; an earlier one {evidence}"


def _mark(name: str, deal: DealView) -> str:
    return "  (changed since the client confirmed it)" if name in deal.changed else ""


def _days(days: float | None) -> str:
    if days is None:
        return "(time unknown)"
    if days and days < 1:
        return f"{days * 24:.1f} hours"
    return f"{days:.0f} day{'' if round(days) == 1 else 's'}"


def _step(step: DatedStep | ShownPromise | None) -> str:
    if not step:
        return "none"
    due, clock = step.due, context.home().clock
    late = ", overdue" if due and is_before(due, clock.now, clock.zone) else ""
    return step.text + (f" (by {_when(due)}{late})" if due else "")


def _value(value: FieldValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)
