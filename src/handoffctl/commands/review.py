"""The command review: the agenda of the regular meeting with the receivers."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Csv, Json, Markdown, complete_person
from handoffctl.console import context
from handoffctl.console import report as report_text
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.console.report import Report
from handoffctl.core.json_record import json_object
from handoffctl.errors import UsageFault
from handoffctl.reviews.agenda import agenda
from handoffctl.reviews.history import record_review
from handoffctl.reviews.output import render


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
    if json + csv + markdown > 1:
        raise UsageFault("One of --json, --csv and --markdown at a time.", "Leave the others out.")
    home = context.home()
    review_agenda = agenda(home, whom, since)
    if json:
        echo_json(json_object(review_agenda))
    else:
        _print(render(review_agenda, home.clock.zone), csv, markdown)
    if warning := record_review(home, review_agenda.filed_under):
        echo_err(warning)


def _print(report: Report, csv: bool, markdown: bool) -> None:
    if csv:
        echo(report_text.csv(report))
    elif markdown:
        echo(report_text.markdown(report))
    else:
        echo_heading(report.title)
        for sentence in report.says:
            echo_prose(sentence)
        for part in report.parts:
            echo()
            echo_heading(part.heading)
            echo_table(part.table)
