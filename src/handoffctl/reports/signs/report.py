"""The report on signs of gaming: for each owner three verdicts and four plain counts, with the deals behind them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from handoffctl.core.moments import local_date
from handoffctl.core.names import fold
from handoffctl.deals.stays_query import DealName, deal_names
from handoffctl.errors import NotFound
from handoffctl.people.query import roles_by_name
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.signs.counts import Counted
from handoffctl.reports.signs.figures import HandedOff, PeriodCounts, count_by_day, is_late, whole_periods
from handoffctl.reports.signs.history import SignsHistory
from handoffctl.reports.signs.periods import Period, judged_periods, period_length
from handoffctl.stats.constants import FEWEST_HANDOFFS
from handoffctl.stats.day_sets import last_days_p
from handoffctl.stats.surge_verdict import OwnerDays, OwnerSigns, Worse, judge_signs

FEWEST_OWNERS = 2  # below so many the report is off
COUNTS = ("least_words", "same_text", "held_at_once", "no_shows")


class SignDeal(NamedTuple):
    """A deal to look at: the local day, what there is to look at, and the command that opens it."""

    account: str
    deal: str
    day: str
    what: str
    command: str


class PeriodLine(NamedTuple):
    """A period with all its handoffs, those on its last three working days, and the p of so many there."""

    first: str
    last: str
    working_days: int
    handoffs: int
    late: int
    p: float


class SurgeFigures(NamedTuple):
    """The handoffs on the last three working days of the periods; `evenly` would be there if all days were alike."""

    late: int
    handoffs: int
    evenly: float
    p: float | None
    q: float | None
    stands_out: bool
    periods: list[PeriodLine]
    deals: list[SignDeal]


class WorseFigures(NamedTuple):
    """Of `handoffs` so many were returned or lost within 14 days, beside the others.

    `low` and `high` are the ends of the 95 % interval of the difference of the shares; None if a side is empty.
    """

    bad: int
    handoffs: int
    other_bad: int
    other_handoffs: int
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    q: float | None
    stands_out: bool
    deals: list[SignDeal]


class PlainCount(NamedTuple):
    """A plain count of one owner, of so many in all, with its deals."""

    sign: str
    count_: int
    of: int
    deals: list[SignDeal]


class OwnerLine(NamedTuple):
    """The signs of one owner. `handoffs` counts those in the judged periods, `handoffs_in_all` those in the window.

    Below ten handoffs in the judged periods there are no verdicts; below ten in all there are no counts.
    """

    owner: str
    handoffs: int
    handoffs_in_all: int
    stands_out: bool
    surge: SurgeFigures | None
    late: WorseFigures | None
    bare: WorseFigures | None
    counts: list[PlainCount]

    @property
    def is_silent(self) -> bool:
        """True if the owner has too few handoffs for a verdict."""
        return self.surge is None


class SignsReport(NamedTuple):
    """The signs of each owner by name. `off` is True if fewer than two people own deals here.

    `per` is month or quarter; `judged` names the first day of each period judged. Two counts are in no figure:
    handoffs on `test` accounts, and those of deals whose loss is `undated`.
    """

    head: ReportHead
    off: bool
    owners_here: int
    per: str
    judged: list[str]
    owners: list[OwnerLine]
    test: int
    undated: int


class OwnerHistory(NamedTuple):
    """The handoffs of one owner, those of them in the judged periods, and their counts by day."""

    owner: str
    handoffs: list[HandedOff]
    counts: list[PeriodCounts]

    @property
    def periods(self) -> list[Period]:
        return [count.period for count in self.counts]


def build(context: ReportContext, owner: str = "") -> SignsReport:
    """Computes the report, for one owner only if one is named. Raises NotFound for one who owns nothing."""
    history = SignsHistory(context)
    length = period_length(context.playbook)
    periods = judged_periods(context.window, length, context.home.week)
    lines: list[OwnerLine] = []
    people = _people(context, history)
    off = people < FEWEST_OWNERS
    if not off:
        lines = _lines(context, history, periods)
        lines = _only(lines, owner, sorted(history.begun)) if owner else lines
    return SignsReport(
        context.head, off, people, length, [period.first.isoformat() for period in periods], lines,
        history.test, history.undated,
    )  # fmt: skip


def _people(context: ReportContext, history: SignsHistory) -> int:
    """Returns how many people own deals at least. A role is one of those who have it; the roles that nobody is named
    for are one person, since a solo seller has them all.
    """
    holders: dict[str, set[str]] = defaultdict(set)
    for person, roles in roles_by_name(context.query).items():
        for role in roles:
            holders[role].add(person)
    named = {owner for owner in history.begun if owner not in holders and owner not in context.playbook.roles}
    for owner in history.begun:
        if owner in holders and not holders[owner] & named:
            named.add(min(holders[owner]))
    return len(named) + any(owner in context.playbook.roles and owner not in holders for owner in history.begun)


def _only(lines: Sequence[OwnerLine], owner: str, known: Sequence[str]) -> list[OwnerLine]:
    """Returns the line of one owner, or none if they handed nothing off in the window."""
    if fold(owner) not in map(fold, known):
        raise NotFound(f'Unknown owner "{owner}".', f"Owners of deals here: {', '.join(known)}.")
    return [line for line in lines if fold(line.owner) == fold(owner)]


def _lines(context: ReportContext, history: SignsHistory, periods: Sequence[Period]) -> list[OwnerLine]:
    owners = [_owner_history(history, name, periods) for name in sorted({one.owner for one in history.handoffs})]
    verdicts = judge_signs([OwnerDays([count.days for count in owner.counts]) for owner in owners])
    counts = history.counts()
    deals = {handoff.deal for handoff in history.handoffs}
    deals |= {deal.deal for by_owner in counts for counted in by_owner.values() for deal in counted.deals}
    names = deal_names(context.query, sorted(deals)) if deals else {}
    return [
        _line(context, owner, signs, [by_owner.get(owner.owner, Counted(0, [])) for by_owner in counts], names)
        for owner, signs in zip(owners, verdicts, strict=True)
    ]


def _owner_history(history: SignsHistory, owner: str, periods: Sequence[Period]) -> OwnerHistory:
    handoffs = [handoff for handoff in history.handoffs if handoff.owner == owner]
    whole = whole_periods(periods, history.begun.get(owner, date.max))
    return OwnerHistory(owner, handoffs, count_by_day(handoffs, whole))


def _line(
    context: ReportContext,
    owner: OwnerHistory,
    signs: OwnerSigns,
    counts: Sequence[Counted],
    names: Mapping[int, DealName],
) -> OwnerLine:
    judged = sum(count.handoffs for count in owner.counts)
    surge, late, bare = (None, None, None) if signs.silent else _verdicts(owner, signs, names)
    plain = zip(COUNTS, counts, strict=True) if len(owner.handoffs) >= FEWEST_HANDOFFS else ()
    return OwnerLine(
        owner.owner, judged, len(owner.handoffs), signs.stands_out, surge, late, bare,
        [_plain_count(context, sign, counted, names) for sign, counted in plain],
    )  # fmt: skip


def _verdicts(
    owner: OwnerHistory, signs: OwnerSigns, names: Mapping[int, DealName]
) -> tuple[SurgeFigures, WorseFigures, WorseFigures]:
    judged = [one for one in owner.handoffs if any(each.first <= one.day <= each.last for each in owner.periods)]
    late = [_sign_deal(one, names) for one in judged if is_late(one, owner.periods)]
    bare = [_sign_deal(one, names) for one in judged if one.bare]
    return _surge(owner, signs, late), _worse(signs.late, late), _worse(signs.bare, bare)


def _surge(owner: OwnerHistory, signs: OwnerSigns, deals: list[SignDeal]) -> SurgeFigures:
    lines = [
        PeriodLine(
            count.period.first.isoformat(), count.period.last.isoformat(), len(count.days), count.handoffs, count.late,
            last_days_p([day.handoffs for day in count.days]),
        )
        for count in owner.counts
    ]  # fmt: skip
    evenly = sum(count.evenly for count in owner.counts)
    late, handoffs = sum(line.late for line in lines), sum(line.handoffs for line in lines)
    return SurgeFigures(late, handoffs, round(evenly, 4), *signs.surge, lines, deals)


def _worse(worse: Worse, deals: list[SignDeal]) -> WorseFigures:
    counts, (low, high) = worse.counts, worse.interval or (None, None)
    difference = None
    if worse.interval:
        difference = counts.bad / counts.handoffs - counts.other_bad / counts.other_handoffs
    return WorseFigures(*counts, difference, low, high, *worse.sign, deals)


def _sign_deal(handoff: HandedOff, names: Mapping[int, DealName]) -> SignDeal:
    what = f"{handoff.end} within 14 days" if handoff.end else ""
    return _named(names[handoff.deal], handoff.day.isoformat(), what)


def _plain_count(context: ReportContext, sign: str, counted: Counted, names: Mapping[int, DealName]) -> PlainCount:
    zone = context.clock.zone
    deals = [_named(names[deal.deal], local_date(deal.at, zone).isoformat(), deal.what) for deal in counted.deals]
    return PlainCount(sign, len(counted.deals), counted.total, deals)


def _named(name: DealName, day: str, what: str) -> SignDeal:
    return SignDeal(name.account, name.deal, day, what, f"handoffctl show {name.ref}")
