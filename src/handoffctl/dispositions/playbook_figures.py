"""Figures of a whole playbook that the facts of its deals rest on. Each is read when it is first asked for."""

from collections import defaultdict

from handoffctl.core.moments import Clock, days_between
from handoffctl.db.query import Query
from handoffctl.dispositions import query as views
from handoffctl.dispositions.stage_history import StageHistory, goes_forward
from handoffctl.playbook.criteria.time_facts import StageAge
from handoffctl.playbook.model import Playbook


class PlaybookFigures:
    """What is usual in each stage of a playbook, and how many of its target accounts are left."""

    def __init__(self, query: Query, clock: Clock) -> None:
        self._query = query
        self._clock = clock
        self._histories: dict[str, dict[str, StageHistory]] = {}
        self._pools: dict[str, int | None] = {}
        self._asks_usual: dict[str, bool] = {}

    def history(self, playbook: Playbook, stage: str) -> StageHistory:
        """Returns the earlier stays in a stage, those of test accounts and of unknown length left out."""
        if playbook.playbook not in self._histories:
            self._histories[playbook.playbook] = self._read_histories(playbook)
        return self._histories[playbook.playbook].get(stage) or StageHistory((), ())

    def _read_histories(self, playbook: Playbook) -> dict[str, StageHistory]:
        ended: dict[str, list[tuple[float, bool]]] = defaultdict(list)
        ages: dict[str, list[float]] = defaultdict(list)
        for stay in views.ended_stays(self._query, playbook.playbook):
            ended[stay.stage].append((stay.days, goes_forward(stay, playbook)))
        for stage, entered_at in views.lasting_stays(self._query, playbook.playbook):
            ages[stage].append(days_between(entered_at, self._clock.now, self._clock.zone))
        return {stage: StageHistory(ended[stage], ages[stage]) for stage in {*ended, *ages}}

    def usual_days(self, playbook: Playbook, stage: str) -> float | None:
        """Returns what is usual in a stage if any condition asks for it; None where it is not known."""
        name = playbook.playbook
        if name not in self._asks_usual:
            conditions = (condition for _, condition in playbook.every_condition())
            self._asks_usual[name] = any(
                isinstance(condition, StageAge) and condition.stage_age.times_usual for condition in conditions
            )
        return self.history(playbook, stage).usual_days if self._asks_usual[name] else None

    def pool_left(self, playbook: Playbook) -> int | None:
        """Returns how many of the target accounts were never added; None if the playbook does not count them."""
        name, targets = playbook.playbook, playbook.targets
        if name not in self._pools:
            added = 0 if targets is None else views.accounts_added(self._query, name)
            self._pools[name] = None if targets is None else max(0, targets - added)
        return self._pools[name]
