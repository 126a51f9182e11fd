"""Reads the files of an export and hands plain rows on, some thousands at a time; it keeps none.

Where a chunk holds a row that cannot be taken, it is halved until that row stands alone, and is skipped by its reason.
"""

import re
from collections.abc import Callable, Sequence

from handoffctl.core.names import NotAName, folded
from handoffctl.imports.cells.dates import Unreadable
from handoffctl.imports.cells.parsers import Lacking, Unfit
from handoffctl.imports.files.sheet import Skipped
from handoffctl.imports.mapping.columns import Part
from handoffctl.imports.mapping.model import Rows
from handoffctl.imports.rows.batch import Chunk, Laid, Made, chunks
from handoffctl.imports.rows.context import Lexicon
from handoffctl.imports.rows.deals import changes, deals
from handoffctl.imports.rows.lookups import accounts, contacts, owners, stages
from handoffctl.imports.rows.stages import flag
from handoffctl.imports.rows.touches import touches

CHUNK = 2_000
_TOTALS = re.compile(
    r"(grand |sub)?totals?\b|gesamt|summe\b|somme\b|totale?\b|итого|всего|confidential|copyright", re.IGNORECASE
)
# In the order in which the files are read: what explains the others comes first.
READERS: dict[Rows, Callable[[Lexicon, Chunk], Laid]] = {
    "owners": owners, "stages": stages, "accounts": accounts, "contacts": contacts, "deals": deals, "changes": changes,
    "touches": touches,
}  # fmt: skip

Take = Callable[[str, Made], None]


class Reading:
    """One reading of an export: what it says goes to `take`; `skipped` and `rows` grow while it is read."""

    def __init__(self, parts: Sequence[Part], lexicon: Lexicon, take: Take) -> None:
        self.parts = sorted(parts, key=lambda part: list(READERS).index(part.table.rows))
        self.lexicon = lexicon
        self.skipped: list[Skipped] = []
        self.rows = 0
        self._take = take

    def read(self, part: Part, tell: Callable[[Part], None]) -> None:
        """Reads one file. `tell` hears of progress. Raises Refused, or Undecided where another look is needed."""
        for chunk in chunks(part, CHUNK):
            self._lay(self._wanted(chunk))
            tell(part)
        self.skipped += part.sheet.skipped
        self.rows += part.sheet.seen

    def _lay(self, chunk: Chunk) -> None:
        if not len(chunk):
            return
        try:
            laid = READERS[chunk.part.table.rows](self.lexicon, chunk)
        except (Unfit, Unreadable, NotAName) as fault:
            if len(chunk) == 1:
                footer = isinstance(fault, Lacking) and _is_footer(chunk)
                self._skip(chunk, 0, "is a line of totals or a footer" if footer else str(fault))
                return
            for half in chunk.halves():
                self._lay(half)
            return
        for kind, columns in laid:
            self._take(kind, columns)

    def _wanted(self, chunk: Chunk) -> Chunk:
        """The rows that the map is about: neither deleted ones, which are named, nor those about something else."""
        table = chunk.part.table
        for column, values in table.only.items():
            allowed = {folded(value) for value in values}
            chunk = chunk.only([folded(text) in allowed for text in chunk.column(f"only:{column}")])
        if chunk.has("changed"):
            about = {folded(name) for name in (*table.stage_changes, *table.status_changes)}
            chunk = chunk.only([folded(text) in about for text in chunk.column("changed")])
        if chunk.has("deleted") and any(chunk.column("deleted")):
            gone = [flag(text) is True for text in chunk.column("deleted")]
            for place, is_gone in enumerate(gone):
                if is_gone:
                    self._skip(chunk, place, "is marked as deleted in the export")
            chunk = chunk.only([not is_gone for is_gone in gone])
        return chunk

    def _skip(self, chunk: Chunk, place: int, reason: str) -> None:
        self.skipped.append(Skipped(chunk.part.sheet.file, chunk.rows[place], reason))


def _is_footer(chunk: Chunk) -> bool:
    """Reports end in sums, the number of records, whose confidential information it is, and when it was made."""
    said = [texts[0] for texts in chunk.cells.values() if texts[0]]
    alone = len(chunk.cells) > 2 and len(said) == 1 and " " in said[0]
    return chunk.part.table.rows in ("deals", "changes") and (alone or any(_TOTALS.match(text) for text in said))
