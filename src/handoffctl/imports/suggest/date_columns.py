"""Matches date columns with stages, by their names and by the stages in whose rows they are filled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from handoffctl.imports.suggest.column_matching import group_values
from handoffctl.imports.suggest.column_names import Vocabulary, name_fit, split_words
from handoffctl.imports.suggest.column_profile import MOSTLY, ColumnProfile, FileProfile
from handoffctl.imports.suggest.model import MapGuess
from handoffctl.imports.suggest.value_names import kind_of_stage_name, order_stages
from handoffctl.imports.suggest.yaml_text import shortened

SELDOM = 0.1
_CLOSING = ("won", "lost")
_PLAN_WORDS = frozenset(
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
# Words of dates that are filled in some stages only and still are not the date a stage was entered.
_OTHER_DATE_WORDS = _PLAN_WORDS | frozenset(
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
_CLOSE_WORDS = frozenset(
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
_IGNORED_WORDS = frozenset(
    ["date", "time", "on", "at", "entered", "stage", "the", "datum", "day", "moved", "deal", "close", "closed"]
)


class StageSplit(NamedTuple):
    """The stages in whose rows a date column is filled, and those in which it is blank."""

    filled: list[str]
    blank: list[str]


class StageDates:
    """How often each date column of a file of deals is filled in the rows of each stage."""

    def __init__(self, profile: FileProfile, stage: ColumnProfile) -> None:
        self.stages = stage.stages
        self.date_words = [column for column in profile.columns if column.is_date]
        stage_by_cell = {spelling: name for name, spellings in self.stages.items() for spelling in spellings}
        self._rows = [stage_by_cell.get(cell, "") for cell in stage.cells]
        self._filled = {column.index: self._by_stage(column) for column in self.date_words}

    def _by_stage(self, column: ColumnProfile) -> Mapping[str, float]:
        groups = group_values(self._rows, ["x" if cell else "" for cell in column.cells])
        return {
            name: group.count("x") / len(group) for name, group in zip(sorted(set(self._rows)), groups, strict=True)
        }

    def split(self, column: ColumnProfile, stages: Sequence[str]) -> StageSplit | None:
        """Splits the stages by whether the column is filled or blank in them; None if one is neither."""
        filled = [name for name in stages if self.filled_in_stage(column, name) >= MOSTLY]
        blank = [name for name in stages if self.filled_in_stage(column, name) <= SELDOM]
        return StageSplit(filled, blank) if filled and blank and len(filled) + len(blank) == len(stages) else None

    def filled_in_stage(self, column: ColumnProfile, stage: str) -> float:
        """Returns the share of a stage's rows in which the column is filled, from 0 to 1."""
        return self._filled[column.index][stage]


def match_date_columns(guess: MapGuess, vocabulary: Vocabulary) -> None:
    """Adds the date columns of a file of deals to the guess, and the order of its open stages."""
    stage = guess.column("stage")
    if stage is None:
        return
    stage_dates = StageDates(guess.profile, stage)
    guess.stages = list(stage_dates.stages)
    guess.kinds = guess.kinds or {name: kind for name in guess.stages if (kind := kind_of_stage_name(name))}
    open_stages = [name for name in guess.stages if guess.kinds.get(name, "open") == "open"]
    unused_dates = [
        column for column in _unused(guess, stage_dates.date_words) if not _OTHER_DATE_WORDS & set(column.words)
    ]
    if not guess.recognised:
        for column in unused_dates:
            _match_by_stage_name(guess, stage_dates, column)
        for column in _unused(guess, unused_dates):
            _match_closing_date(guess, stage_dates, column)
    guess.open_stages, guess.order_reason = _order_open_stages(
        open_stages, [stage_dates.split(column, open_stages) for column in unused_dates]
    )
    if not guess.recognised:
        for column in _unused(guess, unused_dates):
            _match_opening_date(guess, stage_dates, column)
        _match_by_name(guess, _unused(guess, stage_dates.date_words), vocabulary)


def _unused(guess: MapGuess, columns: Iterable[ColumnProfile]) -> list[ColumnProfile]:
    return [column for column in columns if column.index not in guess.used_indexes]


def _match_by_stage_name(guess: MapGuess, stage_dates: StageDates, column: ColumnProfile) -> None:
    """Matches a date by the name of a stage: `proposal_date` with Proposal, `engage_date` with Engaging."""
    column_words = set(column.words) - _IGNORED_WORDS
    for name in guess.stages:
        if name in guess.entered or stage_dates.filled_in_stage(column, name) <= SELDOM:
            continue
        words = set(split_words(name)) - _IGNORED_WORDS
        if words and (
            words <= column_words
            or (len(column_words) == 1 and len(words) == 1 and _share_stem(min(column_words), min(words)))
        ):
            guess.entered[name] = column
            guess.remarks[f"entered:{name}"] = "it is called like the stage"
            return


