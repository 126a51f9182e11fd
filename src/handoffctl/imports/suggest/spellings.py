"""Finds spellings that probably mean the same because they differ in spaces, capitals and punctuation only."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handoffctl.core.names import clean_name, fold
from handoffctl.imports.suggest.column_profile import LONGEST_STAGE, ColumnProfile, is_name

MOST_SAME = 40
LEAST_LETTERS = 4  # shorter values have too few letters to tell them apart
_SEPARATORS = re.compile(r"[\s\-_.,'’/]+")


class UsualSpelling(NamedTuple):
    """The usual spelling of an unusual one; `is_sure` if they certainly mean the same."""

    text: str
    is_sure: bool


def find_spellings(
    fields: Sequence[ColumnProfile], people: Sequence[ColumnProfile], stage: ColumnProfile | None
) -> dict[str, UsualSpelling]:
    """Returns the usual spelling of each unusual one.

    Spellings that differ in capitals only are reported for fields alone, because names ignore case anyway.
    """
    usual_by_spelling: dict[str, UsualSpelling] = {}
    for columns, capitals in ((fields, True), ([*people, *([stage] if stage else [])], False)):
        for column in columns:
            for usual, other, sure in _likely_pairs(column, capitals):
                if (
                    fold(other) not in map(fold, usual_by_spelling)
                    and usual not in usual_by_spelling
                    and len(usual_by_spelling) < MOST_SAME
                ):
                    usual_by_spelling[other] = UsualSpelling(usual, sure)
    return usual_by_spelling


def _likely_pairs(column: ColumnProfile, capitals: bool) -> Iterable[tuple[str, str, bool]]:
    groups: dict[str, Counter[str]] = {}
    for value, count in column.counts.items():
        key = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value).casefold())
        if len(value) <= LONGEST_STAGE and is_name(value) and sum(c.isalpha() for c in key) >= LEAST_LETTERS:
            groups.setdefault(key, Counter())[clean_name(value)] += count
    for group in groups.values():
        usual, *others = sorted(group, key=lambda value: (-group[value], " " not in value, value))
        folded_seen = {fold(usual)}
        for other in others:
            if fold(other) not in folded_seen or (capitals and fold(other) == fold(usual) and len(folded_seen) == 1):
                yield usual, other, re.findall(r"\d+", usual) == re.findall(r"\d+", other)
                folded_seen.add(fold(other))
