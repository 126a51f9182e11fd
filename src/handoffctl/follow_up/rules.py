"""Rules for following up in a stage: attempts against its guideline, when the next is due, and when to decide.

An attempt is an outgoing touch that is not a note. Once the prospect has answered, no further attempts are owed. A
prospect who writes before we do still waits for our first response.
"""

import re
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from handoffctl.core.business_time import WorkCalendar, due_after, numbered_working_day, working_day_number
from handoffctl.core.moments import WEEKDAYS, Clock, Moment, format_local, is_date, local_date
from handoffctl.playbook.sections import FollowUp

ANSWERS = ("answered", "held", "replied", "booked")  # outcomes that mean somebody was reached
TALKS = ("call", "meeting")  # both sides speak, no matter who began
HOT = 1.0  # days: a first response due sooner than this is hot


class StayAttempts(NamedTuple):
    """The touches of one stay so far, summed up.

    `first_at` is when the prospect first heard from us: the first attempt, or a talk that they began. `last_at` is the
    last touch of any kind, in either direction. `unanswered_at` is when they last wrote without an answer since.
    """

    since: Moment
    total: int = 0
    first_at: Moment | None = None
    last_at: Moment | None = None
    answered_at: Moment | None = None
    no_shows: int = 0
    unanswered_at: Moment | None = None


class ShownFollowUp(NamedTuple):
    """A `FollowUpStatus` as `check --json` and `show --json` print it.

    `least` and `most` are the numbers of attempts in the guideline. `frame_days` counts working days, `owed` attempts.
    """

    attempts: int
    least: int | None
    most: int | None
    day: int
    frame_days: int | None
    next_due: Moment | None
    overdue: bool
    first: bool
    answered: bool
    owed: int
    decide: str
    says: str


class FollowUpStatus(NamedTuple):
    """Where the follow-up of one stay stands against the guideline of its stage.

    `day` is the working day of the stay, from 1 on, and `frame_days` how many of them the guideline has. `next_due` is
    when the next attempt is due: a date, or an instant where hours count; None where none is. `owed` is how many
    attempts are missing to the least number. `decide` says why it is time to decide, or is empty.
    """

    guideline: FollowUp
    attempts: int
    day: int
    frame_days: int | None
    next_due: Moment | None
    first: bool
    answered: bool
    owed: int
    decide: str

    @property
    def hot(self) -> bool:
        """True if a first response is due that cannot wait until tomorrow."""
        within = self.guideline.first_within
        return self.first and within is not None and within < HOT

    def overdue(self, clock: Clock) -> bool:
        return self.next_due is not None and clock.is_before(self.next_due, clock.now)

    def due_today(self, clock: Clock) -> bool:
        """True if the next attempt is due by the end of this day."""
        return self.next_due is not None and clock.day_of(self.next_due) <= clock.today

    def describe(self, clock: Clock) -> str:
        """Returns `2 of 5 attempts, day 3 of 14, next on Thursday (2026-03-05)`."""
        limits = (self.guideline.attempts, self.guideline.most)
        limit = next((limit for limit in limits if limit and self.attempts <= limit), None)
        of_limit = f" of {limit}" if limit else ""
        parts = [f"{self.attempts}{of_limit} attempt{'' if (limit or self.attempts) == 1 else 's'}"]
        if self.frame_days:
            over = self.day > self.frame_days
            parts.append(f"its {self.frame_days} days are over" if over else f"day {self.day} of {self.frame_days}")
        if self.decide:
            parts.append("time to decide")
        elif self.next_due:
            parts.append(_describe_due(self, self.next_due, clock))
        elif self.answered:
            parts.append("answered")
        return ", ".join(parts)

    def as_json(self, clock: Clock) -> ShownFollowUp:
        guideline = self.guideline
        return ShownFollowUp(
            self.attempts, guideline.attempts, guideline.most, self.day, self.frame_days, self.next_due,
            self.overdue(clock), self.first, self.answered, self.owed, self.decide, self.describe(clock),
        )  # fmt: skip


def _describe_due(status: FollowUpStatus, due_at: Moment, clock: Clock) -> str:
    """Returns when the next attempt is due: `first today by 13:00`, `next tomorrow (2026-03-05)`."""
    which = "first" if status.first else "next"
    if status.overdue(clock):
        return f"{which} was due {format_local(due_at, clock.zone)}"
    day = local_date(due_at, clock.zone)
    days_ahead = (day - clock.today).days
    if days_ahead == 0:
        return f"{which} today" + ("" if is_date(due_at) else f" by {format_local(due_at, clock.zone)[11:]}")
    name = "tomorrow" if days_ahead == 1 else f"on {WEEKDAYS[day.weekday()].capitalize()}"
    return f"{which} {name} ({format_local(due_at, clock.zone)})"


def follow_up_status(
    guideline: FollowUp, attempts: StayAttempts, clock: Clock, week: WorkCalendar, agreed: bool = False
) -> FollowUpStatus:
    """Compares the attempts in a stay with the guideline of its stage.

    `agreed` is True where a meeting or a step is still to come: after an answer, no attempt is due then.
    """
    began = clock.day_of(attempts.since)
    frame_days = None if guideline.within is None else max(1, ceil(guideline.within))
    last_day = None if frame_days is None else numbered_working_day(began, frame_days, week)
    answered = attempts.answered_at is not None
    owed = 0 if answered else max(0, (guideline.attempts or 0) - attempts.total)
    decide = _why_decide(guideline, attempts, last_day is not None and clock.today > last_day, owed)
    first = not attempts.total and attempts.first_at is None
    next_due = None
    if not (decide or (answered and agreed) or (not first and _limit_reached(guideline, attempts))):
        next_due = _next_due(guideline, attempts, first, week, clock)
    if next_due and last_day and not (first or owed) and clock.day_of(next_due) > last_day:
        next_due = None  # no further attempt after the time frame; one that was due within it stays due
    day = working_day_number(began, clock.today, week)
    return FollowUpStatus(guideline, attempts.total, day, frame_days, next_due, first, answered, owed, decide)


