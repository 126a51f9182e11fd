"""The stages of an export: one name for each, their kinds and their order, each inferred with its reason said."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from handoffctl.core.names import cleaned, folded
from handoffctl.imports.cells.amounts import percent as percent_of
from handoffctl.playbook.model import Kind

_TRUE = {"true", "1", "yes", "t", "y", "-1", "done", "completed", "complete", "finished", "ja", "oui", "sí", "sim",
         "да"}  # fmt: skip
_FALSE = {"false", "0", "no", "f", "n", "undone", "to do", "todo", "not started", "in progress", "waiting", "planned",
          "deferred", "not done", "not completed", "nein", "non", "não", "нет"}  # fmt: skip
_NAMED: dict[str, Kind] = {
    "closed won": "won", "won": "won", "closedwon": "won", "closed lost": "lost", "lost": "lost", "closedlost": "lost",
}  # fmt: skip
CLOSING = ("won", "lost")
_KINDS: tuple[Kind, ...] = ("open", "nurture", "won", "lost")


def flag(text: str) -> bool | None:
    """A true or false of the export; None when blank or neither."""
    word = text.casefold()
    return True if word in _TRUE else False if word in _FALSE else None


@dataclass(frozen=True, slots=True)
class FoundStage:
    """A stage as the export shows it. `id` counts the stages in the order in which they were met."""

    id: int
    name: str
    kind: Kind
    why: str = ""  # a sentence, where the kind was inferred


@dataclass(frozen=True, slots=True)
class Entered:
    """What the deals of the export did in a stage: how often it was entered, at which place of their way on average,
    and how many deals left it again."""

    times: int
    place: float
    left: int


class _Met(dict[str, int]):
    """Looks up at the speed of a dictionary what a million rows repeat, and finds out only what is new."""

    def __init__(self, find_out: Callable[[str], int]) -> None:
        self._find_out = find_out

    def __missing__(self, written: str) -> int:
        id = self[written] = self._find_out(written)
        return id


class StagesSeen:
    """What the rows of an export show of its stages. Names that differ only in case or spaces are one stage."""

    def __init__(self, same: Mapping[str, str], kinds: Mapping[str, Kind], order: Sequence[str]) -> None:
        self.names: list[str] = []
        self._ids: dict[str, int] = {}
        self._known = _Met(self._met)
        self._called: dict[str, str] = {}
        self._asked = list(dict.fromkeys((*order, *kinds)))
        self._same = {folded(spelling): name for spelling, name in same.items()}
        self._given = {folded(stage): kind for stage, kind in kinds.items()}
        self._order = {folded(stage): place for place, stage in enumerate(order)}
        self._flags: defaultdict[int, Counter[Kind]] = defaultdict(Counter)
        self._rows: Counter[tuple[int, str, str]] = Counter()
        self._by_stage: dict[int, list[tuple[str, str, int]]] = {}

    def id(self, written: str) -> int:
        """The number of a stage, however this row spells it. Raises NotAName."""
        return self._known[written]

    def each(self, written: Iterable[str]) -> list[int]:
        """The numbers of the stages of a column."""
        return list(map(self._known.__getitem__, written))

    def _met(self, written: str) -> int:
        called = self._called.get(folded(written), written)
        plain = "".join(c if c.isprintable() else " " for c in called)  # what no screen shows tells no stages apart
        name = cleaned(self._same.get(folded(called), plain), "stage")
        id = self._ids.setdefault(folded(name), len(self.names))
        if id == len(self.names):
            self.names.append(name)
        return id

    def call(self, code: str, name: str, place: str, kind: Kind | None) -> None:
        """Takes in a list of stages: deals name one by its code, people by its name."""
        self._called[folded(code)] = name
        if kind:
            self._given.setdefault(folded(name), kind)
        if place.isascii() and place.isdigit() and len(place) < 10:
            self._order.setdefault(folded(name), int(place))

    def see(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Takes in stage, probability and forecast category of rows."""
        self._rows.update(rows)

    def see_flags(self, stage: int, closed: bool | None, won: bool | None) -> None:
        """Takes in what a deal that is now in this stage says of it: whether it is closed, and won."""
        if won:
            self._flags[stage]["won"] += 1
        elif closed is False:
            self._flags[stage]["open"] += 1
        elif closed and won is False:
            self._flags[stage]["lost"] += 1

    def kinds(self) -> list[FoundStage]:
        """Every stage met, with its kind. To be asked once everything was seen."""
        for (stage, probability, forecast), rows in self._rows.items():
            self._by_stage.setdefault(stage, []).append((probability, forecast, rows))
        return [FoundStage(id, name, *self._kind(id, name)) for id, name in enumerate(self.names)]

    def in_order(self, found: Iterable[FoundStage], entered: Mapping[int, Entered]) -> tuple[FoundStage, ...]:
        """The stages that deals were in: open ones by the order given, else by probability, then won, then lost.

        Stages that neither tells apart are ordered by where deals had them, then the more often entered one first,
        for deals drop out on their way.
        """

        def rank(stage: FoundStage) -> tuple[float, ...]:
            given = self._order.get(folded(stage.name), inf)
            probability = self._probability(stage.id)
            seen = entered[stage.id]
            percent = 101.0 if probability is None else probability
            return _KINDS.index(stage.kind), given, percent, seen.place, -seen.times, stage.id

        return tuple(sorted((stage for stage in found if stage.id in entered), key=rank))

    def order_is_guessed(self, stages: Iterable[FoundStage]) -> bool:
        """Whether neither the map nor probabilities tell all open stages apart."""
        places = [self._order.get(folded(stage.name), self._probability(stage.id)) for stage in stages
                  if stage.kind == "open"]  # fmt: skip
        return len(places) > 1 and (None in places or len(set(places)) < len(places))

    def unknown(self) -> list[str]:
        """Stages that the map gives a kind or a place, but no row is in."""
        met = {folded(name) for name in self.names}
        return [name for name in self._asked if folded(name) not in met]

    def _probability(self, stage: int) -> float | None:
        counts: Counter[float] = Counter()
        for probability, _, rows in self._by_stage.get(stage, []):
            percent = percent_of(probability)
            if percent is not None:
                counts[percent] += rows
        return min(counts, key=lambda percent: (-counts[percent], percent)) if counts else None

    def _forecast(self, stage: int) -> str:
        counts: Counter[str] = Counter()
        for _, forecast, rows in self._by_stage.get(stage, []):
            if forecast:
                counts[folded(forecast)] += rows
        return max(counts, key=lambda forecast: counts[forecast], default="")

    def _kind(self, stage: int, name: str) -> tuple[Kind, str]:
        """The kind, and a sentence when neither the map nor the flags of the deals in that stage say it plainly."""
        given, flags = self._given.get(folded(name)), self._flags[stage]
        if given:
            return given, ""
        if flags:
            kind = max(flags, key=lambda one: flags[one])
            others = flags.total() - flags[kind]
            return kind, f'Stage "{name}" is {kind} for most deals in it, but not for {others}.' if others else ""
        kind, why = self._inferred(stage, name)
        return kind, f'Stage "{name}" is taken as {kind}: {why}.' if kind != "open" else ""

    def _inferred(self, stage: int, name: str) -> tuple[Kind, str]:
        forecast, percent = self._forecast(stage), self._probability(stage)
        if forecast in ("closed", "omitted") and percent in (0, 100):
            why = f"its forecast category is {forecast}, its probability {percent:g} %"
            return ("won" if percent == 100 else "lost"), why
        if percent in (0, 100) and not forecast:
            return ("won" if percent == 100 else "lost"), f"its probability is {percent:g} %"
        if forecast or percent is not None or any(self._flags.values()):
            return "open", ""
        return _NAMED.get(folded(name), "open"), "so its name says"


def left_again(stage: FoundStage, deals: int) -> str:
    """The sentence on a closing stage that deals left again."""
    which = "1 deal" if deals == 1 else f"{deals:,} deals"
    return f'Stage "{stage.name}" is {stage.kind}, and {which} left it again.'
