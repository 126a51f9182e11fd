"""Works out the report on value: what customers saw in it at signing, what followed, and how soon they had some."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from handoffctl.core.event_order import Recorded
from handoffctl.core.moments import Moment, local_date
from handoffctl.playbook.report_thresholds import Value
from handoffctl.reports.context import ReportContext
from handoffctl.reports.value import query as views
from handoffctl.reports.value.figures import Given, Stay, days_from_signing, newest_by, signing, since, time_to_value
from handoffctl.reports.value.query import Passed

NOTHING = {"median": None, "low": None, "high": None, "deals": None, "reached": None}


def look(frame: ReportContext) -> dict[str, Any]:
    """Each signed deal with its value, and the time to first value over all of them."""
    kept = frame.playbook.value
    found = list(_deals(frame, kept)) if kept else []
    measured = [(deal["signed_at"], reached, deal["days"]) for deal, reached in found]
    return {
        **frame.head(),
        "value": {"seen": kept.seen, "first": kept.first, "log": kept.log} if kept else None,
        "days_to_first_value": time_to_value(measured, frame.clock) if kept and kept.first else NOTHING,
        "deals": [deal for deal, _ in found],
    }


def _deals(frame: ReportContext, kept: Value) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each signed deal, and whether it has come to its first value."""
    first = frame.playbook.stages.get(kept.first or "")
    for passed in views.passed(frame.query, frame.playbook.playbook, kept.signed or ""):
        stays = _stays(frame, passed)
        if not any(stay.playbook == frame.playbook.playbook for stay in stays):
            continue
        signed = signing(stays, frame.playbook.playbook, bool(first and first.kind == "open"), kept.signed)
        if signed and frame.window.has(signed.entered):
            yield _deal(frame, kept, passed, stays, signed)


def _deal(
    frame: ReportContext, kept: Value, passed: Passed, stays: Sequence[Stay], signed: Stay
) -> tuple[dict[str, Any], bool]:
    zone = frame.clock.zone
    reached, at = _first_value(frame, kept.first, passed, stays)
    seen = newest_by(_given(frame, passed, kept.seen), signed.began, zone) if signed.began else None
    entries = since(_given(frame, passed, kept.log), signed.began, zone) if kept.log and signed.began else []
    deal = {
        "account": passed.account_slug,
        "deal": passed.slug,
        "ref": f"{passed.account_slug}/{passed.slug}",
        "signed_at": signed.entered,
        "signed_on": _day(frame, signed.entered),
        "seen": seen,
        "first_value_at": at,
        "first_value_on": _day(frame, at),
        "days": days_from_signing(signed.entered, at, zone),
        "log": [{"at": at, "on": _day(frame, at), "value": value} for at, value in entries],
    }
    return deal, reached


def _day(frame: ReportContext, moment: Moment | None) -> str | None:
    """The local day, as people read it."""
    return local_date(moment, frame.clock.zone).isoformat() if moment else None


def _stays(frame: ReportContext, passed: Passed) -> list[Stay]:
    """Those that had begun by the moment of the report."""
    stays = (Stay(*row) for row in views.stays(frame.query, passed.id))
    return list(takewhile(lambda stay: stay.entered is None or frame.window.happened(stay.entered), stays))


def _given(frame: ReportContext, passed: Passed, name: str) -> list[Given]:
    return [
        Given(row["type"], row["value"], Recorded(row["at"], row["command_id"]))
        for row in views.given(frame.query, passed.id, passed.account, name)
        if frame.window.happened(row["at"])
    ]


def _first_value(
    frame: ReportContext, first: str | None, passed: Passed, stays: Sequence[Stay]
) -> tuple[bool, Moment | None]:
    """Whether the deal has come to its first value, and when: its first stay in the stage, or the date last told."""
    if first is None:
        return False, None
    if first in frame.playbook.stages:
        here = [stay for stay in stays if (stay.playbook, stay.stage) == (frame.playbook.playbook, first)]
        return bool(here), here[0].entered if here else None
    dates = [given.value for given in _given(frame, passed, first) if given.type == "date"]
    come = bool(dates) and frame.window.happened(dates[-1])
    return come, dates[-1] if come else None
