"""The interface of every kind of criterion, and the state it is checked against. Each kind has a module of its own.

`Condition` is the root: anything a disposition may wait for. `Criterion` may be used anywhere in a playbook.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self, cast

from handoffctl.core.field_values import FieldSpec
from handoffctl.core.moments import Clock
from handoffctl.core.yaml.types import JsonValue, Key, KeyInfo, StrictModel, Text
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.fix import Fix

Truth = bool | None
Path = tuple[str | int, ...]

ITEM, FIELD, ROLE = "field or criterion", "field", "role"  # what a criterion can refer to
DEEPEST = 50  # criteria may refer to each other so deep


class SignalRule(Protocol):
    """A buying signal, which gives its points while all of `when` holds."""

    @property
    def label(self) -> str: ...
    @property
    def points(self) -> int: ...
    @property
    def only_one_of(self) -> str: ...
    @property
    def fades(self) -> float | None: ...
    @property
    def when(self) -> tuple["Criterion", ...]: ...


class PlaybookField(FieldSpec, Protocol):
    """A field of a playbook: how its values are parsed, and the head of the summary that it feeds, if any."""

    @property
    def head(self) -> str: ...
    @property
    def client_facing(self) -> bool: ...


class PlaybookParts(Protocol):
    """The parts of a playbook that a criterion needs."""

    @property
    def criteria(self) -> Mapping[str, "Criterion"]: ...
    @property
    def conditions(self) -> Mapping[str, "Condition"]: ...
    @property
    def signals(self) -> Mapping[str, SignalRule]: ...
    def field(self, name: str) -> PlaybookField | None: ...
    def label_of(self, name: str) -> str: ...


@dataclass(frozen=True)
class DealState:
    """The state a criterion is checked against: facts of one deal, the rules of its playbook, and the time."""

    playbook: PlaybookParts
    facts: Facts
    clock: Clock


class Reference(NamedTuple):
    """A name a criterion refers to: its type (ITEM, FIELD or ROLE) and the key it is under."""

    what: str
    name: str
    key: str


class SignalState(NamedTuple):
    """A buying signal of a deal: its points now, whether it holds, and the unknown fields that would decide it."""

    name: str
    label: str
    points: int
    holds: bool
    unknown: tuple[str, ...]


class Condition(StrictModel, ABC):
    """Something that must be true. Each subclass is one kind: its keys as attributes, and its behaviour.

    Of its own keys the first identifies the kind. Where a playbook says Criterion or Condition, the keys of every kind
    may be written, and those that are there decide on the kind.
    """

    label: Text = Key("", description="What people call it; else its name in words.")
    why: Text = Key("", description="What it is needed for; shown wherever it is not met.")

    @abstractmethod
    def holds(self, deal: DealState) -> Truth:
        """Returns True, False, or None if what it depends on is unknown.

        `not` of the unknown is unknown, so learning something can never turn a met criterion into a gap.
        """

    @abstractmethod
    def fix(self, deal: DealState) -> Fix:
        """Returns the command that meets it, or its first unmet part."""

    @abstractmethod
    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        """Returns what must be true in words: `budget is at least 5000`. `ancestors` are the criteria it is part of."""

    def fix_if_negated(self, deal: DealState) -> Fix:
        """Returns the command that meets its negation."""
        return self.fix(deal)

    def other_fixes(self, deal: DealState) -> list[Fix]:
        """Returns further commands that would also do, if any of several things is enough."""
        return []

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        """Yields the fields whose answers could meet it, in the order to ask; one may come twice."""
        for _, part in self.parts():
            if not part.holds(deal):
                yield from part.fields_asked(deal)

    def progress(self, deal: DealState) -> str:
        """Returns an addition to its label while unmet: ` (20 of 45 points)`. Empty for most kinds."""
        return ""

    def signals(self, deal: DealState) -> list[SignalState]:
        """Returns the buying signals that would meet it, if they give too few points; empty for most kinds."""
        unmet = (part for _, part in self.parts() if not part.holds(deal))
        return next((states for part in unmet if (states := part.signals(deal))), [])

    def names(self) -> Iterable[Reference]:
        """Returns the names it refers to, without those of its parts."""
        return ()

    def items(self) -> Iterator[str]:
        """Returns the fields and criteria among them that are items of their own."""
        return (reference.name for reference in self.names() if reference.what == ITEM)

    def parts(self) -> Iterable[tuple[Path, "Criterion"]]:
        """Yields the criteria it is made of, each with its keys."""
        return ()

    def with_parts(self, path: Path = ()) -> Iterator[tuple[Path, "Condition"]]:
        """Yields itself and all its parts at any depth, each with its path."""
        yield path, self
        for inner, part in self.parts():
            yield from part.with_parts((*path, *inner))

    def incomplete(self) -> str:
        """Returns what is wrong if its keys make no sense together; empty otherwise."""
        return ""

    def unsatisfiable(self, check: "Check") -> Iterator[tuple[str, str]]:
        """Yields the key and sentence of each reason why no command can ever meet it, parts aside."""
        yield from ()

    def can_be_undone(self, check: "Check", depth: int = 0) -> bool:
        """True if it may stop holding after it has held, so that its negation can be met again."""
        return False

    def describe_as_part(self, playbook: PlaybookParts, ancestors: tuple[str, ...]) -> str:
        """Returns what `describe` does, in brackets if it is a list itself."""
        text = self.describe(playbook, ancestors)
        return f"({text})" if "; " in text else text

    @classmethod
    def written_keys(cls) -> Mapping[str, KeyInfo]:
        """Returns the keys of every kind of criterion or condition; a single kind has its own."""
        return KINDS[cls].keys if cls in KINDS else cls.key_infos()

    @classmethod
    def extends(cls) -> type[StrictModel] | None:
        """Returns Criterion for Condition, which may have every key of it. A kind extends none."""
        return Criterion if cls is Condition else None

    @classmethod
    def read_raw(cls, raw: Any) -> Any:
        """Returns the keys, which a bare name stands for. Raises ValueError for a condition that may not stand here."""
        if isinstance(raw, str):
            return {"known": raw}
        for key in KINDS[cls].elsewhere if isinstance(raw, dict) else ():
            if key in raw:
                raise ValueError(f'"{key}" is a condition of a disposition; it stands by itself in its when or unless')
        return raw

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """Builds the criterion that the keys tell. Raises ValueError if they do not go together."""
        kinds = KINDS[cls].kinds
        present = [kind for kind in kinds if own_names(kind)[0] in values]
        if len(present) != 1:
            keys = ", ".join(main_key(kind) for kind in (present or kinds))
            raise ValueError(f"has {keys}; it can have only one of them" if present else f"needs one of {keys}")
        (chosen,) = present
        _refuse_keys_of_others(chosen, kinds, values)
        criterion = chosen(**values)
        if problem := criterion.incomplete():
            raise ValueError(problem)
        return cast(Self, criterion)

    def as_json(self) -> dict[str, JsonValue]:
        """Returns every key of a criterion; None for those of other kinds."""
        keys: dict[str, JsonValue] = self.as_json_of(Criterion)
        return keys


class Criterion(Condition):
    """A condition that may be used anywhere in a playbook. A bare name is short for `known`."""


Kind = type[Condition]


class Kinds(NamedTuple):
    """The kinds that may stand where a playbook says Criterion or Condition, all their keys, and keys that may not."""

    kinds: tuple[Kind, ...]
    keys: Mapping[str, KeyInfo]
    elsewhere: tuple[str, ...] = ()

    @classmethod
    def of(cls, kinds: Iterable[Kind], elsewhere: Iterable[Kind] = ()) -> "Kinds":
        kinds = tuple(kinds)
        own = {name: kind.key_infos()[name].optional() for kind in kinds for name in own_names(kind)}
        keys = {**Condition.key_infos(), **own}
        return cls(kinds, keys, tuple(main_key(kind) for kind in elsewhere))


KINDS: dict[type, Kinds] = {}  # filled by `registry`, which knows all kinds


def own_names(kind: Kind) -> list[str]:
    """Returns the attribute names only this kind has. The key of the first identifies it."""
    return [name for name in kind.key_infos() if name not in Condition.key_infos()]


def written_key(kind: Kind, name: str) -> str:
    """Returns the YAML key of an attribute."""
    return kind.key_infos()[name].written


def main_key(kind: Kind) -> str:
    """Returns the key that identifies a kind."""
    return written_key(kind, own_names(kind)[0])


def _refuse_keys_of_others(chosen: Kind, kinds: Iterable[Kind], values: Mapping[str, Any]) -> None:
    for kind in kinds:
        for name in own_names(kind)[1:] if kind is not chosen else ():
            if name in values:
                raise ValueError(f"{written_key(kind, name)} goes with {main_key(kind)} only")


class Check:
    """One search for criteria that can never be met. Remembers what it found about names."""

    def __init__(self, playbook: PlaybookParts) -> None:
        self.playbook = playbook
        self._undoable: dict[str, bool] = {}

    def name_can_be_undone(self, name: str, depth: int) -> bool:
        """True for a criterion that may stop holding; a known field stays known."""
        undoable = self._undoable
        if name not in undoable:
            condition = named_condition(self.playbook, name)
            undoable[name] = condition is not None  # meant for a circle, which is a fault of its own
            if condition is not None and depth < DEEPEST:
                undoable[name] = condition.can_be_undone(self, depth + 1)
        return undoable[name]


def named_condition(playbook: PlaybookParts, name: str) -> Condition | None:
    """Returns the criterion of this name, or the condition, which only dispositions may name; None if there is none."""
    return playbook.criteria.get(name) or playbook.conditions.get(name)


def label_within(name: str, playbook: PlaybookParts) -> str:
    """Returns a label for use within a sentence: `current situation`, but `CRM in use` unchanged."""
    label = playbook.label_of(name)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
