"""The stays of a deal as records, and how they looked at an earlier moment."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.windows import Window

# A tuple rather than a dataclass, because reports read tens of thousands of them.


class Stay(NamedTuple):
    """One stay of a deal in a stage: a row of the table `visit`.

    `entered_at` and `left_at` are None where they are not known. `ended` is 1 once the deal has left. `days` is the
    length where both ends are known. `command` is the id of the command that began the stay.
    """

    id: int
    deal: int
    playbook: str
    stage: str
    kind: str
    owner: str
    entered_at: Moment | None
    left_at: Moment | None
    ended: int
    days: float | None
    command: int


def as_of(stays: Iterable[Stay], window: Window) -> list[Stay]:
    """Returns the stays of one deal, given in order, as they were at the moment of the window's clock.

    Stays that began later are left out, and the last one left then still goes on. Because a stay ends at the moment at
    which the next one begins, the beginnings alone decide. An unknown beginning counts as past.
    """
    begun: list[Stay] = []
    for stay in stays:
        if stay.entered_at is not None and not window.occurred(stay.entered_at):
            return [*begun[:-1], begun[-1]._replace(left_at=None, ended=0, days=None)] if begun else []
        begun.append(stay)
    return begun
