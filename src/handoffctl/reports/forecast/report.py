"""The report on the forecast: the expected total with its range, by month, by deal, and the history behind it."""

from typing import NamedTuple

from handoffctl.deals.stays_query import deal_names
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.forecast import query as forecast_query
from handoffctl.reports.forecast.figures import (
    CurrencyTotal,
    MonthForecast,
    StageForecast,
    WeightedDeal,
    by_month,
    forecast_stages,
    stage_curves,
    totals,
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
    currency: str


class ForecastReport(NamedTuple):
    """The forecast. `expected`, `low` and `high` are those of the first of `totals`, in `currency`.

    They are None where no deal is weighted. `undated` deals and open deals on `test` accounts are in no figure.
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
    totals: list[CurrencyTotal]


def build(context: ReportContext) -> ForecastReport:
    """Computes the report."""
    playbook, query = context.playbook, context.query
    usual = context.home.configuration.currency
    history = read_history(forecast_query.entered_stays(query), playbook.playbook, context.window)
    currencies = forecast_query.typed_currencies(query)
    facts = typed_facts(forecast_query.deal_versions(query), currencies, usual, context.clock)
    curves = stage_curves(history, (name for name, stage in playbook.stages.items() if stage.kind == "open"))
    deals = weigh(history.open_deals, curves, facts)
    every = totals(deals, history, curves, usual)
    first = every[0]
    return ForecastReport(
        context.head, first.currency, first.expected, first.low, first.high,
        len(deals), sum(deal.expected is not None for deal in deals), sum(deal.facts.amount is None for deal in deals),
        history.undated, history.test,
        by_month(deals, curves, context.clock.today), forecast_stages(curves, history), _named(context, deals), every,
    )  # fmt: skip


def _named(context: ReportContext, deals: list[WeightedDeal]) -> list[ForecastDeal]:
    names = deal_names(context.query, [deal.deal for deal in deals])
    return [
        ForecastDeal(
            names[deal.deal].ref, deal.stage, round(deal.age, 2), deal.facts.amount, deal.probability, deal.expected,
            deal.why, deal.facts.close_date, deal.facts.moved, deal.facts.currency,
        )
        for deal in deals
    ]  # fmt: skip
