"""Renders the rehearsal of a playbook as headings and sentences."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.reports.rehearsal.figures import ItemFigures, Outcomes
from handoffctl.reports.rehearsal.report import (
    DealBehind,
    LeftOut,
    LeftOutHandoff,
    Rehearsal,
    RehearsedHandoff,
    RehearsedItem,
    SecondsAMonth,
)

BLOCKED_IS_NOT_LOST = (
    "Blocked is not lost: a deal that is asked for more waits for the answer. What the answer would have changed, "
    "no record can tell."
)
MOST_DEALS = 3  # of an item, on the screen
_LEVELS = {"required": "required", "nice_to_have": "nice to have"}


class Line(NamedTuple):
    """A line of the output; a heading stands out."""

    text: str
    heading: bool = False


def render(result: Rehearsal, clock: Clock, explain: bool = False) -> Iterator[Line]:
    """Yields the lines: what was rehearsed, what it would cost, then each handoff that asks otherwise."""
    if result.handoffs:
        yield Line(_about(result, clock))
        yield Line(BLOCKED_IS_NOT_LOST)
        yield from (Line(text) for text in _costs(result.seconds_a_month, _has_figures(result)))
    else:
        yield Line(f"{result.file} asks the same as {result.compared_with}, so there is nothing to rehearse.")
    for handoff in result.handoffs:
        yield Line("")
        yield from _handoff(handoff, result.enough_from, explain)
    remarks = [*map(_no_longer_there, result.no_longer_there), *_left_out(result.left_out)]
    if remarks:
        yield Line("")
        yield from map(Line, remarks)


def _about(result: Rehearsal, clock: Clock) -> str:
    head = result.head
    span = f" since {weekday_and_day(head.since, clock)}" if head.since else ""
    span += f" until {weekday_and_day(head.until, clock)}" if head.until else ""
    tried = f"{_count(result.handoffs_tried, 'handoff')} ({_count(result.attempts, 'attempt')})"
    return (
        f"{result.file} was rehearsed on {tried} recorded in {head.playbook}{span}, each with what was known then. "
        f"It is compared with {result.compared_with}."
    )


def _has_figures(result: Rehearsal) -> bool:
    return any(item.figures for handoff in result.handoffs for item in handoff.items)


def _costs(seconds: SecondsAMonth, has_figures: bool) -> Iterator[str]:
    if not has_figures:
        return
    if seconds.more or seconds.less or not seconds.untimed:
        yield f"Asked more: {seconds.more:,.0f} seconds a month. Asked less: {seconds.less:,.0f} seconds a month."
    if seconds.untimed:
        yield f"No timing yet, so not in seconds: {', '.join(seconds.untimed)}."


def _handoff(handoff: RehearsedHandoff, enough: int, explain: bool) -> Iterator[Line]:
    yield Line(handoff.called, heading=True)
    if not handoff.handoffs:
        names = ", ".join(item.label for item in handoff.items)
        yield Line(f"  Never tried, so it cannot be rehearsed: {names}.")
        return
    counts = (
        f"{_count(handoff.handoffs, 'handoff')} in {_count(handoff.attempts, 'attempt')}, {handoff.passed:,} passed"
    )
    yield Line(f"  {counts}.{'' if handoff.enough else f' Not enough to judge: {handoff.handoffs} of {enough}.'}")
    if handoff.would_be_stopped:
        yield Line(
            f"  {handoff.would_be_stopped:,} of the {handoff.passed:,} that passed would have been stopped first."
        )
    if handoff.would_have_passed:
        were = "was" if handoff.would_have_passed == 1 else "were"
        yield Line(f"  {handoff.would_have_passed:,} that {were} blocked at first would have passed.")
    for item in handoff.items:
        yield from (Line(text) for text in _item(item, explain))


def _item(item: RehearsedItem, explain: bool) -> Iterator[str]:
    name = f"  {item.label} ({_change(item)}): "
    if item.figures is None:
        what = "it" if item.never_known == [item.label] else ", ".join(item.never_known)
        yield f"{name}cannot be rehearsed: nobody was ever asked for {what}, or knew it."
        return
    figures = item.figures
    yield name + (_asked(item, figures) if item.level else _dropped(figures)) + _effort(item, figures)
    if item.deals:
        yield f"    {_deals(item.deals)}"
    if explain:
        yield from (f"    {sentence}" for sentence in _explained(item, figures))


def _change(item: RehearsedItem) -> str:
    if item.change in ("new", "changed") and item.level:
        return f"{item.change}, {_LEVELS[item.level]}"
    return item.change


def _asked(item: RehearsedItem, figures: ItemFigures) -> str:
    said = f"would have asked in {figures.asked:,} of {figures.handoffs:,}"
    if item.level_before:
        said += f" (before: {figures.asked_before:,})"
    if not figures.asked:
        return f"{said}."
    said += f"; the answer was known later in {figures.known_later:,}"
    others = figures.others
    if not others.handoffs:
        return f"{said}."
    return f"{said}; of the {_count(others.handoffs, 'other')} {_ends(others)}."


def _ends(others: Outcomes) -> str:
    returned = "1 was returned" if others.returned == 1 else f"{others.returned:,} were returned"
    return f"{returned}, {others.lost:,} lost"


def _dropped(figures: ItemFigures) -> str:
    return f"asked less: it was missing in {figures.asked_before:,} of {figures.handoffs:,}."


def _effort(item: RehearsedItem, figures: ItemFigures) -> str:
    if figures.asked == figures.asked_before:
        return ""
    if item.seconds_a_month is None:
        return " No timing yet."
    return f" {abs(item.seconds_a_month):,.0f} seconds a month {'more' if item.seconds_a_month > 0 else 'less'}."


def _deals(deals: Sequence[DealBehind]) -> str:
    commands = [f"{deal.outcome}: {deal.command}" for deal in deals[:MOST_DEALS]]
    more = f"; {len(deals) - MOST_DEALS:,} more with --json" if len(deals) > MOST_DEALS else ""
    return "; ".join(commands) + more


def _explained(item: RehearsedItem, figures: ItemFigures) -> Iterator[str]:
    if item.level and figures.share is not None and figures.low is not None and figures.high is not None:
        yield f"Asked in {figures.share:.0%} (95 % interval {figures.low:.0%} to {figures.high:.0%})."
    if item.level and figures.known.handoffs:
        yield f"Of the {figures.known.handoffs:,} that need not have been asked {_ends(figures.known)}."
    if item.median_seconds is not None:
        yield f"Answering took {item.median_seconds:.1f} seconds in half of the {_count(item.timed, 'timed stay')}."


def _no_longer_there(handoff: LeftOutHandoff) -> str:
    counts = f"{_count(handoff.handoffs, 'handoff')} ({_count(handoff.attempts, 'attempt')})"
    return f"Left out: {counts} {handoff.called}, because {handoff.because}."


def _left_out(left_out: LeftOut) -> Iterator[str]:
    counts = [
        (left_out.test_attempts, "attempt", "of test accounts"),
        (left_out.covers, "cover", "that asked for nothing"),
        (left_out.imported_moves, "move", "in imported history, without an attempt"),
        (left_out.undated_moves, "move", "without a date"),
    ]
    said = [f"{_count(count, noun)} {which}" for count, noun, which in counts if count]
    if said:
        yield f"Left out: {', '.join(said)}."


def _count(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"
