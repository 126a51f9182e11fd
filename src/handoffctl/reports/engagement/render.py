"""Renders the engagement report: touches, the first response, silences, and touches against the time to advance."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.core.json_record import json_object
from handoffctl.reports.engagement.figures import DIRECTIONS, KINDS
from handoffctl.reports.engagement.report import (
    AdvanceByTouches,
    AdvanceGroup,
    EngagementReport,
    FirstResponse,
    StageEngagementFigures,
)

MAX_WIDTH = 24  # of a title or a name
HOURS_BELOW = 2.0  # days; shorter times are shown in hours


def render(result: EngagementReport) -> Report:
    """Returns the report as sentences and tables, with one row per stage for CSV."""
    stages = result.stages
    parts = [Part(_touches_table(stages))] if result.touches or not result.deals.deals else []
    entered = [stage for stage in stages if stage.stays] if result.touches else []
    if entered:
        parts += [
            Part(_response_table(entered), "The first touch from you"),
            Part(_silence_table(entered), "The longest time without a touch"),
        ]
    grouped = [stage for stage in entered if any(group.stays for group in stage.advance_by_touches.groups)]
    if grouped:
        parts.append(Part(_advance_table(grouped), "Touches, and the time to advance"))
    return Report("Engagement", parts, _csv_table(stages), _intro(result))


def _intro(result: EngagementReport) -> list[str]:
    deals = result.deals
    if not deals.deals:
        sentences = ["No deal has been in an open stage yet."]
    elif not result.touches:
        sentences = ["No touch is on record. Record one with: handoffctl touch ACCOUNT call"]
    else:
        sentences = [
            f"{_count(deals.deals, 'deal')}, {_count(result.touches, 'touch')}: {deals.touches_per_deal:.1f} for each. "
            f"{deals.deals - deals.touched:,} had none."
        ]
    if result.left_out:
        sentences.append(
            f"Left out: {_count(result.left_out, 'touch')} older than the deal, "
            "or of an account that had no deal then, or several."
        )
    return sentences


def _touches_table(stages: Sequence[StageEngagementFigures]) -> Table:
    kinds = ("call", "email", "meeting", "message")
    rows: list[list[Cell]] = [
        [
            cut_short(stage.title, MAX_WIDTH), stage.stays, stage.touched, stage.touches_per_stay,
            *(f"{stage.by[kind]['in']:,} / {stage.by[kind]['out']:,}" for kind in kinds),
            sum(stage.by["note"].values()),
        ]
        for stage in stages
    ]  # fmt: skip
    notes = [
        "touched: stays with any. each: touches per stay, notes too. call to message: from them / from you.",
    ]
    return Table(["stage", "stays", "touched", "each", *kinds, "note"], rows, notes, give_way=("note", "message"))


def _response_table(stages: Sequence[StageEngagementFigures]) -> Table:
    columns = ["stage", "stays", "answered", "waiting", "never", "median", "95 % interval"]
    rows: list[list[Cell]] = []
    for stage in stages:
        response = stage.first_response
        counts = (response.stays, response.answered, response.waiting, response.never)
        rows.append([cut_short(stage.title, MAX_WIDTH), *counts, *_median_cells(response)])
    notes = [
        "From its beginning to your first touch, notes aside. waiting: there without one. never: left so.",
        "The median counts those without one for as long as they were there.",
    ]
    return Table(columns, rows, notes, give_way=("95 % interval", "never"))


def _silence_table(stages: Sequence[StageEngagementFigures]) -> Table:
    rows: list[list[Cell]] = []
    for stage in stages:
        silence, longest = stage.silence, stage.silence.longest_now
        rows.append(
            [
                cut_short(stage.title, MAX_WIDTH), _duration(silence.median_days), _duration(silence.longest_now_days),
                cut_short(longest.name, MAX_WIDTH) if longest else None,
                f"handoffctl show {longest.ref}" if longest else None,
            ]
        )  # fmt: skip
    notes = [
        "median: of the longest silence of each stay, from beginning to end. now: the longest one going on.",
        "Once you have been in touch: handoffctl touch ACCOUNT call|email|meeting|message",
    ]
    columns = ["stage", "median", "now", "account", "look at it"]
    typed = ["look at it"] if all(stage.silence.longest_now for stage in stages) else []
    return Table(columns, rows, notes, give_way=("account", "median", "now"), typed=typed)


def _advance_table(stages: Sequence[StageEngagementFigures]) -> Table:
    rows: list[list[Cell]] = []
    for stage in stages:
        advance = stage.advance_by_touches
        within = _duration(advance.landmark_days)
        for group in advance.groups:
            if group.stays:
                counts = (group.stays, group.advanced)
                rows.append([cut_short(stage.title, MAX_WIDTH), within, group.touches, *counts, *_median_cells(group)])
    notes = [
        *(_advance_note(stage) for stage in stages),
        "Grouped by the touches of the first days and timed from then on: what stays longer is touched more.",
        "Even a clear difference does not show that the touches cause it.",
    ]
    columns = ["stage", "within", "touches", "stays", "advanced", "median", "95 % interval"]
    return Table(columns, rows, notes, give_way=("within", "95 % interval"))


def _advance_note(stage: StageEngagementFigures) -> str:
    text = stage.advance_by_touches.says
    return f"{cut_short(stage.title, MAX_WIDTH)}: {text[:1].lower()}{text[1:]}"


def _median_cells(figures: FirstResponse | AdvanceGroup) -> tuple[Cell, Cell]:
    """Returns the cells of a median and of its interval."""
    low, high = _duration(figures.median_days_low), _duration(figures.median_days_high)
    interval = f"{low} to {high}" if low and high else f"{low} or more" if low else f"up to {high}" if high else None
    return _duration(figures.median_days), interval


def _duration(days: float | None) -> str | None:
    """Returns a duration with its unit: in hours if it is short."""
    if days is None:
        return None
    return f"{days * 24:,.1f} h" if 0 < days < HOURS_BELOW else f"{days:,.1f} d"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 'es' if noun.endswith('ch') else 's'}"


def _csv_table(stages: Sequence[StageEngagementFigures]) -> Table:
    rows = [_csv_row(stage) for stage in stages]
    columns = list(rows[0]) if rows else ["stage"]
    return Table(columns, [[row[name] for name in columns] for row in rows])


def _csv_row(stage: StageEngagementFigures) -> dict[str, Cell]:
    """Returns every figure of a stage under a column name of its own."""
    response, silence, advance = stage.first_response, stage.silence, stage.advance_by_touches
    row: dict[str, Cell] = {
        "stage": stage.stage, "title": stage.title, "stays": stage.stays, "touched": stage.touched,
        "touches_per_stay": stage.touches_per_stay,
    }  # fmt: skip
    row |= {f"{kind}_{direction}": stage.by[kind][direction] for kind in KINDS for direction in DIRECTIONS}
    row |= {f"first_response_{name}": figure for name, figure in json_object(response).items()}
    row |= {
        "silence_median_days": silence.median_days,
        "silence_longest_now_days": silence.longest_now_days,
        "silence_longest_now": silence.longest_now.ref if silence.longest_now else None,
    }
    return row | _advance_columns(advance)


def _advance_columns(advance: AdvanceByTouches) -> dict[str, Cell]:
    columns: dict[str, Cell] = {"advance_landmark_days": advance.landmark_days}
    for group in advance.groups:
        name = group.touches.replace("-", "_to_").replace(" ", "_")
        figures = json_object(group)
        columns |= {f"advance_{name}_touches_{key}": figures[key] for key in figures if key != "touches"}
    return columns | {"advance_tells": "yes" if advance.tells else "no", "advance_says": advance.says}
