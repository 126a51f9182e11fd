"""Words to the client: the marks of a summary, and e-mails ready to paste."""

from typing import Annotated

import typer

from handoffctl.cli import here
from handoffctl.cli.arguments import Account, Json, complete_template
from handoffctl.cli.commands import command, group
from handoffctl.cli.screen import note, say, say_json


def register(app: typer.Typer) -> None:
    summary = group(app, "summary", "The summary e-mail of a call: sent, confirm.")
    command(summary, "sent", "handoffctl summary sent acme-corp")(sent)
    command(summary, "confirm", "handoffctl summary confirm acme-corp")(confirm)
    command(app, "email", "handoffctl email summary acme-corp")(email)


def sent(account: Account) -> None:
    """Record that you sent the client a summary of what was said."""
    from handoffctl.actions.touching import mark_summary

    found = mark_summary(here.home(), account, "sent", here.prompting())
    note(f"Summary sent to {found.called}. When they answer: handoffctl summary confirm {found.ref}")


def confirm(account: Account) -> None:
    """Record that the client confirmed the summary."""
    from handoffctl.actions.touching import mark_summary

    found = mark_summary(here.home(), account, "confirmed", here.prompting())
    note(f"Summary confirmed by {found.called}.")


def email(
    template: Annotated[
        str,
        typer.Argument(metavar="TEMPLATE", help="As in: summary, introduction.", autocompletion=complete_template),
    ],
    account: Account,
    json: Json = False,
) -> None:
    """Write an e-mail about a deal from what is on record: subject, blank line, body. Sends nothing."""
    from handoffctl.actions.mailing import email as written

    made = written(here.home(), template, account, beginnings=True)
    if json:
        say_json({"template": made.template, "to": made.to, "subject": made.subject, "body": made.body})
        return
    say(f"Subject: {made.subject}\n\n{made.body}")
