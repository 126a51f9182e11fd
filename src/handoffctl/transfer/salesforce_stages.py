"""The stages of a Salesforce export: their kinds and order, from flags and probabilities rather than their names."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from handoffctl.domain.names import cleaned, folded
from handoffctl.transfer.history import FoundStage, ImportedDeal, Kind

_TRUE = {"true", "1", "yes", "t", "y", "-1"}
_FALSE = {"false", "0", "no", "f", "n"}
_NAMED: dict[str, Kind] = {"closed won": "won", "closed lost": "lost"}


def flag(text: str) -> bool | None:
    """A true or false of the export; None when blank or neither."""
    word = text.casefold()
    return True if word in _TRUE else False if word in _FALSE else None


class StagesSeen:
    """What the rows of an export show of its stages, each called as it is first written."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._flags: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
        self._rows: Counter[tuple[str, str, str]] = Counter()

    def name(self, written: str) -> str:
        """The one name of a stage, however this row spells its case and spaces. Raises NotAName."""
        name = self._known.get(written)
        if name is None:
            clean = cleaned(written, "stage")
            name = self._known[written] = self._names.setdefault(folded(clean), clean)
        return name

    def see(self, stage: str, probability: str, forecast: str) -> None:
        """Takes in the probability and the forecast category of a row in this stage."""
        self._rows[stage, probability, forecast] += 1

    def see_flags(self, stage: str, closed: str, won: str) -> None:
        """Takes in IsClosed and IsWon of a deal that is now in this stage."""
        is_closed, is_won = flag(closed), flag(won)
        if is_won:
            self._flags[stage]["won"] += 1
        elif is_closed is False:
            self._flags[stage]["open"] += 1
        elif is_closed and is_won is False:
            self._flags[stage]["lost"] += 1

    def found(self, deals: Iterable[ImportedDeal]) -> tuple[tuple[FoundStage, ...], tuple[str, ...]]:
        """The stages that deals were in: open by probability, then won, then lost; and notes on what was inferred.

        Stages of the same probability are ordered by where deals had them, then the more often entered one first,
            for deals drop out on their way.
        """
        places: defaultdict[str, list[int]] = defaultdict(list)
        left: Counter[str] = Counter()
        for deal in deals:
            for place, stay in enumerate(deal.stays):
                places[stay.stage].append(place)
            left.update({stay.stage for stay in deal.stays[:-1]})
        kinds = {stage: self._kind(stage) for stage in places}
        stages = [FoundStage(stage, kinds[stage][0], self._probability(stage)) for stage in places]
        stages.sort(key=lambda stage: _rank(stage, places[stage.name]))
        notes = [note for stage in stages if (note := kinds[stage.name][1])]
        notes += [_left_again(stage, left[stage.name]) for stage in stages if stage.kind != "open" and left[stage.name]]
        return tuple(stages), tuple(notes)

    def _probability(self, stage: str) -> float | None:
        counts: Counter[float] = Counter()
        for (name, probability, _), rows in self._rows.items():
            percent = _percent(probability)
            if name == stage and percent is not None:
                counts[percent] += rows
        return min(counts, key=lambda percent: (-counts[percent], percent)) if counts else None

    def _forecast(self, stage: str) -> str:
        counts: Counter[str] = Counter()
        for (name, _, forecast), rows in self._rows.items():
            if name == stage and forecast:
                counts[folded(forecast)] += rows
        return max(counts, key=lambda forecast: counts[forecast], default="")

    def _kind(self, stage: str) -> tuple[Kind, str]:
        """The kind, and a note when it does not come from the flags of the deals in that stage."""
        flags = self._flags[stage]
        if flags:
            kind = max(flags, key=lambda one: flags[one])
            others = flags.total() - flags[kind]
            return kind, f'Stage "{stage}" is {kind} for most deals in it, but not for {others}.' if others else ""
        kind, why = self._inferred(stage)
        return kind, f'Stage "{stage}" is taken as {kind}: {why}.' if kind != "open" else ""

    def _inferred(self, stage: str) -> tuple[Kind, str]:
        forecast, percent = self._forecast(stage), self._probability(stage)
        if forecast in ("closed", "omitted") and percent in (0, 100):
            why = f"its forecast category is {forecast}, its probability {percent:g} %"
            return ("won" if percent == 100 else "lost"), why
        if percent in (0, 100) and not forecast:
            return ("won" if percent == 100 else "lost"), f"its probability is {percent:g} %"
        if forecast or percent is not None or any(self._flags.values()):
            return "open", ""
        return _NAMED.get(folded(stage), "open"), "so its name says"


def _rank(stage: FoundStage, places: list[int]) -> tuple[int, float, float, int]:
    kind = ("open", "won", "lost").index(stage.kind)
    percent = 101.0 if stage.probability is None else stage.probability
    return kind, percent, sum(places) / len(places), -len(places)


def _left_again(stage: FoundStage, deals: int) -> str:
    which = "1 deal" if deals == 1 else f"{deals:,} deals"
    return f'Stage "{stage.name}" is {stage.kind}, and {which} left it again.'


def _percent(text: str) -> float | None:
    try:
        percent = float(text.rstrip("% ").replace(",", "."))
    except ValueError:
        return None
    return percent if 0 <= percent <= 100 else None
