"""The command `check`."""

import typer

from handoffctl.commands.shared.options import Account, Json, To
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err, echo_json
from handoffctl.core.names import Abbreviation
from handoffctl.deals.evidence import describe_evidence
from handoffctl.errors import MISSING
from handoffctl.handoffs.check import check_handoff
from handoffctl.handoffs.check_output import print_verdict


def register(app: typer.Typer) -> None:
    command(app, "check", "handoffctl check acme-corp\nhandoffctl check acme-corp --json")(check)


def check(account: Account, to: To = "", json: Json = False) -> None:
    """Say what is missing for the next handoff, why it is needed, and the command that fixes it. Changes nothing.

    Exit code 0 when nothing required is missing, else 3.
    """
    home = context.home()
    checked = check_handoff(home, Abbreviation(account), to or None)
    attempt = checked.attempt
    if json:
        echo_json(checked.as_json(home.clock))
    else:
        print_verdict(attempt, checked.verdict, named=bool(to))
        if checked.evidence:
            echo(f"Summary: {describe_evidence(checked.evidence, home.clock)}")
        if checked.follow_up:
            echo(f"Follow-up: {checked.follow_up.describe(home.clock)}")
        if line := checked.receiver.line(home.clock):
            echo(line)
        if attempt.unfinished:
            path = attempt.rules.path
            echo_err(f"{path} is a draft: this handoff is refused until it says its {attempt.unfinished}.")
    raise typer.Exit(0 if checked.verdict.clear else MISSING)
