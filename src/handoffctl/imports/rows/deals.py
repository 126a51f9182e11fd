"""Rows about deals: one for each deal as it is now, or one for each change of a deal's stage."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import compress

from handoffctl.core.names import folded
from handoffctl.imports.cells.parsers import Lacking, Unfit, needed, quoted
from handoffctl.imports.rows.batch import Chunk, Laid, Made, Values
from handoffctl.imports.rows.context import Lexicon
from handoffctl.imports.rows.stages import flag

_ENTRY = ("deal", "stage", "at", "elsewhere", "row", "number")
REOPENED = -1  # stands for "the stage it was in before it was closed"


def deals(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """A row for each deal. Raises Unfit, NotAName or Unreadable where one cannot be taken."""
    cells = lexicon.cells
    made = lexicon.who(chunk) | lexicon.owner(chunk)
    made |= {f"contact_{word}": values for word, values in lexicon.person(chunk).items()}
    if chunk.has("contact_id"):
        made["contact_key"] = cells.keys(chunk.column("contact_id"))
    if chunk.has("name"):
        made["name"] = cells.names(chunk.column("name"))
    made["key"] = _keys(lexicon, chunk, made)
    if chunk.has("close"):
        made["close"] = cells.days(chunk.column("close"), chunk.said("close"))
    for word in ("since", "closed_at"):
        if chunk.has(word):
            made[word] = cells.moments(chunk.column(word), chunk.said(word))
    if chunk.has("source"):
        made["source"] = cells.names(chunk.column("source"))
    made |= lexicon.amount(chunk)
    entries = _Entries(chunk, made["key"])
    made["stage"] = _present(lexicon, chunk, made, entries)
    _by_columns(lexicon, chunk, made["stage"], entries)
    _see_flags(lexicon, chunk, made["stage"])
    return [("deal", chunk.placed(made)), *entries.laid(), *_fields(lexicon, chunk, made["key"])]


def changes(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """A row for each entry into a stage. Raises Unfit, NotAName or Unreadable where one cannot be taken."""
    made: Made = {"deal": lexicon.keys(chunk, "deal"), "stage": _entered(lexicon, chunk)}
    made["at"] = lexicon.cells.moments(chunk.column("at"), chunk.said("at"))
    needed(made["at"], chunk.said("at"))
    if chunk.has("stage_before"):
        made["before"] = [lexicon.stages.id(text) if text else None for text in chunk.column("stage_before")]
    made |= lexicon.who(chunk) | lexicon.owner(chunk) | lexicon.amount(chunk)
    if chunk.has("name"):
        made["name"] = lexicon.cells.names(chunk.column("name"))
    if chunk.has("probability", "forecast"):
        rows = zip(made["stage"], chunk.column("probability"), chunk.column("forecast"), strict=True)
        lexicon.stages.see((stage, *words) for stage, *words in rows if isinstance(stage, int))  # type: ignore[misc]
    return [("entry", chunk.placed(made)), *_fields(lexicon, chunk, made["deal"])]


@dataclass
class _Entries:
    """Entries into stages that rows about deals tell of."""

    chunk: Chunk
    keys: Values
    columns: Made = field(default_factory=lambda: {name: [] for name in _ENTRY})
    told: Counter[int] = field(default_factory=Counter)  # how many entries each row has told of so far

    def add(self, place: int, stage: int, at: object, elsewhere: bool = False) -> None:
        row = (self.keys[place], stage, at, int(elsewhere), self.chunk.rows[place], self.told[place])
        self.told[place] += 1
        for values, value in zip(self.columns.values(), row, strict=True):
            values.append(value)  # type: ignore[attr-defined]

    def laid(self) -> Laid:
        count = len(self.columns["deal"])
        return [("entry", {**self.columns, "file": [self.chunk.part.number] * count})] if count else []


def _keys(lexicon: Lexicon, chunk: Chunk, made: Made) -> Values:
    """What identifies each deal: its id, else its name at its account."""
    if chunk.has("deal"):
        return lexicon.keys(chunk, "deal")
    needed(made["name"], chunk.said("name"))
    accounts = made.get("account") or made.get("domain") or [None] * len(chunk)
    return [f"{folded(str(account or ''))}/{folded(str(name))}"
            for account, name in zip(accounts, made["name"], strict=True)]  # fmt: skip


def _present(lexicon: Lexicon, chunk: Chunk, made: Made, entries: _Entries) -> list[int | None]:
    """The stage each deal is in. One that is closed by its status was in the stage that stands there before."""
    texts = chunk.column("stage")
    if "status" not in chunk.cells:
        if chunk.has("stage") and "" in texts:
            raise Lacking(f"has no {chunk.said('stage')}")
        return [lexicon.stages.id(text) if text else None for text in texts]
    now: list[int | None] = [lexicon.stages.id(text) if text else None for text in texts]
    since = list(made.get("since") or [None] * len(chunk))
    for place, text in enumerate(chunk.column("status")):
        status = lexicon.statuses.get(folded(text))
        if status in ("won", "lost"):
            before, now[place] = now[place], lexicon.status_stage(status)
            if before is not None and before != now[place]:
                entries.add(place, before, since[place])
            since[place] = None
        elif text and not status:
            raise Unfit(f"has the status {quoted(text)}, which says neither open, won nor lost")
        elif now[place] is None:
            raise Lacking(f"has no {chunk.said('stage')}")
    made["since"] = since
    return now


def _by_columns(lexicon: Lexicon, chunk: Chunk, now: Values, entries: _Entries) -> None:
    """Columns that say when a stage was entered; or when it was left, where its beginning is not known."""
    read = {}
    for word in chunk.cells:
        kind, _, stage = word.partition(":")
        if kind in ("entered", "exited"):
            read[kind, stage] = lexicon.cells.moments(chunk.column(word), chunk.said(word))
    for (kind, stage), moments in read.items():
        begun = read.get(("entered", stage)) or [None] * len(chunk)
        id = lexicon.stages.id(stage)
        for place, at in enumerate(moments):
            if at is not None and kind == "entered":
                entries.add(place, id, at, elsewhere=id != now[place])
            elif at is not None and begun[place] is None:
                entries.add(place, id, None)


def _see_flags(lexicon: Lexicon, chunk: Chunk, stages: Values) -> None:
    words = ("probability", "forecast", "closed", "won")
    if not chunk.has(*words):
        return
    for stage, (probability, forecast, closed, won) in zip(stages, chunk.columns(*words), strict=True):
        if isinstance(stage, int):
            if probability or forecast:
                lexicon.stages.see([(stage, probability, forecast)])
            lexicon.stages.see_flags(stage, flag(closed), flag(won))


def _entered(lexicon: Lexicon, chunk: Chunk) -> list[int]:
    """The stage that each change enters; a change of the status enters the stage that stands for it."""
    texts = chunk.column("stage")
    if "" in texts:
        raise Lacking(f"has no {chunk.said('stage')}")
    if not chunk.has("changed"):
        return lexicon.stages.each(texts)
    of_status = {folded(name) for name in chunk.part.table.status_changes}
    return [_of_status(lexicon, text) if folded(changed) in of_status else lexicon.stages.id(text)
            for changed, text in chunk.columns("changed", "stage")]  # fmt: skip


def _of_status(lexicon: Lexicon, text: str) -> int:
    status = lexicon.statuses.get(folded(text))
    if not status:
        raise Unfit(f"has the status {quoted(text)}, which says neither open, won nor lost")
    lexicon.reopened |= status == "open"
    return REOPENED if status == "open" else lexicon.status_stage(status)


def _fields(lexicon: Lexicon, chunk: Chunk, keys: Values) -> Laid:
    """Further columns, kept as fields."""
    made: Laid = []
    for name in chunk.part.table.fields:
        values = lexicon.cells.words(chunk.column(f"fields:{name}"))
        known = [value is not None for value in values]
        if any(known):
            rows = chunk.only(known)
            columns: Made = {"deal": list(compress(keys, known)), "value": list(compress(values, known))}
            made.append(("value", rows.placed(columns | {"name": [name] * len(rows)})))
    return made
