"""The report on the forecast: the expected total with its range, by month, by deal, and the history behind it."""

from typing import NamedTuple

from handoffctl.deals.stays_query import deal_names
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.forecast import query as forecast_query
from handoffctl.reports.forecast.figures import (
    MonthForecast,
    StageForecast,
    WeightedDeal,
    by_month,
    forecast_stages,
    stage_curves,
    total_range,
    weigh,
)
from handoffctl.reports.forecast.history import read_history
from handoffctl.reports.forecast.typed import typed_facts


class ForecastDeal(NamedTuple):
    """An open deal by the name that commands take. `why_not` says why it is not weighted; `moved` as in its month."""

    deal: str
    stage: str
    age_days: float
    amount: float | None
    probability: float | None
    expected: float | None
    why_not: str
    close_date: str | None
    moved: int


class ForecastReport(NamedTuple):
    """The forecast. `expected`, `low` and `high` are None where no deal is weighted; amounts are in `currency`.

    `undated` deals and open deals on `test` accounts are in no figure.
    """

    head: ReportHead
    currency: str
    expected: float | None
    low: float | None
    high: float | None
    open: int
    weighted: int
    without_amount: int
    undated: int
    test: int
    months: list[MonthForecast]
    stages: list[StageForecast]
    deals: list[ForecastDeal]


def build(context: ReportContext) -> ForecastReport:
    """Computes the report."""
    playbook, clock = context.playbook, context.clock
    history = read_history(forecast_query.entered_stays(context.query), playbook.playbook, context.window)
    typed = forecast_query.typed_deals(context.query)
    facts = typed_facts(typed, forecast_query.typed_values(context.query), clock)
    curves = stage_curves(history, (name for name, stage in playbook.stages.items() if stage.kind == "open"))
    deals = weigh(history.open_deals, curves, facts)
    total = total_range(deals, history, curves)
    expected = [deal.expected for deal in deals if deal.expected is not None]
    return ForecastReport(
        context.head,
        context.home.configuration.currency,
        round(sum(expected), 2) if total else None,
        round(total.low, 2) if total else None,
        round(total.high, 2) if total else None,
        len(deals),
        len(expected),
        sum(deal.facts.amount is None for deal in deals),
        history.undated,
        history.test,
        by_month(deals, curves, clock.today),
        forecast_stages(curves, history),
        _named(context, deals),
    )


def _named(context: ReportContext, deals: list[WeightedDeal]) -> list[ForecastDeal]:
    names = deal_names(context.query, [deal.deal for deal in deals])
    return [
        ForecastDeal(
            names[deal.deal].ref, deal.stage, round(deal.age, 2), deal.facts.amount, deal.probability, deal.expected,
            deal.why, deal.facts.close_date, deal.facts.moved,
        )
        for deal in deals
    ]  # fmt: skip
