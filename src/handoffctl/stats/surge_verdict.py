"""Whether handoffs surge at the ends of periods, and whether those are worse: the verdicts of one run."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.stats.constants import FALSE_DISCOVERY, FEWEST_HANDOFFS, PERIODS_NEEDED, RECENT_PERIODS
from handoffctl.stats.day_sets import last_days_p
from handoffctl.stats.fisher import fisher_exact
from handoffctl.stats.intervals import newcombe_interval
from handoffctl.stats.multiple_tests import benjamini_hochberg


class BadAmong(NamedTuple):
    """Of `handoffs` handoffs `bad` were returned or lost soon after; likewise of the others beside them."""

    bad: int
    handoffs: int
    other_bad: int
    other_handoffs: int


class OwnerCounts(NamedTuple):
    """What the report looks at for one owner.

    `periods` holds the last complete periods in order, each with the number of handoffs on each of its working days.
    `late` compares the handoffs of the last three working days of these periods with the others, `bare` those that
    passed with nothing to spare with the others.
    """

    periods: Sequence[Sequence[int]]
    late: BadAmong
    bare: BadAmong


class Sign(NamedTuple):
    """One comparison for one owner: its p, its q over all comparisons of all owners of the run, and the verdict.

    `p` and `q` are None, and `stands_out` is False, where there is nothing to test.
    """

    p: float | None
    q: float | None
    stands_out: bool


class OwnerSigns(NamedTuple):
    """The three verdicts for one owner, and the 95 % intervals of the two differences.

    The intervals are Newcombe's, and None if a side is empty. `silent` is True if the owner has too few
    handoffs for any of them.
    """

    surge: Sign
    late: Sign
    bare: Sign
    late_interval: tuple[float, float] | None
    bare_interval: tuple[float, float] | None
    silent: bool


def surge_p(periods: Sequence[Sequence[int]]) -> float | None:
    """Returns the p of a surge in the last three working days of a period: the second smallest of the last three.

    So at least two periods must show it. With only two periods it is the larger one; with fewer it returns None.
    """
    p_values = sorted(last_days_p(period) for period in periods[-RECENT_PERIODS:])
    return p_values[PERIODS_NEEDED - 1] if len(p_values) >= PERIODS_NEEDED else None


def judge_signs(owners: Sequence[OwnerCounts]) -> list[OwnerSigns]:
    """Returns the verdicts of one run of a report, in the order given.

    All comparisons of all owners go into one procedure of Benjamini and Hochberg. For one person the report is off, so
    a caller does not ask for one owner.
    """
    p_values = [_p_values(owner) for owner in owners]
    tested = [(owner, kind) for owner, ps in enumerate(p_values) for kind, p in enumerate(ps) if p is not None]
    q_values = benjamini_hochberg([p for ps in p_values for p in ps if p is not None])
    adjusted = dict(zip(tested, q_values, strict=True))
    return [_signs(owner, number, p_values[number], adjusted) for number, owner in enumerate(owners)]


def _p_values(owner: OwnerCounts) -> tuple[float | None, float | None, float | None]:
    """Returns the p of the surge and of the two comparisons; None for what is not tested."""
    if _is_silent(owner):
        return None, None, None
    return surge_p(owner.periods), _difference_p(owner.late), _difference_p(owner.bare)


def _is_silent(owner: OwnerCounts) -> bool:
    return sum(sum(period) for period in owner.periods[-RECENT_PERIODS:]) < FEWEST_HANDOFFS


def _difference_p(among: BadAmong) -> float | None:
    return fisher_exact(*among) if among.handoffs and among.other_handoffs else None


def _signs(
    owner: OwnerCounts, number: int, p_values: Sequence[float | None], adjusted: dict[tuple[int, int], float]
) -> OwnerSigns:
    late_interval, bare_interval = newcombe_interval(*owner.late), newcombe_interval(*owner.bare)
    above = (True, _is_above_zero(late_interval), _is_above_zero(bare_interval))
    signs = []
    for kind, p in enumerate(p_values):
        q = adjusted.get((number, kind))
        signs.append(Sign(p, q, q is not None and q <= FALSE_DISCOVERY and above[kind]))
    return OwnerSigns(signs[0], signs[1], signs[2], late_interval, bare_interval, _is_silent(owner))


def _is_above_zero(interval: tuple[float, float] | None) -> bool:
    return interval is not None and interval[0] > 0
