"""The log, and reports."""

from typing import Annotated

import typer

from handoffctl.cli import here
from handoffctl.cli.arguments import Csv, Json, Limit, Markdown, Playbook, complete_account
from handoffctl.cli.commands import command, group
from handoffctl.cli.screen import note, say, say_json, say_prose, say_table
from handoffctl.domain.moments import shown
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    command(app, "log", "handoffctl log\nhandoffctl log acme-corp")(log)
    report = group(app, "report", "Figures: throughput.")
    command(report, "throughput", "handoffctl report throughput\nhandoffctl report throughput --csv > throughput.csv")(
        throughput
    )


def log(
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="Only this account.", autocompletion=complete_account)
    ] = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """What happened, one line each, the newest last."""
    from handoffctl.actions.showing import log as events_of

    found = events_of(here.home(), account or None, limit, beginnings=True)
    if json:
        say_json(found)
        return
    zone = here.home().clock.zone
    for event in found["events"]:
        when = shown(event["at"], zone) if event["at"] else "unknown"
        say_prose(f"{when.ljust(16)}  {event['says']}".replace("\n", " "))
    if len(found["events"]) < found["total"]:
        note(f"The last {len(found['events'])} of {found['total']:,}; more with --limit {found['total']}.")
    if not found["events"]:
        note('Nothing happened yet. Begin with: handoffctl add "Acme Corp"')


def throughput(playbook: Playbook = "", json: Json = False, csv: Csv = False, markdown: Markdown = False) -> None:
    """How many deals pass each stage, how they leave it, and how long they stay."""
    from handoffctl.actions.reporting import throughput as figures

    if json + csv + markdown > 1:
        raise UsageFault("One of --json, --csv and --markdown at a time.", "Leave the others out.")
    found, remarks = figures(here.home(), playbook or None)
    if json:
        say_json(found)
    else:
        from handoffctl.reports.table import as_csv, as_markdown
        from handoffctl.reports.throughput import figures_table, throughput_table

        if csv:
            say(as_csv(figures_table(found["stages"])))
        elif markdown:
            say(as_markdown(throughput_table(found["stages"])))
        else:
            say_table(throughput_table(found["stages"]))
    for remark in remarks:
        note(remark)
