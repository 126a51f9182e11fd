"""Renders the throughput report: the columns that have something to show, as many of them as fit."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, format_cell, share, without
from handoffctl.console.target_bar import target_bar
from handoffctl.reports.throughput.csv_table import csv_table
from handoffctl.reports.throughput.figures import (
    ComparedAt,
    PastTarget,
    StageFigures,
    StageThroughput,
    ThroughputComparison,
    ThroughputReport,
)
from handoffctl.reports.throughput.flows import OUTCOMES

_SHORT = {"advanced": "on", "returned": "back", "nurture": "later", "won": "won", "lost": "lost", "moved": "moved"}

BAR_COLUMN = "against target"
MAX_LATE_DEALS = 10  # --json has more
MAX_WIDTH = 24

_LEGEND = {
    "in": "stays begun.",
    "on": "left for a later stage.",
    "back": "left for an earlier one.",
    "later": "put aside.",
    "moved": "left for another playbook.",
    "now": "still there.",
    "further": "share of deals that got to a later stage or won.",
    "win rate": "of the stays that were left for won or lost, the share that was won.",
    "median": "days in stage, counting those still there.",
    "done": "the median of finished stays only.",
    "oldest": "days of the longest one there.",
    BAR_COLUMN: "the median; the line is the target. A shade: more than half are still there, so it is at least that "
    "long.",
    "in time": "share that ended within the target.",
}
_GIVE_WAY = ("moved", "oldest", "later", "in time", "done", "back", "win rate", "further")


def render(result: ThroughputReport | ThroughputComparison) -> Report:
    """Returns the report as sentences and tables."""
    if isinstance(result, ThroughputComparison):
        return Report("Throughput", [Part(_comparison_table(result))], csv_table(result))
    stages = result.stages
    parts = [Part(throughput_table(stages, result.bottleneck))]
    if len(stages) == 1 and stages[0].figures.ways:
        parts.append(Part(_outcomes_table(stages[0]), "How long, by the way they left"))
    parts += [Part(table, heading) for table, heading in _group_tables(stages)]
    if result.past_target.count_:
        parts.append(Part(_late_deals_table(result.past_target), "Past the target of their stage"))
    return Report("Throughput", parts, csv_table(result), [*_nothing(result), *_bottleneck(result)])


def throughput_table(stages: Sequence[StageThroughput], bottleneck: str | None = None) -> Table:
    """Returns one row per stage, the bottleneck marked. Outcomes that no stay had get no column."""
    outcomes = [outcome for outcome in OUTCOMES if any(stage.figures.flow.outcomes[outcome] for stage in stages)]
    columns = ["stage", "in", *(_SHORT[outcome] for outcome in outcomes), "now", "further", "median", "done", "oldest"]
    rows = [_stage_row(stage, outcomes, stage.stage == bottleneck) for stage in stages]
    notes = []
    if any(stage.figures.target.target_days is not None for stage in stages):
        columns += [BAR_COLUMN, "in time"]
        for row, stage in zip(rows, stages, strict=True):
            row += [_bar(stage), share(stage.figures.target.within_target)]
    elif any(stage.figures.flow.now for stage in stages if stage.kind == "open"):
        notes = ["No stage has a target, so none is told to be slow. In the playbook: target: 7d"]
    return Table(columns, rows, notes, _LEGEND, _GIVE_WAY)


def _stage_row(stage: StageThroughput, outcomes: Sequence[str], is_bottleneck: bool) -> list[Cell]:
    figures = stage.figures
    return [
        cut_short(stage.title, MAX_WIDTH) + (" ◄" if is_bottleneck else ""), figures.flow.entered,
        *(figures.flow.outcomes[outcome] for outcome in outcomes), figures.flow.now, _conversion(stage, figures),
        figures.lasting.median_days, figures.completed.median_days_completed, figures.oldest_now_days,
    ]  # fmt: skip


def _conversion(stage: StageThroughput, figures: StageFigures | None) -> str:
    """Returns the conversion in percent; a stage that closes a deal has none."""
    return share(figures.flow.conversion if figures else None) if stage.kind == "open" else "-"


def _outcomes_table(stage: StageThroughput) -> Table:
    """Returns the details of one stage: how long stays took by outcome, and the share gone after so many days."""
    incidence = {n: shares for n, shares in stage.figures.lasting.incidence.items() if shares is not None}
    rows: list[list[Cell]] = []
    for outcome in OUTCOMES:
        if outcome in stage.figures.ways:
            figures = stage.figures.ways[outcome]
            shares = (share(gone.get(outcome, 0.0)) for gone in incidence.values())
            rows.append([_SHORT[outcome], figures.count_, figures.median_days, figures.p85_days, *shares])
    columns = ("way", "stays", "median", "p85", *(f"by day {n}" for n in incidence))
    return Table(columns, rows, _quartile_notes(stage), give_way=[f"by day {n}" for n in reversed(incidence)])


def _quartile_notes(stage: StageThroughput) -> list[str]:
    if stage.kind != "open":
        return ["median, p85: days of finished stays."]
    lasting = stage.figures.lasting
    first, half, last = (_days(days) for days in lasting.quartile_days)
    interval = f" (95 % interval: {_days(lasting.median_days_low)} to {_days(lasting.median_days_high)})"
    return [
        f"Counting those still there, a quarter has left after {first}, half after {half}{interval}, three quarters "
        f"after {last}.",
        "median, p85: days of finished stays. by day: the share of all that had left this way by then.",
    ]


def _days(days: float | None) -> str:
    return "more than was seen so far" if days is None else f"{format_cell(days)} days"


def _bar(stage: StageThroughput) -> str:
    figures, target = stage.figures, stage.figures.target.target_days
    if target is None:
        return ""
    oldest = figures.oldest_now_days if stage.kind == "open" else None
    return f"{target_bar(figures.lasting.median_days, target, oldest)} {target:g}d"


def _nothing(result: ThroughputReport) -> list[str]:
    """Returns the sentence that no deal entered a stage, where that is so."""
    if any(stage.figures.flow.entered for stage in result.stages):
        return []
    return [f"No deal {'entered a stage in this time' if result.head.limited else 'has entered a stage yet'}."]


def _bottleneck(result: ThroughputReport) -> list[str]:
    """Returns a sentence on the stage that holds most deal-days over its target, if it is shown."""
    stage = next((stage for stage in result.stages if stage.stage == result.bottleneck), None)
    if stage is None:
        return []
    late = stage.figures.target
    deals = f"{late.past_target:,} deals there are" if late.past_target > 1 else "One deal there is"
    return [
        f"Bottleneck: {stage.title}. {deals} past its target of {late.target_days:g} days, "
        f"by {late.days_over_target:,.1f} days" + (" taken together." if late.past_target > 1 else ".")
    ]


def _late_deals_table(late: PastTarget) -> Table:
    deals = late.deals[:MAX_LATE_DEALS]
    rows: list[list[Cell]] = [
        [cut_short(deal.name, MAX_WIDTH), cut_short(deal.title, 16), deal.days, deal.target_days, deal.command]
        for deal in deals
    ]
    more = late.count_ - len(deals)
    notes = [f"And {more:,} more; --stage shows those of one stage."] if more > 0 else []
    columns = ("account", "stage", "days", "target", "to act")
    return Table(columns, rows, notes, give_way=("target", "stage", "account"), typed=["to act"])


def _group_tables(stages: Sequence[StageThroughput]) -> list[tuple[Table, str]]:
    """Returns the tables of the periods, or else of the groups, each with the title of its stage."""
    if any(stage.flow is not None for stage in stages):
        return [(_periods_table(stage), stage.title) for stage in stages if stage.flow]
    return [(_groups_table(stage), stage.title) for stage in stages if stage.by]


def _periods_table(stage: StageThroughput) -> Table:
    """Returns the counts of each period, and how long the deals took that entered in it."""
    groups = stage.by or {}
    rows: list[list[Cell]] = []
    for period in stage.flow or ():
        figures = groups.get(period.period)
        rows.append([
            period.period, period.entered, period.left, period.there, _conversion(stage, figures),
            figures.lasting.median_days if figures else None,
            figures.completed.median_days_completed if figures else None,
        ])  # fmt: skip
    columns = ("began", "in", "left", "there at the end", "further", "median", "done")
    return Table(columns, rows, ["further, median, done: of those that came in that time."])


def _groups_table(stage: StageThroughput) -> Table:
    groups = stage.by or {}
    outcomes = [outcome for outcome in OUTCOMES if any(each.flow.outcomes[outcome] for each in groups.values())]
    short = (_SHORT[outcome] for outcome in outcomes)
    columns = ["", "in", *short, "now", "further", "win rate", "median", "done", "oldest"]
    rows: list[list[Cell]] = [
        [
            cut_short(name, MAX_WIDTH), each.flow.entered, *(each.flow.outcomes[outcome] for outcome in outcomes),
            each.flow.now, _conversion(stage, each), share(each.flow.win_rate), each.lasting.median_days,
            each.completed.median_days_completed, each.oldest_now_days,
        ]
        for name, each in groups.items()
    ]  # fmt: skip
    table = Table(columns, rows, legend={"win rate": _LEGEND["win rate"]}, give_way=_GIVE_WAY)
    return table if any(each.flow.win_rate is not None for each in groups.values()) else without(table, "win rate")


def _comparison_table(result: ThroughputComparison) -> Table:
    columns = ["stage", "in", "since", "further", "since", "median", "since", "done", "since", "in time", "since"]
    rows: list[list[Cell]] = []
    for before, after in zip(result.before.stages, result.after.stages, strict=True):
        both = (before.figures, after.figures)
        row: list[Cell] = [cut_short(before.title, MAX_WIDTH), *(each.flow.entered for each in both)]
        row += [_conversion(before, each) for each in both]
        row += [each.lasting.median_days for each in both]
        row += [each.completed.median_days_completed for each in both]
        rows.append([*row, *(share(each.target.within_target) for each in both)])
    notes = [
        f"Of each two columns the first is of stays that began before {_compared_at(result.compare)}, the second of "
        "those since.",
        "median counts those still there; done does not. What began lately has had less time to get further.",
    ]
    if not any(before.figures.flow.entered for before in result.before.stages):
        notes.append("Nothing began before that.")
    return Table(columns, rows, notes)


def _compared_at(compare: ComparedAt) -> str:
    at = compare.at.replace("T", " ").removesuffix("Z")
    return f"{at} (revision {compare.revision})" if compare.revision else at
