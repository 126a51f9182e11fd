"""`field` with comparisons: the value of a field equals, is at least, is before ..."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date
from typing import Annotated, Any

from handoffctl.core.field_values import ORDERED, BadValue, Comparable, FieldSpec, parse_value, to_comparable
from handoffctl.core.moments import Clock
from handoffctl.core.yaml.types import Key, Text
from handoffctl.playbook.criteria.base import (
    FIELD,
    Check,
    Criterion,
    DealState,
    PlaybookParts,
    Reference,
    Truth,
    label_within,
)
from handoffctl.playbook.criteria.fixes import set_field
from handoffctl.playbook.fix import Fix

ANY_DAY = Clock("2026-01-01T12:00:00Z", UTC)  # on which to read `+30d`; only whether it can be read matters
CONTRADICTION = "these comparisons contradict each other; no value can meet them all"

Limits = dict[str, list[Comparable]]  # by the name of the comparison, what the value is compared with

# By the name of the comparison: how the value stands to its limits. All but `one_of` have a single one.
_HOLDS: dict[str, Callable[[Any, list[Any]], bool]] = {
    "equals": lambda value, limits: value == limits[0],
    "one_of": lambda value, limits: value in limits,
    "at_least": lambda value, limits: value >= limits[0],
    "at_most": lambda value, limits: value <= limits[0],
    "before": lambda value, limits: value < limits[0],
    "after": lambda value, limits: value > limits[0],
}
_IN_WORDS = {
    "equals": "is", "at_least": "is at least", "at_most": "is at most", "before": "is before", "after": "is after",
}  # fmt: skip


class Comparison(Criterion):
    """The value of a field, compared."""

    field: Text = Key(description="The field whose value is compared, by one or more of the six keys that follow.")
    equals: Text | None = Key(None, written="is", description="The value is this one.")
    one_of: Annotated[tuple[Text, ...], Key(min_length=1)] | None = Key(None, description="The value is one of these.")
    at_least: Text | None = Key(None, description="The number or amount is so large or larger.")
    at_most: Text | None = Key(None, description="The number or amount is so large or smaller.")
    before: Text | None = Key(None, description="The date is before this one: `2026-03-01`, `today`, `+14d`.")
    after: Text | None = Key(None, description="The date is after this one.")

    def comparisons(self) -> dict[str, tuple[str, ...]]:
        """Returns its comparisons by name, each with the texts to compare with."""
        texts = {name: getattr(self, name) for name in _HOLDS}
        return {name: (text,) if isinstance(text, str) else text for name, text in texts.items() if text is not None}

    def holds(self, deal: DealState) -> Truth:
        value = deal.facts.values.get(self.field)
        field = deal.playbook.field(self.field)
        if value is None or field is None:
            return None
        try:
            comparable = to_comparable(field, value)
        except ValueError:  # written when the field had another type
            return None
        try:
            return all(
                comparable is not None and _HOLDS[name](comparable, [_limit(text, field, deal.clock) for text in texts])
                for name, texts in self.comparisons().items()
            )
        except (BadValue, TypeError):  # the playbook's check refuses such a limit; a kept revision may still hold one
            return False

    def fix(self, deal: DealState) -> Fix:
        return set_field(self.field, deal, self.equals or "|".join(self.one_of or ()))

    def fix_if_negated(self, deal: DealState) -> Fix:
        return set_field(self.field, deal)

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        yield self.field

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        texts = {name: getattr(self, name) for name in _IN_WORDS}
        comparisons = [f"{_IN_WORDS[name]} {text}" for name, text in texts.items() if text is not None]
        if self.one_of:
            several = f"is one of: {', '.join(self.one_of)}"
            comparisons.append(several if len(self.one_of) > 1 else f"is {self.one_of[0]}")
        return f"{label_within(self.field, playbook)} {' and '.join(comparisons)}"

    def names(self) -> Iterable[Reference]:
        return (Reference(FIELD, self.field, "field"),)

    def incomplete(self) -> str:
        return "" if self.comparisons() else "needs a comparison: is, one_of, at_least, at_most, before or after"

    def unsatisfiable(self, check: Check) -> Iterator[tuple[str, str]]:
        field = check.playbook.field(self.field)
        if field is None:
            return
        limits: Limits = {}
        for name, texts in self.comparisons().items():
            problem = _without_order(name, field) or _unreadable(texts, field, limits.setdefault(name, []))
            if problem:
                yield {"equals": "is"}.get(name, name), problem
                return
        if (field.type != "date" or self._same_kind_of_day()) and not _any_value(limits, field):
            yield "", CONTRADICTION

    def can_be_undone(self, check: Check, depth: int = 0) -> bool:
        return True

    def _same_kind_of_day(self) -> bool:
        """False if a fixed day is compared with a moving one (`+30d`), whose order changes with time."""
        fixed = [text[:4].isdigit() for texts in self.comparisons().values() for text in texts]
        return all(fixed) or not any(fixed)


def _limit(text: str, field: FieldSpec, clock: Clock) -> Comparable | None:
    return to_comparable(field, parse_value(field, text, clock))


def _without_order(name: str, field: FieldSpec) -> str:
    if name in ("before", "after") and field.type != "date":
        return f'"{name}" compares dates, and this field is of type {field.type}'
    if name in ("at_least", "at_most") and field.type not in ORDERED:
        return f'"{name}" compares {", ".join(ORDERED)}, and this field is of type {field.type}'
    return ""


def _unreadable(texts: tuple[str, ...], field: FieldSpec, into: list[Comparable]) -> str:
    """Reads the limits into a list; returns the sentence for the first that cannot be read."""
    for text in texts:
        try:
            value = _limit(text, field, ANY_DAY)
        except BadValue as fault:
            return f"{str(fault).rstrip('.')}, so no value can meet it"
        if value is not None:
            into.append(value)
    return ""


def _any_value(limits: Limits, field: FieldSpec) -> bool:
    """True if some value meets all the comparisons."""
    fixed_values = [set(limits[name]) for name in ("equals", "one_of") if name in limits]
    low = [_scaled(value, field) for value in limits.get("at_least", [])]
    low += [_scaled(value, field) + 1 for value in limits.get("after", [])]
    high = [_scaled(value, field) for value in limits.get("at_most", [])]
    high += [_scaled(value, field) - 1 for value in limits.get("before", [])]
    if not fixed_values:
        return not (low and high) or max(low) <= min(high)
    common = set.intersection(*fixed_values)
    if not low and not high:
        return bool(common)
    return any(all(_scaled(v, field) >= at for at in low) and all(_scaled(v, field) <= at for at in high)
               for v in common)  # fmt: skip


def _scaled(value: Comparable, field: FieldSpec) -> float:
    """Returns the value as a number; dates as days."""
    return date.fromisoformat(str(value)).toordinal() if field.type == "date" else float(value)
