"""How long something takes, counting those to whom it has not happened yet: Kaplan and Meier's estimate.

Times are in days. A plain mean or median of what is finished leaves out whatever is stuck, and flatters.

Sources: Kaplan and Meier 1958 (the share), Greenwood 1926 (its variance), Brookmeyer and Crowley 1982 (the interval of
the median) with the log(-log) bounds of Kalbfleisch and Prentice 1980, Aalen and Johansen 1978 (incidence by cause).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, sqrt

# A plain product of shares may end a hair above one half where the true one is one half exactly.
CLOSE = 1e-9
Z95 = 1.959963984540054  # the normal quantile of 97.5 %


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which nobody leaves the count without its having happened to them.

    `begin` and `end` count what has happened before and after it, `at_risk` those who wait as it begins; `share` is
    the share still waiting then, and `spread` Greenwood's sum. Within it both sums telescope, so that only the ends
    need to be known: S falls from `share` in proportion to those left, the spread grows by 1/left - 1/at_risk.
    """

    begin: int
    end: int
    at_risk: int
    share: float
    spread: float

    def after(self, happened: int) -> tuple[float, float]:
        """The share still waiting, and the spread, once it has happened so many times in all."""
        left = self.at_risk - (happened - self.begin)
        share = self.share * left / self.at_risk
        return share, self.spread + 1 / left - 1 / self.at_risk if left else self.spread


class Survival:
    """The estimate from `lengths` of what is finished and `ages` of what is not. Both sorted, in days.

    Who was last seen at the very time at which it happened to another still counted as waiting then.
    """

    def __init__(self, lengths: Sequence[float], ages: Sequence[float] = ()) -> None:
        self.lengths = lengths
        self.ages = ages
        self.stretches = list(_stretches(lengths, ages))

    def share_at(self, days: float) -> float:
        """The share still waiting after so many days, S(t)."""
        return self._state(bisect_right(self.lengths, days + CLOSE))[0]

    def quantile(self, share: float) -> float | None:
        """The smallest time at which no more than this share still waits; None where that is never reached."""
        for stretch in self.stretches:
            if stretch.after(stretch.end)[0] <= share + CLOSE:
                wanted = ceil(stretch.at_risk * (1 - (share + CLOSE) / stretch.share))
                return self.lengths[stretch.begin + max(wanted, 1) - 1]
        return None

    @property
    def median(self) -> float | None:
        return self.quantile(0.5)

    def interval(self, z: float = Z95) -> tuple[float | None, float | None]:
        """The 95 % interval of the median; an end is None where the data do not bound it.

        From the first time at which the lower bound of S is no more than one half to the first at which the upper is.
        """
        return self._lower_end(z), self._upper_end(z)

    def _lower_end(self, z: float) -> float | None:
        # The lower bound only falls with each further event, so halving finds where it crosses.
        ranks = range(1, len(self.lengths) + 1)
        first = bisect_left(ranks, True, key=lambda rank: _within(_bound(*self._state(self._ties(rank)), z), True))
        found = first < len(ranks) and _bound(*self._state(self._ties(ranks[first])), z) is not None
        return self.lengths[first] if found else None

    def _upper_end(self, z: float) -> float | None:
        for stretch in self.stretches:
            if stretch.after(stretch.end)[0] <= 0.5 + CLOSE:
                found = self._upper_within(stretch, z)
                if found is not None:
                    return self.lengths[found - 1]
        return None

    def _upper_within(self, stretch: Stretch, z: float) -> int | None:
        """How often it had happened when the upper bound first was no more than one half in this stretch.

        While many wait the bound falls steadily; with few left it may rise again, so there each event is looked at.
        """

        def bound(happened: int) -> float | None:
            return _bound(*stretch.after(self._ties(happened)), -z)

        few = ceil(1 / sqrt(stretch.spread)) if stretch.spread else 2
        left = stretch.at_risk - (stretch.end - stretch.begin)
        many = stretch.end - min(max(few - left, 0), stretch.end - stretch.begin)
        steady = range(stretch.begin + 1, many + 1)
        first = bisect_left(steady, True, key=lambda happened: _within(bound(happened), True))
        if first < len(steady) and bound(steady[first]) is not None:
            return steady[first]
        scanned = range(many + 1, stretch.end + 1)
        return next((happened for happened in scanned if _within(bound(happened), False)), None)

    def _ties(self, rank: int) -> int:
        """How often it has happened once all that happened at the time of this rank have."""
        return bisect_right(self.lengths, self.lengths[rank - 1], rank - 1)

    def incidence(self, ways: Mapping[str, Sequence[float]], days: float) -> dict[str, float]:
        """The share that has left by each way within so many days, those who are still there counted (0 to 1).

        `ways` splits the lengths by how each ended, sorted. With the share still waiting they add up to one.
        """
        last = bisect_right(self.lengths, days + CLOSE)
        gone = dict.fromkeys(ways, 0.0)
        seen = dict.fromkeys(ways, 0)
        for stretch in self.stretches:
            if stretch.begin >= last:
                break
            until = self.lengths[min(stretch.end, last) - 1]
            weight = stretch.share / stretch.at_risk
            for way, lengths in ways.items():
                upto = bisect_right(lengths, until, seen[way])
                gone[way] += weight * (upto - seen[way])
                seen[way] = upto
        return gone

    def curve(self, points: int = 200) -> list[tuple[float, float]]:
        """The times at which S falls and what it falls to, from (0, 1) on; about `points` of them at the most."""
        step = max(len(self.lengths) // points, 1)
        ranks = sorted({*range(step, len(self.lengths), step), len(self.lengths)} - {0})
        times = dict.fromkeys(self.lengths[rank - 1] for rank in ranks)
        falls = [(days, self.share_at(days)) for days in times]
        end = max(self.ages[-1] if len(self.ages) else 0.0, self.lengths[-1] if len(self.lengths) else 0.0)
        return [(0.0, 1.0), *falls, *([(end, falls[-1][1] if falls else 1.0)] if end else [])]

    def _state(self, happened: int) -> tuple[float, float]:
        if not happened:
            return 1.0, 0.0
        return self.stretches[bisect_left(self.stretches, happened, key=lambda one: one.end)].after(happened)


def _stretches(lengths: Sequence[float], ages: Sequence[float]) -> Iterator[Stretch]:
    """Those in which something happens, in order."""
    waiting = len(lengths) + len(ages)
    begin, share, spread = 0, 1.0, 0.0
    lost = 0  # from the count, because they were last seen before
    while begin < len(lengths):
        # Up to the first age that is less than the next length nobody is lost.
        lost = bisect_left(ages, lengths[begin], lost)
        end = bisect_right(lengths, ages[lost], begin) if lost < len(ages) else len(lengths)
        stretch = Stretch(begin, end, waiting - begin - lost, share, spread)
        yield stretch
        share, spread = stretch.after(end)
        begin = end


def _bound(share: float, spread: float, z: float) -> float | None:
    """The log(-log) bound of S: the lower for z > 0, the upper for z < 0. None where S is 0 or 1."""
    if not CLOSE < share < 1 - 1e-15:
        return None
    hazard = -log(share)
    return exp(-hazard * exp(z * sqrt(spread) / hazard))


def _within(bound: float | None, unknown: bool) -> bool:
    return unknown if bound is None else bound <= 0.5 + CLOSE
