"""From signing to first value: when a deal was signed, what its customer saw in it then, and how long value took."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.core.event_order import Recorded
from handoffctl.core.moments import Clock, Moment, Zone, days_between
from handoffctl.stats.survival import Survival


@dataclass(frozen=True)
class Stay:
    """One stay of a deal, in order. An unknown beginning is None; `command` wrote it down."""

    playbook: str
    stage: str
    kind: str
    entered: Moment | None
    command: int

    @property
    def began(self) -> Recorded | None:
        return Recorded(self.entered, self.command) if self.entered else None


@dataclass(frozen=True)
class Given:
    """A value that was given to a field, in its written form."""

    type: str
    value: str
    when: Recorded


def signing(stays: Sequence[Stay], playbook: str, value_after_arrival: bool, signed: str | None = None) -> Stay | None:
    """The stay that began with the signature: the first in a won stage of any playbook, or in `signed`.

    A deal may be passed to another playbook without having been in a won stage. Where that playbook has the first
    value in one of its open stages, the customer has signed when the deal comes to it: `value_after_arrival`. Where it
    names the stage `signed`, that alone says so.
    """
    before: Stay | None = None
    for stay in stays:
        here = stay.playbook == playbook
        arrived = value_after_arrival and before is not None and before.playbook != playbook and here
        if stay.kind == "won" or (here and stay.stage == signed if signed else arrived):
            return stay
        before = stay
    return None


def newest_by(given: Iterable[Given], moment: Recorded, zone: Zone) -> str | None:
    """The value that held at this moment, what its own command told included; None where none was known."""
    known = [one.value for one in given if not one.when.follows(moment, zone)]
    return known[-1] if known else None


def since(given: Iterable[Given], moment: Recorded, zone: Zone) -> list[tuple[Moment, str]]:
    """Every value given after this moment, each once, with its own moment."""
    return list(dict.fromkeys((one.when.at, one.value) for one in given if one.when.follows(moment, zone)))


def days_from_signing(signed: Moment | None, first: Moment | None, zone: Zone) -> float | None:
    """Days from the signature to the first value; 0 where the customer had it before; None while either is unknown."""
    return max(days_between(signed, first, zone), 0.0) if signed and first else None


def time_to_value(deals: Iterable[tuple[Moment | None, bool, float | None]], clock: Clock) -> dict[str, Any]:
    """The median of the days from signing to first value with its 95 % interval, by Kaplan and Meier.

    Of each deal: when it was signed, whether the value was reached, and the days. Deals without a value so far count
    with the days since signing; those of which a moment is unknown are left out.
    """
    lengths: list[float] = []
    ages: list[float] = []
    for signed, reached, days in deals:
        if days is not None:
            lengths.append(days)
        elif signed and not reached:
            ages.append(max(days_between(signed, clock.now, clock.zone), 0.0))
    estimate = Survival(sorted(lengths), sorted(ages))
    low, high = estimate.interval()
    counts = {"deals": len(lengths) + len(ages), "reached": len(lengths)}
    return {"median": estimate.median, "low": low, "high": high, **counts}
