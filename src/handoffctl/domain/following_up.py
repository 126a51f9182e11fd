"""How a stage is being followed up: what was tried of what its guideline asks, when the next try is due, what is owed.

A try (attempt) is an outgoing touch that is no note. Once the prospect has answered, none is owed any more.
"""

from dataclasses import dataclass
from math import ceil

from handoffctl.domain.moments import WEEKDAYS, Clock, Moment, before, is_date, local_date, shown
from handoffctl.domain.sections import FollowUp
from handoffctl.domain.working_days import Working, working_days
from handoffctl.domain.working_time import due

ANSWERS = ("answered", "held", "replied")  # outcomes with which somebody was reached
HOT = 1.0  # days: what is to be answered sooner than this is hot


@dataclass(frozen=True)
class Tries:
    """What was done in one stay so far. `last_at` is the last touch of any kind, in either direction."""

    since: Moment
    attempts: int = 0
    first_at: Moment | None = None
    last_at: Moment | None = None
    answered_at: Moment | None = None
    no_shows: int = 0


@dataclass(frozen=True)
class Pursuit:
    """Where the follow-up of one stay stands.

    `next_due` is when the next attempt is due: a date, or an instant where hours count; None where none is. `owed` is
    how many are missing to the least number. `decide` says why somebody must decide now, or nothing. `day` is the
    working day of the stay, from 1 on; `frame` how many of them the guideline has.
    """

    rule: FollowUp
    attempts: int
    day: int
    frame: int | None
    next_due: Moment | None
    first: bool
    answered: bool
    owed: int
    decide: str

    @property
    def hot(self) -> bool:
        """Whether it waits for a first response that cannot wait until tomorrow."""
        return self.first and self.rule.first_within is not None and self.rule.first_within < HOT

    def overdue(self, clock: Clock) -> bool:
        return self.next_due is not None and before(self.next_due, clock.now, clock.zone)

    def due_today(self, clock: Clock) -> bool:
        """Whether the next attempt is due by the end of this day."""
        return self.next_due is not None and local_date(self.next_due, clock.zone) <= clock.today


def pursuit(rule: FollowUp, done: Tries, clock: Clock, week: Working) -> Pursuit:
    """Holds what was done in a stay against the guideline of its stage."""
    day = working_days(local_date(done.since, clock.zone), clock.today, week) + 1
    frame = None if rule.within is None else max(1, ceil(rule.within))
    least = rule.attempts or 0
    answered = done.answered_at is not None
    owed = 0 if answered else max(0, least - done.attempts)
    over = frame is not None and day > frame
    decide = "" if answered else _decision(rule, done, over, owed)
    limit = rule.most or (None if answered else rule.attempts)
    ended = bool(decide) or (over and not owed) or (limit is not None and done.attempts >= limit)
    next_due = None if ended else _next(rule, done, week, clock)
    first = not done.attempts and not answered
    return Pursuit(rule, done.attempts, day, frame, next_due, first, answered, owed, decide)


def _decision(rule: FollowUp, done: Tries, over: bool, owed: int) -> str:
    """Why it is time to decide: everything was tried that should be."""
    if rule.no_shows and done.no_shows >= rule.no_shows:
        return f"{done.no_shows} no-shows"
    if rule.most and done.attempts >= rule.most:
        return f"{done.attempts} attempts without an answer"
    if over and not owed and done.attempts:
        return f"{done.attempts} attempts in the time there was, without an answer"
    return ""


def _next(rule: FollowUp, done: Tries, week: Working, clock: Clock) -> Moment | None:
    """The first attempt is due after the stay began, every other one after the last touch of any kind."""
    if not done.attempts and done.answered_at is None:
        within = rule.first_within if rule.first_within is not None else rule.every
        return None if within is None else due(done.since, within, week, clock.zone)
    return None if rule.every is None or done.last_at is None else due(done.last_at, rule.every, week, clock.zone)


def is_attempt(kind: str, direction: str) -> bool:
    """Whether a touch is a try to reach somebody."""
    return direction == "out" and kind != "note"


def is_answer(kind: str, direction: str, outcome: str) -> bool:
    """Whether a touch shows that somebody was reached."""
    return kind != "note" and (direction == "in" or outcome in ANSWERS)


def waives(rule: FollowUp, because: str) -> str:
    """The word of the playbook for which a closing reason needs no further attempts; nothing where there is none."""
    said = because.casefold()
    return next((word for word in rule.waived if word.casefold() in said), "")


def in_words(where: Pursuit, clock: Clock) -> str:
    """`2 of 5 attempts, day 3 of 14, next on Thursday (2026-03-05)`."""
    asked = where.rule.attempts or where.rule.most
    of = f" of {asked}" if asked else ""
    said = [f"{where.attempts}{of} attempt{'' if (asked or where.attempts) == 1 else 's'}"]
    if where.frame:
        said.append(f"day {where.day} of {where.frame}")
    if where.decide:
        said.append("time to decide")
    elif where.next_due:
        said.append(_when(where, clock))
    elif where.answered:
        said.append("answered")
    return ", ".join(said)


def _when(where: Pursuit, clock: Clock) -> str:
    moment = where.next_due
    assert moment is not None
    called = "first" if where.first else "next"
    if where.overdue(clock):
        return f"{called} was due {shown(moment, clock.zone)}"
    day = local_date(moment, clock.zone)
    ahead = (day - clock.today).days
    if ahead == 0:
        return f"{called} today" + ("" if is_date(moment) else f" by {shown(moment, clock.zone)[11:]}")
    named = "tomorrow" if ahead == 1 else f"on {WEEKDAYS[day.weekday()].capitalize()}"
    return f"{called} {named} ({shown(moment, clock.zone)})"
