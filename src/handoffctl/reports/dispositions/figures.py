"""Counts how often the proposal of each rule was followed or overruled, and where those deals are now. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.windows import Window
from handoffctl.reports.dispositions.query import RecordedDecision
from handoffctl.stats.stays import Stay, as_of


class DecidedDeal(NamedTuple):
    """The newest decision about a deal for which a rule spoke, and the kind of stage in which the deal is now."""

    deal: int
    rule: str
    proposed: str
    decided: str
    because: str
    at: Moment
    now: str

    @property
    def followed(self) -> bool:
        return self.decided == self.proposed


class Whereabouts(NamedTuple):
    """How many deals are won, lost (disqualified included), put aside and open by now."""

    won: int
    lost: int
    put_aside: int
    open: int


class RuleFigures(NamedTuple):
    """The deals for which a rule spoke and somebody decided, and where those followed and overruled are by now."""

    rule: str
    proposed: str
    decided: int
    followed: int
    overruled: int
    followed_now: Whereabouts
    overruled_now: Whereabouts


def decided_deals(
    decisions: Iterable[RecordedDecision], stays: Mapping[int, Sequence[Stay]], playbook: str, window: Window
) -> list[DecidedDeal]:
    """Returns the deals about which something was decided in the window while they were in this playbook.

    A deal counts once for each rule, by its newest decision. Test accounts are left out. Both are as known at the
    moment of the report.
    """
    newest: dict[tuple[int, str], DecidedDeal] = {}
    for decision in decisions:
        known = as_of(stays.get(decision.deal, ()), window)
        if decision.test or not window.contains(decision.at) or not known:
            continue
        if _playbook_then(known, decision.at, window) == playbook:
            newest.pop((decision.deal, decision.rule), None)  # the order is that of the newest
            newest[decision.deal, decision.rule] = DecidedDeal(
                decision.deal, decision.rule, decision.proposed, decision.decided, decision.because, decision.at,
                known[-1].kind,
            )  # fmt: skip
    return list(newest.values())


def _playbook_then(stays: Sequence[Stay], at: Moment, window: Window) -> str:
    """Returns the playbook in which the deal was when something was decided about it."""
    begun = [stay for stay in stays if stay.entered_at is None or not window.clock.is_before(at, stay.entered_at)]
    # A decision that closes a deal begins a stay at the same moment, in the same playbook.
    return (begun or stays)[-1].playbook


def figures_of_rules(deals: Sequence[DecidedDeal], order: Sequence[str]) -> list[RuleFigures]:
    """Returns the figures of each rule: those of the playbook in its order, then rules that it no longer has."""
    spoken = dict.fromkeys([*(rule for rule in order), *(deal.rule for deal in deals)])
    return [figures for rule in spoken for figures in _figures(rule, [deal for deal in deals if deal.rule == rule])]


def _figures(rule: str, deals: Sequence[DecidedDeal]) -> list[RuleFigures]:
    """Returns the figures of a rule for each thing that it proposed; it may have been changed meanwhile."""
    rows = []
    for proposed in dict.fromkeys(deal.proposed for deal in deals):
        of_it = [deal for deal in deals if deal.proposed == proposed]
        followed = [deal for deal in of_it if deal.followed]
        overruled = [deal for deal in of_it if not deal.followed]
        rows.append(
            RuleFigures(
                rule, proposed, len(of_it), len(followed), len(overruled), whereabouts(followed), whereabouts(overruled)
            )
        )
    return rows


def whereabouts(deals: Sequence[DecidedDeal]) -> Whereabouts:
    """Returns how many of these deals are in which kind of stage by now."""
    kinds = [deal.now for deal in deals]
    return Whereabouts(kinds.count("won"), kinds.count("lost"), kinds.count("nurture"), kinds.count("open"))
