"""Snapshot of every deal that may need attention today, loaded once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TypeVar

from handoffctl.core.business_time import WorkCalendar
from handoffctl.core.moments import Clock, Moment, as_datetime, days_between, is_before, is_date, is_over, to_instant_us
from handoffctl.db.query import QueryConnection
from handoffctl.playbook.model import Playbook, Stage
from handoffctl.playbook.sections import FollowUp
from handoffctl.today import query as views
from handoffctl.today.query import DatedRow, DealRow, MeetingRow, UnacceptedHandoff
from handoffctl.today.ranking import Item

Found = TypeVar("Found", DatedRow, UnacceptedHandoff, MeetingRow)


class TodaySnapshot:
    """Every deal that may need attention, or those of one account, with what is needed to tell. Loaded once."""

    def __init__(
        self,
        clock: Clock,
        week: WorkCalendar,
        query: QueryConnection,
        account: int | None,
        rules: Callable[[str], Playbook | None],
    ) -> None:
        self.clock, self.week, self.ask, self.account = clock, week, query, account
        self.places = {place.deal: place for place in views.deal_rows(query, account)}
        self._rules = rules
        self._read: dict[str, Playbook | None] = {}
        self._stages: dict[tuple[str, str], Stage | None] = {}
        self._begun: dict[float, Moment] = {}
        self.given_up_meeting: set[int] = set()  # deals with as many no-shows as their stage allows
        self.onward: dict[tuple[str, str], tuple[str, ...]] = {}
        self.meetings = [
            (one, place)
            for one, place in self.due(views.meetings(query), "open", "won", "nurture", "lost")
            if one.state == "booked" or place.kind in ("open", "won")
        ]
        self.booked = {place.deal for one, place in self.meetings if one.state == "booked" and not self.over(one)}
        # The step that stands for a meeting is not told a second time.
        self.told = {one.step for one, _ in self.meetings if one.state != "booked" or self.by_tonight(one.at)}
        self._open = Counter(place.account for place in self.places.values() if place.kind == "open")

    def playbook(self, name: str) -> Playbook | None:
        """Returns the playbook of this name, read once; None if it cannot be had."""
        if name not in self._read:
            self._read[name] = self._rules(name)
        return self._read[name]

    def stage(self, place: DealRow) -> Stage | None:
        """Returns the stage of the deal in its playbook."""
        where = place.playbook, place.stage
        if where not in self._stages:
            playbook = self.playbook(place.playbook)
            self._stages[where] = playbook.stages.get(place.stage) if playbook else None
        return self._stages[where]

    def follow_up(self, place: DealRow) -> FollowUp | None:
        """Returns the guideline of the deal's stage; None for an imported stay, whose earlier attempts are unknown."""
        stage = self.stage(place) if place.kind == "open" and not place.imported else None
        return stage.follow_up if stage else None

    def ref(self, place: DealRow) -> str:
        """Returns the shortest name by which a command finds the deal."""
        alone = place.deals == 1 or (place.kind == "open" and self._open[place.account] == 1)
        return place.account if alone else f"{place.account}/{place.slug}"

    def item(
        self, kind: str, place: DealRow, says: str | Callable[[], str], *command: str, since: Moment | None = None,
        due: Moment | None = None, overdue: bool = False,
    ) -> Item:  # fmt: skip
        """Makes an item of this deal. `{}` in the command stands for the deal's name."""
        return Item(kind, place.deal, self.ref(place), command, says, since, due, overdue)

    def due(self, found: Iterable[Found], *kinds: str) -> Iterator[tuple[Found, DealRow]]:
        """Yields the rows of deals in view whose stages are of these kinds."""
        for one in found:
            place = self.places.get(one.deal)
            if place and place.kind in kinds:
                yield one, place

    def longer_than(self, days: float, since: Moment) -> bool:
        """True if more than this many days have passed since then."""
        if is_date(since) or is_date(self.clock.now):
            return days_between(since, self.clock.now, self.clock.zone) > days
        if days not in self._begun:  # thousands of deals are asked about a few targets
            self._begun[days] = to_instant_us(as_datetime(self.clock.now) - timedelta(days=days))
        return is_before(since, self._begun[days], self.clock.zone)

    def over(self, one: MeetingRow) -> bool:
        return is_over(one.at, one.minutes, self.clock)

    def past(self, moment: Moment) -> bool:
        return is_before(moment, self.clock.now, self.clock.zone)

    def by_tonight(self, moment: Moment) -> bool:
        return self.clock.day_of(moment) <= self.clock.today
