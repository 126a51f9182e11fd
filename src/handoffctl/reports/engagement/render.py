"""The engagement report on paper: touches, the first response, silence, and touches beside progress."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short

TITLE = "Engagement"
WIDEST = 24  # places for a title or a name
SHORT = 2.0  # days; what is shorter is told in hours

Found = Mapping[str, Any]


def paper(found: Found) -> Report:
    """Tables for people, and one row a stage for CSV."""
    stages = found["stages"]
    parts = [Part(_touches(stages))] if found["touches"] or not found["deals"]["deals"] else []
    entered = [stage for stage in stages if stage["stays"]] if found["touches"] else []
    if entered:
        parts += [
            Part(_response(entered), "The first touch from you"),
            Part(_silence(entered), "The longest time without a touch"),
        ]
    grouped = [stage for stage in entered if _has_groups(stage)]
    if grouped:
        parts.append(Part(_advance(grouped), "Touches, and the time to advance"))
    return Report(TITLE, parts, _figures(stages), _says(found))


def _says(found: Found) -> list[str]:
    deals, touches, left_out = found["deals"], found["touches"], found["left_out"]
    if not deals["deals"]:
        says = ["No deal has been in an open stage."]
    elif not touches:
        says = ["No touch is on record. Record one with: handoffctl touch ACCOUNT call"]
    else:
        says = [
            f"{_count(deals['deals'], 'deal')}, {_count(touches, 'touch')}: {deals['touches_per_deal']:.1f} for each. "
            f"{deals['deals'] - deals['touched']:,} had none."
        ]
    if left_out:
        says.append(
            f"Left out: {_count(left_out, 'touch')} older than the deal, "
            "or of an account that had no deal then, or several."
        )
    return says


def _touches(stages: Sequence[Found]) -> Table:
    kinds = ("call", "email", "meeting", "message")
    rows: list[list[Cell]] = [
        [
            cut_short(stage["title"], WIDEST), stage["stays"], stage["touched"], stage["touches_per_stay"],
            *(f"{stage['by'][kind]['in']:,} / {stage['by'][kind]['out']:,}" for kind in kinds),
            sum(stage["by"]["note"].values()),
        ]
        for stage in stages
    ]  # fmt: skip
    notes = [
        "touched: stays with any. each: touches per stay, notes too. call to message: from them / from you.",
    ]
    return Table(["stage", "stays", "touched", "each", *kinds, "note"], rows, notes, give_way=("note", "message"))


def _response(stages: Sequence[Found]) -> Table:
    columns = ["stage", "stays", "answered", "waiting", "never", "median", "95 % interval"]
    rows: list[list[Cell]] = []
    for stage in stages:
        response = stage["first_response"]
        counts = (response[name] for name in ("stays", "answered", "waiting", "never"))
        rows.append([cut_short(stage["title"], WIDEST), *counts, *_median(response)])
    notes = [
        "From its beginning to your first touch, notes aside. waiting: there without one. never: left so.",
        "The median counts those without one for as long as they were there.",
    ]
    return Table(columns, rows, notes, give_way=("95 % interval", "never"))


def _silence(stages: Sequence[Found]) -> Table:
    rows: list[list[Cell]] = []
    for stage in stages:
        silence, longest = stage["silence"], stage["silence"]["longest_now"]
        rows.append(
            [
                cut_short(stage["title"], WIDEST), _long(silence["median_days"]), _long(silence["longest_now_days"]),
                cut_short(longest["name"], WIDEST) if longest else None,
                f"handoffctl show {longest['ref']}" if longest else None,
            ]
        )  # fmt: skip
    notes = [
        "median: of the longest silence of each stay, from beginning to end. now: the longest one going on.",
        "Once you have been in touch: handoffctl touch ACCOUNT call|email|meeting|message",
    ]
    return Table(
        ["stage", "median", "now", "account", "look at it"], rows, notes, give_way=("account", "median", "now")
    )


def _advance(stages: Sequence[Found]) -> Table:
    rows: list[list[Cell]] = []
    for stage in stages:
        advance = stage["advance_by_touches"]
        for group in advance["groups"]:
            if group["stays"]:
                counts = (group[name] for name in ("stays", "advanced"))
                within = _long(advance["landmark_days"])
                rows.append([cut_short(stage["title"], WIDEST), within, group["touches"], *counts, *_median(group)])
    notes = [
        *map(_on_stage, stages),
        "Grouped by the touches of the first days and timed from then on: what stays longer is touched more.",
        "Even a clear difference does not show that the touches cause it.",
    ]
    columns = ["stage", "within", "touches", "stays", "advanced", "median", "95 % interval"]
    return Table(columns, rows, notes, give_way=("within", "95 % interval"))


def _on_stage(stage: Found) -> str:
    says = stage["advance_by_touches"]["says"]
    return f"{cut_short(stage['title'], WIDEST)}: {says[:1].lower()}{says[1:]}"


def _has_groups(stage: Found) -> bool:
    return any(group["stays"] for group in stage["advance_by_touches"]["groups"])


def _median(figures: Found) -> tuple[Cell, Cell]:
    low, high = _long(figures["median_days_low"]), _long(figures["median_days_high"])
    interval = f"{low} to {high}" if low and high else f"{low} or more" if low else f"up to {high}" if high else None
    return _long(figures["median_days"]), interval


def _long(days: float | None) -> str | None:
    """A length with its unit, in hours where that says more."""
    if days is None:
        return None
    return f"{days * 24:,.1f} h" if 0 < days < SHORT else f"{days:,.1f} d"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 'es' if what.endswith('ch') else 's'}"


def _figures(stages: Sequence[Found]) -> Table:
    rows = [_flat(stage) for stage in stages]
    columns = list(rows[0]) if rows else ["stage"]
    return Table(columns, [[row[name] for name in columns] for row in rows])


def _flat(stage: Found) -> dict[str, Cell]:
    """Every figure of a stage under a name of its own."""
    advance, silence = stage["advance_by_touches"], stage["silence"]
    row: dict[str, Cell] = {name: stage[name] for name in ("stage", "title", "stays", "touched", "touches_per_stay")}
    row |= {f"{kind}_{way}": count for kind, ways in stage["by"].items() for way, count in ways.items()}
    row |= {f"first_response_{name}": figure for name, figure in stage["first_response"].items()}
    row |= {f"silence_{name}": silence[name] for name in ("median_days", "longest_now_days")}
    row["silence_longest_now"] = silence["longest_now"]["ref"] if silence["longest_now"] else None
    row["advance_landmark_days"] = advance["landmark_days"]
    for group in advance["groups"]:
        name = group["touches"].replace("-", "_to_").replace(" ", "_")
        row |= {f"advance_{name}_touches_{key}": figure for key, figure in group.items() if key != "touches"}
    return row | {"advance_tells": "yes" if advance["tells"] else "no", "advance_says": advance["says"]}
