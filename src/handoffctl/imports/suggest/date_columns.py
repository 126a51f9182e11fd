"""Which date columns say when a stage was entered: by their names, and by the stages in whose rows they are filled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from handoffctl.imports.suggest.column_matching import grouped
from handoffctl.imports.suggest.column_names import Vocabulary, fit, words_of
from handoffctl.imports.suggest.column_profile import MOSTLY, Looked, Seen
from handoffctl.imports.suggest.model import Guess
from handoffctl.imports.suggest.value_names import in_order, kind_named
from handoffctl.imports.suggest.yaml_text import shown

SELDOM = 0.1
_CLOSING = ("won", "lost")
_EXPECTED = frozenset(
    [
        "expected",
        "planned",
        "target",
        "estimated",
        "forecast",
        "due",
        "deadline",
        "next",
        "prévue",
        "prevista",
        "voraussichtliches",
        "erwarteter",
        "erwartetes",
        "предполагаемая",
    ]
)
# Dates that are filled in some stages only, and yet are not when one was entered.
_NO_ENTRY = _EXPECTED | frozenset(
    [
        "last",
        "modified",
        "updated",
        "follow",
        "followup",
        "renewal",
        "renew",
        "invoice",
        "invoiced",
        "delivery",
        "birth",
        "birthday",
        "start",
        "letzte",
        "dernière",
        "última",
    ]
)
_CLOSED = frozenset(
    [
        "closed",
        "close",
        "closing",
        "closedate",
        "end",
        "ended",
        "decided",
        "decision",
        "finished",
        "abschlussdatum",
        "abgeschlossen",
        "geschlossen",
        "clôture",
        "fermeture",
        "cierre",
        "fechamento",
        "chiusura",
        "sluitingsdatum",
        "закрытия",
    ]
)
_NO_STAGE = frozenset(
    ["date", "time", "on", "at", "entered", "stage", "the", "datum", "day", "moved", "deal", "close", "closed"]
)

Tie = tuple[list[str], list[str]]  # the stages in whose rows a column is filled, and those in which it is blank


class Stays:
    """The stages of a file of deals, and how often each date column is filled in the rows of each."""

    def __init__(self, looked: Looked, stage: Seen) -> None:
        self.stages = stage.stages
        self.dated = [column for column in looked.columns if column.is_date]
        called = {spelling: name for name, spellings in self.stages.items() for spelling in spellings}
        self._rows = [called.get(cell, "") for cell in stage.cells]
        self._filled = {column.place: self._by_stage(column) for column in self.dated}

    def _by_stage(self, column: Seen) -> Mapping[str, float]:
        groups = grouped(self._rows, ["x" if cell else "" for cell in column.cells])
        return {
            name: group.count("x") / len(group) for name, group in zip(sorted(set(self._rows)), groups, strict=True)
        }

    def tie(self, column: Seen, stages: Sequence[str]) -> Tie | None:
        """In which of these stages the column is filled, and in which blank; None where that depends on more."""
        full = [name for name in stages if self.share(column, name) >= MOSTLY]
        blank = [name for name in stages if self.share(column, name) <= SELDOM]
        return (full, blank) if full and blank and len(full) + len(blank) == len(stages) else None

    def share(self, column: Seen, stage: str) -> float:
        """In how many of the rows of a stage the column is filled, from 0 to 1."""
        return self._filled[column.place][stage]


def date_columns(guess: Guess, known: Vocabulary) -> None:
    """Takes the date columns of a file of deals into the guess, and the order in which its stages are passed."""
    stage = guess.column("stage")
    if stage is None:
        return
    stays = Stays(guess.looked, stage)
    guess.stages = list(stays.stages)
    guess.kinds = guess.kinds or {name: kind for name in guess.stages if (kind := kind_named(name))}
    open_stages = [name for name in guess.stages if guess.kinds.get(name, "open") == "open"]
    dated = [column for column in _free(guess, stays.dated) if not _NO_ENTRY & set(column.words)]
    if not guess.recognised:
        for column in dated:
            _by_name_of_stage(guess, stays, column)
        for column in _free(guess, dated):
            _by_closing(guess, stays, column)
    guess.open_stages, guess.order_why = _placed(open_stages, [stays.tie(column, open_stages) for column in dated])
    if not guess.recognised:
        for column in _free(guess, dated):
            _by_opening(guess, stays, column)
        _named(guess, _free(guess, stays.dated), known)


def _free(guess: Guess, columns: Iterable[Seen]) -> list[Seen]:
    return [column for column in columns if column.place not in guess.used]


def _by_name_of_stage(guess: Guess, stays: Stays, column: Seen) -> None:
    """`proposal_date` is when Proposal was entered, and `engage_date` when Engaging was."""
    said = set(column.words) - _NO_STAGE
    for name in guess.stages:
        if name in guess.entered or stays.share(column, name) <= SELDOM:
            continue
        words = set(words_of(name)) - _NO_STAGE
        if words and (words <= said or (len(said) == 1 and len(words) == 1 and _one_stem(min(said), min(words)))):
            guess.entered[name] = column
            guess.said[f"entered:{name}"] = "it is called like the stage"
            return


def _one_stem(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    return length >= 4 and one[: max(4, length - 2)] == other[: max(4, length - 2)]


def _by_closing(guess: Guess, stays: Stays, column: Seen) -> None:
    """A date that only closed deals have is the day on which they closed."""
    full, _ = stays.tie(column, guess.stages) or ([], [])
    if full and {guess.kinds.get(name, "open") for name in full} <= set(_CLOSING):
        why = "filled only in rows of " + " and ".join(map(shown, full))
        for name in full:
            if name not in guess.entered:
                guess.entered[name] = column
                guess.said[f"entered:{name}"] = why


def _by_opening(guess: Guess, stays: Stays, column: Seen) -> None:
    """A date that is blank in the first stages alone is when the first of the others was entered. Lost deals may have
    gone from anywhere."""
    on_the_way = [name for name in guess.stages if guess.kinds.get(name, "open") in ("open", "won")]
    full, blank = stays.tie(column, on_the_way) or ([], [])
    after = [name for name in guess.open_stages if name in full and name not in guess.entered]
    won_too = all(name in full for name in on_the_way if guess.kinds.get(name) == "won")
    if after and won_too and not _CLOSED & set(column.words) and (len(after) == 1 or guess.order_why):
        guess.entered[after[0]] = column
        guess.said[f"entered:{after[0]}"] = "blank only in rows of " + " and ".join(map(shown, blank[:3]))


def _placed(stages: list[str], ties: Iterable[Tie | None]) -> tuple[list[str], str]:
    """The open stages in their order, and why."""
    ordered, why = in_order(stages)
    filled = Counter(name for tie in ties if tie for name in tie[0])
    if why or len(stages) < 2 or len({filled[name] for name in stages}) < len(stages):
        return ordered, why
    return sorted(stages, key=lambda name: filled[name]), "by the dates: the further a deal is, the more are filled"


def _named(guess: Guess, free: Sequence[Seen], known: Vocabulary) -> None:
    """What is left is told by its name: since when a deal is in its stage, when it should close, when it did."""
    closing = any(guess.kinds.get(name) in _CLOSING for name in guess.entered)
    for word in ("since", "close", "closed_at"):
        best = max(free, key=lambda column: (_named_like(word, column, known), -column.place), default=None)
        if not best or not _named_like(word, best, known) or (word == "closed_at" and closing):
            continue
        # One date may be both: the plan while a deal is open, and the day it closed. One seldom filled is no plan.
        if word == "close" and best.filled < 0.3 and not _EXPECTED & set(best.words):
            continue
        guess.columns[word] = [best]
        if word == "since":
            free = [column for column in free if column is not best]
    made = [column for column in _free(guess, free) if fit("created", column.header, "deals", known)]
    if made and guess.order_why and made[0].filled >= MOSTLY and guess.open_stages[0] not in guess.entered:
        guess.offered[guess.open_stages[0]] = made[0]


def _named_like(word: str, column: Seen, known: Vocabulary) -> float:
    if word == "closed_at" and _EXPECTED & set(column.words):
        return 0.0
    found = fit(word, column.header, "deals", known)
    return max(found, 1.0) if word == "closed_at" and _CLOSED & set(column.words) - _NO_ENTRY else found


def changes_at(guess: Guess, known: Vocabulary) -> None:
    """The column that says when a change, or a touch, happened."""
    deal = guess.column("deal") if guess.rows == "changes" else None
    free = [column for column in guess.looked.columns if column.is_date and column.place not in guess.used
            and column.filled >= (MOSTLY if deal else 0.5)]  # fmt: skip

    def varies(column: Seen) -> bool:
        """Whether it differs between the rows of a deal: what is the same in all of them is no date of a change."""
        groups = grouped(deal.cells, column.cells) if deal else []
        return any(len(set(group)) > 1 for group in groups) or not groups

    def rank(column: Seen) -> tuple[bool, bool, float, float, int]:
        planned = bool(_EXPECTED & set(column.words))
        return not planned, varies(column), fit("at", column.header, guess.rows, known), column.varied, -column.place

    if free:
        guess.columns["at"] = [max(free, key=rank)]
