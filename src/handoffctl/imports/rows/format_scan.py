"""Scans a whole export for its formats of dates and amounts, if its first rows leave them open."""

from collections.abc import Sequence

from handoffctl.imports.cells.amounts import AmountParser
from handoffctl.imports.cells.dates import DateOrder, DateOrderDetector, resolve_date_order
from handoffctl.imports.mapping.columns import ExportFile

BATCH = 2_000
_OF_DATES = ("date", "modstamp", "datum", "fecha", "data", "дата", "created", "modified", " at", "_at")


def scan_formats(files: Sequence[ExportFile], chosen_order: str | None) -> tuple[DateOrder, AmountParser]:
    """Returns the export's date order, and the parser of its amounts. Raises Refused if the dates stay ambiguous."""
    used_dates, unused_dates, amounts = DateOrderDetector(), DateOrderDetector(), AmountParser()
    for export_file in files:
        dated = [index for word in export_file.date_words for index in export_file.indexes[word]]
        unused = [index for index, header in enumerate(export_file.sheet.headers)
                  if index not in dated and any(word in header.casefold() for word in _OF_DATES)]  # fmt: skip
        sums = export_file.indexes.get("amount", [])
        for rows, columns in export_file.sheet.batches([*dated, *unused, *sums], BATCH):
            for number, texts in enumerate(columns):
                if number >= len(dated) + len(unused):
                    for text in texts:
                        amounts.observe(text)
                    continue
                detector = used_dates if number < len(dated) else unused_dates
                for row, text in zip(rows, texts, strict=True):
                    detector.observe(text, export_file.sheet.file, row)
    return resolve_date_order(chosen_order, used_dates, unused_dates), amounts
