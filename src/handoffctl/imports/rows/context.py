"""The state of an import while its files are read: cell parsers, the stages and owners met so far, remarks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.core.moments import Moment
from handoffctl.core.names import escape_controls, fold
from handoffctl.imports.cells.parsers import CellParser, is_salesforce_user_id, require_all
from handoffctl.imports.mapping.model import ImportMap
from handoffctl.imports.rows.batch import Columns, RowBatch
from handoffctl.imports.rows.stages import StageCollector

MOST_ROWS_NAMED = 10


class ImportContext:
    """What the readers of all kinds of row share, and what earlier files say about later ones."""

    def __init__(self, import_map: ImportMap, cells: CellParser, now: Moment) -> None:
        self.import_map = import_map
        self.cells = cells
        self.now = now
        self.stages = StageCollector(import_map.same, import_map.kinds, import_map.order)
        self.owners: dict[str, str] = {}
        self.statuses = invert_synonyms(import_map.statuses)
        self.reopened = False  # True once a deal was opened again
        self._row_remarks: list[str] = []
        self._row_remark_count = 0
        self._rows_by_remark: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._currencies: Counter[str] = Counter()

    def status_stage(self, status: str) -> int:
        """Returns the stage that stands for a status: a program may keep won and lost beside its stages."""
        name = next((stage for stage, kind in self.import_map.kinds.items() if kind == status), status.capitalize())
        self.stages.register(name, name, "", "won" if status == "won" else "lost")
        return self.stages.id(name)

    def account_columns(self, batch: RowBatch) -> Columns:
        """Returns the columns that name an account: `account`, `account_key` and `domain`."""
        columns: Columns = {}
        if batch.has("account"):
            columns["account"] = self.cells.names(batch.column("account"))
        if batch.has("account_id"):
            columns["account_key"] = self.cells.ids(batch.column("account_id"))
        if batch.has("domain"):
            columns["domain"] = self.cells.domains(batch.column("domain"))
        return columns

    def owner_columns(self, batch: RowBatch) -> Columns:
        """Returns the column of the owner's name. An id is looked up among the owners read before."""
        if not batch.has("owner", "owner_id"):
            return {}
        names = self.cells.names(batch.column("owner"))
        required_ids = self.cells.ids(batch.column("owner_id" if batch.has("owner_id") else "owner"))
        if self.import_map.ids == "salesforce":
            names = [None if name and is_salesforce_user_id(name) else name for name in names]
        remark = "the owner is only an id that no list of owners gives a name"
        for row, key, name in zip(batch.rows, required_ids, names, strict=True):
            if key and not name and key not in self.owners:
                self.add_remark(batch, remark, row)
        return {"owner": [self.owners.get(key or "") or name for key, name in zip(required_ids, names, strict=True)]}

    def person_columns(self, batch: RowBatch) -> Columns:
        """Returns the columns about a person; one without a name is called by the e-mail address."""
        if not batch.has("contact.name", "contact.first", "contact.last", "contact.email"):
            return {}
        words = ("contact.name", "contact.first", "contact.last", "contact.email")
        full_names = [name or f"{first} {last}".strip() or email for name, first, last, email in batch.columns(*words)]
        columns: Columns = {"name": self.cells.names(full_names)}
        if batch.has("contact.email"):
            columns["email"] = self.cells.emails(
                batch.column("contact.email"), lambda index, text: self._add_row_remark(batch, index, text)
            )
        for word in ("phone", "title"):
            if batch.has(f"contact.{word}"):
                columns[word] = self.cells.texts(batch.column(f"contact.{word}"))
        return columns

    def amount_columns(self, batch: RowBatch) -> Columns:
        """Returns the amount in cents, and counts the currencies."""
        if batch.has("currency"):
            self._currencies.update(filter(None, batch.column("currency")))
        if not batch.has("amount"):
            return {}
        return {"amount_cents": self.cells.cents(batch.column("amount"), batch.header("amount"))}

    def required_ids(self, batch: RowBatch, word: str) -> Sequence[str | None]:
        """Returns ids of which none may be missing. Raises InvalidCell."""
        ids = self.cells.ids(batch.column(word))
        require_all(ids, batch.header(word))
        return ids

    def add_remark(self, batch: RowBatch, text: str, row: int) -> None:
        """Adds a row to a remark that holds for many rows."""
        self._rows_by_remark[batch.export_file.sheet.file, text].append(row)

    def _add_row_remark(self, batch: RowBatch, index: int, text: str) -> None:
        """Adds a remark on one row; after the first ten they are only counted."""
        self._row_remark_count += 1
        if len(self._row_remarks) < MOST_ROWS_NAMED:
            self._row_remarks.append(f"{batch.export_file.sheet.file}, row {batch.rows[index]}: {text}")

    def remarks(self) -> list[str]:
        """Returns the remarks on the rows read, as sentences."""
        remarks = list(dict.fromkeys(self._row_remarks))
        if self._row_remark_count > len(self._row_remarks):
            remarks.append(f"... and {self._row_remark_count - len(self._row_remarks):,} more addresses like these.")
        remarks += [row_remark(file, text, rows) for (file, text), rows in self._rows_by_remark.items()]
        if len(self._currencies) > 1:
            listing = ", ".join(sorted(map(escape_controls, self._currencies))[:5])
            remarks.append(f"Amounts are in several currencies ({listing}) and taken as they are.")
        return remarks


def row_remark(file: str, text: str, rows: Sequence[int]) -> str:
    """Returns a remark on some rows of a file, with the numbers of the first ten."""
    rows = sorted(set(rows))
    more = f" and {len(rows) - MOST_ROWS_NAMED:,} more" if len(rows) > MOST_ROWS_NAMED else ""
    listing = ", ".join(str(row) for row in rows[:MOST_ROWS_NAMED])
    return f"{file}: {text} (row{'s' if len(rows) > 1 else ''} {listing}{more})."


def invert_synonyms(synonyms: Mapping[Any, Sequence[str]]) -> dict[str, str]:
    """Returns our word for each folded word of the export."""
    return {fold(word): ours for ours, theirs in synonyms.items() for word in theirs}
