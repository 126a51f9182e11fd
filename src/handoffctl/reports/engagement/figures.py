"""The figures of engagement: touches in a stage, the time to the first one, and the longest silence."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from handoffctl.reports.engagement.landmark import Landmark
from handoffctl.reports.engagement.touched_stays import ParsedMoment, StayTouch, TouchedStay, days
from handoffctl.stats.percentiles import percentile_of
from handoffctl.stats.survival import Survival

KINDS = ("call", "email", "meeting", "message", "note")
DIRECTIONS = ("in", "out")


@dataclass
class TouchCounts:
    """The touches of several stays or deals by kind and direction, notes included."""

    count: int = 0  # of stays or deals
    touched: int = 0  # those with at least one touch
    by: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, touches: Collection[StayTouch]) -> None:
        """Counts one stay or deal with its touches."""
        for touch in touches:
            self.by[touch.kind, touch.direction] += 1
        self.count += 1
        self.touched += bool(touches)

    @property
    def mean(self) -> float | None:
        """Touches per stay or deal, those without any included; None if there are none."""
        return self.by.total() / self.count if self.count else None


@dataclass
class ResponseTimes:
    """Days from the beginning of a stay to our first touch.

    `waiting` are still there without one, `never` left without one. Both are censored after the time they were there.
    """

    answered: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    never: list[float] = field(default_factory=list)

    @property
    def stays(self) -> int:
        """The number of stays of known length."""
        return len(self.answered) + len(self.waiting) + len(self.never)

    def survival(self) -> Survival:
        """Returns the Kaplan-Meier estimate of the time to the first touch."""
        return Survival(sorted(self.answered), sorted(self.waiting + self.never))


@dataclass
class SilenceFigures:
    """The longest time without a touch in each stay, in days, and the present stay that has been silent longest."""

    longest: list[float] = field(default_factory=list)
    now_days: float | None = None
    now: TouchedStay | None = None

    @property
    def median(self) -> float | None:
        """The median of the longest silences in days; None if there are none."""
        return percentile_of(sorted(self.longest), 0.5)


class StageEngagement:
    """The figures of one stage, collected stay by stay."""

    def __init__(self, landmark_days: float) -> None:
        self.touches = TouchCounts()
        self.response = ResponseTimes()
        self.silence = SilenceFigures()
        self.landmark = Landmark(landmark_days)

    def add(self, stay: TouchedStay, now: ParsedMoment) -> None:
        """Counts a stay. If its beginning or end is not known, only its touches are counted."""
        self.touches.add(stay.touches)
        end = now if stay.present else stay.ended
        if stay.began is None or end is None:
            return
        talks = _talks(stay)
        length = days(stay.began, end)
        self._add_response(stay, talks, length)
        self._add_silence(stay, silences(stay.began, talks, end, length))
        self.landmark.add(length, [days(stay.began, touch.at) for touch in talks], stay.advanced)

    def _add_response(self, stay: TouchedStay, talks: Sequence[StayTouch], length: float) -> None:
        assert stay.began is not None
        answer = first_answer(stay.began, talks, length)
        if answer is not None:
            self.response.answered.append(answer)
        else:
            (self.response.waiting if stay.present else self.response.never).append(length)

    def _add_silence(self, stay: TouchedStay, gaps: Sequence[float]) -> None:
        silence = self.silence
        silence.longest.append(max(gaps))
        if stay.present and (silence.now_days is None or gaps[-1] > silence.now_days):
            silence.now_days, silence.now = gaps[-1], stay


def _talks(stay: TouchedStay) -> list[StayTouch]:
    """Returns the touches between us and them in order of time; a note is neither theirs nor ours."""
    talks = [touch for touch in stay.touches if touch.kind != "note"]
    return sorted(talks, key=lambda touch: (touch.at.day, -1.0 if touch.at.second is None else touch.at.second))


def first_answer(began: ParsedMoment, talks: Sequence[StayTouch], length: float) -> float | None:
    """Returns the days from the beginning to our first touch, or None if there is none.

    A touch with only a date may seem to come later than the end of the stay, so the result is capped at its length.
    """
    first = next((touch.at for touch in talks if touch.direction == "out"), None)
    return None if first is None else min(days(began, first), length)


def silences(began: ParsedMoment, talks: Sequence[StayTouch], end: ParsedMoment, length: float) -> list[float]:
    """Returns the days from the beginning to the first touch, between touches, and from the last one to the end."""
    marks = [began, *(touch.at for touch in talks), end]
    return [min(days(mark, following), length) for mark, following in pairwise(marks)]
