"""The model of a guessed map: its parts, each with the reason for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handoffctl.imports.mapping.model import ImportMap, RowKind, TableMap
from handoffctl.imports.suggest.column_profile import ColumnProfile, FileProfile
from handoffctl.imports.suggest.spellings import UsualSpelling
from handoffctl.playbook.model import Kind


@dataclass(frozen=True)
class RecognisedFile:
    """A file of a known program: the table map that fits it, and the column indexes of each word."""

    system: str
    import_map: ImportMap
    table: TableMap
    indexes: Mapping[str, Sequence[int]]


@dataclass
class MapGuess:
    """A map that is being guessed. `reason` says why `rows` was guessed."""

    profile: FileProfile
    rows: RowKind
    reason: str
    columns: dict[str, list[ColumnProfile]] = field(default_factory=dict)  # by word, like `owner` and `contact.email`
    remarks: dict[str, str] = field(default_factory=dict)  # by word, to show after its example
    entered: dict[str, ColumnProfile] = field(default_factory=dict)  # by stage
    entered_candidates: dict[str, ColumnProfile] = field(default_factory=dict)  # by stage; the user must confirm them
    kinds: dict[str, Kind] = field(default_factory=dict)
    open_stages: list[str] = field(default_factory=list)
    order_reason: str = ""  # "" if the order is not known
    stages: list[str] = field(default_factory=list)
    statuses: dict[str, list[str]] = field(default_factory=dict)
    stage_changes: list[str] = field(default_factory=list)
    same: dict[str, UsualSpelling] = field(default_factory=dict)  # by unusual spelling
    dates: Sequence[str] = ()  # the orders that fit, where more than one does
    dates_example: str = ""
    fields: dict[str, ColumnProfile] = field(default_factory=dict)
    unmapped: list[ColumnProfile] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    recognised: RecognisedFile | None = None

    def column(self, word: str) -> ColumnProfile | None:
        """Returns the first column of a word, or None."""
        return next(iter(self.columns.get(word, ())), None)

    @property
    def used_indexes(self) -> set[int]:
        """The indexes of all columns that have a meaning."""
        columns = [column for columns in self.columns.values() for column in columns]
        return {column.index for column in [*columns, *self.entered.values(), *self.fields.values()]}
