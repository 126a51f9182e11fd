"""What was recorded in fields before there were ledgers: milestones in a list, and the log of the value.

Lists and reports show these entries after those of the ledger, under the next free numbers. The first command that
writes to the ledger of the deal adds them to it under the same numbers. The fields keep their values. A value log that
is internal is never added, because mails to clients print the ledger. An entry with the same text, ignoring case, is
added only once.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.names import fold
from handoffctl.promises.model import Promise, ValueEntry

MILESTONES = "milestones"  # the field of type list in which milestones were kept


class FormerValue(NamedTuple):
    """A value that a field was given at a moment, in its stored form."""

    type: str
    value: str
    at: Moment

    def items(self) -> list[str]:
        return self.value.split("; ") if self.type == "list" else [" ".join(self.value.split())]


def milestones_in(former: FormerValue | None, recorded: Sequence[Promise]) -> list[Promise]:
    """Returns the milestones of the field that the ledger does not have, dropped ones included, with new numbers."""
    known = {fold(promise.text) for promise in recorded if promise.kind == "milestone"}
    number = max((promise.number for promise in recorded), default=0)
    items = [item for item in former.items() if fold(item) not in known] if former and former.type == "list" else []
    return [
        Promise(0, number + place, item, None, former.at, None, "milestone")
        for place, item in enumerate(items, 1)
        if former
    ]


def values_in(former: Iterable[FormerValue], recorded: Sequence[ValueEntry]) -> list[ValueEntry]:
    """Returns the entries of the field that the ledger does not have, with new numbers.

    An entry that begins with a minus lowered the value; every other one bore it out.
    """
    known = {fold(entry.text) for entry in recorded}
    number = max((entry.number for entry in recorded), default=0)
    entries: list[ValueEntry] = []
    for value in former:
        for item in value.items():
            effect, text = (-1, item[1:].strip()) if item[:1] in "-\u2212" else (1, item.removeprefix("+").strip())
            if text and fold(text) not in known:
                known.add(fold(text))
                entries.append(ValueEntry(number + len(entries) + 1, effect, text, value.at, recorded=False))
    return entries
