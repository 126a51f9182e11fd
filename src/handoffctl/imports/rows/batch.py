"""Batches of rows by column. A batch is split in halves to isolate rows that cannot be imported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from handoffctl.imports.files.sheet import CellBatch
from handoffctl.imports.mapping.columns import ExportFile, shorten_header

Values = Sequence[object]
Columns = dict[str, Values]  # the values of rows to stage, by column
StagedRows = list[tuple[str, Columns]]  # the staging table of each


@dataclass(frozen=True)
class RowBatch:
    """Some rows of a file: their numbers in it, and the cells of each column by the map's word for it."""

    export_file: ExportFile
    rows: Sequence[int]
    cells: dict[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, *words: str) -> bool:
        """True if the file has a column of one of these words."""
        return any(word in self.cells for word in words)

    def column(self, word: str) -> Sequence[str]:
        """Returns the cells of a column; blank ones if the file does not have it."""
        return self.cells.get(word) or [""] * len(self)

    def columns(self, *words: str) -> Iterator[tuple[str, ...]]:
        """Yields the cells of several columns, row by row."""
        return zip(*map(self.column, words), strict=True)

    def header(self, word: str) -> str:
        """Returns the file's header for a word, to show; the word itself if the file does not have it."""
        indexes = self.export_file.indexes.get(word)
        return shorten_header(self.export_file.sheet.headers[indexes[0]]) if indexes else word

    def select(self, keep: Sequence[bool]) -> "RowBatch":
        """Returns the rows for which `keep` is true."""
        if all(keep):
            return self
        cells: dict[str, Sequence[str]] = {word: list(compress(texts, keep)) for word, texts in self.cells.items()}
        return RowBatch(self.export_file, list(compress(self.rows, keep)), cells)

    def split(self) -> Iterator["RowBatch"]:
        """Yields the two halves of the batch."""
        middle = len(self) // 2
        for half in (slice(None, middle), slice(middle, None)):
            cells = {word: texts[half] for word, texts in self.cells.items()}
            yield RowBatch(self.export_file, self.rows[half], cells)

    def with_origin(self, columns: Columns) -> Columns:
        """Returns the columns with the file and row number that each row comes from."""
        return {**columns, "file": [self.export_file.number] * len(self), "row": self.rows}


def read_batches(export_file: ExportFile, size: int) -> Iterator[RowBatch]:
    """Yields the rows of a file, `size` at a time.

    A word with several columns has in each row the first of their cells that is not blank; only the word `text` has
    all of them, joined.
    """
    pairs = [(word, index) for word, indexes in export_file.indexes.items() for index in indexes]
    for cell_batch in export_file.sheet.batches([index for _, index in pairs], size):
        yield RowBatch(export_file, cell_batch.rows, _merge_columns([word for word, _ in pairs], cell_batch))


def _merge_columns(words: Sequence[str], cell_batch: CellBatch) -> dict[str, Sequence[str]]:
    cells: dict[str, Sequence[str]] = {}
    for word, texts in zip(words, cell_batch.columns, strict=True):
        earlier = cells.get(word)
        if earlier is None:
            cells[word] = texts
        elif word == "text":
            cells[word] = [" · ".join(filter(None, pair)) for pair in zip(earlier, texts, strict=True)]
        else:
            cells[word] = [first or second for first, second in zip(earlier, texts, strict=True)]
    return cells
