"""A test of two groups of events whose outcomes may go together within a day."""

from collections.abc import Iterable
from math import erfc, sqrt


def more_than_chance_p(scores: Iterable[float]) -> float:
    """Returns the one-sided p of a sum of scores, one for each day, that is 0 on average if there is no effect.

    The sum is divided by the root of the sum of squares, so that what happened on one day counts as one piece of
    evidence, however many events it had (the score test with clusters; Liang and Zeger 1986). Such a ratio has no
    longer tails than a normal one where it matters, so few days do not make it bold (Edelman 1990).
    """
    total, squares = 0.0, 0.0
    for score in scores:
        total += score
        squares += score * score
    return erfc(total / sqrt(2 * squares)) / 2 if squares else 1.0


def association_score(both: int, ones: int, others: int, events: int, share: float, other_share: float) -> float:
    """Returns the score of one day for two properties of its events that go together more often than by chance.

    Of the day's `events`, `ones` have the first property, `others` the second and `both` both; `share` and
    `other_share` are the shares of all events with the first and the second.
    """
    return both - share * others - other_share * ones + share * other_share * events
