"""Assigns touches to stays: the stays of an account's deals, each with the touches that fell into it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from handoffctl.core.moments import Moment, Zone, as_datetime, is_date, local_date
from handoffctl.core.windows import Window
from handoffctl.deals.lookup_query import account_names_deal
from handoffctl.reports.throughput.flows import OTHER_PLAYBOOK, StageOrder
from handoffctl.stats.stays import Stay, as_of

STAY_ROW, TOUCH_ROW = 0, 1  # the second column of a row: what the columns after it are


class ParsedMoment(NamedTuple):
    """A moment parsed once: the local day as an ordinal, and the Unix time in seconds unless it is only a date."""

    day: int
    second: float | None


class AccountTouch(NamedTuple):
    """A touch as it is stored; `deal` is None if only the account is known."""

    deal: int | None
    kind: str
    direction: str
    at: Moment


class StayTouch(NamedTuple):
    """One touch within a stay."""

    kind: str
    direction: str
    at: ParsedMoment


@dataclass(slots=True)
class TouchedStay:
    """One stay with its touches. `ended` is None while the deal is there, or if it is not known when it left.

    `advanced` is True if it was left for a later open stage or won. `ours` is True in the report's playbook, `counted`
    if the report is about the stay, and `alone` if the account's name is enough to name the deal.
    """

    deal: int
    stage: str
    began: ParsedMoment | None
    ended: ParsedMoment | None
    present: bool
    advanced: bool
    open: bool
    ours: bool
    counted: bool
    alone: bool = False
    touches: list[StayTouch] = field(default_factory=list)


@dataclass(frozen=True)
class EngagementScope:
    """The subject of a report: a playbook with its stages, and the window in which stays began."""

    playbook: str
    stages: StageOrder
    window: Window

    def includes(self, moment: Moment | None) -> bool:
        """True if a moment, which must not be later than the report's, lies in the window."""
        return self.window.is_unbounded or self.window.contains(moment)


def parse_moment(moment: Moment, zone: Zone) -> ParsedMoment:
    """Parses a moment, so that it can be compared often."""
    if is_date(moment):
        return ParsedMoment(local_date(moment, zone).toordinal(), None)
    at = as_datetime(moment)
    return ParsedMoment(at.astimezone(zone).toordinal(), at.timestamp())


def is_earlier(moment: ParsedMoment, other: ParsedMoment) -> bool:
    """True if the first moment is certainly earlier: compares local days if either is only a date, like `before`."""
    if moment.second is None or other.second is None:
        return moment.day < other.day
    return moment.second < other.second


def days(start: ParsedMoment, end: ParsedMoment) -> float:
    """Returns the days from start to end like `days_between`, but never below zero."""
    if start.second is None or end.second is None:
        return float(max(end.day - start.day, 0))
    return max(end.second - start.second, 0.0) / 86_400


Parser = Callable[[Moment], ParsedMoment]


def touched_stays(
    stays: Iterable[tuple[Any, ...]], touches: Iterable[tuple[Any, ...]], scope: EngagementScope
) -> Iterator[tuple[list[TouchedStay], int]]:
    """Yields for each account its stays with their touches, and the number of touches that belong to no certain stay.

    Both are rows in the order of their accounts: (account, STAY_ROW, columns of Stay), also in the order of deals and
    stays, and (account, TOUCH_ROW, columns of AccountTouch). What is later than the scope's clock has not happened.
    """
    zone = scope.window.clock.zone
    parse = lru_cache(100)(lambda moment: parse_moment(moment, zone))  # a stay ends when the next one begins
    now = parse(scope.window.clock.now)
    for _, rows in groupby(merge(stays, touches, key=itemgetter(0, 1)), key=itemgetter(0)):
        stay_rows: list[Stay] = []
        touch_rows: list[AccountTouch] = []
        for row in rows:
            if row[1] == STAY_ROW:
                stay_rows.append(Stay._make(row[2:]))
            else:
                touch_rows.append(AccountTouch._make(row[2:]))
        deals = {
            deal: touched
            for deal, of_deal in groupby(stay_rows, key=attrgetter("deal"))
            if (touched := _without_touches(as_of(of_deal, scope.window), scope, parse))
        }
        _mark_alone(deals)
        left_out = sum(_is_left_out(touch, deals, scope, now) for touch in touch_rows)
        yield [stay for of_deal in deals.values() for stay in of_deal], left_out


