"""Reports: throughput, fields, effort, engagement, missed, handoffs, follow-up, activity, value, all."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handoffctl.commands.shared.options import Csv, Json, Markdown, Playbook, complete_stage
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.core.moments import shown
from handoffctl.errors import UsageFault

if TYPE_CHECKING:
    from handoffctl.console.report import Report
    from handoffctl.reports.context import ReportContext, Tell

Since = Annotated[str, typer.Option("--since", metavar="WHEN", help="Only what began then or later: 2026-01-01, -30d.")]
Until = Annotated[
    str, typer.Option("--until", metavar="WHEN", help="Only what began then or before; a day counts whole.")
]


def register(app: typer.Typer) -> None:
    report = group(
        app,
        "report",
        "Figures: throughput, fields, effort, engagement, missed, handoffs, follow-up, activity, value, or all.",
    )
    command(
        report, "throughput",
        "handoffctl report throughput\n"
        "handoffctl report throughput --since 2026-01-01 --by month\n"
        "handoffctl report throughput --compare 2026-06-01\n"
        "handoffctl report throughput --csv > throughput.csv",
    )(throughput)  # fmt: skip
    command(report, "fields", "handoffctl report fields\nhandoffctl report fields --explain")(fields)
    for name, (says, example) in PLAIN.items():
        command(report, name, f"handoffctl {example}")(_plain(name, says))
    command(report, "all", "handoffctl report all --html report.html\nhandoffctl report all --markdown")(every)


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
    from handoffctl.reports.throughput.report import Cut, look

    cut = Cut(by, stage, compare)
    _tell("throughput", lambda frame: look(frame, cut), (playbook, since, until), _form(json, csv, markdown))


def fields(
    playbook: Playbook = "",
    since: Since = "",
    until: Until = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Also the rule, and the numbers behind each verdict.")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    markdown: Markdown = False,
) -> None:
    """What each handoff asks: how often it is missing, what it costs, what followed, and whether to keep it."""
    from handoffctl.reports.fields.report import look

    _tell("fields", look, (playbook, since, until), _form(json, csv, markdown), explain=explain)


# Those that take no options of their own: what help says of them, and an example.
PLAIN = {
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
}


def _plain(typed: str, says: str) -> Callable[..., None]:
    name = typed.replace("-", "_")  # as its modules are called

    def report(playbook: Playbook = "", since: Since = "", until: Until = "", json: Json = False, csv: Csv = False,
               markdown: Markdown = False) -> None:  # fmt: skip
        look = import_module(f"handoffctl.reports.{name}.report").look
        _tell(name, look, (playbook, since, until), _form(json, csv, markdown))

    report.__doc__ = says
    return report


def every(
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
    from handoffctl.reports.registry import NAMES, look

    form = _form(json, csv, markdown)
    if html and form:
        raise UsageFault("--html is a form of its own.", f"Leave --{form} out.")
    if html:
        from handoffctl.reports.html.page import write

        with _framed((playbook, since, until), "html") as frame:
            write(frame, html)
        echo_err(f"Wrote {html}. Open it in a browser.")
        return
    with _framed((playbook, since, until), form) as frame:
        found = look(frame)
    if form == "json":
        echo_json(found)
    else:
        for number, name in enumerate(NAMES):
            echo() if number else None
            paper = _on_paper(name, found["reports"][name])
            _print(paper if number else _dated(paper, frame, form), form, headed=True)
    for remark in dict.fromkeys(frame.remarks):
        echo_err(remark)


Ends = tuple[str, str, str]  # playbook, since, until


def _form(json: bool, csv: bool, markdown: bool) -> str:
    """json, csv, markdown, or nothing for the screen."""
    if json + csv + markdown > 1:
        raise UsageFault("One of --json, --csv and --markdown at a time.", "Leave the others out.")
    return "json" if json else "csv" if csv else "markdown" if markdown else ""


def _tell(
    name: str, look: "Callable[[ReportContext], Mapping[str, Any]]", ends: Ends, form: str, explain: bool = False
) -> None:
    with _framed(ends, form) as frame:
        found = look(frame)
    if form == "json":
        echo_json(found)
    else:
        _print(_dated(_on_paper(name, found, **({"explain": True} if explain else {})), frame, form), form)
    for remark in frame.remarks:
        echo_err(remark)


@contextmanager
def _framed(ends: Ends, form: str) -> "Iterator[ReportContext]":
    from handoffctl.reports.context import ReportOptions, open_report

    with _progress(form) as tell, open_report(context.home(), ReportOptions(*ends, tell)) as frame:
        yield frame


def _on_paper(name: str, found: Mapping[str, Any], **more: Any) -> "Report":
    """What was found as sentences and tables: each report has a module of its name in `reports`."""
    paper: Report = import_module(f"handoffctl.reports.{name}.render").paper(found, **more)
    return paper


def _dated(report: "Report", frame: "ReportContext", form: str) -> "Report":
    """What is looked at, where that is not everything; on what is handed on, always and with its moment."""
    window, zone = frame.window, frame.clock.zone
    said = []
    if form == "markdown":
        said.append(f"{frame.playbook.title or frame.playbook.playbook}, as of {shown(frame.clock.now, zone)}.")
    ends = [f"from {shown(window.since, zone)}"] if window.since else []
    ends += [f"until {shown(window.until, zone)}"] if window.until else []
    if ends:
        said.append(f"Only what began {' '.join(ends)}.")
    return replace(report, says=[*([" ".join(said)] if said else []), *report.says])


def _print(report: "Report", form: str, headed: bool = False) -> None:
    from handoffctl.console import report as paper

    if form == "csv":
        echo((f"{report.title}\n" if headed else "") + paper.csv(report))
    elif form == "markdown":
        echo(paper.markdown(report))
    else:
        if headed:
            echo_heading(report.title)
            echo()
        _draw(report)


def _draw(report: "Report") -> None:
    for sentence in report.says:
        echo_prose(sentence)
    for number, part in enumerate(report.parts):
        if number or report.says:
            echo()
        if part.heading:
            echo_heading(part.heading)
        echo_table(part.table)


@contextmanager
def _progress(form: str) -> "Iterator[Tell]":
    """A bar on a terminal for what takes longer than a second."""
    if not sys.stderr.isatty() or form == "json":
        yield lambda done, size: None
        return
    from handoffctl.console.progress import progress_bar

    with progress_bar("Counting") as tell:
        yield tell
