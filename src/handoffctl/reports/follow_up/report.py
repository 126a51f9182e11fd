"""Works out the report on following up: each stay held against the guideline of its stage."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from handoffctl.core.moments import Moment, before, order
from handoffctl.follow_up import query as views
from handoffctl.follow_up.query import FollowUpStay
from handoffctl.follow_up.rules import waiving_word
from handoffctl.playbook.sections import FollowUp
from handoffctl.reports.context import ReportContext
from handoffctl.reports.follow_up.figures import Judged, Stay, Touch, judged, tally

EVERY = 5_000  # stays, before the bar hears of them

Row = tuple[int, str, str, str, Moment, int]


def look(frame: ReportContext) -> dict[str, Any]:
    """Each stage with a guideline: how soon and how often they were tried, and whether they were given up rightly."""
    rules = {
        name: stage.follow_up
        for name, stage in frame.playbook.stages.items()
        if stage.kind == "open" and stage.follow_up
    }
    found: dict[str, list[Judged]] = {name: [] for name in rules}
    for stage, one in _stays(frame, rules):
        found[stage].append(judged(rules[stage], one, frame.clock, frame.home.week))
    stages = [
        {"stage": name, "title": frame.playbook.title_of(name), "guideline": _guideline(rule)} | tally(found[name])
        for name, rule in rules.items()
    ]
    return {**frame.head(), "stages": stages, "all": tally([one for each in found.values() for one in each])}


def _guideline(rule: FollowUp) -> dict[str, Any]:
    """What the playbook asks: numbers of attempts, and days of working time."""
    return {
        "first_within_days": rule.first_within,
        "attempts": rule.attempts,
        "most": rule.most,
        "within_days": rule.within,
        "every_days": rule.every,
    }


def _stays(frame: ReportContext, rules: dict[str, FollowUp]) -> Iterator[tuple[str, Stay]]:
    """The stays in these stages that were begun in the window, as they were at the moment of the report."""
    name, size = frame.playbook.playbook, views.size(frame.query)
    touched: Iterator[tuple[int, Iterator[Row]]] = groupby(views.touches_by_stay(frame.query, name), key=itemgetter(0))
    following = next(touched, None)
    for number, one in enumerate(views.stays(frame.query, name), 1):
        while following and following[0] < one.id:
            following = next(touched, None)
        if one.stage in rules and frame.window.has(one.entered_at):
            mine = following[1] if following and following[0] == one.id else ()
            yield one.stage, _stay(frame, rules[one.stage], one, list(mine))
        if number % EVERY == 0:
            frame.tell(number, size)


def _stay(frame: ReportContext, rule: FollowUp, one: FollowUpStay, rows: list[Row]) -> Stay:
    zone = frame.clock.zone
    left_at = one.left_at if frame.window.happened(one.left_at) else None
    touches = [Touch(*row[1:5]) for row in rows if _within(frame, one, left_at, row[4], row[5])]
    touches.sort(key=lambda touch: order(touch.at, zone))
    lost = left_at is not None and one.disposition == "lost"
    return Stay(one.entered_at, left_at, touches, lost, lost and bool(waiving_word(rule, one.because or "")))


def _within(frame: ReportContext, one: FollowUpStay, left_at: Moment | None, at: Moment, command: int) -> bool:
    """Whether a touch fell into the stay. Of what happened as it ended, what was written down by then did."""
    zone = frame.clock.zone
    if not frame.window.happened(at) or before(at, one.entered_at, zone):
        return False
    if left_at is None or before(at, left_at, zone):
        return True
    return not before(left_at, at, zone) and command <= (one.ended_by or 0)
