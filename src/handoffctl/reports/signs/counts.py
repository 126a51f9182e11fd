"""Plain counts for each owner, with the deals behind them: short answers, repeated texts, quick meetings, no-shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, days_between, is_before, is_date, local_date
from handoffctl.core.names import fold
from handoffctl.core.windows import Window
from handoffctl.reports.signs.query import BookedMeeting, DatedTouch, GivenAnswer, SentHandoff

FEWEST_WORDS = 2  # with a least number of one word every short answer would be counted
FEWEST_SHARED_WORDS = 3  # shorter texts, such as the name of a program, are rightly the same
AT_ONCE = 5 / 1440  # days: five minutes


class CountedDeal(NamedTuple):
    """One deal behind a count: when, and what there is to look at."""

    deal: int
    at: Moment
    what: str


class Counted(NamedTuple):
    """Of `total` for one owner the `deals` are to be looked at; a deal comes once for each."""

    total: int
    deals: list[CountedDeal]


class AnswerBehind(NamedTuple):
    """An answer with which a handoff was made: the owner then, and the least number of words its field asks for."""

    handoff: SentHandoff
    name: str
    value: str
    least: int


def answers_behind(
    handoffs: Iterable[SentHandoff], answers: Iterable[GivenAnswer], least_words: Callable[[SentHandoff, str], int]
) -> list[AnswerBehind]:
    """Returns the newest answer in each field that was given in a stay before its next handoff."""
    by_stay: dict[int, list[SentHandoff]] = defaultdict(list)
    for handoff in handoffs:
        by_stay[handoff.stay].append(handoff)
    found: dict[tuple[int, str], AnswerBehind] = {}
    for answer in answers:
        ahead = (each for each in by_stay.get(answer.stay, ()) if each.command >= answer.command)
        if behind := next(ahead, None):
            least = least_words(behind, answer.name)
            found[behind.id, answer.name] = AnswerBehind(behind, answer.name, answer.value, least)
    return list(found.values())


def count_short_answers(answers: Iterable[AnswerBehind]) -> dict[str, Counted]:
    """Returns the answers that have exactly the least number of words, of those to fields that ask for so many."""
    counts = _Counts()
    for answer in answers:
        if answer.least >= FEWEST_WORDS:
            exactly = len(answer.value.split()) == answer.least
            counts.add(answer.handoff.owner, _deal(answer) if exactly else None)
    return counts.by_owner()


def count_same_texts(answers: Sequence[AnswerBehind]) -> dict[str, Counted]:
    """Returns the answers that the same owner gave in the same words, in the same field, for several accounts."""
    long_enough = [answer for answer in answers if len(answer.value.split()) >= FEWEST_SHARED_WORDS]
    accounts: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for answer in long_enough:
        accounts[_same(answer)].add(answer.handoff.account)
    counts = _Counts()
    for answer in long_enough:
        counts.add(answer.handoff.owner, _deal(answer) if len(accounts[_same(answer)]) > 1 else None)
    return counts.by_owner()


def count_held_at_once(
    meetings: Iterable[BookedMeeting], touches: Mapping[int, Sequence[DatedTouch]], window: Window
) -> dict[str, Counted]:
    """Returns the meetings marked as held within five minutes of booking, without another touch that day before."""
    counts = _Counts()
    for meeting in meetings:
        if meeting.state == "held" and window.contains(meeting.booked_at) and window.occurred(meeting.marked_at):
            at_once = _held_at_once(meeting, touches.get(meeting.deal, ()), window.clock)
            what = "marked as held at once"
            counts.add(meeting.owner, CountedDeal(meeting.deal, meeting.booked_at, what) if at_once else None)
    return counts.by_owner()


def count_no_shows(meetings: Iterable[BookedMeeting], window: Window) -> dict[str, Counted]:
    """Returns the no-shows of the meetings that an owner booked, of those marked as held or no-show."""
    counts = _Counts()
    for meeting in meetings:
        if window.contains(meeting.booked_at) and window.occurred(meeting.marked_at):
            missed = meeting.state == "no-show"
            counts.add(meeting.owner, CountedDeal(meeting.deal, meeting.booked_at, "no-show") if missed else None)
    return counts.by_owner()


class _Counts:
    """Collects the counts of all owners."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = defaultdict(int)
        self._deals: dict[str, list[CountedDeal]] = defaultdict(list)

    def add(self, owner: str, deal: CountedDeal | None) -> None:
        """Counts one case, with its deal if it is to be looked at."""
        self._totals[owner] += 1
        self._deals[owner] += [deal] if deal else []

    def by_owner(self) -> dict[str, Counted]:
        return {owner: Counted(total, self._deals[owner]) for owner, total in self._totals.items()}


def _deal(answer: AnswerBehind) -> CountedDeal:
    return CountedDeal(answer.handoff.deal, answer.handoff.at, f"{answer.name}: {' '.join(answer.value.split())}")


def _same(answer: AnswerBehind) -> tuple[str, str, str]:
    return answer.handoff.owner, answer.name, fold(answer.value)


def _held_at_once(meeting: BookedMeeting, touches: Sequence[DatedTouch], clock: Clock) -> bool:
    booked, marked, zone = meeting.booked_at, meeting.marked_at, clock.zone
    if is_date(booked) or is_date(marked) or days_between(booked, marked, zone) > AT_ONCE:
        return False
    day = local_date(booked, zone)
    others = (touch for touch in touches if touch.id != meeting.touch and local_date(touch.at, zone) == day)
    return all(is_before(marked, touch.at, zone) for touch in others)
