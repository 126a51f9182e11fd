"""What is guessed of a file: the parts of a map, each with what speaks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handoffctl.imports.mapping.model import Map, Rows, Table
from handoffctl.imports.suggest.column_profile import Looked, Seen
from handoffctl.playbook.model import Kind


@dataclass(frozen=True)
class Recognised:
    """What a known program's own map says of the file: its table, and the columns of each word."""

    system: str
    rules: Map
    table: Table
    places: Mapping[str, Sequence[int]]


@dataclass
class Guess:
    """A map in the making."""

    looked: Looked
    rows: Rows
    why: str
    columns: dict[str, list[Seen]] = field(default_factory=dict)  # by word, as `owner` and `contact.email`
    said: dict[str, str] = field(default_factory=dict)  # a remark on a word, behind its example
    entered: dict[str, Seen] = field(default_factory=dict)  # by stage
    offered: dict[str, Seen] = field(default_factory=dict)  # the same, to be confirmed: by stage
    kinds: dict[str, Kind] = field(default_factory=dict)
    open_stages: list[str] = field(default_factory=list)
    order_why: str = ""  # empty: the order is not known
    stages: list[str] = field(default_factory=list)
    statuses: dict[str, list[str]] = field(default_factory=dict)
    stage_changes: list[str] = field(default_factory=list)
    same: dict[str, tuple[str, bool]] = field(default_factory=dict)  # spelling: the usual one, and whether plainly so
    dates: Sequence[str] = ()  # the orders that fit, where more than one does
    dates_example: str = ""
    fields: dict[str, Seen] = field(default_factory=dict)
    left: list[Seen] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    recognised: Recognised | None = None

    def column(self, word: str) -> Seen | None:
        """The first column of a word."""
        return next(iter(self.columns.get(word, ())), None)

    @property
    def used(self) -> set[int]:
        """The places of all columns that stand for something."""
        listed = [column for columns in self.columns.values() for column in columns]
        return {column.place for column in [*listed, *self.entered.values(), *self.fields.values()]}
