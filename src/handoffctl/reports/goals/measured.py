"""What was reached of an objective, with the quality beside it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

MONEY = ("pipeline", "revenue")
COUNTED = (
    "leads", "worked", "calls", "conversations", "meetings_set", "meetings", "handoffs", "accepted", "wins", *MONEY,
)  # fmt: skip
OF_STAGE = ("leads", "worked", "pipeline", "wins", "revenue", "win_rate", "cycle")  # counted from a role's first stage


class Measured(NamedTuple):
    """What was reached, and the quality beside it in words.

    `amounts` by day since `begun` tell the usual pace. `ended` counts the deals behind a win rate.
    """

    value: float | None
    beside: str
    low: float | None = None
    high: float | None = None
    amounts: Sequence[tuple[date, float]] = ()
    begun: date | None = None
    ended: int | None = None
