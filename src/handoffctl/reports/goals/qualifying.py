"""Which deals meet the criterion `of` of an objective, with the facts as known at the moment of the report."""

from handoffctl.playbook.criteria import Criterion, DealState
from handoffctl.reports.context import ReportContext
from handoffctl.reports.goals.history import GoalHistory
from handoffctl.reports.won import query as won_query
from handoffctl.reports.won.known import History, facts_at
from handoffctl.reports.won.signals import is_dated_criterion


class Qualifying:
    """Reads values, contacts and touches once, when the first criterion is asked about."""

    def __init__(self, context: ReportContext, history: GoalHistory) -> None:
        self._context, self._history = context, history
        self._states: dict[int, DealState] | None = None

    def can_tell(self, criterion: Criterion | None) -> bool:
        """Returns True if everything that the criterion looks at is kept with its moment."""
        return criterion is None or is_dated_criterion(criterion, self._context.playbook)

    def deals(self, criterion: Criterion | None) -> set[int] | None:
        """Returns the ids of the deals that meet the criterion; None, which stands for all, if there is none."""
        if criterion is None:
            return None
        if self._states is None:
            self._states = self._read()
        return {deal for deal, state in self._states.items() if criterion.holds(state) is True}

    def _read(self) -> dict[int, DealState]:
        query, clock, playbook = self._context.query, self._context.clock, self._context.playbook
        known = History(
            (won_query.known_values(query), won_query.built_in_values(query)),
            won_query.contact_versions(query),
            won_query.touches(query),
        )
        return {
            past.deal: DealState(playbook, facts_at(known, past.account, past.deal, clock), clock)
            for past in self._history.pasts.values()
        }
