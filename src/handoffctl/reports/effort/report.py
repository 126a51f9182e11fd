"""Report effort: what answering takes, per handoff and per item; what the process costs a week."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from handoffctl.core.moments import Moment, Zone, before, days_between, order
from handoffctl.reports.context import ReportContext
from handoffctl.reports.effort import query as effort
from handoffctl.reports.effort.figures import Effort, Taken, efforts, minutes_a_week, weeks

Way = tuple[str, str, str]  # name, from, to


def look(frame: ReportContext) -> dict[str, Any]:
    """Seconds per handoff and item, real runs and drills apart; those of real runs as minutes a week.

    A run is a handoff that asked something, blocked ones included. A handoff belongs to the playbook of the stage it
    left, an answer to the playbook that its deal was in then.
    """
    runs = list(_runs(frame))
    ways = efforts((way, seconds, drill) for _, seconds, drill, way in runs)
    real = [(at, seconds) for at, seconds, drill, _ in runs if not drill]
    span = _weeks(frame, [at for at, _ in real])
    total = Taken([seconds for _, seconds in real]).total
    return frame.head() | {
        "minutes_a_week": None if span is None else minutes_a_week(total, span),
        "weeks": span,
        "runs": len(real),
        "untimed": sum(frame.window.has(at) for (at,) in effort.untimed_handoffs(frame.query, frame.playbook.playbook)),
        "drills": len(runs) - len(real),
        "handoffs": [_handoff(way, ways[way]) for way in _in_order(frame, list(ways))],
        "items": [_item(frame, name, taken) for name, taken in _costliest(efforts(_answers(frame)))],
    }


def _runs(frame: ReportContext) -> Iterator[tuple[Moment, float, bool, Way]]:
    own = frame.playbook.playbook
    for at, seconds, test, name, left, stage, playbook in effort.timed_handoffs(frame.query, own):
        if frame.window.has(at):
            yield at, seconds, bool(test), (name, left, stage if playbook == own else f"{playbook}/{stage}")


def _answers(frame: ReportContext) -> Iterator[tuple[str, float, bool]]:
    own, zone = frame.playbook.playbook, frame.clock.zone
    for _, rows in groupby(effort.timed_answers(frame.query), key=lambda row: row[0]):
        stays = list(rows)
        _, at, seconds, test, name = stays[0][:5]
        of_deals = groupby((row[5:] for row in stays), key=lambda stay: stay[0])
        if frame.window.has(at) and any(_playbook_then(of_deal, at, zone) == own for _, of_deal in of_deals):
            yield name, seconds, bool(test)


def _playbook_then(stays: Iterator[tuple[Any, ...]], at: Moment, zone: Zone) -> str | None:
    """The playbook that the deal was in at this moment. The run that ends a stay asks within it, at the same moment."""
    for _, playbook, entered, left in stays:
        if left is None or not before(left, at, zone):
            return None if entered and before(at, entered, zone) else str(playbook)
    return None


def _weeks(frame: ReportContext, runs: list[Moment]) -> float | None:
    """How many weeks the real runs stand for: from the first one, or --since, to the moment of the report."""
    zone, window = frame.clock.zone, frame.window
    if not runs:
        return None
    start = window.since or min(runs, key=lambda at: order(at, zone))
    earlier = window.until and before(window.until, frame.clock.now, zone)
    end = window.until if window.until and earlier else frame.clock.now
    return weeks(days_between(start, end, zone))


def _in_order(frame: ReportContext, ways: list[Way]) -> list[Way]:
    """In the order of the stages they leave, and of the playbook; those that it no longer has come last."""
    stages, names = list(frame.playbook.stages), [one.key for one in frame.playbook.handoffs]

    def place(way: Way) -> tuple[int, int]:
        name, left, _ = way
        return (
            stages.index(left) if left in stages else len(stages),
            names.index(name) if name in names else len(names),
        )

    return sorted(ways, key=place)


def _costliest(items: dict[str, Effort]) -> list[tuple[str, Effort]]:
    return sorted(items.items(), key=lambda item: (-item[1].real.total, -item[1].drills.total, item[0]))


def _handoff(way: Way, taken: Effort) -> dict[str, Any]:
    name, left, to = way
    return {"handoff": name, "from": left, "to": to} | _both(taken, "runs")


def _item(frame: ReportContext, name: str, taken: Effort) -> dict[str, Any]:
    return {"item": name, "label": frame.playbook.label_of(name)} | _both(taken, "answers")


def _both(taken: Effort, counted: str) -> dict[str, Any]:
    return {"real": _figures(taken.real, counted), "drills": _figures(taken.drills, counted)}


def _figures(taken: Taken, counted: str) -> dict[str, Any]:
    return {
        counted: taken.count,
        "median_seconds": taken.at(0.5),
        "p85_seconds": taken.at(0.85),
        "total_seconds": taken.total,
    }
