"""What is still expected from the deals that are open now, by the history of earlier deals as old."""

from datetime import date
from typing import NamedTuple

from handoffctl.core.windows import Window
from handoffctl.reports.context import ReportContext
from handoffctl.reports.forecast import query as forecast_query
from handoffctl.reports.forecast.figures import WeightedDeal, stage_curves, weigh
from handoffctl.reports.forecast.history import read_history
from handoffctl.reports.forecast.typed import TypedFacts


class Expected(NamedTuple):
    """Wins and revenue expected of open deals; `not_weighted` of them have too little history for a probability."""

    wins: float
    revenue: float
    not_weighted: int


class OpenDeals:
    """The open deals of the playbook, weighted as the forecast weights them."""

    def __init__(self, context: ReportContext, facts: dict[int, TypedFacts]) -> None:
        playbook = context.playbook
        stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
        history = read_history(forecast_query.entered_stays(context.query), playbook.playbook, Window(context.clock))
        self._curves = stage_curves(history, stages)
        self._deals = weigh(history.open_deals, self._curves, facts)
        self._today, self._usual = context.clock.today, context.home.configuration.currency

    @property
    def ids(self) -> list[int]:
        return [deal.deal for deal in self._deals]

    def expected_by(self, last: date, deals: set[int]) -> Expected:
        """Returns what these of the open deals are expected to bring up to a day, that day included."""
        days = (last - self._today).days + 1
        meant = [deal for deal in self._deals if deal.deal in deals]
        odds = [(self._won_within(deal, days), self._amount(deal)) for deal in meant]
        weighted = [(share, amount) for share, amount in odds if share is not None]
        revenue = sum(share * amount for share, amount in weighted)
        return Expected(sum(share for share, _ in weighted), revenue, len(odds) - len(weighted))

    def _amount(self, deal: WeightedDeal) -> float:
        """Returns the amount of a deal; 0 if it is not known in the usual currency, which is the goal's."""
        return (deal.facts.amount or 0.0) if deal.facts.currency == self._usual else 0.0

    def _won_within(self, deal: WeightedDeal, days: int) -> float | None:
        if deal.probability is None:
            return None
        return self._curves[deal.stage].probability_from(deal.age, deal.age + days)