def _without_touches(stays: Sequence[Stay], scope: EngagementScope, parse: Parser) -> list[TouchedStay]:
    """Returns the stays of one deal as they were at the moment of the report."""
    touched: list[TouchedStay] = []
    for stay, following in pairwise([*stays, None]):
        assert stay is not None
        ours = stay.playbook == scope.playbook
        is_open = (scope.stages.kinds.get(stay.stage, stay.kind) if ours else stay.kind) == "open"
        counted = ours and is_open and scope.includes(stay.entered_at)
        began = parse(stay.entered_at) if stay.entered_at else None
        ended = parse(stay.left_at) if stay.left_at else None
        advanced = counted and following is not None and _advanced(stay, following, scope)
        touched.append(
            TouchedStay(stay.deal, stay.stage, began, ended, not stay.ended, advanced, is_open, ours, counted)
        )
    return touched


def _advanced(stay: Stay, following: Stay, scope: EngagementScope) -> bool:
    """True if the next stay of the deal is in a later open stage of the playbook, or won."""
    if following.playbook != scope.playbook:
        return False
    next_stage = following.stage or OTHER_PLAYBOOK
    if next_stage not in scope.stages.kinds:  # the playbook no longer has it, so its kind at the time decides
        return following.kind == "won"
    return scope.stages.outcome(stay.stage, next_stage) in ("advanced", "won")


def _mark_alone(deals: Mapping[int, Sequence[TouchedStay]]) -> None:
    """Marks the deals that the account's name is enough for: its only open deal, or its only deal."""
    present = [stays[-1] for stays in deals.values() if stays[-1].present]
    open_deals = sum(stay.open for stay in present)
    for stay in present:
        stay.alone = account_names_deal(stay.open, len(present), open_deals)


def _is_left_out(
    touch: AccountTouch, deals: Mapping[int, list[TouchedStay]], scope: EngagementScope, now: ParsedMoment
) -> bool:
    """Assigns a touch to its stay. Returns True if the stay is uncertain and may belong to this playbook."""
    at = parse_moment(touch.at, scope.window.clock.zone)
    if is_earlier(now, at) or (touch.deal is not None and touch.deal not in deals):
        return False
    candidates = list(deals.values()) if touch.deal is None else [deals[touch.deal]]
    stays = _stays_of_touch(candidates, at)
    if len(stays) == 1:
        stays[0].touches.append(StayTouch(touch.kind, touch.direction, at))
        return False
    ours = not candidates or any(stay.ours for of_deal in candidates for stay in of_deal)
    return ours and scope.includes(touch.at)


def _stays_of_touch(deals: Sequence[Sequence[TouchedStay]], at: ParsedMoment) -> list[TouchedStay]:
    """Returns the stays into which a touch may have fallen: of the only deal at that time, or of the only open one."""
    if len(deals) == 1:
        return stays_at(deals[0], at)
    existing = [stays for of_deal in deals if (stays := stays_at(of_deal, at))]
    if len(existing) > 1:
        existing = [stays for stays in existing if any(stay.open for stay in stays)]
    return existing[0] if len(existing) == 1 else []


def stays_at(stays: Sequence[TouchedStay], at: ParsedMoment) -> list[TouchedStay]:
    """Returns the stays of one deal at this moment: several only if their beginnings are not known.

    A stay includes its first moment and excludes its last. So what fell on the day of a move, if only days are known,
    belongs to the stay that begins: nothing counts twice or is lost between two stays, and the first day of a deal,
    which has no stay before it, follows the same rule.
    """
    possible: list[TouchedStay] = []
    for stay in reversed(stays):
        if stay.began is None:
            possible.append(stay)
        elif is_earlier(at, stay.began):
            possible.clear()
        else:
            return [*possible, stay]
    return possible
