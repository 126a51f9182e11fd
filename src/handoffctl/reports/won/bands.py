"""Groups deals by their score at the gate, in bands of equal width, and counts how many of each were won."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handoffctl.stats.intervals import wilson_interval

WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000)
MOST_BANDS = 6


class ScoreBand(NamedTuple):
    """The deals with `from_` to `to` points at the gate that were won or lost, and the share of them that was won.

    `low` and `high` are the ends of the share's 95 % interval (Wilson).
    """

    from_: int
    to: int
    n: int
    won: int
    share: float
    low: float
    high: float


class ScoredEnd(NamedTuple):
    """The points of a deal at the gate, and whether it was won; otherwise it was lost."""

    score: int
    won: bool


def band_width(most: int) -> int:
    """Returns the width, a round number, that divides the points from 0 to `most` into few bands."""
    return next((width for width in WIDTHS if most // width < MOST_BANDS), WIDTHS[-1])


def score_bands(ends: Iterable[ScoredEnd], most: int) -> list[ScoreBand]:
    """Returns the bands that have deals, the lowest first. `most` is what the playbook's signals give together.

    So the bands do not depend on the deals.
    """
    width = band_width(most)
    by_band: dict[int, list[bool]] = {}
    for end in ends:
        by_band.setdefault(end.score // width, []).append(end.won)
    return [_band(number * width, width, won) for number, won in sorted(by_band.items())]


def _band(begin: int, width: int, won: Sequence[bool]) -> ScoreBand:
    n, count = len(won), sum(won)
    return ScoreBand(begin, begin + width - 1, n, count, count / n, *wilson_interval(count, n))
