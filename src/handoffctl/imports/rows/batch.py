"""Some rows of a file, by column: what is read at once, and halved where one of its rows cannot be taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from handoffctl.imports.files.sheet import Batch
from handoffctl.imports.mapping.columns import Part, shortened

Values = Sequence[object]
Made = dict[str, Values]  # the columns of rows to lay down
Laid = list[tuple[str, Made]]  # by the kind of row


@dataclass(frozen=True)
class Chunk:
    """The rows' numbers in the file, and the cells of each column by the map's word for it."""

    part: Part
    rows: Sequence[int]
    cells: dict[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, *words: str) -> bool:
        return any(word in self.cells for word in words)

    def column(self, word: str) -> Sequence[str]:
        """The cells of a column; blank ones where the file does not have it."""
        return self.cells.get(word) or [""] * len(self)

    def columns(self, *words: str) -> Iterator[tuple[str, ...]]:
        """The cells of several columns, row by row."""
        return zip(*map(self.column, words), strict=True)

    def said(self, word: str) -> str:
        """How the file calls the column of a word."""
        places = self.part.places.get(word)
        return shortened(self.part.sheet.headers[places[0]]) if places else word

    def only(self, wanted: Sequence[bool]) -> "Chunk":
        """The rows that are wanted."""
        if all(wanted):
            return self
        cells: dict[str, Sequence[str]] = {word: list(compress(texts, wanted)) for word, texts in self.cells.items()}
        return Chunk(self.part, list(compress(self.rows, wanted)), cells)

    def halves(self) -> Iterator["Chunk"]:
        middle = len(self) // 2
        for half in (slice(None, middle), slice(middle, None)):
            cells = {word: texts[half] for word, texts in self.cells.items()}
            yield Chunk(self.part, self.rows[half], cells)

    def placed(self, made: Made) -> Made:
        """The columns of rows to lay down, with where each came from."""
        return {**made, "file": [self.part.number] * len(self), "row": self.rows}


def chunks(part: Part, size: int) -> Iterator[Chunk]:
    """The rows of a file. A word with several columns has in each row what the first of them has that is not blank;
    only a text has all of them, one after the other."""
    flat = [(word, place) for word, places in part.places.items() for place in places]
    for batch in part.sheet.batches([place for _, place in flat], size):
        yield Chunk(part, batch.rows, _by_word([word for word, _ in flat], batch))


def _by_word(words: Sequence[str], batch: Batch) -> dict[str, Sequence[str]]:
    cells: dict[str, Sequence[str]] = {}
    for word, texts in zip(words, batch.columns, strict=True):
        there = cells.get(word)
        if there is None:
            cells[word] = texts
        elif word == "text":
            cells[word] = [" · ".join(filter(None, pair)) for pair in zip(there, texts, strict=True)]
        else:
            cells[word] = [one or other for one, other in zip(there, texts, strict=True)]
    return cells
