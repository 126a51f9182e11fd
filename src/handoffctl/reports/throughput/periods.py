"""Flow over time: how many entered a stage, left it, and were there at the end, week by week or month by month."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from handoffctl.core.moments import Clock, LocalDays, Moment

PERIODS = ("week", "month")
UNKNOWN = "unknown"


def period_of(day: date, length: str) -> str:
    """`2026-W10` (ISO 8601: weeks begin on Monday) or `2026-03`."""
    if length == "month":
        return f"{day.year:04}-{day.month:02}"
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def periods_between(first: date, last: date, length: str) -> list[str]:
    """Every period from one day to the other, those in which nothing happened too."""
    found = dict.fromkeys(period_of(first + timedelta(days=n), length) for n in range(0, (last - first).days + 1, 7))
    found[period_of(last, length)] = None
    return sorted(found)


def flows(
    stays: Iterable[tuple[str, Moment, Moment | None]], length: str, clock: Clock, first: date | None = None
) -> dict[str, list[dict[str, int | str]]]:
    """For each stage, each period with how many entered, how many left, and how many were there at its end.

    `stays` are stages with their beginnings and ends; the end is None where a stay goes on. With `first`, periods
    before that day are not listed, but who came in them is counted as there.
    """
    day_of = LocalDays(clock.zone).of
    came: dict[str, Counter[date]] = {}
    went: dict[str, Counter[date]] = {}
    for stage, begin, end in stays:
        came.setdefault(stage, Counter())[day_of(begin)] += 1
        if end is not None:
            went.setdefault(stage, Counter())[day_of(end)] += 1
    return {
        stage: _in_periods(entered, went.get(stage, Counter()), length, clock.today, first)
        for stage, entered in came.items()
    }


def _in_periods(
    came: Counter[date], went: Counter[date], length: str, today: date, first: date | None
) -> list[dict[str, int | str]]:
    entered, left = _by_period(came, length), _by_period(went, length)
    listed_from = period_of(first, length) if first else ""
    there = 0
    told: list[dict[str, int | str]] = []
    for period in periods_between(min(came), max(*came, *went, today), length):
        there += entered[period] - left[period]
        if period >= listed_from:
            told.append({"period": period, "entered": entered[period], "left": left[period], "there": there})
    return told


def _by_period(days: Counter[date], length: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for day, count in days.items():
        counted[period_of(day, length)] += count
    return counted
