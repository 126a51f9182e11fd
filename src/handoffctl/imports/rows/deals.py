"""Reads rows about deals: one for each deal as it is now, or one for each change of a deal's stage."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import compress

from handoffctl.core.names import fold
from handoffctl.imports.cells.dates import quoted
from handoffctl.imports.cells.parsers import InvalidCell, MissingCell, require_all
from handoffctl.imports.rows.batch import Columns, RowBatch, StagedRows, Values
from handoffctl.imports.rows.context import ImportContext
from handoffctl.imports.rows.stages import parse_flag

_ENTRY = ("deal", "stage", "at", "elsewhere", "row", "number")
REOPENED = -1  # stands for "the stage it was in before it was closed"


def read_deals(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Reads a row for each deal. Raises InvalidCell, NotAName or CellParseError if one cannot be imported."""
    cells = context.cells
    columns = context.account_columns(batch) | context.owner_columns(batch)
    columns |= {f"contact_{word}": values for word, values in context.person_columns(batch).items()}
    if batch.has("contact_id"):
        columns["contact_key"] = cells.ids(batch.column("contact_id"))
    if batch.has("name"):
        columns["name"] = cells.names(batch.column("name"))
    columns["key"] = _deal_keys(context, batch, columns)
    if batch.has("close"):
        columns["close"] = cells.days(batch.column("close"), batch.header("close"))
    for word in ("since", "closed_at"):
        if batch.has(word):
            columns[word] = cells.moments(batch.column(word), batch.header(word))
    if batch.has("source"):
        columns["source"] = cells.names(batch.column("source"))
    columns |= context.amount_columns(batch)
    entries = _StageEntries(batch, columns["key"])
    columns["stage"] = _current_stages(context, batch, columns, entries)
    _add_dated_entries(context, batch, columns["stage"], entries)
    _observe_flags(context, batch, columns["stage"])
    return [("deal", batch.with_origin(columns)), *entries.staged(), *_field_values(context, batch, columns["key"])]


