"""A report for output: introductory sentences, tables for people, and one table with every figure for programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffctl.console.table import Table, as_csv, as_markdown, as_text


@dataclass(frozen=True)
class Part:
    """One table of a report. The first needs no heading."""

    table: Table
    heading: str = ""


@dataclass(frozen=True)
class Report:
    """`says` are sentences before the tables; `figures` is what `--csv` prints."""

    title: str
    parts: Sequence[Part]
    figures: Table
    says: Sequence[str] = ()


def markdown(report: Report, level: int = 2) -> str:
    """Renders the report as Markdown, its tables under headings."""
    blocks = [f"{'#' * level} {report.title}", *report.says]
    for part in report.parts:
        blocks += [f"{'#' * (level + 1)} {part.heading}"] if part.heading else []
        blocks += [as_markdown(part.table), *part.table.below]
    return "\n\n".join(blocks)


def text(report: Report) -> str:
    """Renders the report as plain text, for a pipe."""
    blocks = ["\n".join(report.says)] if report.says else []
    for part in report.parts:
        blocks.append((f"{part.heading}\n\n" if part.heading else "") + as_text(part.table))
    return "\n\n".join(blocks)


def csv(report: Report) -> str:
    """Renders every figure under its own name as CSV that is safe in a spreadsheet."""
    return as_csv(report.figures)
