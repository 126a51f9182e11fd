"""Collects the stages of an export: their names, kinds and order, each inferred with a reason."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from handoffctl.core.names import clean_name, fold
from handoffctl.imports.cells.amounts import parse_percent
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


def parse_flag(text: str) -> bool | None:
    """Parses a yes or no in the languages of exports; None for blank or anything else."""
    word = text.casefold()
    return True if word in _TRUE else False if word in _FALSE else None


@dataclass(frozen=True, slots=True)
class ExportStage:
    """A stage of the export. `id` counts the stages in the order in which they were met."""

    id: int
    name: str
    kind: Kind
    reason: str = ""  # a sentence, if the kind was inferred


@dataclass(frozen=True, slots=True)
class StageUsage:
    """How the deals of the export used a stage.

    `entries` is how often it was entered, `average_position` the mean index of it on the deals' stage paths (from 0),
    and `exits` how many deals left it again.
    """

    entries: int
    average_position: float
    exits: int


class _IdCache(dict[str, int]):
    """Caches the ids of stage names: a million rows repeat few of them, and a dictionary finds those fastest."""

    def __init__(self, find_out: Callable[[str], int]) -> None:
        self._resolve = find_out

    def __missing__(self, written: str) -> int:
        id = self[written] = self._resolve(written)
        return id


class StageCollector:
    """Collects what the rows of an export show of its stages. Names that differ only in case or spaces are one."""

    def __init__(self, same: Mapping[str, str], kinds: Mapping[str, Kind], order: Sequence[str]) -> None:
        self.names: list[str] = []
        self._ids: dict[str, int] = {}
        self._id_cache = _IdCache(self._new_id)
        self._names_by_code: dict[str, str] = {}
        self._map_stages = list(dict.fromkeys((*order, *kinds)))
        self._same = {fold(spelling): name for spelling, name in same.items()}
        self._given_kinds = {fold(stage): kind for stage, kind in kinds.items()}
        self._order = {fold(stage): position for position, stage in enumerate(order)}
        self._flags: defaultdict[int, Counter[Kind]] = defaultdict(Counter)
        self._rows: Counter[tuple[int, str, str]] = Counter()
        self._by_stage: dict[int, list[tuple[str, str, int]]] = {}

    def id(self, written: str) -> int:
        """Returns the id of a stage, however this row spells it. Raises NotAName."""
        return self._id_cache[written]

    def ids(self, written: Iterable[str]) -> list[int]:
        """Returns the ids of the stages of a column. Raises NotAName."""
        return list(map(self._id_cache.__getitem__, written))

    def _new_id(self, written: str) -> int:
        name_or_code = self._names_by_code.get(fold(written), written)
        printable = "".join(
            c if c.isprintable() else " " for c in name_or_code
        )  # invisible characters tell no stages apart
        name = clean_name(self._same.get(fold(name_or_code), printable), "stage")
        id = self._ids.setdefault(fold(name), len(self.names))
        if id == len(self.names):
            self.names.append(name)
        return id

    def register(self, code: str, name: str, position: str, kind: Kind | None) -> None:
        """Registers a stage from a list of stages, where deals name it by its code and people by its name."""
        self._names_by_code[fold(code)] = name
        if kind:
            self._given_kinds.setdefault(fold(name), kind)
        if position.isascii() and position.isdigit() and len(position) < 10:
            self._order.setdefault(fold(name), int(position))

    def observe(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Counts the stage, probability and forecast category of rows."""
        self._rows.update(rows)

    def observe_flags(self, stage: int, closed: bool | None, won: bool | None) -> None:
        """Counts the flags of a deal that is now in this stage: closed and won; None if not known."""
        if won:
            self._flags[stage]["won"] += 1
        elif closed is False:
            self._flags[stage]["open"] += 1
        elif closed and won is False:
            self._flags[stage]["lost"] += 1

    def kinds(self) -> list[ExportStage]:
        """Returns every stage met, with its kind. Call it once all rows were read."""
        for (stage, probability, forecast), rows in self._rows.items():
            self._by_stage.setdefault(stage, []).append((probability, forecast, rows))
        return [ExportStage(id, name, *self._kind_and_reason(id, name)) for id, name in enumerate(self.names)]

    def in_order(self, stages: Iterable[ExportStage], usage: Mapping[int, StageUsage]) -> tuple[ExportStage, ...]:
        """Returns the stages that deals were in: open ones in the map's order or by probability; then won, then lost.

        Stages that neither tells apart are ordered by their average position, then by the number of entries, largest
        first, because deals drop out on their way.
        """

        def rank(stage: ExportStage) -> tuple[float, ...]:
            position = self._order.get(fold(stage.name), inf)
            probability = self._probability(stage.id)
            stage_usage = usage[stage.id]
            percent = 101.0 if probability is None else probability
            return (
                _KINDS.index(stage.kind),
                position,
                percent,
                stage_usage.average_position,
                -stage_usage.entries,
                stage.id,
            )

        return tuple(sorted((stage for stage in stages if stage.id in usage), key=rank))

    def order_is_guessed(self, stages: Iterable[ExportStage]) -> bool:
        """True if neither the map nor the probabilities tell all open stages apart."""
        positions = [self._order.get(fold(stage.name), self._probability(stage.id)) for stage in stages
                     if stage.kind == "open"]  # fmt: skip
        return len(positions) > 1 and (None in positions or len(set(positions)) < len(positions))

    def unused_map_stages(self) -> list[str]:
        """Returns the stages that the map gives a kind or a place but no row is in."""
        met = {fold(name) for name in self.names}
        return [name for name in self._map_stages if fold(name) not in met]

    def _probability(self, stage: int) -> float | None:
        counts: Counter[float] = Counter()
        for probability, _, rows in self._by_stage.get(stage, []):
            percent = parse_percent(probability)
            if percent is not None:
                counts[percent] += rows
        return min(counts, key=lambda percent: (-counts[percent], percent)) if counts else None

    def _forecast(self, stage: int) -> str:
        counts: Counter[str] = Counter()
        for _, forecast, rows in self._by_stage.get(stage, []):
            if forecast:
                counts[fold(forecast)] += rows
        return max(counts, key=lambda forecast: counts[forecast], default="")

    def _kind_and_reason(self, stage: int, name: str) -> tuple[Kind, str]:
        """Returns the kind, and a sentence if neither the map nor the flags of its deals say it plainly."""
        given_kind, flags = self._given_kinds.get(fold(name)), self._flags[stage]
        if given_kind:
            return given_kind, ""
        if flags:
            kind = max(flags, key=lambda kind: flags[kind])
            others = flags.total() - flags[kind]
            return kind, f'Stage "{name}" is {kind} for most deals in it, but not for {others}.' if others else ""
        kind, reason = self._infer_kind(stage, name)
        return kind, f'Stage "{name}" is taken as {kind}: {reason}.' if kind != "open" else ""

    def _infer_kind(self, stage: int, name: str) -> tuple[Kind, str]:
        forecast, percent = self._forecast(stage), self._probability(stage)
        if forecast in ("closed", "omitted") and percent in (0, 100):
            reason = f"its forecast category is {forecast}, its probability {percent:g} %"
            return ("won" if percent == 100 else "lost"), reason
        if percent in (0, 100) and not forecast:
            return ("won" if percent == 100 else "lost"), f"its probability is {percent:g} %"
        if forecast or percent is not None or any(self._flags.values()):
            return "open", ""
        return _NAMED.get(fold(name), "open"), "so its name says"


def exit_remark(stage: ExportStage, deals: int) -> str:
    """Returns a remark on a closing stage that deals left again."""
    subject = "1 deal" if deals == 1 else f"{deals:,} deals"
    return f'Stage "{stage.name}" is {stage.kind}, and {subject} left it again.'
