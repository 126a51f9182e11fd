"""Spellings that are likely to mean the same: they differ in spaces, capitals and punctuation only."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from handoffctl.core.names import cleaned, folded
from handoffctl.imports.suggest.column_profile import LONGEST_STAGE, Seen, is_name

MOST_SAME = 40
LEAST_LETTERS = 4  # of a shorter value little is left that could tell it apart
_BETWEEN = re.compile(r"[\s\-_.,'’/]+")


def spellings(fields: Sequence[Seen], people: Sequence[Seen], stage: Seen | None) -> dict[str, tuple[str, bool]]:
    """For a spelling the usual one, and whether they are plainly the same. Capitals alone matter in fields only."""
    found: dict[str, tuple[str, bool]] = {}
    for columns, capitals in ((fields, True), ([*people, *([stage] if stage else [])], False)):
        for column in columns:
            for usual, other, sure in _pairs(column, capitals):
                if folded(other) not in map(folded, found) and usual not in found and len(found) < MOST_SAME:
                    found[other] = usual, sure
    return found


def _pairs(column: Seen, capitals: bool) -> Iterable[tuple[str, str, bool]]:
    groups: dict[str, Counter[str]] = {}
    for value, count in column.counts.items():
        key = _BETWEEN.sub("", unicodedata.normalize("NFKC", value).casefold())
        if len(value) <= LONGEST_STAGE and is_name(value) and sum(c.isalpha() for c in key) >= LEAST_LETTERS:
            groups.setdefault(key, Counter())[cleaned(value)] += count
    for group in groups.values():
        usual, *others = sorted(group, key=lambda value: (-group[value], " " not in value, value))
        seen = {folded(usual)}
        for other in others:
            if folded(other) not in seen or (capitals and folded(other) == folded(usual) and len(seen) == 1):
                yield usual, other, re.findall(r"\d+", usual) == re.findall(r"\d+", other)
                seen.add(folded(other))
