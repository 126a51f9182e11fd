"""Reads the files of an export, some thousands of rows at a time, and passes their columns on. It keeps none.

A batch with a row that cannot be imported is split until that row is alone, which is then skipped with its reason.
"""

import re
from collections.abc import Callable, Sequence

from handoffctl.core.names import NotAName, fold
from handoffctl.imports.cells.dates import CellParseError
from handoffctl.imports.cells.parsers import InvalidCell, MissingCell
from handoffctl.imports.files.sheet import SkippedRow
from handoffctl.imports.mapping.columns import ExportFile
from handoffctl.imports.mapping.model import RowKind
from handoffctl.imports.rows.batch import Columns, RowBatch, StagedRows, read_batches
from handoffctl.imports.rows.context import ImportContext
from handoffctl.imports.rows.deals import read_changes, read_deals
from handoffctl.imports.rows.lookups import read_accounts, read_contacts, read_owners, read_stages
from handoffctl.imports.rows.stages import parse_flag
from handoffctl.imports.rows.touches import read_touches

BATCH_ROWS = 2_000
_TOTALS = re.compile(
    r"(grand |sub)?totals?\b|gesamt|summe\b|somme\b|totale?\b|итого|всего|confidential|copyright", re.IGNORECASE
)
# In the order in which the files are read: files that explain others come first.
ROW_READERS: dict[RowKind, Callable[[ImportContext, RowBatch], StagedRows]] = {
    "owners": read_owners,
    "stages": read_stages,
    "accounts": read_accounts,
    "contacts": read_contacts,
    "deals": read_deals,
    "changes": read_changes,
    "touches": read_touches,
}

RowSink = Callable[[str, Columns], None]  # takes the columns of rows for a staging table


class ExportReader:
    """One reading of an export. Its rows go to `sink`; `skipped` and `rows` grow while it is read."""

    def __init__(self, files: Sequence[ExportFile], context: ImportContext, sink: RowSink) -> None:
        self.files = sorted(files, key=lambda export_file: list(ROW_READERS).index(export_file.table.rows))
        self.context = context
        self.skipped: list[SkippedRow] = []
        self.rows = 0
        self._sink = sink

    def read(self, export_file: ExportFile, on_progress: Callable[[ExportFile], None]) -> None:
        """Reads one file and reports progress. Raises Refused, or AmbiguousFormat if formats must be scanned first."""
        for batch in read_batches(export_file, BATCH_ROWS):
            self._read_batch(self._select_rows(batch))
            on_progress(export_file)
        self.skipped += export_file.sheet.skipped
        self.rows += export_file.sheet.row_count

    def _read_batch(self, batch: RowBatch) -> None:
        if not len(batch):
            return
        try:
            staged = ROW_READERS[batch.export_file.table.rows](self.context, batch)
        except (InvalidCell, CellParseError, NotAName) as fault:
            if len(batch) == 1:
                footer = isinstance(fault, MissingCell) and _is_footer(batch)
                self._skip(batch, 0, "is a line of totals or a footer" if footer else str(fault))
                return
            for half in batch.split():
                self._read_batch(half)
            return
        for kind, columns in staged:
            self._sink(kind, columns)

    def _select_rows(self, batch: RowBatch) -> RowBatch:
        """Returns the rows that the map is about, without deleted ones, which are reported as skipped."""
        table = batch.export_file.table
        for column, values in table.only.items():
            allowed = {fold(value) for value in values}
            batch = batch.select([fold(text) in allowed for text in batch.column(f"only:{column}")])
        if batch.has("changed"):
            properties = {fold(name) for name in (*table.stage_changes, *table.status_changes)}
            batch = batch.select([fold(text) in properties for text in batch.column("changed")])
        if batch.has("deleted") and any(batch.column("deleted")):
            gone = [parse_flag(text) is True for text in batch.column("deleted")]
            for index, is_gone in enumerate(gone):
                if is_gone:
                    self._skip(batch, index, "is marked as deleted in the export")
            batch = batch.select([not is_gone for is_gone in gone])
        return batch

    def _skip(self, batch: RowBatch, index: int, reason: str) -> None:
        self.skipped.append(SkippedRow(batch.export_file.sheet.file, batch.rows[index], reason))


def _is_footer(batch: RowBatch) -> bool:
    """True for the last lines of a report: totals, the number of records, notes on confidentiality and date."""
    filled = [texts[0] for texts in batch.cells.values() if texts[0]]
    alone = len(batch.cells) > 2 and len(filled) == 1 and " " in filled[0]
    return batch.export_file.table.rows in ("deals", "changes") and (
        alone or any(_TOTALS.match(text) for text in filled)
    )
