"""Weights each open deal by what became of earlier ones of its age, and adds them up, in all and by month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from handoffctl.reports.forecast.history import History, OpenDeal
from handoffctl.reports.forecast.typed import TypedFacts
from handoffctl.stats.constants import FEWEST_ENDED_ENTRIES
from handoffctl.stats.forecast_draws import Observation, StageToDraw, TotalRange, draw_total
from handoffctl.stats.incidence import EndsAt, IncidenceCurve, incidence_curve

MOST_MONTHS = 36
TOO_FEW, TOO_OLD = "not enough yet", "no history"


class StageForecast(NamedTuple):
    """What became of the entries into a stage: the share won by day `tau_days`, and its 95 % interval.

    The share, its ends and `tau_days` are None below ten ended entries.
    """

    stage: str
    entries: int
    ended: int
    share: float | None
    low: float | None
    high: float | None
    tau_days: float | None


class WeightedDeal(NamedTuple):
    """An open deal. `probability` is None where it is not weighted, and then `why` says why."""

    deal: int
    stage: str
    age: float
    probability: float | None
    why: str
    facts: TypedFacts

    @property
    def expected(self) -> float | None:
        """The amount times the probability; None if either is not known."""
        if self.probability is None or self.facts.amount is None:
            return None
        return self.probability * self.facts.amount


class CurrencyTotal(NamedTuple):
    """What is expected of the weighted deals with an amount in one currency; 8 times in 10 between `low` and `high`.

    These three are None where no such deal is weighted.
    """

    currency: str
    weighted: int
    expected: float | None
    low: float | None
    high: float | None


class MonthForecast(NamedTuple):
    """What is expected to be won in a month, and beside it the open deals with a close date typed in it.

    Amounts are in `currency`. `moved` is how often these dates had been moved to a later day.
    """

    month: str
    expected: float
    typed: float
    typed_deals: int
    moved: int
    currency: str


Curves = Mapping[str, IncidenceCurve]


def stage_curves(history: History, stages: Iterable[str]) -> dict[str, IncidenceCurve]:
    """Returns the incidence of won from the first entry into each of the stages."""
    return {stage: incidence_curve(map(_ends_at, history.observations.get(stage, ()))) for stage in stages}


def _ends_at(one: Observation) -> EndsAt:
    return EndsAt(one.days, one.end == "won", one.end == "other", one.end == "open")


def forecast_stages(curves: Curves, history: History) -> list[StageForecast]:
    """Returns what became of the entries into each stage."""
    rows = []
    for stage, curve in curves.items():
        entries = len(history.observations.get(stage, ()))
        if curve.ended < FEWEST_ENDED_ENTRIES or curve.tau is None:
            rows.append(StageForecast(stage, entries, curve.ended, None, None, None, None))
        else:
            share = curve.at(curve.tau).incidence
            rows.append(StageForecast(stage, entries, curve.ended, share, *curve.interval(curve.tau), curve.tau))
    return rows


def weigh(deals: Iterable[OpenDeal], curves: Curves, facts: Mapping[int, TypedFacts]) -> list[WeightedDeal]:
    """Returns every open deal with its probability of being won, those with the most expected first."""
    weighted = [_weighted(deal, curves[deal.stage], facts[deal.deal]) for deal in deals if deal.stage in curves]
    return sorted(weighted, key=lambda deal: (-(deal.expected or 0), deal.deal))


def _weighted(deal: OpenDeal, curve: IncidenceCurve, facts: TypedFacts) -> WeightedDeal:
    enough = curve.ended >= FEWEST_ENDED_ENTRIES
    probability = curve.probability_from(deal.age) if enough else None
    too_few = f"{TOO_FEW}: {curve.ended} of {FEWEST_ENDED_ENTRIES}"
    why = "" if probability is not None else TOO_OLD if enough else too_few
    return WeightedDeal(deal.deal, deal.stage, deal.age, probability, why, facts)


def totals(deals: Sequence[WeightedDeal], history: History, curves: Curves, usual: str) -> list[CurrencyTotal]:
    """Returns the total of each currency, the usual one first; amounts in several are never added up."""
    currencies = sorted({deal.facts.currency for deal in deals if deal.facts.amount is not None})
    ordered = sorted({usual, *currencies}, key=lambda currency: (currency != usual, currency))
    found = [_total(currency, deals, history, curves) for currency in ordered]
    return [total for total in found if total.currency in currencies] or found


def _total(currency: str, deals: Sequence[WeightedDeal], history: History, curves: Curves) -> CurrencyTotal:
    of_currency = [deal for deal in deals if deal.facts.currency == currency]
    expected = [deal.expected for deal in of_currency if deal.expected is not None]
    drawn = total_range(of_currency, history, curves)
    if drawn is None:
        return CurrencyTotal(currency, 0, None, None, None)
    return CurrencyTotal(currency, len(expected), round(sum(expected), 2), round(drawn.low, 2), round(drawn.high, 2))


def total_range(deals: Sequence[WeightedDeal], history: History, curves: Curves) -> TotalRange | None:
    """Returns the range in which the total lies 8 times in 10, or None if no deal has an expected amount."""
    by_stage: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for deal in sorted(deals, key=lambda deal: deal.deal):
        if deal.expected is not None and deal.facts.amount is not None:
            by_stage[deal.stage].append((deal.age, deal.facts.amount))
    stages = [
        StageToDraw(history.observations[stage], curves[stage].tau or 0.0, of_stage)
        for stage, of_stage in by_stage.items()
    ]
    return draw_total(stages)


def by_month(deals: Sequence[WeightedDeal], curves: Curves, today: date) -> list[MonthForecast]:
    """Returns the months in which something is expected, or a close date was typed; one for each currency."""
    expected: dict[tuple[str, str], float] = defaultdict(float)
    typed: dict[tuple[str, str], list[TypedFacts]] = defaultdict(list)
    ends = _month_ends(today)
    for deal in deals:
        if deal.facts.close_date:
            typed[deal.facts.close_date[:7], deal.facts.currency].append(deal.facts)
        for month, amount in _expected_by_month(deal, curves, ends, today):
            expected[month, deal.facts.currency] += amount
    months = sorted({month for month, amount in expected.items() if amount >= 0.005} | set(typed))
    return [_month(*month, expected.get(month, 0.0), typed.get(month, [])) for month in months]


def _expected_by_month(
    deal: WeightedDeal, curves: Curves, ends: Sequence[tuple[str, date]], today: date
) -> Iterator[tuple[str, float]]:
    """Yields each month up to the end of the history, with the amount that is expected from the deal in it."""
    if deal.expected is None:
        return
    curve, before = curves[deal.stage], 0.0
    for month, end in ends:
        until = deal.age + (end - today).days
        won = curve.probability_from(deal.age, until) or 0.0
        yield month, (won - before) * (deal.facts.amount or 0)
        before = won
        if curve.tau is None or until >= curve.tau:
            return


def _month_ends(today: date) -> list[tuple[str, date]]:
    """Returns the months from the present one on, each with the first day after it."""
    ends, begin = [], today.replace(day=1)
    for _ in range(MOST_MONTHS):
        end = (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
        ends.append((f"{begin:%Y-%m}", end))
        begin = end
    return ends


def _month(month: str, currency: str, expected: float, typed: Sequence[TypedFacts]) -> MonthForecast:
    amount = sum(facts.amount or 0 for facts in typed)
    return MonthForecast(month, round(expected, 2), amount, len(typed), sum(facts.moved for facts in typed), currency)
