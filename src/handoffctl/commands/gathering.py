"""The regular meeting with the receivers: review."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Csv, Json, Markdown, complete_person
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    command(
        app, "review",
        'handoffctl review\nhandoffctl review --for "Mia Berg"\nhandoffctl review --since -14d --markdown',
    )(review)  # fmt: skip


def review(
    whom: Annotated[
        str,
        typer.Option(
            "--for", metavar="PERSON|ROLE", help="Only this receiver; a role with its people.",
            autocompletion=complete_person,
        ),
    ] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="WHEN", help="Look back to then, instead of to the last review.")
    ] = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:  # fmt: skip
    """The agenda for meeting the receivers: what they were handed, without a step first; what came back and why.

    It looks back to the last review on an earlier day (the first one seven days), and remembers this one.
    """
    from handoffctl.reviews.agenda import agenda
    from handoffctl.reviews.history import remember

    if json + csv + markdown > 1:
        raise UsageFault("One of --json, --csv and --markdown at a time.", "Leave the others out.")
    home = context.home()
    found = agenda(home, whom, since)
    if json:
        echo_json(found.found)
    else:
        _print(found.found, csv, markdown)
    if remark := remember(home, found.receiver):
        echo_err(remark)


def _print(found: dict[str, object], csv: bool, markdown: bool) -> None:
    from handoffctl.console import report
    from handoffctl.reviews.output import paper

    made = paper(found, context.home().clock.zone)
    if csv:
        echo(report.csv(made))
    elif markdown:
        echo(report.markdown(made))
    else:
        echo_heading(made.title)
        for sentence in made.says:
            echo_prose(sentence)
        for part in made.parts:
            echo()
            echo_heading(part.heading)
            echo_table(part.table)
