"""Engagement: the touches of the stays in a stage, how soon the first one came, and how long nobody was heard."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from handoffctl.reports.engagement.landmark import Landmark
from handoffctl.reports.engagement.touches_by_stay import Stay, Touch, When, days
from handoffctl.stats.percentiles import percentile
from handoffctl.stats.survival import Survival

KINDS = ("call", "email", "meeting", "message", "note")
DIRECTIONS = ("in", "out")


@dataclass
class Touches:
    """Counted touches of stays, or of deals: by kind and direction, notes too."""

    count: int = 0  # of stays or deals
    touched: int = 0
    by: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, touches: Collection[Touch]) -> None:
        """Counts one stay or deal with its touches."""
        for touch in touches:
            self.by[touch.kind, touch.direction] += 1
        self.count += 1
        self.touched += bool(touches)

    @property
    def mean(self) -> float | None:
        """Touches for each stay or deal, those without any counted."""
        return self.by.total() / self.count if self.count else None


@dataclass
class Response:
    """Days from the beginning of a stay to its first touch from us. `waiting` are still there without one, `never`
    left without one; both counted as not answered for as long as they were there (Kaplan and Meier)."""

    answered: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    never: list[float] = field(default_factory=list)

    @property
    def stays(self) -> int:
        return len(self.answered) + len(self.waiting) + len(self.never)

    def survival(self) -> Survival:
        return Survival(sorted(self.answered), sorted(self.waiting + self.never))


@dataclass
class Silence:
    """The longest time without a touch of each stay, in days, and the stay that is silent longest now."""

    longest: list[float] = field(default_factory=list)
    now_days: float | None = None
    now: Stay | None = None

    @property
    def median(self) -> float | None:
        ordered = sorted(self.longest)
        return percentile(0.5, len(ordered), ordered.__getitem__)


class Engagement:
    """The figures of one stage, from its stays one after the other. `landmark` in days."""

    def __init__(self, landmark: float) -> None:
        self.touches = Touches()
        self.response = Response()
        self.silence = Silence()
        self.landmark = Landmark(landmark)

    def add(self, stay: Stay, now: When) -> None:
        """Counts a stay. One whose beginning or end nobody knows is counted by its touches only."""
        self.touches.add(stay.touches)
        end = now if stay.present else stay.ended
        if stay.began is None or end is None:
            return
        talks = _talks(stay)
        length = days(stay.began, end)
        answer = first_answer(stay.began, talks, length)
        response = self.response
        (response.answered if answer is not None else response.waiting if stay.present else response.never).append(
            length if answer is None else answer
        )
        gaps = silences(stay.began, talks, end, length)
        self.silence.longest.append(max(gaps))
        if stay.present and (self.silence.now_days is None or gaps[-1] > self.silence.now_days):
            self.silence.now_days, self.silence.now = gaps[-1], stay
        offsets = [days(stay.began, touch.at) for touch in talks]
        self.landmark.add(length, offsets, stay.advanced)


def _talks(stay: Stay) -> list[Touch]:
    """What passed between us and them, in order; a note is no touch of theirs or ours."""
    talks = [touch for touch in stay.touches if touch.kind != "note"]
    return sorted(talks, key=lambda touch: (touch.at.day, -1.0 if touch.at.second is None else touch.at.second))


def first_answer(began: When, talks: list[Touch], length: float) -> float | None:
    """Days from the beginning to the first touch from us; None where there is none.

    A touch of which only the day is known may seem to lie further off than the stay is long: never beyond its end.
    """
    found = next((touch.at for touch in talks if touch.direction == "out"), None)
    return None if found is None else min(days(began, found), length)


def silences(began: When, talks: list[Touch], end: When, length: float) -> list[float]:
    """The days from the beginning to the first touch, between touches, and from the last one to the end."""
    marks = [began, *(touch.at for touch in talks), end]
    return [min(days(one, other), length) for one, other in pairwise(marks)]
