"""How a stage is being followed up: what was tried of what its guideline asks, when the next try is due, what is owed.

A try (attempt) is an outgoing touch that is no note. Once the prospect has answered, none is owed any more. Who writes
to us before we do waits for our first response all the same.
"""

import re
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from handoffctl.core.business_time import Working, day_of, due, last_day_of
from handoffctl.core.moments import WEEKDAYS, Clock, Moment, before, is_date, local_date, shown
from handoffctl.playbook.sections import FollowUp

ANSWERS = ("answered", "held", "replied", "booked")  # outcomes with which somebody was reached
TALKS = ("call", "meeting")  # whoever began them, both speak
HOT = 1.0  # days: what is to be answered sooner than this is hot


class Tries(NamedTuple):
    """What was done in one stay so far.

    `first_at` is when they first heard from us: the first attempt, or a talk that they began. `last_at` is the last
    touch of any kind, in either direction.
    """

    since: Moment
    attempts: int = 0
    first_at: Moment | None = None
    last_at: Moment | None = None
    answered_at: Moment | None = None
    no_shows: int = 0
    wrote_at: Moment | None = None  # when they last wrote, where nobody has answered that since


class Pursuit(NamedTuple):
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
        return self.next_due is not None and clock.day_of(self.next_due) <= clock.today


def pursuit(rule: FollowUp, done: Tries, clock: Clock, week: Working, agreed: bool = False) -> Pursuit:
    """Holds what was done in a stay against the guideline of its stage.

    `agreed` says whether a meeting or a step is still to come: for whoever has answered, that is what holds.
    """
    began = clock.day_of(done.since)
    day = day_of(began, clock.today, week)
    frame = None if rule.within is None else max(1, ceil(rule.within))
    answered = done.answered_at is not None
    owed = 0 if answered else max(0, (rule.attempts or 0) - done.attempts)
    last = None if frame is None else last_day_of(began, frame, week)
    over = last is not None and clock.today > last
    decide = _decision(rule, done, over, owed)
    first = not done.attempts and done.first_at is None
    limit = rule.most or (None if answered else rule.attempts)
    enough = bool(decide) or (answered and agreed) or (not first and limit is not None and done.attempts >= limit)
    next_due = None if enough else _next(rule, done, first, week, clock)
    if next_due and last and not (first or owed) and clock.day_of(next_due) > last:
        next_due = None  # no further one in the time there is; one that was due within it stays due
    return Pursuit(rule, done.attempts, day, frame, next_due, first, answered, owed, decide)


def _decision(rule: FollowUp, done: Tries, over: bool, owed: int) -> str:
    """Why it is time to decide: everything was tried that should be. Who agreed to meet and never came may decide it,
    too, though they answered."""
    if too_many_no_shows(rule, done):
        return f"{done.no_shows} no-show{'' if done.no_shows == 1 else 's'}"
    if done.answered_at is not None or not done.attempts or owed:
        return ""
    tried = f"{done.attempts} attempt{'' if done.attempts == 1 else 's'}"
    limit = rule.most or (rule.attempts if rule.within is None else None)  # without a time frame the least is enough
    if limit and done.attempts >= limit:
        return f"{tried} without an answer"
    return f"{tried} in the time there was, without an answer" if over else ""


def too_many_no_shows(rule: FollowUp, done: Tries) -> bool:
    """Whether there were as many as the guideline allows."""
    return rule.no_shows is not None and done.no_shows >= rule.no_shows


def _next(rule: FollowUp, done: Tries, first: bool, week: Working, clock: Clock) -> Moment | None:
    """The first attempt is due after the stay began, every other one after the last touch of any kind."""
    if first:
        within = rule.first_within if rule.first_within is not None else rule.every
        return None if within is None else due(done.since, within, week, clock.zone, clock.day_of(done.since))
    if rule.every is None or done.last_at is None:
        return None
    return due(done.last_at, rule.every, week, clock.zone, clock.day_of(done.last_at))


def tries(since: Moment, touches: Sequence[tuple[str, str, str, Moment]], clock: Clock) -> Tries:
    """What the touches of a deal (kind, direction, outcome, moment; in any order) did in the stay that began then.

    Those that are still to come, seen from an earlier moment, are left out. One that has only a day counts when it is
    of the day on which the stay began, or later.
    """
    if not touches:
        return Tries(since)
    begins, ends = _place(since, clock), _place(clock.now, clock)
    attempts = no_shows = 0
    first = last = answered = wrote = spoke = None
    for kind, direction, outcome, at in touches:
        place = _place(at, clock)
        if _surely_before(place, begins) or _surely_before(ends, place):
            continue
        if last is None or place > last:
            last = place
        attempts += is_attempt(kind, direction)
        no_shows += outcome == "no-show"
        answers = is_answer(kind, direction, outcome)
        if is_response(kind, direction, outcome):
            first = place if first is None or place < first else first
            spoke = place if spoke is None or place > spoke else spoke
        elif answers and (wrote is None or place > wrote):
            wrote = place
        if answers and (answered is None or place < answered):
            answered = place
    waits = wrote if wrote and (spoke is None or _surely_before(spoke, wrote)) else None
    return Tries(since, attempts, _at(first), _at(last), _at(answered), no_shows, _at(waits))


Place = tuple[date, str, Moment]  # in the order of touches: on one day that which has no hour comes first


def _place(moment: Moment, clock: Clock) -> Place:
    return clock.day_of(moment), "" if is_date(moment) else moment.removesuffix("Z"), moment


def _at(place: Place | None) -> Moment | None:
    return None if place is None else place[2]


def _surely_before(one: Place, other: Place) -> bool:
    """As `moments.before`: by the day where either has no hour."""
    return one[0] < other[0] or (one[0] == other[0] and one[1] != "" and one[1] < other[1])


def is_attempt(kind: str, direction: str) -> bool:
    """Whether a touch is a try to reach somebody."""
    return direction == "out" and kind != "note"


def is_answer(kind: str, direction: str, outcome: str) -> bool:
    """Whether a touch shows that somebody was reached."""
    return kind != "note" and outcome != "no-show" and (direction == "in" or outcome in ANSWERS)


def is_response(kind: str, direction: str, outcome: str) -> bool:
    """Whether with this touch they heard from us: an attempt, or a talk that they began."""
    return is_attempt(kind, direction) or (kind in TALKS and is_answer(kind, direction, outcome))


def waives(rule: FollowUp, because: str) -> str:
    """The word of the playbook for which a closing reason needs no further attempts; nothing where there is none."""
    said = f" {_plain(because)}"
    return next((word for word in rule.waived if f" {_plain(word)}" in said), "")


def _plain(text: str) -> str:
    """The words of a text in small letters, without what stands between them: `Student (2nd year)` says `student`."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def in_words(where: Pursuit, clock: Clock) -> str:
    """`2 of 5 attempts, day 3 of 14, next on Thursday (2026-03-05)`."""
    asked = next((n for n in (where.rule.attempts, where.rule.most) if n and where.attempts <= n), None)
    of = f" of {asked}" if asked else ""
    said = [f"{where.attempts}{of} attempt{'' if (asked or where.attempts) == 1 else 's'}"]
    if where.frame:
        over = where.day > where.frame
        said.append(f"its {where.frame} days are over" if over else f"day {where.day} of {where.frame}")
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
