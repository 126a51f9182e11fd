"""Finds the value that a customer saw when the deal was signed, and how long it took to the first value."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Clock, Moment, Zone, days_between
from handoffctl.stats.durations import TimeToEvent, median_estimate, survival_of
from handoffctl.stats.stays import Stay


class FieldRecord(NamedTuple):
    """A value that was recorded for a field, in its written form."""

    type: str
    value: str
    when: RecordedEvent


class SignedDeal(NamedTuple):
    """When a deal was signed, whether it has reached its first value, and the days from one to the other if known."""

    signed_at: Moment | None
    reached: bool
    days: float | None


class TimeToValue(NamedTuple):
    """The median days from signing to first value with its 95 % interval, and the numbers of deals measured.

    All are None if the playbook does not name a first value.
    """

    median: float | None
    low: float | None
    high: float | None
    deals: int | None
    reached: int | None


def beginning(stay: Stay) -> RecordedEvent | None:
    """Returns when a stay began and which command recorded it; None if its beginning is not known."""
    return RecordedEvent(stay.entered_at, stay.command) if stay.entered_at else None


def value_at(records: Iterable[FieldRecord], moment: RecordedEvent, zone: Zone) -> str | None:
    """Returns the value at this moment, including what its own command recorded; None if none was known."""
    values = [record.value for record in records if not record.when.follows(moment, zone)]
    return values[-1] if values else None


def values_since(records: Iterable[FieldRecord], moment: RecordedEvent, zone: Zone) -> list[tuple[Moment, str]]:
    """Returns every value recorded after this moment with its own moment, without repetitions."""
    later = (record for record in records if record.when.follows(moment, zone))
    return list(dict.fromkeys((record.when.at, record.value) for record in later))


def days_from_signing(signed_at: Moment | None, first_value_at: Moment | None, zone: Zone) -> float | None:
    """Returns the days from the signature to the first value, at least 0; None while either is not known."""
    return max(days_between(signed_at, first_value_at, zone), 0.0) if signed_at and first_value_at else None


def time_to_value(deals: Iterable[SignedDeal], clock: Clock) -> TimeToValue:
    """Returns the Kaplan-Meier median of the days from signing to first value.

    Deals without a value so far count with the days since signing. Deals with an unknown moment are left out.
    """
    times: list[TimeToEvent] = []
    for deal in deals:
        if deal.days is not None:
            times.append(TimeToEvent(deal.days, True))
        elif deal.signed_at and not deal.reached:
            times.append(TimeToEvent(max(days_between(deal.signed_at, clock.now, clock.zone), 0.0), False))
    estimate = median_estimate(survival_of(times))
    reached = sum(time.occurred for time in times)
    return TimeToValue(estimate.median, estimate.low, estimate.high, len(times), reached)
