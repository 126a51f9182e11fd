"""Renders the activity report: what each owner did, then the no-show rates."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share
from handoffctl.reports.activity.figures import (
    DIRECTIONS,
    FEWEST_MEETINGS,
    KINDS,
    MEETINGS,
    Activity,
    CriterionNoShows,
    NoShowRate,
    OwnerActivity,
    SourceNoShows,
)
from handoffctl.reports.activity.report import ActivityReport

MAX_WIDTH = 32
COUNTS = ("out", "in", "conversations", *MEETINGS)
NOTES = (
    "out, in: touches of theirs and to them, notes included. talks: touches in which somebody was reached.",
    "The owner is who owned the deal then. moved: new dates of booked meetings; after a no-show one is booked anew.",
)
RATE_NOTE = (
    "no-shows: the share of meetings that were marked as held or no-show, with its 95 % interval. "
    f"Of fewer than {FEWEST_MEETINGS} it is not told."
)
CRITERIA_NOTE = (
    "Met and not met when the meeting was booked. clear: the 95 % interval of the difference leaves out zero. What "
    "goes with no-shows need not cause them."
)
RATE_COLUMNS = ("meetings", "no_shows", "rate", "low", "high")


def render(result: ActivityReport) -> Report:
    """Returns the report as sentences and tables."""
    parts = [Part(_owners_table(result.owners))] if result.owners else []
    if result.no_shows.meetings:
        parts.append(Part(_sources_table(result.sources), "No-shows by source"))
        compared = [each for each in result.criteria if each.met.meetings and each.not_met.meetings]
        if compared:
            parts.append(Part(_criteria_table(compared), "No-shows by what held when the meeting was booked"))
    return Report("Activity", parts, _csv_table(result), _intro(result))


def _intro(result: ActivityReport) -> list[str]:
    if not result.owners:
        return [
            f"No touch or meeting {'was recorded in this time' if result.head.limited else 'has been recorded yet'}."
        ]
    no_shows = result.no_shows
    if not no_shows.meetings:
        return ["No booked meeting was marked as held or no-show."]
    counts = f"{no_shows.no_shows:,} of {no_shows.meetings:,} meetings were no-shows"
    if not no_shows.enough:
        return [f"{counts}: not enough to tell a rate."]
    return [f"{counts}: {share(no_shows.rate)} (95 % interval {_interval(no_shows)})."]


def _interval(rate: NoShowRate) -> str:
    return f"{share(rate.low)} to {share(rate.high)}"


def _owners_table(owners: Sequence[OwnerActivity]) -> Table:
    columns = ["owner", "out", "in", "talks", "booked", "held", "no-shows", "cancelled", "moved"]
    kinds = [f"{kind}s" for kind in KINDS]
    rows: list[list[Cell]] = [
        [
            cut_short(row.owner, MAX_WIDTH), *_counts(row.activity),
            *(sum(row.activity.count(kind, direction) for direction in DIRECTIONS) for kind in KINDS),
        ]
        for row in owners
    ]  # fmt: skip
    return Table([*columns, *kinds], rows, NOTES, give_way=[*reversed(kinds), "moved", "cancelled"])


def _counts(activity: Activity) -> list[Cell]:
    """Returns the cells of `COUNTS`."""
    directions = [activity.in_direction(direction) for direction in DIRECTIONS]
    return [*directions, activity.conversations, *(activity.meetings[name] for name in MEETINGS)]


def _sources_table(sources: Sequence[SourceNoShows]) -> Table:
    rows: list[list[Cell]] = []
    for row in sources:
        rate = row.no_shows
        interval: list[Cell] = [share(rate.rate), _interval(rate)] if rate.enough else ["not enough", None]
        rows.append([cut_short(row.source or "not known", MAX_WIDTH), rate.meetings, rate.no_shows, *interval])
    return Table(["source", "meetings", "no-shows", "rate", "interval"], rows, [RATE_NOTE])


def _criteria_table(criteria: Sequence[CriterionNoShows]) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(row.label, MAX_WIDTH), *_side(row.met), *_side(row.not_met), "clear" if row.tells else ""]
        for row in criteria
    ]
    return Table(["criterion", "met", "rate", "not met", "rate", "difference"], rows, [CRITERIA_NOTE])


def _side(rate: NoShowRate) -> list[Cell]:
    text = f"{share(rate.rate)} ({_interval(rate)})" if rate.enough else "not enough"
    return [f"{rate.no_shows} of {rate.meetings}", text]


def _csv_table(result: ActivityReport) -> Table:
    """Returns every figure in one table: owners, then no-shows over all, by source and by criterion."""
    touches = [f"{kind}_{direction}" for kind in KINDS for direction in DIRECTIONS]
    columns = ["about", "name", "met", *COUNTS, *touches, *RATE_COLUMNS]
    blank: list[Cell] = [None] * (len(COUNTS) + len(touches))
    rows: list[list[Cell]] = []
    for row in result.owners:
        kinds = [row.activity.count(kind, direction) for kind in KINDS for direction in DIRECTIONS]
        rows.append(["owner", row.owner, None, *_counts(row.activity), *kinds, *[None] * len(RATE_COLUMNS)])
    rows.append(["all", None, None, *blank, *_rate_cells(result.no_shows)])
    rows += [["source", row.source, None, *blank, *_rate_cells(row.no_shows)] for row in result.sources]
    for each in result.criteria:
        rows.append(["criterion", each.criterion, "yes", *blank, *_rate_cells(each.met)])
        rows.append(["criterion", each.criterion, "no", *blank, *_rate_cells(each.not_met)])
    return Table(columns, rows)


def _rate_cells(rate: NoShowRate) -> list[Cell]:
    return [rate.meetings, rate.no_shows, rate.rate, rate.low, rate.high]
