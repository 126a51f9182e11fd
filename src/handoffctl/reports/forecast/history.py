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
            history.test += known[-1].kind == "open" and known[-1].playbook == playbook
        elif any(stay.entered_at is None for stay in known):
            history.undated += 1
        else:
            number = numbers.setdefault(known[0].account, len(numbers))
            for one in _passes(known, playbook, now):
                _add_pass(history, one, number, window)
    return history


class _Pass(NamedTuple):
    """The stays of a deal in the playbook up to an end: `won`, `other` or `open`, at the moment `until`."""

    stays: list[EnteredStay]
    end: str
    until: Moment


def _passes(stays: Sequence[EnteredStay], playbook: str, now: Moment) -> list[_Pass]:
    """Returns the stays up to each end, and those after the last end.

    A deal that was handed on into another playbook is won for this one.
    """
    passes: list[_Pass] = []
    present: list[EnteredStay] = []
    for stay in stays:
        if stay.kind == "open" and stay.playbook == playbook:
            present.append(stay)
        elif present:
            won = stay.kind == "won" or (stay.kind == "open" and stay.handed)
            passes.append(_Pass(present, "won" if won else "other", stay.entered_at or now))
            present = []
    return [*passes, *([_Pass(present, "open", now)] if present else [])]


def _add_pass(history: History, one: _Pass, account: int, window: Window) -> None:
    zone = window.clock.zone
    first: dict[str, Moment] = {}
    for stay in one.stays:
        first.setdefault(stay.stage, stay.entered_at or one.until)
    days = {stage: max(days_between(entered_at, one.until, zone), 0.0) for stage, entered_at in first.items()}
    for stage, entered_at in first.items():
        if window.contains(entered_at):
            history.observations[stage].append(Observation(account, days[stage], one.end))
    if one.end == "open":
        last = one.stays[-1]
        history.open_deals.append(OpenDeal(last.deal, last.stage, days[last.stage]))
