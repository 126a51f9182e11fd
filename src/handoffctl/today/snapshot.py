"""Snapshot of every deal that may need attention today, loaded once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TypeVar

from handoffctl.core.business_time import WorkCalendar
from handoffctl.core.moments import Clock, Moment, as_datetime, days_between, is_date, is_over, to_instant_us
from handoffctl.db.query import QueryConnection
from handoffctl.deals.lookup_query import Deal, deal_ref
from handoffctl.follow_up.rules import StayAttempts
from handoffctl.playbook.model import Playbook, Stage
from handoffctl.playbook.query import KeptContent
from handoffctl.playbook.report_thresholds import Value
from handoffctl.playbook.sections import FollowUp
from handoffctl.today import query as views
from handoffctl.today import value_query
from handoffctl.today.query import DatedRow, DealRow, HandoffToAccept, MeetingRow, PromiseRow, StageKey, SummaryRow
from handoffctl.today.ranking import Item

DatedRecord = TypeVar("DatedRecord", DatedRow, HandoffToAccept, MeetingRow, SummaryRow, PromiseRow)

PlaybookKey = tuple[str, str, KeptContent | None]  # its name, a stage, and the content that the deal keeps


class TodaySnapshot:
    """Every deal that may need attention, or those of one account, with what is needed to tell. Loaded once."""

    def __init__(
        self,
        clock: Clock,
        week: WorkCalendar,
        query: QueryConnection,
        account: int | None,
        rules: Callable[[str, str, KeptContent | None], Playbook | None],
        newest_rules: Callable[[str], Playbook | None],
    ) -> None:
        self.clock, self.week, self.query, self.account = clock, week, query, account
        self.deals = {deal.deal_id: deal for deal in views.deal_rows(query, account)}
        self._rules = rules
        self._newest_rules = newest_rules
        self._newest: dict[str, Playbook | None] = {}
        self._playbooks: dict[PlaybookKey, Playbook | None] = {}
        self.deals |= {deal.deal_id: deal for deal in self._customers()}
        self._stages: dict[StageKey, Stage | None] = {}
        self._days_ago: dict[float, Moment] = {}
        self.given_up_meeting: set[int] = set()  # deals with as many no-shows as their stage allows
        self.attempts: dict[int, StayAttempts] = {}  # of open deals whose stay has a beginning
        self.onward: dict[StageKey, tuple[str, ...]] = {}
        self.meetings = [
            (meeting, deal)
            for meeting, deal in self.due(views.meetings(query), "open", "won", "nurture", "lost")
            if meeting.state == "booked" or deal.kind in ("open", "won")
        ]
        self.booked = {
            deal.deal_id for meeting, deal in self.meetings if meeting.state == "booked" and not self.over(meeting)
        }
        # The step that stands for a meeting is not shown a second time.
        self.shown_steps = {
            meeting.step for meeting, _ in self.meetings if meeting.state != "booked" or self.by_tonight(meeting.at)
        }
        self._open = Counter(deal.account for deal in self.deals.values() if deal.kind == "open")

    def _customers(self) -> Iterator[DealRow]:
        """Yields the won deals in playbooks that keep the value which customers see."""
        names = [
            name
            for name in value_query.playbooks_of_won_deals(self.query)
            if (playbook := self.newest_playbook(name)) and playbook.value
        ]
        return views.won_deals_in(self.query, names, self.account)

    def value_rule(self, deal: DealRow) -> Value | None:
        """Returns where the playbook of the deal keeps the value that customers see, if it does."""
        playbook = self.playbook_of(deal)
        return playbook.value if playbook else None

    def newest_playbook(self, name: str) -> Playbook | None:
        """Returns the newest content of the playbook of this name, read once; None if it cannot be had.

        It has the promises between teams, the value of customers, and what is to be improved: they are no part of what
        a deal entered with.
        """
        if name not in self._newest:
            self._newest[name] = self._newest_rules(name)
        return self._newest[name]

    def playbook_of(self, deal: DealRow) -> Playbook | None:
        """Returns the playbook of a deal, as `playbook` does."""
        return self.playbook(deal.playbook, deal.stage, deal.content)

    def playbook_of_deal(self, deal: Deal) -> Playbook | None:
        """Returns the playbook of a deal, as `playbook` does."""
        return self.playbook(deal.playbook, deal.stage, deal.content)

    def playbook(self, name: str, stage: str, content: KeptContent | None) -> Playbook | None:
        """Returns the playbook of this name as a deal in this stage with this content has it, read once.

        Returns None if it cannot be had.
        """
        key = name, stage, content
        if key not in self._playbooks:
            self._playbooks[key] = self._rules(name, stage, content)
        return self._playbooks[key]

    def stage(self, deal: DealRow) -> Stage | None:
        """Returns the stage of the deal in its playbook."""
        key = deal.stage_key
        if key not in self._stages:
            playbook = self.playbook_of(deal)
            self._stages[key] = playbook.stages.get(deal.stage) if playbook else None
        return self._stages[key]

    def follow_up(self, deal: DealRow) -> FollowUp | None:
        """Returns the guideline of the deal's stage; None for an imported stay, whose earlier attempts are unknown."""
        stage = self.stage(deal) if deal.kind == "open" and not deal.imported else None
        return stage.follow_up if stage else None

    def ref(self, deal: DealRow) -> str:
        """Returns the shortest name by which a command finds the deal."""
        return deal_ref(deal.account, deal.slug, deal.kind, deal.deals, self._open[deal.account])

    def item(
        self, kind: str, deal: DealRow, says: str | Callable[[], str], *command: str, since: Moment | None = None,
        due: Moment | None = None, overdue: bool = False,
    ) -> Item:  # fmt: skip
        """Makes an item of this deal. `{}` in the command stands for the deal's name."""
        return Item(kind, deal.deal_id, self.ref(deal), command, says, since, due, overdue)

    def due(self, rows: Iterable[DatedRecord], *kinds: str) -> Iterator[tuple[DatedRecord, DealRow]]:
        """Yields the rows of deals in view whose stages are of these kinds, each with its deal."""
        for row in rows:
            deal = self.deals.get(row.deal)
            if deal and deal.kind in kinds:
                yield row, deal

    def longer_than(self, days: float, since: Moment) -> bool:
        """True if more than this many days have passed since then."""
        if is_date(since) or is_date(self.clock.now):
            return days_between(since, self.clock.now, self.clock.zone) > days
        if days not in self._days_ago:  # thousands of deals are asked about a few targets
            self._days_ago[days] = to_instant_us(as_datetime(self.clock.now) - timedelta(days=days))
        return self.clock.is_before(since, self._days_ago[days])

    def as_long_as(self, days: float, since: Moment) -> bool:
        """True if this many days or more have passed since then."""
        if is_date(since) or is_date(self.clock.now):
            return days_between(since, self.clock.now, self.clock.zone) >= days
        self.longer_than(days, since)  # remembers the moment so many days ago
        return not self.clock.is_before(self._days_ago[days], since)

    def over(self, meeting: MeetingRow) -> bool:
        return is_over(meeting.at, meeting.minutes, self.clock)

    def past(self, moment: Moment) -> bool:
        return self.clock.is_before(moment, self.clock.now)

    def by_tonight(self, moment: Moment) -> bool:
        return self.clock.day_of(moment) <= self.clock.today
