"""The reviews that were held, which the next one looks back to: once a day and receiver."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from handoffctl.core.moments import Clock, Moment, local_date, order
from handoffctl.db.query import Ask
from handoffctl.errors import Refused
from handoffctl.reviews.query import reviews
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    from handoffctl.db.session import Pen

ALL = ""  # the receiver of a review with everybody


def last_review(ask: Ask, clock: Clock, covering: Collection[str]) -> Moment | None:
    """The newest review on a day before today."""
    earlier = [
        row["at"]
        for row in reviews(ask)
        if row["receiver"] in covering and local_date(row["at"], clock.zone) < clock.today
    ]
    return max(earlier, key=lambda at: order(at, clock.zone), default=None)


def remember(home: Home, receiver: str) -> str:
    """Notes that this review was held, once a day and receiver; why that could not be done, or nothing."""
    with home.reading() as ask:
        if not home.database.exists() or _held_today(home, ask, receiver):
            return ""
    try:
        with home.writing() as pen:
            _note(home, pen, receiver)
    except (Refused, OSError) as fault:
        said = fault.message if isinstance(fault, Refused) else str(fault)
        return f"This review was not remembered: {said}"
    return ""


def _note(home: Home, pen: "Pen", receiver: str) -> None:
    from handoffctl.db.models.planning import Review

    if not _held_today(home, pen.ask, receiver):  # somebody else may have been quicker
        pen.add(Review(receiver=receiver, at=pen.at))


def _held_today(home: Home, ask: Ask, receiver: str) -> bool:
    clock = home.clock
    return any(row["receiver"] == receiver and local_date(row["at"], clock.zone) == clock.today for row in reviews(ask))
