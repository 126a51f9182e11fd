"""Weights each open deal by what became of earlier ones of its age, and adds them up, in all and by month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from handoffctl.reports.forecast.history import History, OpenDeal
from handoffctl.reports.forecast.typed import TypedFacts
from handoffctl.stats.constants import FEWEST_ENDED_ENTRIES
from handoffctl.stats.forecast_draws import Observation, StageToDraw, TotalRange, draw_total
from handoffctl.stats.incidence import EndsAt, IncidenceCurve, incidence_curve

MOST_MONTHS = 12
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


class MonthForecast(NamedTuple):
    """What is expected to be won in a month, and beside it the open deals with a close date typed in it.

    `moved` is how often these dates had been moved to a later day.
    """

    month: str
    expected: float
    typed: float
    typed_deals: int
    moved: int


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
    """Returns the months in which something is expected within a year, or a close date was typed."""
    expected: dict[str, float] = defaultdict(float)
    typed: dict[str, list[TypedFacts]] = defaultdict(list)
    for deal in deals:
        if deal.facts.close_date:
            typed[deal.facts.close_date[:7]].append(deal.facts)
    for begin, end in _months(today):
        for deal in deals:
            if deal.expected is not None:
                won = _won_by(deal, curves, (end - today).days) - _won_by(deal, curves, (begin - today).days)
                expected[f"{begin:%Y-%m}"] += won * (deal.facts.amount or 0)
    months = sorted({month for month, amount in expected.items() if amount >= 0.005} | set(typed))
    return [_month(month, expected.get(month, 0.0), typed.get(month, [])) for month in months]


def _won_by(deal: WeightedDeal, curves: Curves, days: int) -> float:
    return curves[deal.stage].probability_from(deal.age, deal.age + days) or 0.0


def _months(today: date) -> list[tuple[date, date]]:
    """Returns the first day of each span, today at first, and the first day after it."""
    spans, begin = [], today
    for _ in range(MOST_MONTHS):
        end = (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
        spans.append((begin, end))
        begin = end
    return spans


def _month(month: str, expected: float, typed: Sequence[TypedFacts]) -> MonthForecast:
    amount = sum(facts.amount or 0 for facts in typed)
    return MonthForecast(month, round(expected, 2), amount, len(typed), sum(facts.moved for facts in typed))
