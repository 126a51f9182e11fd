"""Handles the columns that no word of a map is for: those that describe a deal become fields."""

import re
import unicodedata

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.names import next_free_slug
from handoffctl.imports.suggest.column_matching import FEW, group_values
from handoffctl.imports.suggest.column_names import HEAD, name_fit
from handoffctl.imports.suggest.column_profile import ColumnProfile
from handoffctl.imports.suggest.model import MapGuess

MOST_FIELDS = 15
LONGEST_VALUE = 60  # characters; longer text is no value of a field
LONGEST_FIELD = 50

_IDENTITY_WORDS = ("account", "contact.name", "contact.email")


def add_unmapped_columns(guess: MapGuess) -> None:
    """Adds the unmatched columns to the guess: useful ones as fields, the others as unmapped."""
    deal_column = guess.column("deal") if guess.rows == "changes" else None
    has_fields = guess.rows in ("deals", "changes") and not guess.missing and not guess.recognised
    product = _product_column(guess)
    used_indexes = guess.used_indexes
    for column in guess.profile.columns:
        if column.index in used_indexes and column is not product:
            continue
        field = field_name(column.header, set(guess.fields)) if has_fields else ""
        if field and len(guess.fields) < MOST_FIELDS and _is_useful(column, deal_column):
            guess.fields[field] = column
        elif column is not product:
            guess.unmapped.append(column)


def _product_column(guess: MapGuess) -> ColumnProfile | None:
    """Returns the product column if deals are named after it because they have no title: it becomes a field too."""
    name = guess.column("name")
    who = [guess.column(word) for word in _IDENTITY_WORDS]
    return name if name and "name" in guess.remarks and name not in who else None


def _is_useful(column: ColumnProfile, deal_column: ColumnProfile | None) -> bool:
    """True for text in more than a few rows that describes the deal rather than one row of its history."""
    if not column.is_text or column.is_flag or column.is_phone or column.filled_share < 0.1 or len(column.counts) < 2:
        return False
    if any(len(value) > LONGEST_VALUE for value in column.counts) or (
        column.distinct_share > 0.9 and len(column.counts) > FEW
    ):
        return False
    if name_fit("text", column.header, "touches", {}) >= HEAD or _is_mostly_placeholders(column):
        return False
    return deal_column is None or all(
        len(set(group) - {""}) <= 1 for group in group_values(deal_column.cells, column.cells)
    )


def _is_mostly_placeholders(column: ColumnProfile) -> bool:
    """True if most of its cells are placeholders, which fields refuse."""
    return sum(count for value, count in column.counts.items() if is_placeholder(value)) > column.counts.total() / 2


def field_name(header: str, taken: set[str]) -> str:
    """Returns the column's name in the form of field names; "" if it has no letters."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", header).lower())
    name = unicodedata.normalize("NFC", "_".join(words))[:LONGEST_FIELD].strip("_")
    if not any(c.isalpha() for c in name) or not re.fullmatch(r"\w+", name):
        return ""
    return next_free_slug("next_step_said" if name == "next_step" else name, taken).replace("-", "_")
