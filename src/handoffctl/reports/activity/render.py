"""The report on activity as tables: what each owner did, and who does not come to meetings."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share
from handoffctl.reports.activity.figures import DIRECTIONS, FEWEST, KINDS, MEETINGS

LONGEST = 32
COUNTS = ("out", "in", "conversations", *MEETINGS)
NOTES = (
    "out, in: touches of theirs and to them, notes included. talks: touches in which somebody was reached.",
    "The owner is who owned the deal then. moved: new dates of booked meetings; after a no-show one is booked anew.",
)
RATE_NOTE = (
    "no-shows: the share of meetings that were marked as held or no-show, with its 95 % interval. "
    f"Of fewer than {FEWEST} it is not told."
)
CRITERIA_NOTE = (
    "Met and not met when the meeting was booked. clear: the 95 % interval of the difference leaves out zero. What "
    "goes with no-shows need not cause them."
)
FIGURES = ("meetings", "no_shows", "rate", "low", "high")


def paper(found: Mapping[str, Any]) -> Report:
    """What `actions.reporting.activity` found, on paper."""
    parts = [Part(_owners(found["owners"]))] if found["owners"] else []
    if found["no_shows"]["meetings"]:
        parts.append(Part(_sources(found), "No-shows by source"))
        both = [one for one in found["criteria"] if one["met"]["meetings"] and one["not_met"]["meetings"]]
        if both:
            parts.append(Part(_criteria(both), "No-shows by what held when the meeting was booked"))
    return Report("Activity", parts, _figures(found), _says(found))


def _says(found: Mapping[str, Any]) -> list[str]:
    if not found["owners"]:
        then = "in this time" if "since" in found or "until" in found else "yet"
        return [f"Nothing was done {then} that was recorded."]
    all_of = found["no_shows"]
    if not all_of["meetings"]:
        return ["No booked meeting was marked as held or no-show."]
    many = f"{all_of['no_shows']:,} of {all_of['meetings']:,} meetings were no-shows"
    if not all_of["enough"]:
        return [f"{many}: not enough to tell a rate."]
    return [f"{many}: {share(all_of['rate'])} (95 % interval {_interval(all_of)})."]


def _interval(one: Mapping[str, Any]) -> str:
    return f"{share(one['low'])} to {share(one['high'])}"


def _owners(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = ["owner", "out", "in", "talks", "booked", "held", "no-shows", "cancelled", "moved"]
    kinds = [f"{kind}s" for kind in KINDS]
    cells: list[list[Cell]] = [
        [cut_short(row["owner"], LONGEST), *(row[name] for name in COUNTS), *(_kind(row, kind) for kind in KINDS)]
        for row in rows
    ]
    return Table([*columns, *kinds], cells, NOTES, give_way=[*reversed(kinds), "moved", "cancelled"])


def _kind(row: Mapping[str, Any], kind: str) -> int:
    return sum(row["touches"][kind][way] for way in DIRECTIONS)


def _sources(found: Mapping[str, Any]) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(one["source"] or "not known", LONGEST), one["meetings"], one["no_shows"], *_told(one)]
        for one in found["sources"]
    ]
    return Table(["source", "meetings", "no-shows", "rate", "interval"], rows, [RATE_NOTE])


def _told(one: Mapping[str, Any]) -> list[Cell]:
    return [share(one["rate"]), _interval(one)] if one["enough"] else ["not enough", None]


def _criteria(rows: Sequence[Mapping[str, Any]]) -> Table:
    cells: list[list[Cell]] = [
        [cut_short(one["label"], LONGEST), *_side(one["met"]), *_side(one["not_met"]), "clear" if one["tells"] else ""]
        for one in rows
    ]
    return Table(["criterion", "met", "rate", "not met", "rate", "difference"], cells, [CRITERIA_NOTE])


def _side(one: Mapping[str, Any]) -> list[Cell]:
    rate = f"{share(one['rate'])} ({_interval(one)})" if one["enough"] else "not enough"
    return [f"{one['no_shows']} of {one['meetings']}", rate]


def _figures(found: Mapping[str, Any]) -> Table:
    """Every figure in one table: owners, then no-shows over all, by source and by criterion."""
    touches = [f"{kind}_{way}" for kind in KINDS for way in DIRECTIONS]
    columns = ["about", "name", "met", *COUNTS, *touches, *FIGURES]
    none: list[Cell] = [None] * (len(COUNTS) + len(touches))
    rows: list[list[Cell]] = []
    for one in found["owners"]:
        counts = [*(one[name] for name in COUNTS), *(one["touches"][kind][way] for kind in KINDS for way in DIRECTIONS)]
        rows.append(["owner", one["owner"], None, *counts, *[None] * len(FIGURES)])
    rows.append(["all", None, None, *none, *_rated(found["no_shows"])])
    rows += [["source", one["source"], None, *none, *_rated(one)] for one in found["sources"]]
    for one in found["criteria"]:
        rows.append(["criterion", one["criterion"], "yes", *none, *_rated(one["met"])])
        rows.append(["criterion", one["criterion"], "no", *none, *_rated(one["not_met"])])
    return Table(columns, rows)


def _rated(one: Mapping[str, Any]) -> list[Cell]:
    return [one[name] for name in FIGURES]
