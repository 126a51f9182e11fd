"""The columns that no word of a map is for: those that say something of a deal become fields."""

import re
import unicodedata

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.names import numbered
from handoffctl.imports.suggest.column_matching import FEW, grouped
from handoffctl.imports.suggest.column_names import HEAD, fit
from handoffctl.imports.suggest.column_profile import Seen
from handoffctl.imports.suggest.model import Guess

MOST_FIELDS = 15
SHORT = 60  # characters; what is longer is a letter, and no field
LONGEST_FIELD = 50

_WHO = ("account", "contact.name", "contact.email")


def leftovers(guess: Guess) -> None:
    """Takes further columns into the guess: words that rows share as fields, the others only by name."""
    history_of = guess.column("deal") if guess.rows == "changes" else None
    has_fields = guess.rows in ("deals", "changes") and not guess.lacks and not guess.recognised
    product = _product(guess)
    used = guess.used
    for column in guess.looked.columns:
        if column.place in used and column is not product:
            continue
        called = field_name(column.header, set(guess.fields)) if has_fields else ""
        if called and len(guess.fields) < MOST_FIELDS and _is_useful(column, history_of):
            guess.fields[called] = column
        elif column is not product:
            guess.left.append(column)


def _product(guess: Guess) -> Seen | None:
    """The product that deals are called after, for want of a title: it is worth a field as well."""
    name = guess.column("name")
    who = [guess.column(word) for word in _WHO]
    return name if name and "name" in guess.said and name not in who else None


def _is_useful(column: Seen, history_of: Seen | None) -> bool:
    """Words, in more than a few rows, that say something of a deal rather than of one row of its history."""
    if not column.is_wordy or column.is_flag or column.is_phone or column.filled < 0.1 or len(column.counts) < 2:
        return False
    if any(len(value) > SHORT for value in column.counts) or (column.varied > 0.9 and len(column.counts) > FEW):
        return False
    if fit("text", column.header, "touches", {}) >= HEAD or _says_little(column):
        return False
    return history_of is None or all(len(set(group) - {""}) <= 1 for group in grouped(history_of.cells, column.cells))


def _says_little(column: Seen) -> bool:
    """Whether most of its cells are what people write instead of an answer; no field takes those."""
    return sum(count for value, count in column.counts.items() if is_placeholder(value)) > column.counts.total() / 2


def field_name(header: str, taken: set[str]) -> str:
    """The column's name as a playbook names fields; nothing where it has no letters."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", header).lower())
    name = unicodedata.normalize("NFC", "_".join(words))[:LONGEST_FIELD].strip("_")
    if not any(c.isalpha() for c in name) or not re.fullmatch(r"\w+", name):
        return ""
    return numbered("next_step_said" if name == "next_step" else name, taken).replace("-", "_")
