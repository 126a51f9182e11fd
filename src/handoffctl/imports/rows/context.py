"""How this export says things: its cells, its stages, its owners. Grows while the files are read."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.core.moments import Moment
from handoffctl.core.names import folded, visible
from handoffctl.imports.cells.parsers import Cells, is_user_id, needed
from handoffctl.imports.mapping.model import Map
from handoffctl.imports.rows.batch import Chunk, Made
from handoffctl.imports.rows.stages import StagesSeen

MOST_ROWS_NAMED = 10


class Lexicon:
    """What all kinds of row have in common, and what earlier files say about later ones."""

    def __init__(self, rules: Map, cells: Cells, now: Moment) -> None:
        self.rules = rules
        self.cells = cells
        self.now = now
        self.stages = StagesSeen(rules.same, rules.kinds, rules.order)
        self.owners: dict[str, str] = {}
        self.statuses = by_word(rules.statuses)
        self.reopened = False  # whether a deal was opened again
        self._remarks: list[str] = []
        self._remarked = 0
        self._noted: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._currencies: Counter[str] = Counter()

    def status_stage(self, status: str) -> int:
        """The stage that stands for a status: a program may keep won and lost beside its stages."""
        name = next((stage for stage, kind in self.rules.kinds.items() if kind == status), status.capitalize())
        self.stages.call(name, name, "", "won" if status == "won" else "lost")
        return self.stages.id(name)

    def who(self, chunk: Chunk) -> Made:
        """The columns that name an account."""
        made: Made = {}
        if chunk.has("account"):
            made["account"] = self.cells.names(chunk.column("account"))
        if chunk.has("account_id"):
            made["account_key"] = self.cells.keys(chunk.column("account_id"))
        if chunk.has("domain"):
            made["domain"] = self.cells.domains(chunk.column("domain"))
        return made

    def owner(self, chunk: Chunk) -> Made:
        """The owner's name; one that is only an id through the list of owners."""
        if not chunk.has("owner", "owner_id"):
            return {}
        names = self.cells.names(chunk.column("owner"))
        keys = self.cells.keys(chunk.column("owner_id" if chunk.has("owner_id") else "owner"))
        if self.rules.ids == "salesforce":
            names = [None if name and is_user_id(name) else name for name in names]
        unknown = "the owner is only an id that no list of owners gives a name"
        for row, key, name in zip(chunk.rows, keys, names, strict=True):
            if key and not name and key not in self.owners:
                self.note(chunk, unknown, row)
        return {"owner": [self.owners.get(key or "") or name for key, name in zip(keys, names, strict=True)]}

    def person(self, chunk: Chunk) -> Made:
        """The columns about a person."""
        if not chunk.has("contact.name", "contact.first", "contact.last", "contact.email"):
            return {}
        words = ("contact.name", "contact.first", "contact.last", "contact.email")
        called = [name or f"{first} {last}".strip() or email for name, first, last, email in chunk.columns(*words)]
        made: Made = {"name": self.cells.names(called)}
        if chunk.has("contact.email"):
            made["email"] = self.cells.emails(
                chunk.column("contact.email"), lambda at, said: self._remark(chunk, at, said)
            )
        for word in ("phone", "title"):
            if chunk.has(f"contact.{word}"):
                made[word] = self.cells.texts(chunk.column(f"contact.{word}"))
        return made

    def amount(self, chunk: Chunk) -> Made:
        if chunk.has("currency"):
            self._currencies.update(filter(None, chunk.column("currency")))
        if not chunk.has("amount"):
            return {}
        return {"amount_cents": self.cells.cents(chunk.column("amount"), chunk.said("amount"))}

    def keys(self, chunk: Chunk, word: str) -> Sequence[str | None]:
        """Ids of which none may be missing. Raises Unfit."""
        found = self.cells.keys(chunk.column(word))
        needed(found, chunk.said(word))
        return found

    def note(self, chunk: Chunk, what: str, row: int) -> None:
        """Keeps a remark that holds for many rows."""
        self._noted[chunk.part.sheet.file, what].append(row)

    def _remark(self, chunk: Chunk, place: int, said: str) -> None:
        """Keeps a remark on one row; of many of them, how many there were."""
        self._remarked += 1
        if len(self._remarks) < MOST_ROWS_NAMED:
            self._remarks.append(f"{chunk.part.sheet.file}, row {chunk.rows[place]}: {said}")

    def notes(self) -> list[str]:
        """What is to be said about what was read."""
        found = list(dict.fromkeys(self._remarks))
        if self._remarked > len(self._remarks):
            found.append(f"... and {self._remarked - len(self._remarks):,} more addresses like these.")
        found += [rows_said(file, what, rows) for (file, what), rows in self._noted.items()]
        if len(self._currencies) > 1:
            named = ", ".join(sorted(map(visible, self._currencies))[:5])
            found.append(f"Amounts are in several currencies ({named}) and taken as they are.")
        return found


def rows_said(file: str, what: str, rows: Sequence[int]) -> str:
    """A remark on some rows of a file, which names the first of them."""
    rows = sorted(set(rows))
    more = f" and {len(rows) - MOST_ROWS_NAMED:,} more" if len(rows) > MOST_ROWS_NAMED else ""
    named = ", ".join(str(row) for row in rows[:MOST_ROWS_NAMED])
    return f"{file}: {what} (row{'s' if len(rows) > 1 else ''} {named}{more})."


def by_word(words: Mapping[Any, Sequence[str]]) -> dict[str, str]:
    """Our word for each of the export's."""
    return {folded(word): ours for ours, theirs in words.items() for word in theirs}
