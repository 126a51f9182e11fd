"""The order of today's items: all its rules, and the sorting.

Pure: the same items give the same order, whatever order they come in.
"""

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from handoffctl.core.moments import LocalDays, Moment, Zone, is_date

# From the most urgent on: the kind of item, whether only what is overdue of it, and why it stands there.
RULES: tuple[tuple[str, bool, str], ...] = (
    ("meeting", False, "Meetings of today come first, by their hour: somebody will be waiting for you."),
    ("hot", False, "Then hot leads without a first response: they ask others, too, and hours count."),
    ("reply", False, "Prospects who have written and have no answer yet."),
    ("promise", True, "Promises to a client whose day has passed, theirs to you, and milestones that were missed."),
    ("unmarked", False, "Meetings that are over and nobody said what became of them: the rest depends on it."),
    ("no_show", False, "No-shows without a new date: they slip away soonest."),
    ("step", True, "Steps that are overdue."),
    ("first", False, "Leads without a first response."),
    ("sla", False, "Promises between teams that are being broken: a colleague is waiting for it."),
    ("accept", False, "Deals that were handed over and nobody has accepted: until then nobody may feel in charge."),
    ("trigger", False, "Handoffs whose trigger was seen: the prospect has done their part."),
    ("promise", False, "Promises that are due today."),
    ("step", False, "Steps that are due today."),
    ("attempt", False, "Attempts of the follow-up that are due."),
    ("decide", False, "Deals on which it is time to decide: everything was tried that should be."),
    ("draft", False, "Summaries that were drafted on another day and not sent."),
    ("silent", False, "Summaries without an answer."),
    ("wake", False, "Deals that were put aside and are to be taken up again."),
    ("dispose", False, "Deals that a rule of their playbook proposes to give up, put aside or keep; three a day."),
    ("target", False, "Deals that are in their stage for longer than they should be."),
    ("undated", False, "Steps without a day: they are forgotten."),
    ("no_step", False, "Open deals without a next step: nobody will do anything about them."),
    ("value", False, "Customers for whom no plus was recorded for two months: value that nobody sees is not renewed."),
)
WITHIN = "Within each, what has waited longest comes first."


class OrderingRule(NamedTuple):
    """A rule of the order as `today --why` shows it: its number, the kind of item that it places, and its sentence.

    The last one says how items of one rule are ordered; its number and kind are empty.
    """

    rule: int | str
    kind: str
    says: str


QUIET = ("target", "no_step", "value")  # shown beside what is more urgent at the same deal, unless the output is JSON

_RANKS = {
    (kind, overdue): number
    for number, (kind, only_overdue, _) in reversed(list(enumerate(RULES, 1)))
    for overdue in ((True,) if only_overdue else (True, False))
}


class Item(NamedTuple):
    """Something to do about a deal today. `since` is when the waiting began, `due` the deadline.

    There may be tens of thousands of which a few are shown, so the text is made only then.
    """

    kind: str
    deal: int
    ref: str
    act: tuple[str, ...]  # the words of the command to act, after the program's name; {} stands for the deal
    says: str | Callable[[], str]
    since: Moment | None = None
    due: Moment | None = None
    overdue: bool = False
    uid: str = ""  # of a meeting, by which calendars know it
    minutes: int = 0

    @property
    def what(self) -> str:
        return self.says if isinstance(self.says, str) else self.says()

    @property
    def command(self) -> str:
        words = [self.ref if word == "{}" else word for word in self.act]
        return " ".join(["handoffctl", *('"TEXT"' if word == "TEXT" else shlex.quote(word) for word in words)])


def rank(item: Item) -> int:
    """Returns the number of the rule that places an item, from 1 on. Raises KeyError for an unknown kind."""
    return _RANKS[item.kind, item.overdue]


def rules_numbered(numbers: Collection[int]) -> list[OrderingRule]:
    """Returns the rules with these numbers, and the last one, which always applies."""
    rules = [OrderingRule(number, kind, says) for number, (kind, _, says) in enumerate(RULES, 1) if number in numbers]
    return [*rules, OrderingRule("", "", WITHIN)]


def loud(items: Sequence[Item]) -> list[Item]:
    """Returns the items without the quiet ones of deals that have something else to do."""
    busy = {item.deal for item in items if item.kind not in QUIET}
    return [item for item in items if item.kind not in QUIET or item.deal not in busy]


def beside(shown: Iterable[Item], items: Sequence[Item]) -> Iterator[Item]:
    """Returns the items to show; the first of each deal also names the quiet ones."""
    quiet_items: dict[int, list[Item]] = {}
    for item in items:
        if item.kind in QUIET:
            quiet_items.setdefault(item.deal, []).append(item)
    for item in shown:
        quiet = quiet_items.pop(item.deal, [])
        yield item._replace(says=partial(_with, item, quiet)) if quiet and item.kind not in QUIET else item


def _with(item: Item, quiet: list[Item]) -> str:
    return "; ".join([item.what, *(other.what for other in quiet)])


def in_order(items: Iterable[Item], zone: Zone) -> Iterator[Item]:
    """Yields the most urgent first; within a rule by the start of the waiting, those without one last.

    Sorts rule by rule as far as somebody reads: of tens of thousands a screen is enough.
    """
    days = LocalDays(zone)

    def sort_key(item: Item) -> tuple[object, ...]:
        at = item.due or item.since
        named = item.ref, item.deal, item.act, item.overdue, item.since or "", item.due or "", item.uid, item.minutes
        if at is None:
            return date.max, "", *named
        # By local day, within it a date before the instants. Without the Z, which would sort after a fraction.
        return days.of(at), "" if is_date(at) else at.removesuffix("Z"), *named

    by_rule: dict[int, list[Item]] = {}
    for item in items:
        by_rule.setdefault(_RANKS[item.kind, item.overdue], []).append(item)
    for number in sorted(by_rule):
        yield from sorted(by_rule[number], key=sort_key)
