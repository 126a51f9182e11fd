"""Handoffs that come in batches on any day, and are returned or lost equally often."""

import random
from collections.abc import Callable, Iterator

from tests.stats.false_claims.row import Row, several, share_of_runs

from handoffctl.stats.constants import LAST_DAYS
from handoffctl.stats.surge_verdict import BadAmong, OwnerCounts, judge_signs

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


def rows(runs: int) -> Iterator[Row]:
    """Yields a row for each number of owners, size of batches, and number of handoffs a month."""
    for owners in (2, 5, 10):
        for batch in (1, 2, 3, 5):
            for handoffs in (4, 20, 66) if owners == 5 else (20,):
                name = f"{owners} owners, batches of {batch}"
                yield _row(name, owners, batch, handoffs, any_day, runs)
        yield _row(f"{owners} owners, only on two meeting days", owners, 1, 20, meeting_day, runs)


def _row(name: str, owners: int, batch: int, handoffs: int, days: Days, runs: int) -> Row:
    def claims(chance: random.Random) -> bool:
        counts = [owner(chance, batch, handoffs, days, BAD) for _ in range(owners)]
        return any(sign.stands_out for signs in judge_signs(counts) for sign in signs[:3])

    def sees_effect(chance: random.Random) -> bool:
        counts = [owner(chance, batch, handoffs, days, BAD) for _ in range(owners - 1)]
        gaming = owner(chance, batch, handoffs, month_end, 2 * BAD)
        return any(sign.stands_out for sign in judge_signs([gaming, *counts])[0][:3])

    return Row(
        "signs", name, f"about {handoffs} a month each", runs, share_of_runs(runs, claims),
        f"one with 3 times as many at the end, {2 * BAD:.0%} of these bad", share_of_runs(runs, sees_effect),
    )  # fmt: skip


def owner(chance: random.Random, batch: int, handoffs: int, days: Days, bad_late: float) -> OwnerCounts:
    """Returns the counts of one owner over three months."""
    periods = []
    for number in WORKING_DAYS:
        counts = [0] * number
        for _ in range(max(handoffs // batch, 1)):
            counts[days(chance, number)] += batch
        periods.append(counts)
    total = sum(sum(period) for period in periods)
    late = sum(sum(period[-LAST_DAYS:]) for period in periods)
    bare = several(total, BARE, chance)
    return OwnerCounts(periods, _among(chance, late, total, bad_late), _among(chance, bare, total, BAD))


def _among(chance: random.Random, handoffs: int, total: int, share: float) -> BadAmong:
    others = total - handoffs
    return BadAmong(several(handoffs, share, chance), handoffs, several(others, BAD, chance), others)
