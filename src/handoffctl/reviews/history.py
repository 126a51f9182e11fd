"""The reviews that were held, which the next one looks back to: once a day and receiver."""

from collections.abc import Collection

from handoffctl.core.moments import Clock, Moment, local_date, order
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.errors import Refused
from handoffctl.reviews.query import reviews
from handoffctl.workspace.home import Home

ALL = ""  # the receiver of a review with everybody


def last_review(query: Query, clock: Clock, covering: Collection[str]) -> Moment | None:
    """The newest review on a day before today."""
    earlier = [
        row["at"]
        for row in reviews(query)
        if row["receiver"] in covering and local_date(row["at"], clock.zone) < clock.today
    ]
    return max(earlier, key=lambda at: order(at, clock.zone), default=None)


def remember(home: Home, receiver: str) -> str:
    """Notes that this review was held, once a day and receiver; why that could not be done, or nothing."""
    with home.reading() as query:
        if not home.database.exists() or _held_today(home, query, receiver):
            return ""
    try:
        with home.writing() as session:
            _note(home, session, receiver)
    except (Refused, OSError) as fault:
        said = fault.message if isinstance(fault, Refused) else str(fault)
        return f"This review was not remembered: {said}"
    return ""


def _note(home: Home, session: WriteSession, receiver: str) -> None:
    if not _held_today(home, session.query, receiver):  # somebody else may have been quicker
        session.add(session.models.Review(receiver=receiver, at=session.at))


def _held_today(home: Home, query: Query, receiver: str) -> bool:
    clock = home.clock
    return any(
        row["receiver"] == receiver and local_date(row["at"], clock.zone) == clock.today for row in reviews(query)
    )