def read_changes(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Reads a row for each stage change. Raises InvalidCell, NotAName or CellParseError if one cannot be imported."""
    columns: Columns = {"deal": context.required_ids(batch, "deal"), "stage": _entered_stages(context, batch)}
    columns["at"] = context.cells.moments(batch.column("at"), batch.header("at"))
    require_all(columns["at"], batch.header("at"))
    if batch.has("stage_before"):
        columns["before"] = [context.stages.id(text) if text else None for text in batch.column("stage_before")]
    columns |= context.account_columns(batch) | context.owner_columns(batch) | context.amount_columns(batch)
    if batch.has("name"):
        columns["name"] = context.cells.names(batch.column("name"))
    if batch.has("probability", "forecast"):
        rows = zip(columns["stage"], batch.column("probability"), batch.column("forecast"), strict=True)
        context.stages.observe((stage, *words) for stage, *words in rows if isinstance(stage, int))  # type: ignore[misc]
    return [("entry", batch.with_origin(columns)), *_field_values(context, batch, columns["deal"])]


@dataclass
class _StageEntries:
    """The entries into stages that rows about deals contain."""

    batch: RowBatch
    keys: Values
    columns: Columns = field(default_factory=lambda: {name: [] for name in _ENTRY})
    entry_counts: Counter[int] = field(default_factory=Counter)  # the entries of each row so far

    def add(self, index: int, stage: int, at: object, elsewhere: bool = False) -> None:
        """Adds an entry of the deal in the row with this index; `elsewhere` if the deal is in another stage now."""
        row = (self.keys[index], stage, at, int(elsewhere), self.batch.rows[index], self.entry_counts[index])
        self.entry_counts[index] += 1
        for values, value in zip(self.columns.values(), row, strict=True):
            values.append(value)  # type: ignore[attr-defined]

    def staged(self) -> StagedRows:
        """Returns the entries to stage."""
        count = len(self.columns["deal"])
        return [("entry", {**self.columns, "file": [self.batch.export_file.number] * count})] if count else []


def _deal_keys(context: ImportContext, batch: RowBatch, columns: Columns) -> Values:
    """Returns the key of each deal: its id, else its name at its account."""
    if batch.has("deal"):
        return context.required_ids(batch, "deal")
    require_all(columns["name"], batch.header("name"))
    accounts = columns.get("account") or columns.get("domain") or [None] * len(batch)
    return [f"{fold(str(account or ''))}/{fold(str(name))}"
            for account, name in zip(accounts, columns["name"], strict=True)]  # fmt: skip


def _current_stages(
    context: ImportContext, batch: RowBatch, columns: Columns, entries: _StageEntries
) -> list[int | None]:
    """Returns the present stage of each deal. A deal closed by its status was in the stage column's stage before."""
    texts = batch.column("stage")
    if "status" not in batch.cells:
        if batch.has("stage") and "" in texts:
            raise MissingCell(f"has no {batch.header('stage')}")
        return [context.stages.id(text) if text else None for text in texts]
    current: list[int | None] = [context.stages.id(text) if text else None for text in texts]
    since = list(columns.get("since") or [None] * len(batch))
    for index, text in enumerate(batch.column("status")):
        status = context.statuses.get(fold(text))
        if status in ("won", "lost"):
            before, current[index] = current[index], context.status_stage(status)
            if before is not None and before != current[index]:
                entries.add(index, before, since[index])
            since[index] = None
        elif text and not status:
            raise InvalidCell(f"has the status {quoted(text)}, which says neither open, won nor lost")
        elif current[index] is None:
            raise MissingCell(f"has no {batch.header('stage')}")
    columns["since"] = since
    return current


def _add_dated_entries(context: ImportContext, batch: RowBatch, current: Values, entries: _StageEntries) -> None:
    """Adds entries from columns with the date a stage was entered, or was left if the entry date is unknown."""
    moments_by_stage = {}
    for word in batch.cells:
        kind, _, stage = word.partition(":")
        if kind in ("entered", "exited"):
            moments_by_stage[kind, stage] = context.cells.moments(batch.column(word), batch.header(word))
    for (kind, stage), moments in moments_by_stage.items():
        entered = moments_by_stage.get(("entered", stage)) or [None] * len(batch)
        id = context.stages.id(stage)
        for index, at in enumerate(moments):
            if at is not None and kind == "entered":
                entries.add(index, id, at, elsewhere=id != current[index])
            elif at is not None and entered[index] is None:
                entries.add(index, id, None)


def _observe_flags(context: ImportContext, batch: RowBatch, stages: Values) -> None:
    words = ("probability", "forecast", "closed", "won")
    if not batch.has(*words):
        return
    for stage, (probability, forecast, closed, won) in zip(stages, batch.columns(*words), strict=True):
        if isinstance(stage, int):
            if probability or forecast:
                context.stages.observe([(stage, probability, forecast)])
            context.stages.observe_flags(stage, parse_flag(closed), parse_flag(won))


def _entered_stages(context: ImportContext, batch: RowBatch) -> list[int]:
    """Returns the stage that each change enters; a change of status enters the stage that stands for it."""
    texts = batch.column("stage")
    if "" in texts:
        raise MissingCell(f"has no {batch.header('stage')}")
    if not batch.has("changed"):
        return context.stages.ids(texts)
    of_status = {fold(name) for name in batch.export_file.table.status_changes}
    return [_status_stage(context, text) if fold(changed) in of_status else context.stages.id(text)
            for changed, text in batch.columns("changed", "stage")]  # fmt: skip


def _status_stage(context: ImportContext, text: str) -> int:
    status = context.statuses.get(fold(text))
    if not status:
        raise InvalidCell(f"has the status {quoted(text)}, which says neither open, won nor lost")
    context.reopened |= status == "open"
    return REOPENED if status == "open" else context.status_stage(status)


def _field_values(context: ImportContext, batch: RowBatch, keys: Values) -> StagedRows:
    """Returns the values of further columns, which are kept as fields."""
    staged: StagedRows = []
    for name in batch.export_file.table.fields:
        values = context.cells.words(batch.column(f"fields:{name}"))
        filled = [value is not None for value in values]
        if any(filled):
            filled_batch = batch.select(filled)
            columns: Columns = {"deal": list(compress(keys, filled)), "value": list(compress(values, filled))}
            staged.append(("value", filled_batch.with_origin(columns | {"name": [name] * len(filled_batch)})))
    return staged