def _share_stem(first: str, second: str) -> bool:
    length = min(len(first), len(second))
    return length >= 4 and first[: max(4, length - 2)] == second[: max(4, length - 2)]


def _match_closing_date(guess: MapGuess, stage_dates: StageDates, column: ColumnProfile) -> None:
    """Matches a date that only closed deals have: the day on which they closed."""
    filled, _ = stage_dates.split(column, guess.stages) or ([], [])
    if filled and {guess.kinds.get(name, "open") for name in filled} <= set(_CLOSING):
        reason = "filled only in rows of " + " and ".join(map(shortened, filled))
        for name in filled:
            if name not in guess.entered:
                guess.entered[name] = column
                guess.remarks[f"entered:{name}"] = reason


def _match_opening_date(guess: MapGuess, stage_dates: StageDates, column: ColumnProfile) -> None:
    """Matches a date that is blank in the first stages only: the day on which the first of the others was entered.

    Lost deals do not count, because they may have left from any stage.
    """
    on_the_way = [name for name in guess.stages if guess.kinds.get(name, "open") in ("open", "won")]
    filled, blank = stage_dates.split(column, on_the_way) or ([], [])
    candidates = [name for name in guess.open_stages if name in filled and name not in guess.entered]
    won_too = all(name in filled for name in on_the_way if guess.kinds.get(name) == "won")
    if candidates and won_too and not _CLOSE_WORDS & set(column.words) and (len(candidates) == 1 or guess.order_reason):
        guess.entered[candidates[0]] = column
        guess.remarks[f"entered:{candidates[0]}"] = "blank only in rows of " + " and ".join(map(shortened, blank[:3]))


def _order_open_stages(stages: list[str], splits: Iterable[StageSplit | None]) -> tuple[list[str], str]:
    """Returns the open stages in order, and the reason for it, or "" if the order is not known."""
    ordered, reason = order_stages(stages)
    filled = Counter(name for split in splits if split for name in split.filled)
    if reason or len(stages) < 2 or len({filled[name] for name in stages}) < len(stages):
        return ordered, reason
    return sorted(stages, key=lambda name: filled[name]), "by the dates: the further a deal is, the more are filled"


def _match_by_name(guess: MapGuess, unused: Sequence[ColumnProfile], vocabulary: Vocabulary) -> None:
    """Matches other dates by name: since when a deal is in its stage, when it should close, when it did."""
    closing_is_known = any(guess.kinds.get(name) in _CLOSING for name in guess.entered)
    for word in ("since", "close", "closed_at"):
        best = max(unused, key=lambda column: (_date_name_fit(word, column, vocabulary), -column.index), default=None)
        if not best or not _date_name_fit(word, best, vocabulary) or (word == "closed_at" and closing_is_known):
            continue
        # One date may be both: the plan while a deal is open, and the day it closed. A date seldom filled is no plan.
        if word == "close" and best.filled_share < 0.3 and not _PLAN_WORDS & set(best.words):
            continue
        guess.columns[word] = [best]
        if word == "since":
            unused = [column for column in unused if column is not best]
    created = [column for column in _unused(guess, unused) if name_fit("created", column.header, "deals", vocabulary)]
    if (
        created
        and guess.order_reason
        and created[0].filled_share >= MOSTLY
        and guess.open_stages[0] not in guess.entered
    ):
        guess.entered_candidates[guess.open_stages[0]] = created[0]


def _date_name_fit(word: str, column: ColumnProfile, vocabulary: Vocabulary) -> float:
    if word == "closed_at" and _PLAN_WORDS & set(column.words):
        return 0.0
    fit = name_fit(word, column.header, "deals", vocabulary)
    return max(fit, 1.0) if word == "closed_at" and _CLOSE_WORDS & set(column.words) - _OTHER_DATE_WORDS else fit


def match_moment_column(guess: MapGuess, vocabulary: Vocabulary) -> None:
    """Adds the column with the date of a change or a touch to the guess."""
    deal = guess.column("deal") if guess.rows == "changes" else None
    candidates = [column for column in guess.profile.columns
                  if column.is_date and column.index not in guess.used_indexes
                  and column.filled_share >= (MOSTLY if deal else 0.5)]  # fmt: skip

    def varies(column: ColumnProfile) -> bool:
        """True if it differs between the rows of a deal, as the date of a change must."""
        groups = group_values(deal.cells, column.cells) if deal else []
        return any(len(set(group)) > 1 for group in groups) or not groups

    def rank(column: ColumnProfile) -> tuple[bool, bool, float, float, int]:
        planned = bool(_PLAN_WORDS & set(column.words))
        return (
            not planned,
            varies(column),
            name_fit("at", column.header, guess.rows, vocabulary),
            column.distinct_share,
            -column.index,
        )

    if candidates:
        guess.columns["at"] = [max(candidates, key=rank)]
