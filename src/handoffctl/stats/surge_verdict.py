"""Whether handoffs surge at the ends of periods, and whether those are worse: the verdicts of one run."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.stats.constants import FALSE_DISCOVERY, FEWEST_HANDOFFS, LAST_DAYS, PERIODS_NEEDED, RECENT_PERIODS
from handoffctl.stats.day_scores import association_score, more_than_chance_p
from handoffctl.stats.day_sets import last_days_p
from handoffctl.stats.intervals import newcombe_interval
from handoffctl.stats.multiple_tests import benjamini_hochberg


class DayCounts(NamedTuple):
    """The handoffs of one owner on one working day.

    Of the `handoffs`, `bad` were returned or lost soon after, and `bare` passed with nothing to spare; `bare_bad` are
    both. `fixed` passed a gate that leaves nothing to spare, so they are neither bare nor beside the bare ones;
    `fixed_bad` of them were bad.
    """

    handoffs: int
    bad: int = 0
    bare: int = 0
    bare_bad: int = 0
    fixed: int = 0
    fixed_bad: int = 0


class OwnerDays(NamedTuple):
    """The last complete periods of one owner, in order, each with every working day of the period, in order."""

    periods: Sequence[Sequence[DayCounts]]


class BadBeside(NamedTuple):
    """Of `handoffs` handoffs `bad` were returned or lost soon after; likewise of the others beside them."""

    bad: int
    handoffs: int
    other_bad: int
    other_handoffs: int


class Sign(NamedTuple):
    """One comparison for one owner: its p, its q over all comparisons of all owners of the run, and the verdict.

    `p` and `q` are None, and `stands_out` is False, where there is nothing to test.
    """

    p: float | None
    q: float | None
    stands_out: bool


class Worse(NamedTuple):
    """Whether some handoffs are worse than the others: the counts, the difference with its interval, and the verdict.

    `interval` is the 95 % interval of the difference of the shares (Newcombe), or None if a side is empty.
    """

    counts: BadBeside
    interval: tuple[float, float] | None
    sign: Sign


class OwnerSigns(NamedTuple):
    """The three verdicts for one owner; `silent` is True if the owner has too few handoffs for any of them.

    `surge` is that of the last three working days of a period, `late` compares the handoffs of these days with the
    others, and `bare` those that passed with nothing to spare with the others.
    """

    surge: Sign
    late: Worse
    bare: Worse
    silent: bool

    @property
    def stands_out(self) -> bool:
        """True if any of the three stands out."""
        return self.surge.stands_out or self.late.sign.stands_out or self.bare.sign.stands_out


def judge_signs(owners: Sequence[OwnerDays]) -> list[OwnerSigns]:
    """Returns the verdicts of one run of a report, in the order given.

    All comparisons of all owners go into one procedure of Benjamini and Hochberg. For one person the report is off, so
    a caller does not ask for one owner.
    """
    recent = [OwnerDays(owner.periods[-RECENT_PERIODS:]) for owner in owners]
    p_values = [_p_values(owner) for owner in recent]
    tested = [(owner, kind) for owner, ps in enumerate(p_values) for kind, p in enumerate(ps) if p is not None]
    q_values = benjamini_hochberg([p for ps in p_values for p in ps if p is not None])
    adjusted = dict(zip(tested, q_values, strict=True))
    q_by_owner = [[adjusted.get((number, kind)) for kind in range(3)] for number in range(len(owners))]
    return [_signs(*each) for each in zip(recent, p_values, q_by_owner, strict=True)]


def surge_p(periods: Sequence[Sequence[DayCounts]]) -> float | None:
    """Returns the p of a surge in the last three working days of a period: the second smallest of the last three.

    So at least two periods must show it. With only two periods it is the larger one; with fewer it returns None.
    """
    p_values = sorted(last_days_p([day.handoffs for day in period]) for period in periods[-RECENT_PERIODS:])
    return p_values[PERIODS_NEEDED - 1] if len(p_values) >= PERIODS_NEEDED else None


def late_beside_others(periods: Sequence[Sequence[DayCounts]]) -> BadBeside:
    """Returns the handoffs of the last three working days of all periods beside the others."""
    late = [day for period in periods for day in period[-LAST_DAYS:]]
    return _beside(periods, sum(day.bad for day in late), sum(day.handoffs for day in late))


def bare_beside_others(periods: Sequence[Sequence[DayCounts]]) -> BadBeside:
    """Returns the handoffs that passed with nothing to spare beside those that had something to spare."""
    days = [day for period in periods for day in period]
    counts = _beside(periods, sum(day.bare_bad for day in days), sum(day.bare for day in days))
    fixed, fixed_bad = sum(day.fixed for day in days), sum(day.fixed_bad for day in days)
    return counts._replace(other_bad=counts.other_bad - fixed_bad, other_handoffs=counts.other_handoffs - fixed)


def _beside(periods: Sequence[Sequence[DayCounts]], bad: int, handoffs: int) -> BadBeside:
    all_bad = sum(day.bad for period in periods for day in period)
    return BadBeside(bad, handoffs, all_bad - bad, _total(periods) - handoffs)


def _total(periods: Sequence[Sequence[DayCounts]]) -> int:
    return sum(day.handoffs for period in periods for day in period)


def _p_values(owner: OwnerDays) -> tuple[float | None, float | None, float | None]:
    """Returns the p of the surge and of the two comparisons; None for what is not tested."""
    if _total(owner.periods) < FEWEST_HANDOFFS:
        return None, None, None
    late = [
        _Split(*((day.handoffs, day.bad) if number >= len(period) - LAST_DAYS else (0, 0)), day.handoffs, day.bad)
        for period in owner.periods
        for number, day in enumerate(period)
    ]
    bare = [
        _Split(day.bare, day.bare_bad, day.handoffs - day.fixed, day.bad - day.fixed_bad)
        for period in owner.periods
        for day in period
    ]
    counts = late_beside_others(owner.periods), bare_beside_others(owner.periods)
    return surge_p(owner.periods), _worse_p(counts[0], late), _worse_p(counts[1], bare)


class _Split(NamedTuple):
    """The handoffs of one day that are compared: those chosen, the bad ones among them, and all of both."""

    chosen: int
    chosen_bad: int
    handoffs: int
    bad: int


def _worse_p(counts: BadBeside, days: Sequence[_Split]) -> float | None:
    """Returns the p of the chosen handoffs being worse than the others."""
    if not counts.handoffs or not counts.other_handoffs:
        return None
    events = counts.handoffs + counts.other_handoffs
    share, bad_share = counts.handoffs / events, (counts.bad + counts.other_bad) / events
    return more_than_chance_p(
        association_score(day.chosen_bad, day.chosen, day.bad, day.handoffs, share, bad_share) for day in days
    )


def _signs(owner: OwnerDays, p_values: Sequence[float | None], q_values: Sequence[float | None]) -> OwnerSigns:
    late, bare = late_beside_others(owner.periods), bare_beside_others(owner.periods)
    surge = Sign(p_values[0], q_values[0], _is_small(q_values[0]))
    return OwnerSigns(
        surge,
        _worse(late, p_values[1], q_values[1]),
        _worse(bare, p_values[2], q_values[2]),
        _total(owner.periods) < FEWEST_HANDOFFS,
    )


def _worse(counts: BadBeside, p: float | None, q: float | None) -> Worse:
    interval = newcombe_interval(*counts)
    return Worse(counts, interval, Sign(p, q, _is_small(q) and interval is not None and interval[0] > 0))


def _is_small(q: float | None) -> bool:
    return q is not None and q <= FALSE_DISCOVERY
