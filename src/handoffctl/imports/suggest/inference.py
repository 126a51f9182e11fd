"""Guesses a whole map: what a row is, what each column holds, the stages, and the columns left over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from handoffctl.core.names import fold
from handoffctl.errors import Refused
from handoffctl.imports.cells.dates import DateOrderDetector
from handoffctl.imports.mapping.model import REQUIRED_COLUMNS
from handoffctl.imports.suggest.column_matching import find_status_column, guess_row_kind, is_touch_kind, match_columns
from handoffctl.imports.suggest.column_names import HEAD, Vocabulary, name_fit
from handoffctl.imports.suggest.column_profile import MOSTLY, ColumnProfile, FileProfile
from handoffctl.imports.suggest.date_columns import match_date_columns, match_moment_column
from handoffctl.imports.suggest.model import MapGuess, RecognisedFile
from handoffctl.imports.suggest.spellings import find_spellings
from handoffctl.imports.suggest.unmapped import add_unmapped_columns
from handoffctl.imports.suggest.value_names import kind_of_stage_name, order_stages, status_of_value
from handoffctl.imports.suggest.yaml_text import is_writable

# Names of the stage property in histories of every change, and of the column with its new value.
_STAGE_PROPERTIES = {
    "stage",
    "stagename",
    "dealstage",
    "stageid",
    "dealstageid",
    "opportunitystage",
    "pipelinestage",
    "phase",
}
_NEW_VALUE_NAMES = (("new", "value"), ("newvalue",), ("new",), ("to",), ("value",))


def guess_map(profile: FileProfile, vocabulary: Vocabulary, recognised: RecognisedFile | None = None) -> MapGuess:
    """Guesses the map of a file from its columns and first rows. `vocabulary` has the column names of programs."""
    if recognised:
        guess = _guess_from_program(profile, recognised)
    else:
        guess = _guess_property_history(profile, vocabulary) or _guess_from_profile(profile, vocabulary)
    if guess.rows == "deals":
        match_date_columns(guess, vocabulary)
        _add_title(guess, vocabulary)
    elif guess.rows == "changes":
        _add_history_stages(guess)
    _add_date_orders(guess)
    guess.missing = _missing_words(guess)
    add_unmapped_columns(guess)
    people = [column for word in ("account", "owner") for column in guess.columns.get(word, ())]
    guess.same = find_spellings([*guess.fields.values(), *guess.columns.get("name", ())], people, guess.column("stage"))
    return guess


def _guess_from_profile(profile: FileProfile, vocabulary: Vocabulary) -> MapGuess:
    rows, reason = guess_row_kind(profile, vocabulary)
    guess = MapGuess(profile, rows, reason)
    guess.columns = {word: [column] for word, column in match_columns(profile, rows, vocabulary).items()}
    plain = [
        column for column in profile.columns if column.words == ("name",) and column.index not in guess.used_indexes
    ]
    if rows == "accounts" and "account" not in guess.columns:
        guess.columns["account"] = plain[:1]
    if rows == "contacts" and plain and not {"contact.name", "contact.last"} & set(guess.columns):
        guess.columns["contact.name"] = plain[:1]
    if rows == "touches" and "kind" not in guess.columns:
        guess.columns["kind"] = [column for column in profile.columns if is_touch_kind(column)][:1]
    if rows == "changes" and "deal" not in guess.columns and "account" in guess.columns:
        guess.columns["deal"] = guess.columns["account"]
        guess.remarks["deal"] = "no id was found, so a company is taken for one deal"
    if "owner" not in guess.columns and "owner_id" in guess.columns:
        guess.columns["owner"] = guess.columns.pop("owner_id")  # there is no list of owners to look up the id
    if rows in ("changes", "touches"):
        match_moment_column(guess, vocabulary)
    if rows == "deals":
        _guess_status(guess, vocabulary)
    return guess


def _guess_status(guess: MapGuess, vocabulary: Vocabulary) -> None:
    """Adds a column of open, won or lost beside the stage."""
    status = find_status_column(guess.profile, guess.column("stage"), vocabulary)
    if status and status.index not in guess.used_indexes:
        guess.columns["status"] = [status]
        for value in filter(is_writable, status.counts):
            guess.statuses.setdefault(status_of_value(value) or "open", []).append(value)


def _guess_property_history(profile: FileProfile, vocabulary: Vocabulary) -> MapGuess | None:
    """Guesses the map of a history with a row for each change of any property, of which only stages count."""
    for property_column in profile.columns:
        stage_values = [
            value for value in property_column.counts if re.sub(r"[\W_]+", "", value.casefold()) in _STAGE_PROPERTIES
        ]
        stage_values = [value for value in stage_values if is_writable(value)]
        new_value_columns = [
            column.index for words in _NEW_VALUE_NAMES for column in profile.columns if column.words == words
        ]
        if (
            not stage_values
            or not new_value_columns
            or name_fit("changed", property_column.header, "changes", vocabulary) < HEAD
        ):
            continue
        reason = f'each row is a change, and those of "{stage_values[0]}" are changes of the stage'
        guess = MapGuess(
            _rows_with(profile, property_column, stage_values), "changes", reason, stage_changes=stage_values
        )
        columns = guess.profile.columns
        guess.columns = {"changed": [columns[property_column.index]], "stage": [columns[new_value_columns[0]]]}
        for word, column in match_columns(guess.profile, "changes", vocabulary).items():
            if word in ("deal", "account", "stage_before") and column.index not in guess.used_indexes:
                guess.columns[word] = [column]
        match_moment_column(guess, vocabulary)
        return guess
    return None


def _rows_with(profile: FileProfile, column: ColumnProfile, values: Sequence[str]) -> FileProfile:
    """Returns the profile of the rows that have one of these values in this column."""
    selected = [cell in values for cell in column.cells]
    columns = [replace(other, cells=list(compress(other.cells, selected))) for other in profile.columns]
    return FileProfile(profile.file, columns, sum(selected))


def _guess_from_program(profile: FileProfile, recognised: RecognisedFile) -> MapGuess:
    """Takes the guess from the shipped map of a known program, as far as this file has its columns and values."""
    table, import_map = recognised.table, recognised.import_map
    property_indexes = recognised.indexes.get("changed")
    if property_indexes:
        stage_changes, column = set(map(fold, table.stage_changes)), profile.columns[property_indexes[0]]
        profile = _rows_with(profile, column, [value for value in column.counts if fold(value) in stage_changes])
    guess = MapGuess(profile, table.rows, "as the program's exports are known", recognised=recognised)
    for word, indexes in recognised.indexes.items():
        columns = [profile.columns[place] for place in indexes]
        group, _, name = word.partition(":")
        if group == "entered" and is_writable(name):
            guess.entered[name] = columns[0]
        elif not name:
            guess.columns[word] = columns
    stage = guess.column("stage")
    kinds = {fold(name): kind for name, kind in import_map.kinds.items()}
    guess.kinds = {name: kinds[fold(name)] for name in stage.stages if fold(name) in kinds} if stage else {}
    if "status" in guess.columns:
        guess.statuses = {status: list(words) for status, words in import_map.statuses.items()}
    guess.stage_changes = list(table.stage_changes)
    return guess


def _add_history_stages(guess: MapGuess) -> None:
    """Adds the stages of a history. The import finds their order by itself, from the deals."""
    stage = guess.column("stage")
    guess.stages = list(stage.stages) if stage else []
    guess.kinds = guess.kinds or {name: kind for name in guess.stages if (kind := kind_of_stage_name(name))}
    guess.open_stages, _ = order_stages([name for name in guess.stages if guess.kinds.get(name, "open") == "open"])


def _add_title(guess: MapGuess, vocabulary: Vocabulary) -> None:
    """Adds a title for deals without one: the product, or without an id either, the account or contact."""
    if "name" in guess.columns:
        return
    products = [column for column in guess.profile.columns if column.index not in guess.used_indexes and column.is_text
                and column.is_name_like and column.filled_share >= MOSTLY
                and name_fit("product", column.header, "deals", vocabulary)]  # fmt: skip
    if products and "deal" in guess.columns:
        guess.columns["name"] = products[:1]
        guess.remarks["name"] = "no title was found, so a deal is called after this"
        return
    for word in ("account", "contact.name", "contact.email"):
        if "deal" not in guess.columns and word in guess.columns:
            guess.columns["name"] = guess.columns[word]
            guess.remarks["name"] = "no id or title was found, so each of these is one deal"
            return


def _add_date_orders(guess: MapGuess) -> None:
    """Adds the possible orders of the dates, if they can be read in more than one way."""
    detector = DateOrderDetector()
    for column in guess.profile.columns:
        if column.index in guess.used_indexes and column.is_date:
            for cell in column.counts:
                detector.observe(cell, guess.profile.file, 1)
                guess.dates_example = guess.dates_example or (cell if re.match(r"\d{1,2}\D\d", cell) else "")
    try:
        guess.dates = detector.remaining_orders() if detector.order() == "undecided" else ()
    except Refused:  # they are in more than one order; the import says where
        guess.dates = ("dmy", "mdy")


def _missing_words(guess: MapGuess) -> list[str]:
    """Returns the words that the map needs and that have no column, or none that a map can name."""
    matched = {word.partition(".")[0] for word, columns in guess.columns.items()
               if any(is_writable(column.header) for column in columns)}  # fmt: skip
    if any(is_writable(column.header) for column in guess.entered.values()):
        matched.add("entered")
    return [group[0] for group in REQUIRED_COLUMNS[guess.rows] if not matched & set(group)]
