"""The command report, with a command for each report and one for all of them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from handoffctl.commands.shared.options import (
    Csv,
    Json,
    Markdown,
    Playbook,
    Since,
    Until,
    complete_person,
    complete_stage,
)
from handoffctl.console import context
from handoffctl.console import report as report_text
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.console.progress import progress_bar
from handoffctl.console.report import Report
from handoffctl.core.moments import format_local
from handoffctl.errors import UsageFault
from handoffctl.reports.comparison import build_compared, render_compared
from handoffctl.reports.context import (
    ProgressCallback,
    ReportContext,
    ReportOptions,
    ReportResult,
    open_report,
    report_json,
)
from handoffctl.reports.goals.options import GoalsOptions
from handoffctl.reports.registry import ReportDefinition, build_all, report_named
from handoffctl.reports.throughput.options import ThroughputOptions

Compare = Annotated[
    str, typer.Option("--compare", metavar="REVISION|DATE", help="What began before it beside what began since.")
]


Scope = tuple[str, str, str]  # playbook, since, until


def register(app: typer.Typer) -> None:
    report = group(
        app,
        "report",
        "Figures: throughput, fields, effort, engagement, missed, handoffs, follow-up, activity, value, listening, "
        "trials, won, forecast, sla, signs, reasons, dispositions, goals.",
    )
    command(
        report, "throughput",
        "handoffctl report throughput\n"
        "handoffctl report throughput --since 2026-01-01 --by month\n"
        "handoffctl report throughput --compare 2026-06-01\n"
        "handoffctl report throughput --csv > throughput.csv",
    )(throughput)  # fmt: skip
    command(report, "fields", "handoffctl report fields\nhandoffctl report fields --explain")(fields)
    for name, (summary, example) in WITHOUT_OPTIONS.items():
        command(report, name, f"handoffctl {example}")(_without_options(name, summary))
    command(report, "sla", "handoffctl report sla\nhandoffctl report sla --since -90d --breaches")(sla)
    command(report, "signs", "handoffctl report signs\nhandoffctl report signs --owner Sam --explain")(signs)
    command(report, "won", "handoffctl report won\nhandoffctl report won --stage proposal --explain")(won)
    command(
        report, "goals",
        "handoffctl report goals\n"
        "handoffctl report goals --month 2026-03\n"
        "handoffctl report goals --person Ada --explain",
    )(goals)  # fmt: skip
    command(report, "all", "handoffctl report all --html report.html\nhandoffctl report all --markdown")(all_)


def throughput(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    by: Annotated[str, typer.Option(metavar="week|month|owner|source", help="Each stage by this, too.")] = "",
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Only this stage.", autocompletion=complete_stage)] = "",
    compare: Annotated[
        str, typer.Option(metavar="REVISION|DATE", help="What began before it beside what began since.")
    ] = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """How many deals pass each stage, how they leave it, and how long they stay, counting those still there."""
    options = ThroughputOptions(by, stage, compare)
    report = report_named("throughput")
    with_options = report._replace(build=lambda report_context: report.build(report_context, options))
    _run(with_options, (playbook, since, until), _form(json, csv, markdown))


def fields(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Also the rule, and the numbers behind each verdict.")
    ] = False,
    compare: Compare = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """What each handoff asks: how often it is missing, what it costs, what followed, and whether to keep it."""
    report = report_named("fields")
    with_reasons = report._replace(render=lambda result: report.render(result, explain))
    _run(with_reasons, (playbook, since, until), _form(json, csv, markdown), compare)


def sla(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    breaches: Annotated[bool, typer.Option("--breaches", help="Every breach, not only the newest ten.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also the numbers behind each verdict.")] = False,
    compare: Compare = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """What teams promised each other, whether it was kept, and which deals broke it."""
    report = report_named("sla")
    with_options = report._replace(render=lambda result: report.render(result, breaches, explain))
    _run(with_options, (playbook, since, until), _form(json, csv, markdown), compare)


def signs(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Only this person or role, with deals.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Also the numbers behind each verdict.")] = False,
    compare: Compare = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """Signs that a team hands deals off to hit a number, and what to look at."""
    report = report_named("signs")
    with_options = ReportDefinition(
        lambda report_context: report.build(report_context, owner),
        lambda result: report.render(result, owner, explain),
    )
    _run(with_options, (playbook, since, until), _form(json, csv, markdown), compare)


def won(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    stage: Annotated[
        str, typer.Option(metavar="STAGE", help="Compare from this stage on.", autocompletion=complete_stage)
    ] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Also the numbers behind the words.")] = False,
    compare: Compare = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """Which signals the won deals had early and the lost ones did not, as known two weeks into the stage."""
    report = report_named("won")
    with_options = ReportDefinition(
        lambda report_context: report.build(report_context, stage), lambda result: report.render(result, explain)
    )
    _run(with_options, (playbook, since, until), _form(json, csv, markdown), compare)


def goals(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="An earlier month, as in 2026-03.")] = "",
    person: Annotated[
        str, typer.Option("--person", metavar="NAME", help="What one person did.", autocompletion=complete_person)
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Also what each figure means, and the deals behind it.")
    ] = False,
    compare: Compare = "",
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """How far each objective and the goal are, at which pace, and what each person did, beside its quality."""
    options = GoalsOptions(month, person)
    report = report_named("goals")
    with_options = report._replace(
        build=lambda report_context: report.build(report_context, options),
        render=lambda result: report.render(result, explain),
    )
    _run(with_options, (playbook, since, until), _form(json, csv, markdown), compare)


# The reports without options of their own: the summary for help, and an example.
WITHOUT_OPTIONS = {
    "effort": ("How long answering takes, per handoff and per item; real runs and drills apart.", "report effort"),
    "engagement": (
        "Touches per stage, how soon the first came, the longest silence, and whether more of them go with progress.",
        "report engagement --since -90d",
    ),
    "missed": (
        "Triggers that were seen and nobody handed off, deals moved outside, returns, and how long handoffs waited.",
        "report missed",
    ),
    "handoffs": (
        "Handoffs by sender, receiver and kind: done, blocked, returned, how soon taken up, and how ready they were.",
        "report handoffs --since -90d",
    ),
    "follow-up": (
        "Whether guidelines for following up were kept: first responses, spacing, given up too early or too late.",
        "report follow-up --since -90d",
    ),
    "activity": (
        "What each owner did: touches, conversations, meetings; and who does not come to them.",
        "report activity --since -30d",
    ),
    "value": (
        "The value seen at signing, what has borne it out since, and the time from signing to first value.",
        "report value",
    ),
    "trials": (
        "What was left out on trial, whether it was missed, the time it saved, and what could be left out next.",
        "report trials",
    ),
    "forecast": (
        "What the open deals are worth, judged by earlier deals of the same age, beside the close dates as typed.",
        "report forecast",
    ),
    "reasons": (
        "Why handoffs were returned and deals were lost, disqualified or put aside: reasons by count, with the deals.",
        "report reasons --since -90d",
    ),
    "dispositions": (
        "Which proposals to give up, put aside or keep a deal were followed or overruled, and how those deals went on.",
        "report dispositions",
    ),
    "listening": (
        "How soon clients answer summaries, what they correct and are asked twice, and what receivers found enough.",
        "report listening --since -90d",
    ),
}


def _without_options(word: str, summary: str) -> Callable[..., None]:
    """Returns the command of a report that has no options of its own."""

    def report(playbook: Playbook = "", since: Since = "", until: Until = "", compare: Compare = "",
               json: Json = False, csv: Csv = False, markdown: Markdown = False) -> None:  # fmt: skip
        _run(report_named(word.replace("-", "_")), (playbook, since, until), _form(json, csv, markdown), compare)

    report.__doc__ = summary
    return report


def all_(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="One page with everything, to open in a browser.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """Every report, one after the other; or as one page to open, print or send."""
    form = _form(json, csv, markdown)
    if html and form:
        raise UsageFault("--html is a form of its own.", f"Leave --{form} out.")
    if html:
        _write_page((playbook, since, until), html)
        return
    with _open((playbook, since, until), form) as report_context:
        results = build_all(report_context)
    if form == "json":
        echo_json(results.as_json())
    else:
        for number, (name, result) in enumerate(results.reports.items()):
            echo() if number else None
            report = report_named(name).render(result)
            _print(report if number else _with_window(report, report_context, form), form, with_title=True)
    for remark in dict.fromkeys(report_context.remarks):
        echo_err(remark)


def _write_page(scope: Scope, path: Path) -> None:
    from handoffctl.reports.html.page import write_page  # loads every report

    with _open(scope, "html") as report_context:
        write_page(report_context, path)
    echo_err(f"Wrote {path}. Open it in a browser.")


def _form(json: bool, csv: bool, markdown: bool) -> str:
    """Returns json, csv, markdown, or "" for the screen. Raises UsageFault for more than one."""
    if json + csv + markdown > 1:
        raise UsageFault("One of --json, --csv and --markdown at a time.", "Leave the others out.")
    return "json" if json else "csv" if csv else "markdown" if markdown else ""


def _run(definition: ReportDefinition, scope: Scope, form: str, compare: str = "") -> None:
    """Computes a report, or both sides of a comparison, and prints it, then its remarks."""
    if compare:
        _run_compared(definition, scope, form, compare)
        return
    with _open(scope, form) as report_context:
        result: ReportResult = definition.build(report_context)
    if form == "json":
        echo_json(report_json(result))
    else:
        _print(_with_window(definition.render(result), report_context, form), form)
    for remark in report_context.remarks:
        echo_err(remark)


def _run_compared(definition: ReportDefinition, scope: Scope, form: str, compare: str) -> None:
    with _open(scope, form) as report_context:
        result = build_compared(definition, report_context, compare)
    if form == "json":
        echo_json(result.as_json())
    else:
        report = render_compared(definition.render, result, report_context)
        _print(_with_window(report, report_context, form), form)
    for remark in dict.fromkeys(report_context.remarks):
        echo_err(remark)


@contextmanager
def _open(scope: Scope, form: str) -> Iterator[ReportContext]:
    with _progress(form) as progress, open_report(context.home(), ReportOptions(*scope, progress)) as report_context:
        yield report_context


def _with_window(report: Report, report_context: ReportContext, form: str) -> Report:
    """Adds the window to the introduction if the report has one; to Markdown also the playbook and the moment."""
    window, zone, playbook = report_context.window, report_context.clock.zone, report_context.playbook
    sentences = []
    if form == "markdown":
        sentences.append(
            f"{playbook.title or playbook.playbook}, as of {format_local(report_context.clock.now, zone)}."
        )
    ends = [f"from {format_local(window.since, zone)}"] if window.since else []
    ends += [f"until {format_local(window.until, zone)}"] if window.until else []
    if ends:
        sentences.append(f"Only what began {' '.join(ends)}.")
    return replace(report, says=[*([" ".join(sentences)] if sentences else []), *report.says])


def _print(report: Report, form: str, with_title: bool = False) -> None:
    if form == "csv":
        echo((f"{report.title}\n" if with_title else "") + report_text.csv(report))
    elif form == "markdown":
        echo(report_text.markdown(report))
    else:
        if with_title:
            echo_heading(report.title)
            echo()
        _print_tables(report)


def _print_tables(report: Report) -> None:
    for sentence in report.says:
        echo_prose(sentence)
    for number, part in enumerate(report.parts):
        if number or report.says:
            echo()
        if part.heading:
            echo_heading(part.heading)
        echo_table(part.table)


@contextmanager
def _progress(form: str) -> Iterator[ProgressCallback]:
    """Draws a progress bar on a terminal for what takes longer than a second."""
    if not sys.stderr.isatty() or form == "json":
        yield lambda done, size: None
        return
    with progress_bar("Counting") as update:
        yield update
