"""The buying signals of a deal: which hold, what each gives or would add, and what to ask for the others."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal, deal_or
from handoffctl.deals.playbook import rules_of
from handoffctl.playbook.criteria.base import DealState
from handoffctl.playbook.criteria.score import points, signal_states
from handoffctl.playbook.criteria.since import holds_since
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.workspace.home import Home


class ScoredSignal(NamedTuple):
    """A signal of a deal: its points now, whether it holds, what the score would gain by it, and what to ask for it.

    `since` is the moment since which it has held, None where it does not hold or that is not known. `fades` is the days
    in which its points halve, None if they stay.
    """

    name: str
    label: str
    why: str
    points: int
    holds: bool
    would_add: int
    ask: list[str]
    since: Moment | None
    fades: float | None


class DealScore(NamedTuple):
    """The score of a deal by the signals of its playbook, as `score --json` prints it without the deal's name."""

    deal: Deal
    points: int
    signals: list[ScoredSignal]


def score_of(home: Home, ref: str) -> DealScore:
    """Returns the score of the open deal, else of the one put aside or won, as things are now. Raises NotFound."""
    with home.reading() as query:
        deal = deal_or(query, ref, ("nurture",), ("won",))
        playbook = rules_of(home, deal).playbook
        state = DealState(playbook, facts(query, deal), home.clock)
    total = points(state)
    signals = [
        ScoredSignal(
            signal.name,
            signal.label or in_words(signal.name),
            playbook.signals[signal.name].why,
            signal.points,
            signal.holds,
            0 if signal.holds else points(state, also=signal.name) - total,
            [_question(playbook, field) for field in signal.unknown],
            holds_since(playbook.signals[signal.name].when, state),
            playbook.signals[signal.name].fades,
        )
        for signal in signal_states(state)
    ]
    return DealScore(deal, total, sorted(signals, key=lambda signal: (not signal.holds, -signal.points)))


def _question(playbook: Playbook, name: str) -> str:
    field = playbook.field(name)
    return (field and field.ask) or playbook.label_of(name)
