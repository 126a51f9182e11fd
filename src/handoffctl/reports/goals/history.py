"""The stays of each deal as known at one moment, who owned it when, and how its sale ended. Reads everything once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.core.moments import Moment
from handoffctl.errors import NotFound, RulesFault
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.reports.activity.figures import period_of_event
from handoffctl.reports.activity.report import owner_periods
from handoffctl.reports.context import ReportContext
from handoffctl.reports.forecast.typed import TypedFacts
from handoffctl.reports.goals import query as goals_query
from handoffctl.reports.goals.query import GoalStay

WON, LOST, DISQUALIFIED, NURTURE = "won", "lost", "disqualified", "nurture"


class Closing(NamedTuple):
    """An end of a sale: `how` is won, lost, disqualified or nurture. `place` is the number of its stay in the past."""

    how: str
    event: RecordedEvent
    place: int


class DealPast(NamedTuple):
    """The stays of a deal that had begun by the moment of the report, all with their dates, and the ends of its sale.

    `signed` is the place of the stay that began with the signature, or None.
    """

    deal: int
    account: int
    stays: list[GoalStay]
    closings: list[Closing]
    signed: int | None

    def event(self, place: int) -> RecordedEvent:
        stay = self.stays[place]
        return RecordedEvent(stay.entered_at or "", stay.command)

    def first_entry(self, playbook: str, stage: str) -> int | None:
        """Returns the place of the first stay in a stage, or None."""
        return next((n for n, stay in enumerate(self.stays) if (stay.playbook, stay.stage) == (playbook, stage)), None)


class Roles:
    """The roles of a playbook, the first open stage of each, and the role in which somebody did something."""

    def __init__(self, playbook: Playbook, members: Iterable[goals_query.Member]) -> None:
        self.first_stage: dict[str, str] = {}
        self._playbook = playbook
        open_stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
        for stage in open_stages:
            self.first_stage.setdefault(playbook.owner_of(stage), stage)
        first = playbook.owner_of(open_stages[0]) if open_stages else ""
        others = [stage for stage in open_stages if playbook.owner_of(stage) != first]
        self.sales_stage = (others or open_stages[1:] or open_stages or [""])[0]
        self.of_person: dict[str, list[str]] = defaultdict(list)
        self.capacity: dict[str, int | None] = {}
        self.names: dict[str, str] = {}
        for member in members:
            self.of_person[member.name] += [member.role] if member.role else []
            self.capacity[member.name] = member.capacity
            self.names[member.folded] = member.name

    @property
    def all(self) -> list[str]:
        """Returns every role of the playbook, those that own a stage first, in the order of the stages."""
        return list(dict.fromkeys([*self.first_stage, *self._playbook.roles]))

    def role_of(self, who: str, stage: str) -> str:
        """Returns the role in which somebody acted on a deal in this stage: their own, else that of the stage."""
        of_stage = self._playbook.owner_of(stage) if stage in self._playbook.stages else ""
        own = self.of_person.get(who) or ([who] if who in self.all else [])
        return of_stage if of_stage in own or not own else own[0]


class GoalHistory:
    """What is known of all deals of the playbook at the moment of the report.

    `undated` counts the deals of which the date of a stay is not known, `test` those on test accounts.
    """

    def __init__(self, context: ReportContext) -> None:
        self.playbook, self.clock = context.playbook, context.clock
        self.occurred = context.window.occurred
        self._open_stages = [name for name, stage in context.playbook.stages.items() if stage.kind == "open"]
        self.roles = Roles(context.playbook, goals_query.members(context.query))
        self._owners = owner_periods(context)
        self._signed_elsewhere = _signed_elsewhere(context)
        self.pasts: dict[int, DealPast] = {}
        self.undated = self.test = 0
        for _, grouped in groupby(goals_query.stays(context.query), key=lambda stay: stay.deal):
            self._add([stay for stay in grouped if stay.entered_at is None or self.occurred(stay.entered_at)])

    def _add(self, stays: list[GoalStay]) -> None:
        if not any(stay.playbook == self.playbook.playbook for stay in stays):
            return
        if stays[0].test:
            self.test += 1
        elif any(stay.entered_at is None for stay in stays):
            self.undated += 1
        else:
            closings, signed = self._sale(stays)
            self.pasts[stays[0].deal] = DealPast(stays[0].deal, stays[0].account, stays, closings, signed)

    def _sale(self, stays: Sequence[GoalStay]) -> tuple[list[Closing], int | None]:
        """Returns every end of the sale, and the place of the signature. A deal that is opened again begins anew."""
        closings: list[Closing] = []
        signed: int | None = None
        for place, stay in enumerate(stays):
            if signed is not None and self._is_reopened(stay):
                signed = None
            if signed is not None:
                continue
            how = self._ending(stay)
            if how:
                closings.append(Closing(how, RecordedEvent(stay.entered_at or "", stay.command), place))
            signed = place if how == WON else None
        return closings, signed

    def _ending(self, stay: GoalStay) -> str:
        """Returns how a sale ended with this stay, or an empty string."""
        if self._is_signed_stage(stay) or stay.kind == "won":
            return WON
        if stay.kind == "lost":
            return DISQUALIFIED if stay.disposition == DISQUALIFIED else LOST
        return NURTURE if stay.kind == "nurture" else ""

    def _is_signed_stage(self, stay: GoalStay) -> bool:
        value = self.playbook.value
        own = value.signed if value else None
        return (stay.playbook, stay.stage) in {(self.playbook.playbook, own), *self._signed_elsewhere}

    def _is_reopened(self, stay: GoalStay) -> bool:
        """True for an open stage of this playbook that comes before the signature."""
        if stay.kind != "open" or stay.playbook != self.playbook.playbook:
            return False
        value = self.playbook.value
        order = list(self.playbook.stages)
        if value is None or value.signed not in order or stay.stage not in order:
            return True
        return order.index(stay.stage) < order.index(value.signed)

    def owner_at(self, deal: int, event: RecordedEvent) -> str | None:
        """Returns who owned the deal at an event; None if it was in another playbook then."""
        period = period_of_event(self._owners.get(deal, ()), event, self.clock.zone)
        return period.owner if period and period.playbook == self.playbook.playbook else None

    def any_owner_at(self, deal: int, event: RecordedEvent) -> str:
        """Returns who owned the deal at an event, in whichever playbook it was."""
        period = period_of_event(self._owners.get(deal, ()), event, self.clock.zone)
        return period.owner if period else ""

    def present_owner(self, past: DealPast) -> str:
        """Returns who owned the deal at the moment of the report."""
        return self.any_owner_at(past.deal, RecordedEvent(self.clock.now, 2**62))

    def stage_at(self, deal: int, event: RecordedEvent) -> str:
        """Returns the stage in which the deal was at an event; empty if the dates of its stays are not known."""
        past = self.pasts.get(deal)
        if past is None:
            return ""
        for stay in reversed(past.stays):
            begun = RecordedEvent(stay.entered_at or "", stay.command)
            if not begun.follows(event, self.clock.zone):
                return stay.stage
        return past.stays[0].stage

    def reached(self, past: DealPast, stage: str, place: int) -> bool:
        """True if the deal was in the stage, or in a later open one, up to this place; one that was won has been."""
        if past.stays[place].kind == "won":
            return True
        later = self._open_stages[self._open_stages.index(stage) :]
        return any(stay.playbook == self.playbook.playbook and stay.stage in later for stay in past.stays[: place + 1])


def _signed_elsewhere(context: ReportContext) -> frozenset[tuple[str, str]]:
    """Returns the stages of other playbooks that begin with the signature and to which a handoff leads."""
    names = {handoff.to_playbook for handoff in context.playbook.handoffs if handoff.to_playbook}
    found = set()
    for name in sorted(names):
        try:
            other = load_playbook(context.home, name).playbook
        except (NotFound, RulesFault):
            continue
        if other.value and other.value.signed:
            found.add((name, other.value.signed))
    return frozenset(found)


class KnownAmounts:
    """The amounts of deals as they were typed, in whole units of the usual currency; others are not known here."""

    def __init__(self, context: ReportContext, now: dict[int, TypedFacts]) -> None:
        """`now` has the present amount of each deal, for those whose amount has no history, as after an import."""
        usual = context.home.configuration.currency
        self._zone = context.clock.zone
        self._now = {deal: facts.amount for deal, facts in now.items() if facts.currency == usual}
        self._occurred = context.window.occurred
        self._typed: dict[int, list[tuple[Moment, float]]] = defaultdict(list)
        for value in goals_query.values(context.query, "deal.amount"):
            if value.deal is not None:
                self._typed[value.deal].append((value.at, float(value.value)))

    def at(self, deal: int, moment: Moment) -> float | None:
        """Returns the amount as known at a moment; None if it was not."""
        if deal not in self._typed or deal not in self._now:
            return self._now.get(deal)
        window_end = RecordedEvent(moment, 2**62)
        known = [amount for at, amount in self._typed[deal] if not RecordedEvent(at, 0).follows(window_end, self._zone)]
        return known[-1] if known else None

    def at_or_after(self, deal: int, moment: Moment) -> float | None:
        """Returns the amount as known at a moment, else the first that was typed later, by now."""
        known = self.at(deal, moment)
        if known is not None or deal not in self._typed or deal not in self._now:
            return known
        return next((amount for at, amount in self._typed[deal] if self._occurred(at)), None)
