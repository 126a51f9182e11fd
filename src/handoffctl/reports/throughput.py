"""The throughput report on paper: the columns that say something, in a hundred places."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.reports.bars import against
from handoffctl.reports.report import Part, Report
from handoffctl.reports.table import WIDEST, Cell, Table, cut_short, fitting, said, share

_OUT = ("advanced", "returned", "won", "lost", "nurture", "moved")
_SHORT = {"advanced": "on", "returned": "back", "nurture": "later", "won": "won", "lost": "lost", "moved": "moved"}
# What gives way where not everything fits; --json and --csv have it all.
_FIRST_TO_GO = ("moved", "oldest", "in time", "later", "back")

BAR = "against target"
MOST_SHOWN = 10  # of the deals past their target; --json has more

Stage = Mapping[str, Any]


def paper(found: Mapping[str, Any]) -> Report:
    """The report as sentences and tables, from what `report throughput --json` prints."""
    if "compare" in found:
        return Report("Throughput", _compared(found), figures_table(found))
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
    ways = [way for way in _OUT if any(stage[way] for stage in stages)]
    columns = ["stage", "in", *(_SHORT[way] for way in ways), "now", "further", "median", "done", "oldest"]
    rows = [
        [
            cut_short(stage["title"], 24) + (" ◄" if stage["stage"] == bottleneck else ""), stage["entered"],
            *(stage[way] for way in ways), stage["now"],
            share(stage["conversion"]) if stage["kind"] == "open" else "-",
            stage["median_days"], stage["median_days_completed"], stage["oldest_now_days"],
        ]
        for stage in stages
    ]  # fmt: skip
    with_target = any(stage["target_days"] is not None for stage in stages)
    if with_target:
        columns += [BAR, "in time"]
        for row, stage in zip(rows, stages, strict=True):
            row += [_bar(stage), share(stage["within_target"])]
    notes = [
        "in: stays begun. on, back: left for a later, an earlier stage. now: still there. further: share of deals "
        "that got to a later stage or won. oldest: days of the longest one there.",
        "median: days in stage, counting those still there. done: the median of finished stays only.",
    ]
    notes += ["against target: the median; the line is the target. in time: share that ended within it."] * with_target
    return fitting(Table(columns, rows, notes), WIDEST, _FIRST_TO_GO)


def _ways(stage: Stage) -> Table:
    """One stage looked at closely: how long those took who left, and what share had left after so many days."""
    days = list(stage["incidence"])
    rows: list[list[Cell]] = [
        [
            _SHORT[way], one["count"], one["median_days"], one["p85_days"],
            *(share(stage["incidence"][n].get(way)) for n in days),
        ]
        for way, one in stage["ways"].items()
    ]  # fmt: skip
    return Table(("way", "stays", "median", "p85", *(f"by day {n}" for n in days)), rows, _spread(stage))


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
    return "more than was seen so far" if days is None else f"{said(days)} days"


def _bar(stage: Stage) -> str:
    target = stage["target_days"]
    return "" if target is None else f"{against(stage['median_days'], target)} {target:g}d"


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
    return Table(
        ("account", "stage", "days", "target", "to act"), rows,
        [f"And {more:,} more; --stage shows those of one stage."] if more > 0 else (),
    )  # fmt: skip


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
            one["period"], one["entered"], one["left"], one["there"], share(came.get("conversion")),
            came.get("median_days"), came.get("median_days_completed"),
        ])  # fmt: skip
    columns = ("began", "in", "left", "there at the end", "further", "median", "done")
    return Table(columns, rows, ["further, median, done: of those that came in that time."])


def _groups(stage: Stage) -> Table:
    groups = stage["by"]
    ways = [way for way in _OUT if any(one[way] for one in groups.values())]
    columns = ["", "in", *(_SHORT[way] for way in ways), "now", "further", "win rate", "median", "done", "oldest"]
    rows: list[list[Cell]] = [
        [
            cut_short(name, 24), one["entered"], *(one[way] for way in ways), one["now"], share(one["conversion"]),
            share(one["win_rate"]), one["median_days"], one["median_days_completed"], one["oldest_now_days"],
        ]
        for name, one in groups.items()
    ]  # fmt: skip
    return fitting(Table(columns, rows), WIDEST, _FIRST_TO_GO)


def _compared(found: Mapping[str, Any]) -> list[Part]:
    told = found["compare"]
    at = told["at"].replace("T", " ").removesuffix("Z")
    when = f"{at} (revision {told['revision']})" if told["revision"] else at
    columns = ["stage", "in", "then", "further", "then", "median", "then", "done", "then", "in time", "then"]
    rows: list[list[Cell]] = []
    for before, after in zip(found["before"]["stages"], found["after"]["stages"], strict=True):
        row: list[Cell] = [cut_short(before["title"], 24)]
        for name in ("entered", "conversion", "median_days", "median_days_completed", "within_target"):
            shares = name in ("conversion", "within_target")
            row += [share(side[name]) if shares else side[name] for side in (before, after)]
        rows.append(row)
    notes = [
        f"Left: stays that began before {when}; right, under then: stays that began since.",
        "median counts those still there; done does not. Who began lately has had less time to get further.",
    ]
    return [Part(Table(columns, rows, notes))]


def figures_table(found: Mapping[str, Any]) -> Table:
    """Every figure under its own name; for CSV."""
    rows: list[dict[str, Any]] = []
    if "compare" in found:
        for side in ("before", "after"):
            rows += [{"began": side, **flat(stage)} for stage in found[side]["stages"]]
    for stage in found.get("stages", ()):
        rows.append(flat(stage))
        named = {name: stage[name] for name in ("stage", "title", "kind")}
        rows += [{**named, "by": group, **flat(one)} for group, one in stage.get("by", {}).items()]
        rows += [{**named, **{f"flow_{key}": value for key, value in one.items()}} for one in stage.get("flow", ())]
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["stage"]
    return Table(columns, [[row.get(name) for name in columns] for row in rows])


def flat(stage: Stage) -> dict[str, Any]:
    """The figures of one stage without folds: `ways_won_median_days`, `incidence_90_lost`, `quartile_days_1`."""
    told: dict[str, Any] = {}
    for name, value in stage.items():
        if name in ("by", "flow"):
            continue
        if isinstance(value, Mapping):
            told |= {f"{name}_{inner}": figure for inner, figure in flat(value).items()}
        elif isinstance(value, list):
            told |= {f"{name}_{number}": figure for number, figure in enumerate(value, 1)}
        else:
            told[name] = value
    return told
