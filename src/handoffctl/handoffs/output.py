"""Says what the gate answered and what came of a handoff."""

from typing import TYPE_CHECKING, Any

import typer

from handoffctl.console import context
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json
from handoffctl.core.moments import shown
from handoffctl.errors import MISSING
from handoffctl.handoffs.attempt import verdict_as_json

if TYPE_CHECKING:
    from handoffctl.emails.email import Email
    from handoffctl.handoffs.attempt import HandoffAttempt
    from handoffctl.handoffs.gate import Gap, Verdict
    from handoffctl.handoffs.handoff import Outcome


def tell(done: "Outcome", json: bool) -> None:
    """Says what came of a handoff, shows its e-mails, and exits with 3 where it was blocked."""
    if json:
        echo_json(_as_json(done, [one.as_json() for one in done.emails]))
    elif done.handed_off:
        _say_passed(done)
        for one in done.emails:
            _say_email(one)
        if any(one.template == "summary" for one in done.emails):
            echo_err(f"The summary is drafted. When it is sent: handoffctl summary sent {done.passage.deal.ref}")
    else:
        say_verdict(done.passage, done.verdict)
    for remark in done.remarks:
        echo_err(remark)
    if done.passage.deal.account.test:
        echo_err(f"This was a drill. To do it again: handoffctl drill reset {done.passage.deal.account.slug}")
    if not done.handed_off:
        raise typer.Exit(MISSING)


def _as_json(done: "Outcome", emails: list[dict[str, Any]]) -> dict[str, Any]:
    said = verdict_as_json(done.passage, done.verdict) | {"handed_off": done.handed_off}
    if done.handed_off:
        said["handoff"] = {
            "id": done.handoff_id,
            "at": done.at,
            "from_owner": done.passage.deal.owner,
            "to_owner": done.passage.to_owner,
            "seconds": done.seconds,
        }
        said["emails"] = emails
    return said


def _say_passed(done: "Outcome") -> None:
    tried = done.passage
    way = f"{tried.from_title} -> {tried.to_title}" if tried.handoff.to else f"in {tried.from_title}"
    echo_heading(f"Handed off: {tried.deal.called}, {way}.")
    step = done.facts.step
    when = f" (by {shown(step.due, context.home().clock.zone)})" if step and step.due else ""
    echo(f"Owner: {tried.to_owner}. Next step: {step.text + when if step else 'none'}.")
    if done.verdict.nice_to_have:
        echo("Good to know, still open:")
        for gap in done.verdict.nice_to_have:
            echo(f"  {gap.label}: {gap.fix}")


def _for(one: "Email") -> str:
    return "for your own side" if one.internal else f"to {one.to or '(no address yet)'}"


def _say_email(one: "Email") -> None:
    echo()
    echo_heading(f"--- E-mail to paste: {one.template}, {_for(one)}")
    echo(one.pasted)
    echo_heading("---")


def say_verdict(tried: "HandoffAttempt", verdict: "Verdict") -> None:
    """What is missing, why, and how to put it right."""
    way = (
        f"{tried.from_title} -> {tried.to_title}" if tried.handoff.to else f"in {tried.from_title}, to {tried.to_owner}"
    )
    echo_heading(f"{tried.deal.called}: {way}")
    if verdict.clear:
        echo(f"Nothing required is missing. Hand it off with: handoffctl handoff {tried.deal.ref}")
    else:
        echo(f"Missing ({len(verdict.missing)}):")
        _say_gaps(verdict.missing)
    if verdict.nice_to_have:
        echo("Nice to have:")
        _say_gaps(verdict.nice_to_have)
    if tried.deal.outside_stage:
        since = f" since {shown(tried.deal.outside_at, context.home().clock.zone)}" if tried.deal.outside_at else ""
        echo_err(f"Moved outside: the last export has it in {tried.deal.outside_stage}{since}.")


def _say_gaps(gaps: "tuple[Gap, ...]") -> None:
    for gap in gaps:
        echo(f"  {gap.label}")
        echo(f"      why: {gap.why}")
        echo(f"      fix: {gap.fix}")
        for other in gap.others:
            echo(f"       or: {other}")
