"""The report on fields on paper: a table for each handoff, what followed below it, and on request the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share

LONGEST = 24  # places for the name of an item, so that a line keeps within a hundred
SIDES = ("with", "without")


def paper(found: Mapping[str, Any], explain: bool = False) -> Report:
    """One part for each handoff that was tried, in the order of the playbook; with `explain` why each verdict."""
    rows = found["fields"]
    parts: list[Part] = []
    untried: list[str] = []
    for _, items in groupby(rows, key=lambda row: (row["from"], row["handoff"])):
        of_handoff = list(items)
        if any(item["asked"] or item["placeholders"] for item in of_handoff):
            parts += _parts(of_handoff, explain)
        else:
            untried.append(of_handoff[0]["called"])
    if parts:
        last = parts[-1].table
        notes = [*last.notes, *([""] if last.notes else []), *_legend(rows)]
        parts[-1] = Part(replace(last, notes=notes), parts[-1].heading)
    says = [*found["rule"]] if explain else []
    if not rows:
        says.append("The playbook has no handoffs, so nothing is asked.")
    if untried:
        says.append(f"Not tried yet: {'; '.join(untried)}.")
    return Report("What handoffs ask", parts, figures(rows), says)


def _parts(items: Sequence[Mapping[str, Any]], explain: bool) -> list[Part]:
    title = items[0]["called"]
    tries = max(item["asked"] for item in items)
    tried = f"{tries:,} first {'try' if tries == 1 else 'tries'}" if tries else "not tried yet"
    why = _reasons(items) if explain else []
    after = [item for item in items if any(item[side]["handoffs"] for side in SIDES) or _noted(item)]
    asked = Part(_asked(items, [] if after else why), f"{title}, {tried}")
    return [asked, Part(_after(after, why), f"{title}, what followed")] if after else [asked]


def _reasons(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why each verdict; items of which the same is to be said stand together."""
    together: dict[str, list[str]] = {}
    for item in items:
        together.setdefault(f"{item['verdict']}. {item['because']}", []).append(item["label"])
    return [f"{', '.join(labels)}: {said}" for said, labels in together.items()]


def _noted(item: Mapping[str, Any]) -> bool:
    return bool(item["placeholders"] or item["named_in_returns"])


def _asked(items: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> Table:
    columns = ["item", "asked", "missing", "share", "filled", "blocked", "passed", "seconds", "verdict"]
    rows: list[list[Cell]] = [
        [
            _cut(item), item["asked"], item["missing"], share(item["missing_share"]), item["filled"], item["blocked"],
            item["missing_though_completed"] if item["level"] == "nice_to_have" else None,
            _round(item["median_seconds"]), item["verdict"],
        ]
        for item in items
    ]  # fmt: skip
    return Table(columns, rows, notes, give_way=("seconds", "passed", "filled"))


def _after(items: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> Table:
    columns = ["item", "known", "returned", "days", "lacking", "returned", "days", "placeholders", "named"]
    rows: list[list[Cell]] = [
        [
            _cut(item),
            *(value for side in SIDES for value in (
                item[side]["handoffs"], share(item[side]["returned_share"]), item[side]["median_days_next"])),
            item["placeholders"], item["named_in_returns"],
        ]
        for item in items
    ]  # fmt: skip
    return Table(columns, rows, notes, give_way=("placeholders", "named"))


def _legend(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    notes = [
        "missing: at the first try of a stay, and not given with it. filled: answered on the spot.",
        "blocked: left missing, and the try was blocked. passed: completed without it (*: nice to have).",
        "seconds: median to answer.",
    ]
    if any(item[side]["handoffs"] for item in rows for side in SIDES) or any(map(_noted, rows)):
        notes += [
            "lacking: completed handoffs of which the first try left the item missing (*: completed without it).",
            "known: the others. returned: share that came back.",
            "days: median in the next stage, those still there counted.",
            "placeholders: typed in its place, and refused. named: in how many returns.",
        ]
    return notes


def figures(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Every figure under its own name; for CSV."""
    if not rows:
        return Table(["handoff"], [])
    flat = [
        {
            key: value
            for name, told in row.items()
            for key, value in (
                {f"{name}_{inner}": figure for inner, figure in told.items()} if name in SIDES else {name: told}
            ).items()
        }
        for row in rows
    ]
    columns = list(flat[0])
    return Table(columns, [[row[name] for name in columns] for row in flat])


def _cut(item: Mapping[str, Any]) -> str:
    mark = " *" if item["level"] == "nice_to_have" else ""
    return cut_short(item["label"], LONGEST - len(mark)) + mark


def _round(seconds: float | None) -> Cell:
    return None if seconds is None else round(seconds)
