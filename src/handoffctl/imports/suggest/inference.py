"""Puts a guess together: what a row is, which column holds what, the stages, and what is left over."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from handoffctl.core.names import folded
from handoffctl.errors import Refused
from handoffctl.imports.cells.dates import DatesSeen
from handoffctl.imports.mapping.model import NEEDED
from handoffctl.imports.suggest.column_matching import columns_of, is_touch_kind, kind_of_rows, status_column
from handoffctl.imports.suggest.column_names import HEAD, Vocabulary, fit
from handoffctl.imports.suggest.column_profile import MOSTLY, Looked, Seen
from handoffctl.imports.suggest.date_columns import changes_at, date_columns
from handoffctl.imports.suggest.model import Guess, Recognised
from handoffctl.imports.suggest.spellings import spellings
from handoffctl.imports.suggest.unmapped import leftovers
from handoffctl.imports.suggest.value_names import in_order, kind_named, status_named
from handoffctl.imports.suggest.yaml_text import can_be_written

# How histories of every change call the property that holds the stage, and the column of what it became.
_STAGE_FIELDS = {
    "stage",
    "stagename",
    "dealstage",
    "stageid",
    "dealstageid",
    "opportunitystage",
    "pipelinestage",
    "phase",
}
_NEW = (("new", "value"), ("newvalue",), ("new",), ("to",), ("value",))


def guess_of(looked: Looked, known: Vocabulary, recognised: Recognised | None = None) -> Guess:
    """What the file's columns and first rows suggest; `known` is how other programs call things."""
    if recognised:
        guess = _as_recognised(looked, recognised)
    else:
        guess = _field_history(looked, known) or _by_looks(looked, known)
    if guess.rows == "deals":
        date_columns(guess, known)
        _names(guess, known)
    elif guess.rows == "changes":
        _stages_passed(guess)
    _dates(guess)
    guess.lacks = _lacking(guess)
    leftovers(guess)
    people = [column for word in ("account", "owner") for column in guess.columns.get(word, ())]
    guess.same = spellings([*guess.fields.values(), *guess.columns.get("name", ())], people, guess.column("stage"))
    return guess


def _by_looks(looked: Looked, known: Vocabulary) -> Guess:
    rows, why = kind_of_rows(looked, known)
    guess = Guess(looked, rows, why)
    guess.columns = {word: [column] for word, column in columns_of(looked, rows, known).items()}
    plain = [column for column in looked.columns if column.words == ("name",) and column.place not in guess.used]
    if rows == "accounts" and "account" not in guess.columns:
        guess.columns["account"] = plain[:1]
    if rows == "contacts" and plain and not {"contact.name", "contact.last"} & set(guess.columns):
        guess.columns["contact.name"] = plain[:1]
    if rows == "touches" and "kind" not in guess.columns:
        guess.columns["kind"] = [column for column in looked.columns if is_touch_kind(column)][:1]
    if rows == "changes" and "deal" not in guess.columns and "account" in guess.columns:
        guess.columns["deal"] = guess.columns["account"]
        guess.said["deal"] = "no id was found, so a company is taken for one deal"
    if "owner" not in guess.columns and "owner_id" in guess.columns:
        guess.columns["owner"] = guess.columns.pop("owner_id")  # no list of owners has the name behind the id
    if rows in ("changes", "touches"):
        changes_at(guess, known)
    if rows == "deals":
        _status(guess, known)
    return guess


def _status(guess: Guess, known: Vocabulary) -> None:
    """Open, won or lost beside the stage."""
    status = status_column(guess.looked, guess.column("stage"), known)
    if status and status.place not in guess.used:
        guess.columns["status"] = [status]
        for value in filter(can_be_written, status.counts):
            guess.statuses.setdefault(status_named(value) or "open", []).append(value)


