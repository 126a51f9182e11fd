"""Handoffs that come in batches on any day; whole batches are returned or lost, on all days equally often."""

import random
from collections.abc import Callable, Iterator

from tests.stats.false_claims.row import FEWER, Row, share_of_runs

from handoffctl.stats.constants import LAST_DAYS
from handoffctl.stats.surge_verdict import DayCounts, OwnerDays, judge_signs

WORKING_DAYS = (21, 22, 23)
BAD = 0.2
BARE = 0.3

# Draws the day of a batch from the number of days of the period.
Days = Callable[[random.Random, int], int]


def any_day(chance: random.Random, days: int) -> int:
    """Any day of the period is as likely as any other."""
    return chance.randrange(days)


def meeting_day(chance: random.Random, days: int) -> int:
    """Only two days of each week, the second and the fourth."""
    return chance.choice([day for day in range(days) if day % 5 in (1, 3)])


def month_end(chance: random.Random, days: int) -> int:
    """Any day, but one of the last three days is three times as likely as without a surge."""
    if chance.random() < 3 * LAST_DAYS / days:
        return days - 1 - chance.randrange(LAST_DAYS)
    return chance.randrange(days - LAST_DAYS)


def rows(runs: int, owners: int) -> Iterator[Row]:
    """Yields a row for each size of batches and number of handoffs a month, and one for meeting days."""
    for batch in (1, 2, 3, 5):
        for handoffs in (4, 20, 66) if owners == 5 else (20,):
            name = f"{owners} owners, batches of {batch}"
            yield _row(name, owners, batch, handoffs, any_day, runs)
    yield _row(f"{owners} owners, only on two meeting days", owners, 1, 20, meeting_day, runs)


def _row(name: str, owners: int, batch: int, handoffs: int, days: Days, runs: int) -> Row:
    def claims(chance: random.Random) -> bool:
        counts = [owner(chance, batch, handoffs, days, BAD) for _ in range(owners)]
        return any(signs.stands_out for signs in judge_signs(counts))

    def sees_effect(chance: random.Random) -> bool:
        counts = [owner(chance, batch, handoffs, days, BAD) for _ in range(owners - 1)]
        gaming = owner(chance, batch, handoffs, month_end, 2 * BAD)
        return judge_signs([gaming, *counts])[0].stands_out

    return Row(
        "signs", name, f"about {handoffs} a month each", runs, share_of_runs(runs, claims),
        f"one with 3 times as many at the end, {2 * BAD:.0%} of these bad", share_of_runs(runs // FEWER, sees_effect),
    )  # fmt: skip


def owner(chance: random.Random, batch: int, handoffs: int, days: Days, bad_late: float) -> OwnerDays:
    """Returns three months of one owner. What becomes of a batch becomes of all its handoffs: the least favourable."""
    periods = []
    for number in WORKING_DAYS:
        period = [DayCounts(0)] * number
        for _ in range(max(handoffs // batch, 1)):
            day = days(chance, number)
            bad = batch * (chance.random() < (bad_late if day >= number - LAST_DAYS else BAD))
            bare = batch * (chance.random() < BARE)
            more = DayCounts(batch, bad, bare, min(bad, bare))
            period[day] = DayCounts(*map(sum, zip(period[day], more, strict=True)))
        periods.append(period)
    return OwnerDays(periods)