def _limit_reached(guideline: FollowUp, attempts: StayAttempts) -> bool:
    """True if no further attempt is asked for: the most were made, or without a most the least and no answer came."""
    limit = guideline.most or (None if attempts.answered_at is not None else guideline.attempts)
    return limit is not None and attempts.total >= limit


def _why_decide(guideline: FollowUp, attempts: StayAttempts, over: bool, owed: int) -> str:
    """Returns why it is time to decide, or an empty text.

    It is when all attempts were made, or after too many no-shows, even if the prospect had answered. `over` is True
    after the time frame.
    """
    if too_many_no_shows(guideline, attempts):
        return f"{attempts.no_shows} no-show{'' if attempts.no_shows == 1 else 's'}"
    if attempts.answered_at is not None or not attempts.total or owed:
        return ""
    text = f"{attempts.total} attempt{'' if attempts.total == 1 else 's'}"
    # without a time frame the least is enough
    limit = guideline.most or (guideline.attempts if guideline.within is None else None)
    if limit and attempts.total >= limit:
        return f"{text} without an answer"
    return f"{text} in the time there was, without an answer" if over else ""


def too_many_no_shows(guideline: FollowUp, attempts: StayAttempts) -> bool:
    """True if there were as many no-shows as the guideline allows."""
    return guideline.no_shows is not None and attempts.no_shows >= guideline.no_shows


def _next_due(
    guideline: FollowUp, attempts: StayAttempts, first: bool, week: WorkCalendar, clock: Clock
) -> Moment | None:
    """Returns when the next attempt is due: the first one after the stay began, others after the last touch."""
    if first:
        within = guideline.first_within if guideline.first_within is not None else guideline.every
        since = attempts.since
        return None if within is None else due_after(since, within, week, clock.zone, clock.day_of(since))
    if guideline.every is None or attempts.last_at is None:
        return None
    return due_after(attempts.last_at, guideline.every, week, clock.zone, clock.day_of(attempts.last_at))


def count_attempts(since: Moment, touches: Sequence[tuple[str, str, str, Moment]], clock: Clock) -> StayAttempts:
    """Sums up the touches of a deal (kind, direction, outcome, moment; in any order) in the stay that began then.

    Touches later than the clock's moment are left out. A touch that has only a day counts when it is of the day on
    which the stay began, or later.
    """
    if not touches:
        return StayAttempts(since)
    now, today = clock.now, clock.now[:10]
    count = no_shows = 0
    first = last = answered = wrote = responded = None
    for kind, direction, outcome, at in touches:
        # A text before the day of now, in UTC, is not later than now in any zone: most touches need no more.
        if clock.is_before(at, since) or (at >= today and clock.is_before(now, at)):
            continue
        key = _time_key(at, clock)
        last = key if last is None else max(last, key)
        count += is_attempt(kind, direction)
        no_shows += outcome == "no-show"
        answers = is_answer(kind, direction, outcome)
        if is_response(kind, direction, outcome):
            first = key if first is None else min(first, key)
            responded = key if responded is None else max(responded, key)
        elif answers:
            wrote = key if wrote is None else max(wrote, key)
        if answers:
            answered = key if answered is None else min(answered, key)
    unanswered = wrote if wrote and (responded is None or _surely_before(responded, wrote)) else None
    return StayAttempts(since, count, _moment(first), _moment(last), _moment(answered), no_shows, _moment(unanswered))


TimeKey = tuple[date, str, Moment]  # sorts touches by time; on one day, those without an hour come first


def _time_key(moment: Moment, clock: Clock) -> TimeKey:
    return clock.day_of(moment), "" if is_date(moment) else moment.removesuffix("Z"), moment


def _moment(key: TimeKey | None) -> Moment | None:
    return None if key is None else key[2]


def _surely_before(earlier: TimeKey, later: TimeKey) -> bool:
    """Compares as `moments.before` does: by the day where either has no hour."""
    return earlier[0] < later[0] or (earlier[0] == later[0] and earlier[1] != "" and earlier[1] < later[1])


def is_attempt(kind: str, direction: str) -> bool:
    """True if a touch is an attempt to reach somebody."""
    return direction == "out" and kind != "note"


def is_answer(kind: str, direction: str, outcome: str) -> bool:
    """True if a touch shows that somebody was reached."""
    return kind != "note" and outcome != "no-show" and (direction == "in" or outcome in ANSWERS)


def is_response(kind: str, direction: str, outcome: str) -> bool:
    """True if the prospect heard from us in this touch: an attempt, or a talk that they began."""
    return is_attempt(kind, direction) or (kind in TALKS and is_answer(kind, direction, outcome))


def waiving_word(guideline: FollowUp, because: str) -> str:
    """Returns the word in a closing reason for which the guideline asks no further attempts; empty if none is in it."""
    reason = f" {_plain_words(because)}"
    return next((word for word in guideline.waived if f" {_plain_words(word)}" in reason), "")


def _plain_words(text: str) -> str:
    """Returns the words of a text in lower case, without punctuation: `Student (2nd year)` gives `student 2nd year`."""
    return " ".join(re.findall(r"\w+", text.casefold()))
