"""The model of an import map, which says what each column of an export holds. Users' maps and shipped ones are alike.

A column may have several names, because programs name it in several languages: the first one in a file counts.
"""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from handoffctl.core.moments import Zone
from handoffctl.core.yaml.types import After, Before, Name, StrictModel, Text
from handoffctl.playbook.criteria.touches import TouchKind
from handoffctl.playbook.model import Kind
from handoffctl.workspace.settings import check_zone

RowKind = Literal["deals", "changes", "accounts", "contacts", "owners", "stages", "touches"]
Dates = Literal["ymd", "dmy", "mdy"]


def _as_tuple(raw: Any) -> Any:
    return (raw,) if isinstance(raw, str) else raw


def _check_stage_patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        if pattern.count("{stage}") != 1 or pattern.count("{pipeline}") > 1 or "{stage}{pipeline}" in pattern:
            raise ValueError(f'"{pattern}" must hold {{stage}} once, as in: Date entered "{{stage}}"')
    return patterns


Column = Annotated[tuple[Text, ...], Before(_as_tuple)]
Pattern = Annotated[Column, After(_check_stage_patterns)]


class PersonColumns(StrictModel):
    """The columns about a person. `first` and `last` together stand for `name`."""

    name: Column = ()
    first: Column = ()
    last: Column = ()
    email: Column = ()
    phone: Column = ()
    title: Column = ()


class TableMap(StrictModel):
    """The map of one kind of file: what a row is, how the file is recognised, and what its columns hold."""

    rows: RowKind = "deals"
    file: Text | None = None  # in a folder the table is the file of this name
    known_by: tuple[Column, ...] = ()  # the columns by which a file with another name is recognised
    only: dict[Text, Column] = {}  # only rows with one of these values in this column are read

    deal: Column = ()
    name: Column = ()
    account: Column = ()
    account_id: Column = ()
    domain: Column = ()
    contact: PersonColumns = PersonColumns()
    contact_id: Column = ()
    stage: Column = ()
    status: Column = ()  # open, won or lost, beside the stage; `statuses` has its values
    owner: Column = ()
    owner_id: Column = ()
    amount: Column = ()
    currency: Column = ()
    close: Column = ()  # when the deal is expected to close
    source: Column = ()
    fields: dict[Name, Column] = {}

    at: Column = ()  # changes, touches: when
    since: Column = ()  # deals: since when the deal is in its stage
    closed_at: Column = ()  # deals: when it closed, on rows now in a closing stage
    entered: dict[Text, Column] = {}  # deals: when the stage of this name was entered
    entered_each: Pattern = ()  # the same for every column of this form: Date entered "{stage}"
    exited_each: Pattern = ()  # when it was left, for a stay whose beginning is not known

    stage_before: Column = ()  # changes: the stage it was in, for the first change of a deal
    changed: Column = ()  # changes: which property changed; only stage and status count
    stage_changes: Column = ()  # the names of the properties that hold a stage
    status_changes: Column = ()

    probability: Column = ()
    forecast: Column = ()
    closed: Column = ()  # whether the stage closes a deal, and whether won
    won: Column = ()
    deleted: Column = ()
    stage_id: Column = ()
    position: Column = ()  # stages: their order

    touch: Column = ()  # touches: what identifies one
    kind: Column = ()
    kind_is: TouchKind | None = None  # touches: the kind of all of them, where no column says it
    direction: Column = ()
    outcome: Column = ()
    text: Column = ()  # touches: all of these columns, one after the other
    done: Column = ()  # touches: whether it has happened


class ImportMap(TableMap):
    """A whole map: one table, or several under `tables`, and how to read the values of the export."""

    program: Text | None = None
    tables: tuple[TableMap, ...] = ()
    together: bool = False  # files of this program are read with the others of their folder
    ids: Literal["", "salesforce", "zoho"] = ""
    kinds: dict[Text, Kind] = {}
    order: tuple[Text, ...] = ()
    same: dict[Text, Text] = {}
    statuses: dict[Literal["open", "won", "lost"], Column] = {}
    touch_kinds: dict[TouchKind, Column] = {}
    outcomes: dict[Text, Column] = {}
    directions: dict[Literal["in", "out"], Column] = {}
    dates: Dates | None = None
    zone: Annotated[str, After(check_zone)] = ""

    @property
    def zone_of_times(self) -> Zone:
        """The zone of times without an offset; None if the map does not name one."""
        return ZoneInfo(self.zone) if self.zone else None

    def check(self) -> None:
        for table in self.tables or (self,):
            for group in REQUIRED_COLUMNS[table.rows]:
                if all(getattr(table, name) in ((), {}, PersonColumns()) for name in group):
                    raise ValueError(f"rows: {table.rows} need a column for {' or '.join(group)}")


# For each kind of row, the columns it needs: at least one of each group.
REQUIRED_COLUMNS: dict[RowKind, tuple[tuple[str, ...], ...]] = {
    "deals": (("deal", "name"), ("stage", "status", "entered", "entered_each")),
    "changes": (("deal",), ("stage",), ("at",)),
    "accounts": (("account", "domain"),),
    "contacts": (("contact",),),
    "owners": (("owner_id",), ("owner", "contact")),
    "stages": (("stage_id",), ("stage",)),
    "touches": (("at",),),
}
