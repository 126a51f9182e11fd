"""Prints what the gate says: what is missing, why it is needed, and the command that fixes it."""

from collections.abc import Iterable

from handoffctl.console import context
from handoffctl.console.output import echo, echo_err, echo_heading
from handoffctl.core.moments import format_local
from handoffctl.handoffs.attempt import HandoffAttempt
from handoffctl.handoffs.gate import MissingItem, Verdict


def print_verdict(attempt: HandoffAttempt, verdict: Verdict, named: bool = False) -> None:
    """Prints what is missing, why it is needed, and the command that fixes it.

    If the handoff was `named`, the command for it names it too, so that it does this handoff and no other.
    """
    deal = attempt.deal
    to_stage = f"{attempt.from_title} -> {attempt.to_title}"
    to_person = f"in {attempt.from_title}, to {attempt.to_owner}"
    echo_heading(f"{deal.called}: {to_stage if attempt.handoff.to else to_person}")
    if verdict.clear:
        echo(f"Nothing required is missing. Hand it off with: {attempt.command(named)}")
    else:
        echo(f"Missing ({len(verdict.missing)}):")
        _print_items(verdict.missing)
    if verdict.nice_to_have:
        echo("Nice to have:")
        _print_items(verdict.nice_to_have)
    for not_asked in verdict.not_asked:
        echo(not_asked.says)
    if deal.outside_stage:
        since = f" since {format_local(deal.outside_at, context.home().clock.zone)}" if deal.outside_at else ""
        echo_err(f"Moved outside: the last export has it in {deal.outside_stage}{since}.")


def _print_items(items: Iterable[MissingItem]) -> None:
    for item in items:
        echo(f"  {item.label}")
        echo(f"      why: {item.why}")
        echo(f"      fix: {item.fix}")
        for fix in item.other_fixes:
            echo(f"       or: {fix}")
        for line in signal_lines(item):
            echo(line)


def signal_lines(item: MissingItem) -> list[str]:
    """Returns a line for each signal of a score that is too low: whether it holds, its points, and what to ask."""
    return [
        f"{'yes' if signal.holds else 'ask' if signal.ask else 'no':>9}  {signal.points:>2} points  {signal.label}"
        + (f": {' '.join(signal.ask)}" if signal.ask else "")
        for signal in item.signals
    ]
