"""How well a column's name fits a word of a map."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from handoffctl.imports.mapping.model import Map, Person, Rows, Table
from handoffctl.imports.suggest.column_names import DATED, NAMES, UNLIKE

EXACT, KNOWN, HEAD = 100.0, 90.0, 70.0
LONGEST = 120  # a longer name is a sentence, and is no near miss of anything

_CAMEL = re.compile(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])")
_WORD = re.compile(r"[^\W_]+")
_OF = {"de", "del", "du", "da", "do", "di", "der", "des", "von", "of", "la", "le"}
# Behind a name these only say in which unit or form it is.
_UNITS = {
    "usd",
    "eur",
    "gbp",
    "chf",
    "cad",
    "aud",
    "rub",
    "inr",
    "brl",
    "us",
    "euro",
    "euros",
    "k",
    "gross",
    "net",
    "netto",
}
# Names so plain that a program's own use of them says nothing of other files.
_PLAIN = {"value", "name", "title", "id", "type", "status", "state", "from", "to", "host", "owner id", "label",
          "amount", "stage", "timestamp", "phone", "email", "position", "deal", "time", "channel", "note",
          "object id", "user name"}  # fmt: skip

Vocabulary = Mapping[tuple[str, str], tuple[str, ...]]


def words_of(header: str) -> tuple[str, ...]:
    """The words of a column's name: `dealStage`, `deal_stage` and `Deal Stage*` are all deal and stage."""
    plain = unicodedata.normalize("NFKC", header[: LONGEST + 1])
    return tuple(_WORD.findall(_CAMEL.sub(" ", plain).casefold()))


def vocabulary(maps: Iterable[Map]) -> Vocabulary:
    """For each kind of row and each word, how the programs with these maps call the column.

    What programs call by one name in several senses is left out, and so are names too plain to tell anything.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for rules in maps:
        for table in rules.tables or (rules,):
            for word, names in _named(table):
                said = found.setdefault((table.rows, word), {})
                said.update(dict.fromkeys(" ".join(words_of(name)) for name in names))
    senses = Counter((rows, name) for (rows, _), names in found.items() for name in names)
    return {
        (rows, word): tuple(name for name in names if name not in _PLAIN and senses[rows, name] == 1)
        for (rows, word), names in found.items()
    }


def _named(table: Table) -> Iterable[tuple[str, tuple[str, ...]]]:
    for word in NAMES:
        if "." not in word and word != "product":
            yield word, getattr(table, word)
    for word in Person.model_fields:
        yield f"contact.{word}", getattr(table.contact, word)


def fit(word: str, header: str, rows: Rows, known: Vocabulary) -> float:
    """From 0, where the column's name says nothing of this word, to 100, where it is the very name."""
    words = words_of(header)
    if not words or len(header) > LONGEST:
        return 0.0
    name, phrases = " ".join(words), _phrases(word)
    if _joined(name) in phrases:
        return EXACT - phrases[_joined(name)] / 10
    if name in known.get((rows, word), ()):
        return KNOWN
    kept = words[:-1] if words[-1] in _UNITS and len(words) > 1 else words
    if len(kept) < len(words) and _joined(" ".join(kept)) in phrases:
        return EXACT - 1 - phrases[_joined(" ".join(kept))] / 10
    return _by_its_head(kept, phrases, frozenset(UNLIKE.get(word, "").split()))


def _by_its_head(words: tuple[str, ...], phrases: Mapping[str, int], unlike: frozenset[str]) -> float:
    """English and German names end with what a column is (`sales agent`), Romance ones begin with it (`etapa del`)."""
    for n in range(1, len(words)):
        rest, head = words[:n], "".join(words[n:])
        if head in phrases and not unlike & set(rest):
            return HEAD - phrases[head] / 10 - n
    for n in range(len(words) - 1, 0, -1):
        head, rest = "".join(words[:n]), words[n:]
        if head in phrases and rest[0] in _OF and not unlike & set(rest):
            return HEAD - phrases[head] / 10 - len(rest)
    return 0.0


@cache
def _phrases(word: str) -> Mapping[str, int]:
    """The names of a word without their spaces, each with its place in the list."""
    listed = (NAMES.get(word) or DATED[word]).split(",")
    return {_joined(phrase): place for place, phrase in reversed(list(enumerate(listed)))}


def _joined(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")
