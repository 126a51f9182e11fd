"""Renders the report on the forecast: the total in a sentence, then months, deals and the history as tables."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import MONTHS, weekday_and_day
from handoffctl.reports.forecast.figures import CurrencyTotal
from handoffctl.reports.forecast.report import ForecastDeal, ForecastReport
from handoffctl.stats.constants import FEWEST_ENDED_ENTRIES

ONE_DEAL_MATTERS = 0.3  # of the expected total
MOST_DEALS = 20  # in the table for people


def render(result: ForecastReport) -> Report:
    """Returns the report as sentences and tables."""
    parts = [Part(_months(result), "By month")] if result.months else []
    parts += [Part(_deals(result), "Open deals")] if result.deals else []
    if any(stage.share is not None for stage in result.stages):
        parts.append(Part(_stages(result), "What became of earlier deals"))
    return Report("Forecast", parts, _figures(result), [*_total(result), *_left_out(result)])


def _total(result: ForecastReport) -> list[str]:
    if not result.open:
        return ["No forecast yet: no deal is open."]
    known = [total for total in result.totals if total.expected is not None]
    if not known:
        return [_missing(result)]
    return [sentence for total in known for sentence in _total_of(total, result.deals)]


def _missing(result: ForecastReport) -> str:
    """Returns the sentence on what a forecast still needs."""
    if all(deal.amount is None for deal in result.deals):
        which = "none of the open deals has" if result.open > 1 else "the open deal does not have"
        return f"No forecast yet: {which} an amount. Give one with: handoffctl set DEAL deal.amount=AMOUNT"
    stages = {deal.stage for deal in result.deals}
    most = max((stage for stage in result.stages if stage.stage in stages), key=lambda stage: stage.ended)
    if most.ended < FEWEST_ENDED_ENTRIES:
        return (
            f"No forecast yet: a stage needs {FEWEST_ENDED_ENTRIES} earlier deals that were won or lost. "
            f"The nearest is {most.stage}, with {most.ended}."
        )
    return "No forecast yet: the open deals with an amount are in stages with too few earlier deals as old as they are."


def _total_of(total: CurrencyTotal, deals: Sequence[ForecastDeal]) -> list[str]:
    """Returns what is expected in one currency, and which deal is most of it."""
    sentences = [
        f"Expected {money(total.expected, total.currency)}; "
        f"8 times in 10 between {money(total.low)} and {money(total.high)}."
    ]
    most = max((deal for deal in deals if deal.currency == total.currency), key=lambda deal: deal.expected or 0)
    share = (most.expected or 0) / total.expected if total.expected else 0
    if total.weighted > 1 and share >= ONE_DEAL_MATTERS:
        sentences.append(f"One deal is {share:.0%} of this: handoffctl show {most.deal}")
    return sentences


def _left_out(result: ForecastReport) -> list[str]:
    weighted: list[tuple[int, str]] = [
        (sum(bool(deal.why_not) for deal in result.deals), "without enough history"),
        (result.without_amount, "without an amount"),
    ]
    counts = [
        *(weighted if result.weighted else []),
        (result.undated, "without the dates of their stages"),
        (result.test, "on test accounts"),
    ]
    said = [f"{count:,} {words}" for count, words in counts if count]
    return [f"Not in the total: {', '.join(said)}."] if said else []


def _months(result: ForecastReport) -> Table:
    rows: list[list[Cell]] = []
    for month in result.months:
        amounts = (money(amount, _shown(month.currency, result)) for amount in (month.expected, month.typed))
        rows.append([_month(month.month), *amounts, month.typed_deals, _moved(month.moved)])
    below = ["expected: from what became of earlier deals. typed: the full amount of the deals with a close date then."]
    return Table(["month", "expected", "typed", "deals", "close dates"], rows, below)


def _deals(result: ForecastReport) -> Table:
    clock = Clock(result.head.as_of, None)
    weighted = result.weighted > 0
    rows: list[list[Cell]] = []
    for deal in result.deals[:MOST_DEALS]:
        amount = money(deal.amount, _shown(deal.currency, result))
        share: list[Cell] = [deal.why_not or _percent(deal.probability), money(deal.expected)] if weighted else []
        close = weekday_and_day(deal.close_date, clock) if deal.close_date else "-"
        rows.append([deal.deal, deal.stage, round(deal.age_days), amount, *share, close, _moved(deal.moved)])
    more = len(result.deals) - MOST_DEALS
    below = ["Open one with: handoffctl show DEAL", *([f"{more:,} more are in --csv."] if more > 0 else [])]
    share_columns = ["won", "expected"] if weighted else []
    return Table(["deal", "stage", "days", "amount", *share_columns, "close date", ""], rows, below)


def _stages(result: ForecastReport) -> Table:
    rows: list[list[Cell]] = [
        [stage.stage, stage.entries, stage.ended, *_share_cells(stage.share, stage.low, stage.high, stage.ended),
         "-" if stage.tau_days is None else round(stage.tau_days)]
        for stage in result.stages
    ]  # fmt: skip
    below = ["won: the share won by that day after first entering the stage. Deals still open are counted in."]
    return Table(["stage", "entered", "ended", "won", "95 %", "by day"], rows, below)


def _share_cells(share: float | None, low: float | None, high: float | None, ended: int) -> list[Cell]:
    if share is None or low is None or high is None:
        return [f"not enough yet: {min(ended, FEWEST_ENDED_ENTRIES)} of {FEWEST_ENDED_ENTRIES}", "-"]
    return [f"{share:.0%}", f"{low:.0%} to {high:.0%}"]


def _figures(result: ForecastReport) -> Table:
    """Returns one row for the total, each month, each stage and each deal."""
    columns = ["row", "name", "stage", "days", "amount", "share", "low", "high", "expected", "close_date", "moved",
               "currency"]  # fmt: skip
    rows: list[list[Cell]] = [
        ["total", "", None, None, None, None, total.low, total.high, total.expected, None, None, total.currency]
        for total in result.totals
    ]
    for month in result.months:
        rows.append(
            [
                "month",
                month.month,
                None,
                None,
                month.typed,
                None,
                None,
                None,
                month.expected,
                None,
                month.moved,
                month.currency,
            ]
        )
    for stage in result.stages:
        rows.append(
            [
                "stage",
                stage.stage,
                None,
                stage.tau_days,
                None,
                stage.share,
                stage.low,
                stage.high,
                None,
                None,
                None,
                None,
            ]
        )
    for deal in result.deals:
        rows.append(
            ["deal", deal.deal, deal.stage, deal.age_days, deal.amount, deal.probability, None, None, deal.expected,
             deal.close_date, deal.moved, deal.currency]
        )  # fmt: skip
    return Table(columns, rows)


def _shown(currency: str, result: ForecastReport) -> str:
    """Returns the currency of an amount in a table, empty while all amounts are in one."""
    return currency if len(result.totals) > 1 else ""


def money(amount: float | None, currency: str = "") -> str:
    """Returns a whole amount with its currency, if one is given, or a dash."""
    return "-" if amount is None else f"{amount:,.0f} {currency}".rstrip()


def _month(month: str) -> str:
    """Returns `2026-03` as `Mar 2026`."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _moved(times: int) -> str:
    return "" if not times else "moved once" if times == 1 else f"moved {times} times"
