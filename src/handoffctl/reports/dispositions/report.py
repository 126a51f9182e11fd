"""The report on dispositions: each rule with its proposals followed and overruled, and the deals behind them."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.deals.stays_query import deal_names
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.dispositions import query as disposition_query
from handoffctl.reports.dispositions.figures import DecidedDeal, RuleFigures, decided_deals, figures_of_rules


class DecidedDealRow(NamedTuple):
    """A deal by the name that commands take, with the newest decision about it and the kind of stage it is in now."""

    deal: str
    rule: str
    proposed: str
    decided: str
    followed: bool
    because: str
    at: Moment
    now: str


class DispositionsReport(NamedTuple):
    """The decisions about proposals. Decisions about `test` accounts are in no figure."""

    head: ReportHead
    decided: int
    followed: int
    overruled: int
    test: int
    rules: list[RuleFigures]
    deals: list[DecidedDealRow]


def build(context: ReportContext) -> DispositionsReport:
    """Computes the report."""
    decisions = disposition_query.decisions(context.query)
    stays = disposition_query.stays_of_decided(context.query)
    deals = decided_deals(decisions, stays, context.playbook.playbook, context.window)
    test = {decision.deal for decision in decisions if decision.test and context.window.contains(decision.at)}
    followed = sum(deal.followed for deal in deals)
    return DispositionsReport(
        context.head,
        len(deals),
        followed,
        len(deals) - followed,
        len(test),
        figures_of_rules(deals, list(context.playbook.dispositions)),
        _named(context, deals),
    )


def _named(context: ReportContext, deals: list[DecidedDeal]) -> list[DecidedDealRow]:
    """Returns the deals with their names, the newest decision first."""
    names = deal_names(context.query, {deal.deal for deal in deals}) if deals else {}
    return [
        DecidedDealRow(
            names[deal.deal].ref, deal.rule, deal.proposed, deal.decided, deal.followed, deal.because, deal.at, deal.now
        )
        for deal in reversed(deals)
    ]
