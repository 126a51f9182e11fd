"""Writes every report as one page to open in a browser. Never writes over a file that is no such page."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from handoffctl.console.report import Report
from handoffctl.core.moments import shown
from handoffctl.errors import Refused
from handoffctl.reports import registry as every
from handoffctl.reports.context import ReportContext
from handoffctl.reports.html.render import BEGINS, Made, page
from handoffctl.workspace.files import OWNER_ONLY
from handoffctl.workspace.files import write as write_file

PERIOD = "month"


def write(frame: ReportContext, path: Path) -> None:
    """Writes the page, which only its owner can read: it holds customers' names.

    Raises Refused for a folder, a device, a file that is no such page, and where nothing can be written.
    """
    if os.path.realpath(path) == os.path.realpath(frame.home.database):
        raise Refused(f"{path} is where the database belongs.", "Name another file, as in: --html report.html")
    _dared(path, _refuse)  # before the figures are counted, which may take long
    text = _page(frame)
    _dared(path, lambda path: write_file(path, text.encode(), mode=OWNER_ONLY))


def _page(frame: ReportContext) -> str:
    # Looked up by name like the reports themselves: the pictures are of what throughput counts.
    throughput: Any = import_module("handoffctl.reports.throughput.report")
    found = every.look(frame)["reports"]
    papers = [(name, _paper(name, found[name])) for name in every.NAMES]
    curves, flows = throughput.curves(frame), throughput.flow(frame, PERIOD)
    zone, window = frame.clock.zone, frame.window
    ends = [shown(end, zone) if end else "" for end in (window.since, window.until)]
    made = Made(frame.playbook.title or frame.playbook.playbook, shown(frame.clock.now, zone), *ends)
    return page(made, papers, curves, flows, list(dict.fromkeys(frame.remarks)))


def _paper(name: str, found: dict[str, Any]) -> Report:
    paper: Report = import_module(f"handoffctl.reports.{name}.render").paper(found)
    return paper


def _dared(path: Path, work: Callable[[Path], None]) -> None:
    try:
        work(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Refused(f"{path} cannot be written: {reason}.", "Name a file in a folder of yours.") from error


def _refuse(path: Path) -> None:
    """Refuses to write where something else would be lost, or nothing can be."""
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
        if file.read(len(BEGINS)) != BEGINS.encode():
            raise Refused(f"{path} is there already, and is no report page.", "Give another name, or remove it first.")
