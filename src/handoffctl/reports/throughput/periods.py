"""Flow over time: how many deals entered a stage, left it, and were there at the end of each week or month."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from handoffctl.core.moments import Clock, LocalDays, Moment

PERIODS = ("week", "month")
UNKNOWN = "unknown"


class PeriodFlow(NamedTuple):
    """The flow through one stage in one week or month: entered, left, and there at its end."""

    period: str
    entered: int
    left: int
    there: int


def period_of(day: date, length: str) -> str:
    """Returns the period of a day: `2026-W10` (ISO 8601, weeks begin on Monday) or `2026-03`."""
    if length == "month":
        return f"{day.year:04}-{day.month:02}"
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def periods_between(first: date, last: date, length: str) -> list[str]:
    """Returns every period from one day to the other, without gaps."""
    periods = dict.fromkeys(period_of(first + timedelta(days=n), length) for n in range(0, (last - first).days + 1, 7))
    periods[period_of(last, length)] = None
    return sorted(periods)


def flows_by_period(
    stays: Iterable[tuple[str, Moment, Moment | None]], length: str, clock: Clock, first: date | None = None
) -> dict[str, list[PeriodFlow]]:
    """Returns the flow through each stage in every period from its first entry until today.

    `stays` are (stage, beginning, end); the end is None if the stay goes on. With `first`, periods before that day are
    not listed, but deals that entered in them count as there.
    """
    day_of = LocalDays(clock.zone).of
    entries: dict[str, Counter[date]] = {}
    exits: dict[str, Counter[date]] = {}
    for stage, begin, end in stays:
        entries.setdefault(stage, Counter())[day_of(begin)] += 1
        if end is not None:
            exits.setdefault(stage, Counter())[day_of(end)] += 1
    return {
        stage: _stage_flow(entered, exits.get(stage, Counter()), length, clock.today, first)
        for stage, entered in entries.items()
    }


def _stage_flow(
    entries: Counter[date], exits: Counter[date], length: str, today: date, first: date | None
) -> list[PeriodFlow]:
    entered, left = _by_period(entries, length), _by_period(exits, length)
    listed_from = period_of(first, length) if first else ""
    there = 0
    flow: list[PeriodFlow] = []
    for period in periods_between(min(entries), max(*entries, *exits, today), length):
        there += entered[period] - left[period]
        if period >= listed_from:
            flow.append(PeriodFlow(period, entered[period], left[period], there))
    return flow


def _by_period(days: Counter[date], length: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for day, count in days.items():
        counts[period_of(day, length)] += count
    return counts
