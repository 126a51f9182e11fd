"""Every report in turn, as plain values under their names. Knows the names only; each report is a module of its own."""

from importlib import import_module
from typing import Any

from handoffctl.reports.context import ReportContext

NAMES = ("throughput", "fields", "effort", "engagement", "missed", "handoffs", "follow_up", "activity", "value")


def look(frame: ReportContext) -> dict[str, Any]:
    """What each report found, under `reports`, in the order in which they are read."""
    found = {name: import_module(f"handoffctl.reports.{name}.report").look(frame) for name in NAMES}
    return {**frame.head(), "reports": found}