def _field_history(looked: Looked, known: Vocabulary) -> Guess | None:
    """A history with a row for every change of any property: only the rows about the stage count."""
    for changed in looked.columns:
        about = [value for value in changed.counts if re.sub(r"[\W_]+", "", value.casefold()) in _STAGE_FIELDS]
        about = [value for value in about if can_be_written(value)]
        new = [column.place for words in _NEW for column in looked.columns if column.words == words]
        if not about or not new or fit("changed", changed.header, "changes", known) < HEAD:
            continue
        why = f'each row is a change, and those of "{about[0]}" are changes of the stage'
        guess = Guess(_only(looked, changed, about), "changes", why, stage_changes=about)
        columns = guess.looked.columns
        guess.columns = {"changed": [columns[changed.place]], "stage": [columns[new[0]]]}
        for word, column in columns_of(guess.looked, "changes", known).items():
            if word in ("deal", "account", "stage_before") and column.place not in guess.used:
                guess.columns[word] = [column]
        changes_at(guess, known)
        return guess
    return None


def _only(looked: Looked, column: Seen, values: Sequence[str]) -> Looked:
    """The rows that have one of these values in this column."""
    wanted = [cell in values for cell in column.cells]
    columns = [replace(one, cells=list(compress(one.cells, wanted))) for one in looked.columns]
    return Looked(looked.file, columns, sum(wanted))


def _as_recognised(looked: Looked, recognised: Recognised) -> Guess:
    """A known program's own map says it all; the values of this file say which of its words matter."""
    table, rules = recognised.table, recognised.rules
    changed = recognised.places.get("changed")
    if changed:
        about, column = set(map(folded, table.stage_changes)), looked.columns[changed[0]]
        looked = _only(looked, column, [value for value in column.counts if folded(value) in about])
    guess = Guess(looked, table.rows, "as the program's exports are known", recognised=recognised)
    for word, places in recognised.places.items():
        columns = [looked.columns[place] for place in places]
        group, _, name = word.partition(":")
        if group == "entered" and can_be_written(name):
            guess.entered[name] = columns[0]
        elif not name:
            guess.columns[word] = columns
    stage = guess.column("stage")
    given = {folded(name): kind for name, kind in rules.kinds.items()}
    guess.kinds = {name: given[folded(name)] for name in stage.stages if folded(name) in given} if stage else {}
    if "status" in guess.columns:
        guess.statuses = {status: list(words) for status, words in rules.statuses.items()}
    guess.stage_changes = list(table.stage_changes)
    return guess


def _stages_passed(guess: Guess) -> None:
    """The stages of a history. In which order deals went through them the import finds out by itself."""
    stage = guess.column("stage")
    guess.stages = list(stage.stages) if stage else []
    guess.kinds = guess.kinds or {name: kind for name in guess.stages if (kind := kind_named(name))}
    guess.open_stages, _ = in_order([name for name in guess.stages if guess.kinds.get(name, "open") == "open"])


def _names(guess: Guess, known: Vocabulary) -> None:
    """A deal without a title is called after its product; one without an id either, after whom it is with."""
    if "name" in guess.columns:
        return
    products = [column for column in guess.looked.columns if column.place not in guess.used and column.is_wordy
                and column.is_naming and column.filled >= MOSTLY
                and fit("product", column.header, "deals", known)]  # fmt: skip
    if products and "deal" in guess.columns:
        guess.columns["name"] = products[:1]
        guess.said["name"] = "no title was found, so a deal is called after this"
        return
    for word in ("account", "contact.name", "contact.email"):
        if "deal" not in guess.columns and word in guess.columns:
            guess.columns["name"] = guess.columns[word]
            guess.said["name"] = "no id or title was found, so each of these is one deal"
            return


def _dates(guess: Guess) -> None:
    """Whether the dates can be read in more than one way."""
    seen = DatesSeen()
    for column in guess.looked.columns:
        if column.place in guess.used and column.is_date:
            for cell in column.counts:
                seen.see(cell, guess.looked.file, 1)
                guess.dates_example = guess.dates_example or (cell if re.match(r"\d{1,2}\D\d", cell) else "")
    try:
        guess.dates = seen.left() if seen.order() == "undecided" else ()
    except Refused:  # they are in more than one order; the import says where
        guess.dates = ("dmy", "mdy")


def _lacking(guess: Guess) -> list[str]:
    """The words that the map cannot do without and that were not found, or whose columns a map cannot name."""
    found = {word.partition(".")[0] for word, columns in guess.columns.items()
             if any(can_be_written(column.header) for column in columns)}  # fmt: skip
    if any(can_be_written(column.header) for column in guess.entered.values()):
        found.add("entered")
    return [group[0] for group in NEEDED[guess.rows] if not found & set(group)]
