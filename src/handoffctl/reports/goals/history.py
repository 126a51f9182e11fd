"""The stays of each deal as known at one moment, who owned it when, and how its sale ended. Reads everything once."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from handoffctl.core.event_order import RecordedEvent
from handoffctl.reports.activity.figures import period_of_event
from handoffctl.reports.activity.report import owner_periods
from handoffctl.reports.context import ReportContext
from handoffctl.reports.goals import query as goals_query
from handoffctl.reports.goals.query import GoalStay
from handoffctl.reports.goals.roles import Roles

WON, LOST, DISQUALIFIED, NURTURE = "won", "lost", "disqualified", "nurture"


class Closing(NamedTuple):
    """An end of a sale: `how` is won, lost, disqualified or nurture. `place` is the number of its stay in the past."""

    how: str
    event: RecordedEvent
    place: int


class DealPast(NamedTuple):
    """The stays of a deal that had begun by the moment of the report, all with their dates, and the ends of its sale.

    A deal that was handed on into another playbook is won for this one. `signed` is the place of the stay that began
    with the signature, or None.
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


class GoalHistory:
    """What is known of all deals of the playbook at the moment of the report.

    `undated` counts the deals of which the date of a stay is not known, `test` those on test accounts.
    """

    def __init__(self, context: ReportContext) -> None:
        self.playbook, self.clock = context.playbook, context.clock
        self.occurred = context.window.occurred
        self._open_stages = [name for name, stage in context.playbook.stages.items() if stage.kind == "open"]
        self._stages_of = {"": frozenset(self._open_stages)} | {
            role: frozenset(name for name in self._open_stages if context.playbook.owner_of(name) == role)
            for role in map(context.playbook.owner_of, self._open_stages)
        }
        self.roles = Roles(context.playbook, self.occurred)
        self.roles.add_members(goals_query.members(context.query), goals_query.capacities(context.query))
        self._owners = owner_periods(context)
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
            how = self._ending(stay, stays[:place])
            if how:
                closings.append(Closing(how, RecordedEvent(stay.entered_at or "", stay.command), place))
            signed = place if how == WON else None
        return closings, signed

    def _ending(self, stay: GoalStay, earlier: Sequence[GoalStay]) -> str:
        """Returns how a sale ended with this stay, or an empty string."""
        if self._is_signed(stay) or stay.kind == "won" or self._is_handed_on(stay, earlier):
            return WON
        if stay.kind == "lost":
            return DISQUALIFIED if stay.disposition == DISQUALIFIED else LOST
        return NURTURE if stay.kind == "nurture" else ""

    def _is_signed(self, stay: GoalStay) -> bool:
        """True for the stage of this playbook that begins with the signature."""
        value = self.playbook.value
        return value is not None and (stay.playbook, stay.stage) == (self.playbook.playbook, value.signed)

    def _is_handed_on(self, stay: GoalStay, earlier: Sequence[GoalStay]) -> bool:
        """True if a handoff brought the deal from an open stage of this playbook into another playbook."""
        own = self.playbook.playbook
        before = earlier[-1] if earlier else None
        from_here = before is not None and (before.playbook, before.kind) == (own, "open")
        return bool(stay.handed) and stay.playbook != own and from_here

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

    def owner_before(self, deal: int, event: RecordedEvent) -> str:
        """Returns who owned the deal until an event: a win belongs to the seller and not to who takes over with it."""
        periods = self._owners.get(deal, ())
        for period in reversed(periods):
            if period.begun is None or event.follows(period.begun, self.clock.zone):
                return period.owner
        return periods[0].owner if periods else ""

    def owner_in_role(self, past: DealPast, role: str, place: int) -> str:
        """Returns who had the deal last in the stages of a role before a place, at the end of the last such stay.

        For the empty role, which stands for all, and where the deal skipped the role's stages, it is the last owner.
        """
        own, stages = self.playbook.playbook, self._stages_of[role]
        places = (
            n for n in range(place - 1, -1, -1) if past.stays[n].playbook == own and past.stays[n].stage in stages
        )
        after = next(places, place - 1) + 1
        if after >= len(past.stays):
            return self.present_owner(past)
        return self.owner_before(past.deal, past.event(after))

    def present_owner(self, past: DealPast) -> str:
        """Returns who owned the deal at the moment of the report."""
        period = period_of_event(self._owners.get(past.deal, ()), RecordedEvent(self.clock.now, 2**62), self.clock.zone)
        return period.owner if period else ""

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
