"""A row that was left out, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """`row` is what a spreadsheet shows: the header is mostly row 1. `reason` is the rest of a sentence about it."""

    file: str
    row: int
    reason: str
