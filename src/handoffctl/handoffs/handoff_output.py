"""Prints the outcome of a handoff."""

from handoffctl.console import context
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json
from handoffctl.core.moments import format_local
from handoffctl.emails.email import Email
from handoffctl.handoffs.check_output import print_verdict
from handoffctl.handoffs.handoff import HandoffOutcome


def print_outcome(outcome: HandoffOutcome, json: bool) -> None:
    """Prints the outcome of a handoff and its e-mails."""
    deal = outcome.attempt.deal
    if json:
        echo_json(outcome.as_json())
    elif outcome.handed_off:
        _print_handed_off(outcome)
        for email in outcome.emails:
            _print_email(email)
        if any(email.template == "summary" for email in outcome.emails):
            echo_err(f"The summary is drafted. When it is sent: handoffctl summary sent {deal.ref}")
    else:
        print_verdict(outcome.attempt, outcome.verdict)
    for remark in outcome.remarks:
        echo_err(remark)
    if deal.account.test:
        echo_err(f"This was a drill. To do it again: handoffctl drill reset {deal.account.slug}")


def _print_handed_off(outcome: HandoffOutcome) -> None:
    attempt = outcome.attempt
    way = f"{attempt.from_title} -> {attempt.to_title}" if attempt.handoff.to else f"in {attempt.from_title}"
    echo_heading(f"Handed off: {attempt.deal.called}, {way}.")
    step = outcome.facts.step
    when = f" (by {format_local(step.due, context.home().clock.zone)})" if step and step.due else ""
    echo(f"Owner: {attempt.to_owner}. Next step: {step.text + when if step else 'none'}.")
    # A remark says it where the owner is away.
    if line := outcome.receiver.line(context.home().clock, with_presence=outcome.receiver.there_now):
        echo(line)
    if outcome.verdict.nice_to_have:
        echo("Good to know, still open:")
        for item in outcome.verdict.nice_to_have:
            echo(f"  {item.label}: {item.fix}")
    for not_asked in outcome.verdict.not_asked:
        echo(not_asked.says)


def _print_email(email: Email) -> None:
    reader = "for your own side" if email.internal else f"to {email.to or '(no address yet)'}"
    echo()
    echo_heading(f"--- E-mail to paste: {email.template}, {reader}")
    echo(email.pasted)
    echo_heading("---")
