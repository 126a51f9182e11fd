"""Win rates by close date and by entry, and how long it takes to win."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from handoffctl.core.moments import days_between
from handoffctl.core.windows import Window
from handoffctl.reports.goals.history import DISQUALIFIED, LOST, NURTURE, WON, Closing, DealPast, GoalHistory
from handoffctl.stats.constants import FEWEST_ENDED, FEWEST_ENDED_ENTRIES
from handoffctl.stats.incidence import EndsAt, IncidenceCurve, incidence_curve
from handoffctl.stats.intervals import wilson_interval
from handoffctl.stats.percentiles import percentile_of

CLOSED, ENTERED = "closed", "entered"
CYCLE_DAYS = (30, 60, 90, 180)
OLD_SHARE = 0.8  # entries are old enough at this percentile of the days to an end

Wanted = Callable[[DealPast, Closing | None], bool]


class WinRate(NamedTuple):
    """What became of deals that reached the first stage of a role: those closed in the time, or entered in it (`by`).

    `disqualified` are those that had not reached sales, which are in no rate. `rate`, with its 95 % interval, is
    None below five ended deals.
    """

    role: str
    by: str
    won: int
    lost: int
    put_aside: int
    disqualified: int
    open: int
    rate: float | None
    low: float | None
    high: float | None


class CycleDay(NamedTuple):
    """The share won by so many days after the entry, with its 95 % interval; None where there is no history so long."""

    day: int
    share: float | None
    low: float | None
    high: float | None


class Cycle(NamedTuple):
    """How long it takes to win from the first stage of a role.

    `median_days_of_won` is of the `won_counted` won deals that entered at least `old_after_days` ago.
    """

    role: str
    stage: str
    entries: int
    ended: int
    won_by: list[CycleDay]
    median_days_of_won: float | None
    won_counted: int
    old_after_days: float | None


def win_rate(history: GoalHistory, role: str, by: str, window: Window, wanted: Wanted) -> WinRate:
    """Returns the win rate of a role. A deal counts once, with its last end in the window, or the end it has now."""
    stage = history.roles.first_stage[role]
    counts: Counter[str] = Counter()
    for past in history.pasts.values():
        end = _closed(history, past, stage, window) if by == CLOSED else _entered(history, past, stage, window)
        if end is not None and wanted(past, end[1]):
            counts[end[0]] += 1
    won, lost = counts[WON], counts[LOST]
    enough = won + lost >= FEWEST_ENDED
    low, high = wilson_interval(won, won + lost) if enough else (None, None)
    rate = won / (won + lost) if enough else None
    return WinRate(role, by, won, lost, counts[NURTURE], counts[DISQUALIFIED], counts["open"], rate, low, high)


def _closed(history: GoalHistory, past: DealPast, stage: str, window: Window) -> tuple[str, Closing] | None:
    closings = [
        closing
        for closing in past.closings
        if window.contains(closing.event.at) and history.reached(past, stage, closing.place)
    ]
    return (_how(history, past, closings[-1]), closings[-1]) if closings else None


def _entered(history: GoalHistory, past: DealPast, stage: str, window: Window) -> tuple[str, Closing | None] | None:
    place = past.first_entry(history.playbook.playbook, stage)
    if place is None or not window.contains(past.stays[place].entered_at):
        return None
    closing = past.closings[-1] if past.closings and past.closings[-1].place >= place else None
    reopened = closing is not None and past.signed is None and closing.place != len(past.stays) - 1
    if closing is None or reopened:
        return "open", None
    return _how(history, past, closing), closing


def _how(history: GoalHistory, past: DealPast, closing: Closing) -> str:
    """Returns the end, where disqualified counts as lost once the deal had reached sales."""
    if closing.how == DISQUALIFIED and history.reached(past, history.roles.sales_stage, closing.place):
        return LOST
    return closing.how


class CycleEntry(NamedTuple):
    """A first entry into a stage: `how` it ended, or `open`, after so many days; and its age in days now."""

    how: str
    days: float
    age: float


def cycle_entries(history: GoalHistory, stage: str, window: Window, wanted: Wanted) -> list[CycleEntry]:
    """Returns the first entries into a stage within the window, each with the first end of its sale after it."""
    entries = []
    now, zone = history.clock.now, history.clock.zone
    for past in history.pasts.values():
        place = past.first_entry(history.playbook.playbook, stage)
        if place is None or not window.contains(past.stays[place].entered_at):
            continue
        closing = next((closing for closing in past.closings if closing.place > place), None)
        if not wanted(past, closing):
            continue
        begun = past.event(place).at
        until = closing.event.at if closing else now
        days = max(days_between(begun, until, zone), 0.0)
        entries.append(CycleEntry(closing.how if closing else "open", days, days_between(begun, now, zone)))
    return entries


def role_cycle(history: GoalHistory, role: str, window: Window, wanted: Wanted) -> Cycle:
    """Returns how long it takes a role to win, of the entries in the window."""
    stage = history.roles.first_stage[role]
    return cycle(role, stage, cycle_entries(history, stage, window, wanted))


def cycle(role: str, stage: str, entries: list[CycleEntry]) -> Cycle:
    """Returns how long it takes to win."""
    curve = cycle_curve(entries)
    old_after = percentile_of(sorted(entry.days for entry in entries if entry.how != "open"), OLD_SHARE)
    won = sorted(entry.days for entry in entries if entry.how == WON and entry.age >= (old_after or 0.0))
    median = percentile_of(won, 0.5)
    points = [_day(curve, day) for day in CYCLE_DAYS]
    return Cycle(role, stage, len(entries), curve.ended, points, median, len(won), old_after)


def cycle_curve(entries: Iterable[CycleEntry]) -> IncidenceCurve:
    """Returns the incidence of won, where every other end competes and open deals are censored."""
    return incidence_curve(
        EndsAt(entry.days, entry.how == WON, entry.how not in (WON, "open"), entry.how == "open") for entry in entries
    )


def _day(curve: IncidenceCurve, day: int) -> CycleDay:
    if curve.ended < FEWEST_ENDED_ENTRIES or curve.tau is None or day > curve.tau:
        return CycleDay(day, None, None, None)
    return CycleDay(day, curve.at(day).incidence, *curve.interval(day))
