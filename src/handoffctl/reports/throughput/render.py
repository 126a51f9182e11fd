"""The throughput report on paper: the columns that say something, as many of them as fit."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, format_cell, share, without
from handoffctl.console.target_bar import target_bar
from handoffctl.reports.throughput.all_figures import OUT, figures_table

_SHORT = {"advanced": "on", "returned": "back", "nurture": "later", "won": "won", "lost": "lost", "moved": "moved"}

BAR = "against target"
MOST_SHOWN = 10  # of the deals past their target; --json has more

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
    BAR: "the median; the line is the target. A shade: more than half are still there, so it is at least that long.",
    "in time": "share that ended within the target.",
}
_GIVE_WAY = ("moved", "oldest", "later", "in time", "done", "back", "win rate", "further")

Stage = Mapping[str, Any]


def paper(found: Mapping[str, Any]) -> Report:
    """The report as sentences and tables, from what `report throughput --json` prints."""
    if "compare" in found:
        return Report("Throughput", [Part(_compared(found))], figures_table(found))
    stages = found["stages"]
    parts = [Part(throughput_table(stages, found["bottleneck"]))]
    if len(stages) == 1 and stages[0]["ways"]:
        parts.append(Part(_ways(stages[0]), "How long, by the way they left"))
    parts += [Part(table, heading) for table, heading in _cut_up(stages)]
    if found["past_target"]["count"]:
        parts.append(Part(_past_target(found["past_target"]), "Past the target of their stage"))
    return Report("Throughput", parts, figures_table(found), _bottleneck(found))


def throughput_table(stages: Sequence[Stage], bottleneck: str | None = None) -> Table:
    """One row a stage, the bottleneck marked. Ways out that nobody took have no column."""
    ways = [way for way in OUT if any(stage[way] for stage in stages)]
    columns = ["stage", "in", *(_SHORT[way] for way in ways), "now", "further", "median", "done", "oldest"]
    rows: list[list[Cell]] = [
        [
            cut_short(stage["title"], 24) + (" ◄" if stage["stage"] == bottleneck else ""), stage["entered"],
            *(stage[way] for way in ways), stage["now"], _further(stage, stage), stage["median_days"],
            stage["median_days_completed"], stage["oldest_now_days"],
        ]
        for stage in stages
    ]  # fmt: skip
    notes = []
    if any(stage["target_days"] is not None for stage in stages):
        columns += [BAR, "in time"]
        for row, stage in zip(rows, stages, strict=True):
            row += [_bar(stage), share(stage["within_target"])]
    elif any(stage["now"] for stage in stages if stage["kind"] == "open"):
        notes = ["No stage has a target, so none is told to be slow. In the playbook: target: 7d"]
    return Table(columns, rows, notes, _LEGEND, _GIVE_WAY)


def _further(stage: Stage, one: Mapping[str, Any]) -> str:
    """From a stage that closes a deal nobody is meant to get further."""
    return share(one.get("conversion")) if stage["kind"] == "open" else "-"


def _ways(stage: Stage) -> Table:
    """One stage looked at closely: how long those took who left, and what share had left after so many days."""
    days = [n for n, gone in stage["incidence"].items() if gone is not None]
    rows: list[list[Cell]] = [
        [
            _SHORT[way], stage["ways"][way]["count"], stage["ways"][way]["median_days"],
            stage["ways"][way]["p85_days"], *(share(stage["incidence"][n].get(way, 0.0)) for n in days),
        ]
        for way in OUT
        if way in stage["ways"]
    ]  # fmt: skip
    columns = ("way", "stays", "median", "p85", *(f"by day {n}" for n in days))
    return Table(columns, rows, _spread(stage), give_way=[f"by day {n}" for n in reversed(days)])


def _spread(stage: Stage) -> list[str]:
    if stage["kind"] != "open":
        return ["median, p85: days of finished stays."]
    first, half, last = (_days(days) for days in stage["quartile_days"])
    bounds = f" (95 % interval: {_days(stage['median_days_low'])} to {_days(stage['median_days_high'])})"
    return [
        f"Counting those still there, a quarter has left after {first}, half after {half}{bounds}, three quarters "
        f"after {last}.",
        "median, p85: days of finished stays. by day: the share of all that had left this way by then.",
    ]


def _days(days: float | None) -> str:
    return "more than was seen so far" if days is None else f"{format_cell(days)} days"


def _bar(stage: Stage) -> str:
    target = stage["target_days"]
    if target is None:
        return ""
    oldest = stage["oldest_now_days"] if stage["kind"] == "open" else None
    return f"{target_bar(stage['median_days'], target, oldest)} {target:g}d"


def _bottleneck(found: Mapping[str, Any]) -> list[str]:
    """One sentence on the stage that holds most deal-days over its target."""
    stage = next((one for one in found["stages"] if one["stage"] == found["bottleneck"]), None)
    if stage is None:
        return []
    late, days, target = stage["past_target"], stage["days_over_target"], stage["target_days"]
    deals = f"{late:,} deals there are" if late > 1 else "One deal there is"
    return [
        f"Bottleneck: {stage['title']}. {deals} past its target of {target:g} days, by {days:,.1f} days"
        + (" taken together." if late > 1 else ".")
    ]


def _past_target(late: Mapping[str, Any]) -> Table:
    deals = late["deals"][:MOST_SHOWN]
    rows: list[list[Cell]] = [
        [cut_short(one["name"], 24), cut_short(one["title"], 16), one["days"], one["target_days"], one["command"]]
        for one in deals
    ]
    more = late["count"] - len(deals)
    notes = [f"And {more:,} more; --stage shows those of one stage."] if more > 0 else []
    columns = ("account", "stage", "days", "target", "to act")
    return Table(columns, rows, notes, give_way=("target", "stage", "account"), typed=["to act"])


def _cut_up(stages: Sequence[Stage]) -> list[tuple[Table, str]]:
    if any("flow" in stage for stage in stages):
        return [(_flow(stage), stage["title"]) for stage in stages if stage["flow"]]
    return [(_groups(stage), stage["title"]) for stage in stages if stage.get("by")]


def _flow(stage: Stage) -> Table:
    """Period by period: who came, who left, who was there in the end, and how long those who came took."""
    rows: list[list[Cell]] = []
    for one in stage["flow"]:
        came = stage["by"].get(one["period"], {})
        rows.append([
            one["period"], one["entered"], one["left"], one["there"], _further(stage, came),
            came.get("median_days"), came.get("median_days_completed"),
        ])  # fmt: skip
    columns = ("began", "in", "left", "there at the end", "further", "median", "done")
    return Table(columns, rows, ["further, median, done: of those that came in that time."])


def _groups(stage: Stage) -> Table:
    groups = stage["by"]
    ways = [way for way in OUT if any(one[way] for one in groups.values())]
    columns = ["", "in", *(_SHORT[way] for way in ways), "now", "further", "win rate", "median", "done", "oldest"]
    rows: list[list[Cell]] = [
        [
            cut_short(name, 24), one["entered"], *(one[way] for way in ways), one["now"], _further(stage, one),
            share(one["win_rate"]), one["median_days"], one["median_days_completed"], one["oldest_now_days"],
        ]
        for name, one in groups.items()
    ]  # fmt: skip
    table = Table(columns, rows, legend={"win rate": _LEGEND["win rate"]}, give_way=_GIVE_WAY)
    return table if any(one["win_rate"] is not None for one in groups.values()) else without(table, "win rate")


def _compared(found: Mapping[str, Any]) -> Table:
    told = found["compare"]
    at = told["at"].replace("T", " ").removesuffix("Z")
    when = f"{at} (revision {told['revision']})" if told["revision"] else at
    columns = ["stage", "in", "since", "further", "since", "median", "since", "done", "since", "in time", "since"]
    rows: list[list[Cell]] = []
    for before, after in zip(found["before"]["stages"], found["after"]["stages"], strict=True):
        row: list[Cell] = [cut_short(before["title"], 24), before["entered"], after["entered"]]
        row += [_further(before, before), _further(after, after)]
        row += [side[name] for name in ("median_days", "median_days_completed") for side in (before, after)]
        rows.append([*row, *(share(side["within_target"]) for side in (before, after))])
    notes = [
        f"Of each two columns the first is of stays that began before {when}, the second of those since.",
        "median counts those still there; done does not. What began lately has had less time to get further.",
    ]
    if not any(before["entered"] for before in found["before"]["stages"]):
        notes.append("Nothing began before that.")
    return Table(columns, rows, notes)
