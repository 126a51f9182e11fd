"""Renders the fields report: a table per handoff, what followed below it, and on request the reasons."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share
from handoffctl.core.json_record import json_object
from handoffctl.reports.fields.price import Price, price_text
from handoffctl.reports.fields.report import AfterFigures, FieldLine, FieldsReport

MAX_WIDTH = 24  # of the name of an item, so that a line stays within 100 columns
SIDES = ("with", "without")


def render(result: FieldsReport, explain: bool = False) -> Report:
    """Returns one part for each handoff that was tried, in the playbook's order; with `explain` why each verdict."""
    parts: list[Part] = []
    untried: list[str] = []
    for _, of_handoff in groupby(result.fields, key=lambda line: (line.from_, line.handoff)):
        lines = list(of_handoff)
        if any(line.asked or line.placeholders for line in lines):
            parts += _parts(lines, explain)
        else:
            untried.append(lines[0].called)
    if parts:
        last = parts[-1].table
        notes = [*last.notes, *([""] if last.notes else []), *_legend(result.fields)]
        parts[-1] = Part(replace(last, notes=notes), parts[-1].heading)
    intro = [*result.rule] if explain else []
    intro += _prices(result)
    if not result.fields:
        intro.append("The playbook has no handoffs, so nothing is asked.")
    if untried:
        intro.append(f"Not tried yet: {'; '.join(untried)}.")
    return Report("What handoffs ask", parts, _csv_table(result.fields), intro)


def _prices(result: FieldsReport) -> list[str]:
    """Returns the price of each item that was answered on the spot, and what a return is taken to go with."""
    prices = [
        f"{line.label} ({line.called}): {price_text(line.price, result.currency)}."
        for line in result.fields
        if line.price
    ]
    return [*prices, "A return is taken to go with an hour of work."] if prices else []


def _parts(lines: Sequence[FieldLine], explain: bool) -> list[Part]:
    title = lines[0].called
    attempts = max(line.asked for line in lines)
    tries = f"{attempts:,} first {'try' if attempts == 1 else 'tries'}" if attempts else "not tried yet"
    reasons = _reasons(lines) if explain else []
    after = [line for line in lines if line.with_.handoffs or line.without.handoffs or _is_named(line)]
    asked = Part(_asked_table(lines, [] if after else reasons), f"{title}, {tries}")
    return [asked, Part(_after_table(after, reasons), f"{title}, what followed")] if after else [asked]


def _reasons(lines: Sequence[FieldLine]) -> list[str]:
    """Returns why each verdict; items with the same reason share a line."""
    together: dict[str, list[str]] = {}
    for line in lines:
        together.setdefault(f"{line.verdict}. {line.because}", []).append(line.label)
    return [f"{', '.join(labels)}: {reason}" for reason, labels in together.items()]


def _is_named(line: FieldLine) -> bool:
    """True if a placeholder was typed for the item, or a return named it."""
    return bool(line.placeholders or line.named_in_returns)


def _asked_table(lines: Sequence[FieldLine], notes: Sequence[str]) -> Table:
    columns = ["item", "asked", "missing", "share", "filled", "blocked", "passed", "seconds", "verdict"]
    rows: list[list[Cell]] = [
        [
            _label(line), line.asked, line.missing, share(line.missing_share), line.filled, line.blocked,
            line.missing_though_completed if line.level == "nice_to_have" else None,
            None if line.median_seconds is None else round(line.median_seconds), line.verdict,
        ]
        for line in lines
    ]  # fmt: skip
    return Table(columns, rows, notes, give_way=("seconds", "passed", "filled"))


def _after_table(lines: Sequence[FieldLine], notes: Sequence[str]) -> Table:
    columns = ["item", "known", "returned", "days", "lacking", "returned", "days", "placeholders", "named"]
    rows: list[list[Cell]] = [
        [
            _label(line), *_after_cells(line.with_), *_after_cells(line.without), line.placeholders,
            line.named_in_returns,
        ]
        for line in lines
    ]  # fmt: skip
    return Table(columns, rows, notes, give_way=("placeholders", "named"))


def _after_cells(after: AfterFigures) -> list[Cell]:
    return [after.handoffs, share(after.returned_share), after.median_days_next]


def _legend(lines: Sequence[FieldLine]) -> list[str]:
    notes = [
        "missing: at the first try of a stay, and not given with it. filled: answered on the spot.",
        "blocked: left missing, and the try was blocked. passed: completed without it (*: nice to have).",
        "seconds: median to answer.",
    ]
    if any(line.with_.handoffs or line.without.handoffs or _is_named(line) for line in lines):
        notes += [
            "lacking: completed handoffs of which the first try left the item missing (*: completed without it).",
            "known: the others. returned: share that came back.",
            "days: median in the next stage, those still there counted.",
            "placeholders: typed in its place, and refused. named: in how many returns.",
        ]
    return notes


def _csv_table(lines: Sequence[FieldLine]) -> Table:
    """Returns every figure under its own name."""
    rows = [_csv_row(line) for line in lines]
    columns = list(rows[0]) if rows else ["handoff"]
    return Table(columns, [[row[name] for name in columns] for row in rows])


def _csv_row(line: FieldLine) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for name, value in json_object(line).items():
        if name == "price":
            row |= {f"price_{figure}": (value or {}).get(figure) for figure in Price._fields}
        elif name in SIDES:
            row |= {f"{name}_{figure}": cell for figure, cell in value.items()}
        else:
            row[name] = value
    return row


def _label(line: FieldLine) -> str:
    mark = " *" if line.level == "nice_to_have" else ""
    return cut_short(line.label, MAX_WIDTH - len(mark)) + mark
