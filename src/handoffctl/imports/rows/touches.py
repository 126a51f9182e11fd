"""Reads rows about activities, and translates their kind, direction and outcome to those of touches."""

from collections.abc import Sequence

from handoffctl.core.moments import Moment, is_date, to_epoch
from handoffctl.core.names import fold
from handoffctl.imports.cells.parsers import LONGEST_TEXT, InvalidCell
from handoffctl.imports.rows.batch import Columns, RowBatch, StagedRows
from handoffctl.imports.rows.context import ImportContext, invert_synonyms
from handoffctl.imports.rows.stages import parse_flag

_KINDS = ("call", "email", "meeting", "message", "note")


def read_touches(context: ImportContext, batch: RowBatch) -> StagedRows:
    """Reads a row for each past activity. Raises InvalidCell or CellParseError if one cannot be imported."""
    columns = context.account_columns(batch)
    for word, name in (("touch", "key"), ("deal", "deal"), ("contact_id", "contact_key")):
        if batch.has(word):
            columns[name] = context.cells.ids(batch.column(word))
    if batch.has("contact.email"):
        columns["email"] = [text.casefold() or None for text in batch.column("contact.email")]
    moments = context.cells.moments(batch.column("at"), batch.header("at"))
    _require_past(moments, batch.column("done"), context.now)
    return [("touch", batch.with_origin({**columns, "at": moments, **_translate(context, batch)}))]


def _require_past(moments: Sequence[float | str | None], done: Sequence[str], now: Moment) -> None:
    today = now[:10]
    moment = to_epoch(f"{now}T23:59:59Z") if is_date(now) else to_epoch(now)
    for at, text in zip(moments, done, strict=True):
        if parse_flag(text) is False:
            raise InvalidCell("is an activity that is planned but not done")
        if at is None:
            raise InvalidCell("has no date")
        if at > today if isinstance(at, str) else at > moment:
            raise InvalidCell("lies in the future")


def _translate(context: ImportContext, batch: RowBatch) -> Columns:
    """Returns kind, direction, outcome and text. An unknown kind becomes a note whose text begins with that kind."""
    import_map, always = context.import_map, batch.export_file.table.kind_is
    kinds = {kind: kind for kind in _KINDS} | invert_synonyms(import_map.touch_kinds)
    directions = {"in": "in", "out": "out"} | invert_synonyms(import_map.directions)
    outcomes = invert_synonyms(import_map.outcomes)
    texts = [text if always or not kind or fold(kind) in kinds else f"{kind}: {text}".rstrip(": ")
             for kind, text in batch.columns("kind", "text")]  # fmt: skip
    return {
        "kind": [kinds.get(fold(kind), always or "note") for kind in batch.column("kind")],
        "direction": [directions.get(fold(word), "out") for word in batch.column("direction")],
        "outcome": [outcomes.get(fold(word), "") for word in batch.column("outcome")],
        "text": [" ".join(text.split())[:LONGEST_TEXT] for text in texts],
    }
