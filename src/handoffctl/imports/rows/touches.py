"""Rows about activities: what each was in our words, its kind, direction and outcome, and whether it has happened."""

from collections.abc import Sequence

from handoffctl.core.moments import Moment, is_date, seconds
from handoffctl.core.names import folded
from handoffctl.imports.cells.parsers import LONGEST_TEXT, Unfit
from handoffctl.imports.rows.batch import Chunk, Laid, Made
from handoffctl.imports.rows.context import Lexicon, by_word
from handoffctl.imports.rows.stages import flag

_KINDS = ("call", "email", "meeting", "message", "note")


def touches(lexicon: Lexicon, chunk: Chunk) -> Laid:
    """A row for each activity that has happened. Raises Unfit or Unreadable where one cannot be taken."""
    made = lexicon.who(chunk)
    for word, name in (("touch", "key"), ("deal", "deal"), ("contact_id", "contact_key")):
        if chunk.has(word):
            made[name] = lexicon.cells.keys(chunk.column(word))
    if chunk.has("contact.email"):
        made["email"] = [text.casefold() or None for text in chunk.column("contact.email")]
    moments = lexicon.cells.moments(chunk.column("at"), chunk.said("at"))
    _happened(moments, chunk.column("done"), lexicon.now)
    return [("touch", chunk.placed({**made, "at": moments, **_in_our_words(lexicon, chunk)}))]


def _happened(moments: Sequence[float | str | None], done: Sequence[str], now: Moment) -> None:
    today = now[:10]
    moment = seconds(f"{now}T23:59:59Z") if is_date(now) else seconds(now)
    for at, said in zip(moments, done, strict=True):
        if flag(said) is False:
            raise Unfit("is an activity that is planned but not done")
        if at is None:
            raise Unfit("has no date")
        if at > today if isinstance(at, str) else at > moment:
            raise Unfit("lies in the future")


def _in_our_words(lexicon: Lexicon, chunk: Chunk) -> Made:
    """Kind, direction, outcome and text. What is of no known kind is a note that says what the export calls it."""
    rules, always = lexicon.rules, chunk.part.table.kind_is
    kinds = {kind: kind for kind in _KINDS} | by_word(rules.touch_kinds)
    directions = {"in": "in", "out": "out"} | by_word(rules.directions)
    outcomes = by_word(rules.outcomes)
    texts = [text if always or not kind or folded(kind) in kinds else f"{kind}: {text}".rstrip(": ")
             for kind, text in chunk.columns("kind", "text")]  # fmt: skip
    return {
        "kind": [kinds.get(folded(kind), always or "note") for kind in chunk.column("kind")],
        "direction": [directions.get(folded(word), "out") for word in chunk.column("direction")],
        "outcome": [outcomes.get(folded(word), "") for word in chunk.column("outcome")],
        "text": [" ".join(text.split())[:LONGEST_TEXT] for text in texts],
    }
