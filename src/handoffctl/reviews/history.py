"""The reviews that were held: one per day and receiver. The next one looks back to the last."""

from collections.abc import Collection

from handoffctl.core.moments import Clock, Moment, local_date, sort_key
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.errors import Refused
from handoffctl.reviews.query import held_reviews
from handoffctl.workspace.home import Home


def last_review(query: Query, clock: Clock, receivers: Collection[str]) -> Moment | None:
    """Returns the moment of the newest review with one of these receivers on a day before today."""
    earlier = [
        review.at
        for review in held_reviews(query)
        if review.receiver in receivers and local_date(review.at, clock.zone) < clock.today
    ]
    return max(earlier, key=lambda at: sort_key(at, clock.zone), default=None)


def record_review(home: Home, receiver: str) -> str:
    """Records that a review was held (once per day and receiver). Returns a warning, or an empty string."""
    with home.reading() as query:
        if not home.database.exists() or _was_held_today(home, query, receiver):
            return ""
    try:
        with home.writing() as session:
            _add_review(home, session, receiver)
    except (Refused, OSError) as fault:
        reason = fault.message if isinstance(fault, Refused) else str(fault)
        return f"This review was not remembered: {reason}"
    return ""


def _add_review(home: Home, session: WriteSession, receiver: str) -> None:
    if not _was_held_today(home, session.query, receiver):  # another process may have been faster
        session.add(session.models.Review(receiver=receiver, at=session.at))


def _was_held_today(home: Home, query: Query, receiver: str) -> bool:
    clock = home.clock
    return any(
        review.receiver == receiver and local_date(review.at, clock.zone) == clock.today
        for review in held_reviews(query)
    )
