"""What became of each entry into a stage, as known at one moment. Pure rules over stays in their order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between, is_before
from handoffctl.core.windows import Window
from handoffctl.reports.forecast.query import EnteredStay
from handoffctl.stats.forecast_draws import Observation


class OpenDeal(NamedTuple):
    """A deal that is open now, with its age in days since it first entered the stage it is in."""

    deal: int
    stage: str
    age: float


@dataclass
class History:
    """The entries into each stage, the deals open now, and how many were left out.

    `undated` counts the deals of which a moment that matters is not known, `test` the open deals of test accounts.
    """

    observations: dict[str, list[Observation]] = field(default_factory=lambda: defaultdict(list))
    open_deals: list[OpenDeal] = field(default_factory=list)
    undated: int = 0
    test: int = 0


def read_history(stays: Iterable[EnteredStay], playbook: str, window: Window) -> History:
    """Returns what became of the entries into the stages of the playbook by the moment of the window's clock.

    A deal that was opened again after its end begins anew. The window chooses entries; all open deals count.
    """
    history = History()
    numbers: dict[int, int] = {}
    now, zone = window.clock.now, window.clock.zone
    for _, grouped in groupby(stays, key=lambda stay: stay.deal):
        known = [stay for stay in grouped if not (stay.entered_at and is_before(now, stay.entered_at, zone))]
        if not any(stay.playbook == playbook for stay in known):
            continue
        if known[0].test:
            history.test += known[-1].kind == "open"
        elif any(stay.entered_at is None for stay in known):
            history.undated += 1
        else:
            number = numbers.setdefault(known[0].account, len(numbers))
            for stays_of_pass in _passes(known):
                _add_pass(history, stays_of_pass, number, playbook, window)
    return history


def _passes(stays: Sequence[EnteredStay]) -> list[list[EnteredStay]]:
    """Returns the stays up to each end, the end included, and those after the last end."""
    passes: list[list[EnteredStay]] = [[]]
    for stay in stays:
        passes[-1].append(stay)
        if stay.kind != "open":
            passes.append([])
    return [stays_of_pass for stays_of_pass in passes if stays_of_pass]


def _add_pass(history: History, stays: Sequence[EnteredStay], account: int, playbook: str, window: Window) -> None:
    last, zone = stays[-1], window.clock.zone
    end = "open" if last.kind == "open" else "won" if last.kind == "won" else "other"
    until: Moment = window.clock.now if end == "open" else last.entered_at or window.clock.now
    first: dict[str, Moment] = {}
    for stay in stays:
        if stay.kind == "open" and stay.playbook == playbook and stay.entered_at:
            first.setdefault(stay.stage, stay.entered_at)
    for stage, entered_at in first.items():
        if window.contains(entered_at):
            days = max(days_between(entered_at, until, zone), 0.0)
            history.observations[stage].append(Observation(account, days, end))
    if end == "open" and last.playbook == playbook:
        age = max(days_between(first[last.stage], until, zone), 0.0)
        history.open_deals.append(OpenDeal(last.deal, last.stage, age))
