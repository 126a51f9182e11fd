"""Puts what receivers say of handoffs beside what the gate said, and counts what clients were asked again."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.windows import Window


class AnsweredHandoff(NamedTuple):
    """A handoff that went through, with what was open at it and what its receiver said; flags are 0 or 1.

    `open_items` counts the items that it asks for and that were not known. `enough` is None if nobody said, and
    `said_at` when the receiver accepted or returned the deal. `ref` is the name of the deal for commands.
    """

    account: str
    ref: str
    at: Moment
    open_items: int
    enough: int | None
    lacked: str
    said_at: Moment | None
    test: int


class AskedAgain(NamedTuple):
    """A field that somebody reports the client was asked again; `test` is 1 on a test account."""

    field: str
    account: str
    ref: str
    at: Moment
    test: int


class FeltDeal(NamedTuple):
    """A deal of which receiver and gate disagree, and what was missing in the receiver's words."""

    account: str
    ref: str
    at: Moment
    lacked: str


class FeltReadiness(NamedTuple):
    """How many handoffs were ready by the gate (nothing was open) or not, and felt enough or not by their receivers.

    `unsaid` counts those of which nobody said it, `test` those said on test accounts, which are left out. Both lists
    have the newest deal first.
    """

    ready_enough: int
    ready_not_enough: int
    open_enough: int
    open_not_enough: int
    unsaid: int
    test: int
    ready_but_not_enough: list[FeltDeal]
    open_but_enough: list[FeltDeal]

    @property
    def said(self) -> int:
        return self.ready_enough + self.ready_not_enough + self.open_enough + self.open_not_enough


class FieldAskedTwice(NamedTuple):
    """How often people report that clients were asked a field again, and of which deals, the newest first."""

    field: str
    label: str
    times: int
    deals: list[str]


def count_felt(handoffs: Iterable[AnsweredHandoff], window: Window) -> FeltReadiness:
    """Counts the handoffs made in the window by what gate and receiver said of them, as of the window's moment."""
    cells: dict[tuple[bool, bool], list[AnsweredHandoff]] = {
        (ready, enough): [] for ready in (True, False) for enough in (True, False)
    }
    unsaid = test = 0
    for handoff in handoffs:
        if not window.contains(handoff.at):
            continue
        said = handoff.enough is not None and window.occurred(handoff.said_at)
        if handoff.test:
            test += said
        elif said:
            cells[not handoff.open_items, bool(handoff.enough)].append(handoff)
        else:
            unsaid += 1
    return FeltReadiness(
        len(cells[True, True]), len(cells[True, False]), len(cells[False, True]), len(cells[False, False]), unsaid,
        test, _deals(cells[True, False]), _deals(cells[False, True]),
    )  # fmt: skip


def _deals(handoffs: Sequence[AnsweredHandoff]) -> list[FeltDeal]:
    return [FeltDeal(handoff.account, handoff.ref, handoff.at, handoff.lacked) for handoff in reversed(handoffs)]


def count_asked_again(asked: Iterable[AskedAgain], labels: dict[str, str]) -> list[FieldAskedTwice]:
    """Counts the reports by field, the field most often asked again first."""
    by_field: dict[str, list[AskedAgain]] = {}
    for one in asked:
        by_field.setdefault(one.field, []).append(one)
    counted = [
        FieldAskedTwice(
            name, labels.get(name, name), len(reports), list(dict.fromkeys(one.ref for one in reversed(reports)))
        )
        for name, reports in by_field.items()
    ]
    return sorted(counted, key=lambda field: (-field.times, field.label))
