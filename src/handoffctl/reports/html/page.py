"""Writes every report as one page to open in a browser. Overwrites only earlier pages of this program."""

import os
from collections.abc import Callable
from pathlib import Path

from handoffctl.core.moments import format_local
from handoffctl.errors import Refused
from handoffctl.reports.context import ReportContext
from handoffctl.reports.html.pictures import report_pictures
from handoffctl.reports.html.render import BEGINNING, PageInfo, page
from handoffctl.reports.registry import build_all, report_named
from handoffctl.reports.throughput.report import stage_curves, stage_flows
from handoffctl.workspace.files import OWNER_ONLY, write

PERIOD = "month"
PRIVATE = ("signs",)  # about single people and for them first, so not on a page that is printed and sent around


def write_page(context: ReportContext, path: Path) -> None:
    """Writes the page. Only its owner can read it, because it contains customers' names.

    Raises Refused for a folder, a device, a file that is not such a page, and if nothing can be written.
    """
    if os.path.realpath(path) == os.path.realpath(context.home.database):
        raise Refused(f"{path} is where the database belongs.", "Name another file, as in: --html report.html")
    _refusing_errors(path, _check_path)  # before the figures are computed, which may take long
    text = _page(context)
    _refusing_errors(path, lambda path: write(path, text.encode(), mode=OWNER_ONLY))


def _page(context: ReportContext) -> str:
    results = build_all(context).reports
    reports = [(name, report_named(name).render(result)) for name, result in results.items() if name not in PRIVATE]
    curves, flows = stage_curves(context), stage_flows(context, PERIOD)
    zone, window = context.clock.zone, context.window
    ends = [format_local(end, zone) if end else "" for end in (window.since, window.until)]
    info = PageInfo(context.playbook.title or context.playbook.playbook, format_local(context.clock.now, zone), *ends)
    remarks = list(dict.fromkeys(context.remarks))
    return page(info, reports, curves, flows, remarks, report_pictures(results))


def _refusing_errors(path: Path, action: Callable[[Path], None]) -> None:
    """Runs the action and turns an error of the system into Refused."""
    try:
        action(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(f"{path} cannot be written: {reason}.", "Name a file in a folder of yours.") from error


def _check_path(path: Path) -> None:
    """Raises Refused if something else would be overwritten, or nothing can be written there."""
    hint = "Name a file, as in: --html report.html"
    if path.is_dir():
        raise Refused(f"{path} is a folder.", hint)
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.", "Make it first, or name a file elsewhere.")
    if not path.exists():
        return
    if not path.is_file():
        raise Refused(f"{path} is no ordinary file.", hint)
    with path.open("rb") as file:
        if file.read(len(BEGINNING)) != BEGINNING.encode():
            raise Refused(f"{path} is there already, and is no report page.", "Give another name, or remove it first.")
