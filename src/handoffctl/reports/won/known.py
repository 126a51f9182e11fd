"""The facts of a deal as they were known at a moment: nothing learned later is among them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from handoffctl.core.moments import Clock, Moment, as_datetime, is_before, is_date, to_instant
from handoffctl.playbook.facts import Facts, Touch
from handoffctl.reports.won.query import ContactVersion, KnownValue


@dataclass(frozen=True)
class History:
    """Everything that was ever known: values and contacts by account, touches by deal."""

    values: Sequence[dict[int, list[KnownValue]]]
    contacts: dict[int, list[ContactVersion]]
    touches: dict[int, list[Touch]]


def clock_after(entered_at: Moment, days: int, clock: Clock) -> Clock:
    """Returns a clock that stands so many days after the entry."""
    if is_date(entered_at):
        return Clock((date.fromisoformat(entered_at) + timedelta(days=days)).isoformat(), clock.zone)
    return Clock(to_instant(as_datetime(entered_at) + timedelta(days=days)), clock.zone)


def facts_at(history: History, account: int, deal: int, clock: Clock) -> Facts:
    """Returns the facts of a deal as known at the clock's moment."""

    def known_then(at: Moment) -> bool:
        return not is_before(clock.now, at, clock.zone)

    every = chain.from_iterable(values.get(account, ()) for values in history.values)
    values = {one.name: one.value for one in every if one.deal in (None, deal) and known_then(one.at)}
    versions = [version for version in history.contacts.get(account, ()) if known_then(version.at)]
    touches = tuple(touch for touch in history.touches.get(deal, ()) if known_then(touch.at))
    return Facts(str(deal), values | contact_values(versions), touches)


def contact_values(versions: Iterable[ContactVersion]) -> dict[str, str]:
    """Returns the contact fields by the newest version of each contact.

    The main contact comes first; a part that they lack may be known for another contact.
    """
    newest = {version.contact: version for version in versions}
    values: dict[str, str] = defaultdict(str)
    for version in sorted(newest.values(), key=lambda version: (not version.main, version.contact)):
        for name, value in version.values.items():
            values[name] = values[name] or value
    return dict(values)
