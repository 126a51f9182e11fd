"""Writes a guess as a map in YAML, with a remark on every line, so that beginners can complete it."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from handoffctl.core.names import escape_controls, slugify
from handoffctl.imports.mapping.model import RowKind
from handoffctl.imports.suggest.column_profile import ColumnProfile
from handoffctl.imports.suggest.model import MapGuess
from handoffctl.imports.suggest.value_names import touch_kind
from handoffctl.imports.suggest.yaml_text import (
    example_remark,
    is_writable,
    shortened,
    with_remark,
    yaml_list,
    yaml_text,
)

MOST_UNMAPPED = 60
LONGEST_WHY = 160
LONGEST_LISTED = 60
PEOPLE = ("name", "first", "last", "email", "phone", "title")
_ORDER_WORDS = {"dmy": "the day first", "mdy": "the month first", "ymd": "the year first"}


def write_map(guess: MapGuess) -> str:
    """Returns the map as YAML text, with remarks on what was guessed and why."""
    parts = (
        _head_lines,
        _program_lines,
        _column_lines,
        entered_lines,
        stage_lines,
        value_lines,
        _same_lines,
        _field_lines,
        _date_and_zone_lines,
        _unmapped_lines,
    )
    return "\n".join(line for part in parts for line in part(guess)) + "\n"


def _head_lines(guess: MapGuess) -> Iterator[str]:
    file = shortened(guess.profile.file)
    file_argument = shlex.quote(file) if file == guess.profile.file else "FILE"
    playbook_option = " --make-playbook NAME" if guess.rows in ("deals", "changes") else ""
    yield f"# A map for {file}: which column holds what, guessed from the names of the columns and from the rows."
    if guess.recognised:
        program = guess.recognised.import_map.program or guess.recognised.system
        yield f"# This is an export of {program}, which is known: it can be imported without a map."
    if guess.rows in ("owners", "stages"):
        yield "# It only explains other files of its program: import their folder, and no map is needed."
    yield "# On the left is what handoffctl calls it, on the right the column. Look through it, correct it, then try:"
    yield f"#   handoffctl import {file_argument} --map MAP.yaml{playbook_option} --dry-run"
    yield "# Behind # are remarks, which do nothing. To use a line that begins with #, take that # and the space away."
    if guess.missing:
        yield "#"
        yield "# NOT FOUND, and needed before this map can be used:"
        yield from (f"#   - {MISSING.get(word, word)}" for word in guess.missing)
        yield "# All columns that are free are listed at the end. Perhaps this is not the file with the deals?"
    yield ""


def _program_lines(guess: MapGuess) -> Iterator[str]:
    stem = PurePath(guess.profile.file).stem
    name = guess.recognised.system if guess.recognised else slugify(re.sub(r"[\W\d_]+\Z", "", stem) or stem)
    if is_writable(name):
        yield with_remark(
            f"program: {yaml_text(name)}", "keep this name: a later import finds the same deals again by it"
        )
    if guess.recognised and guess.recognised.import_map.ids:
        yield f"ids: {guess.recognised.import_map.ids}"
    yield with_remark(f"rows: {guess.rows}", escape_controls(" ".join(guess.reason.split()))[:LONGEST_WHY])


def _column_lines(guess: MapGuess) -> Iterator[str]:
    for word, question in QUESTIONS[guess.rows].items():
        columns = _writable(guess.columns.get(word, ()))
        if word == "contact":
            yield from _contact_lines(guess, question)
        elif columns:
            yield with_remark(
                f"{word}: {_yaml_columns(columns)}", example_remark(columns[0].example, guess.remarks.get(word, ""))
            )
        elif question and not _is_answered(guess, word):
            yield f"# {word}: {question}"
    if guess.stage_changes:
        yield with_remark(f"stage_changes: {yaml_list(guess.stage_changes)}", "only rows about this are read")
    table = guess.recognised.table if guess.recognised else None
    if table and table.status_changes and "changed" in guess.columns:
        yield f"status_changes: {yaml_list(table.status_changes)}"
    if table and table.only:
        yield "only:"
        yield from (f"  {yaml_text(column)}: {yaml_list(values)}" for column, values in table.only.items())


def _is_answered(guess: MapGuess, word: str) -> bool:
    """True if another word answers the question of this one."""
    others = {
        "name": {"deal"}, "deal": {"name"} if "name" not in guess.remarks else set(), "owner": {"owner_id"},
        "account": {"account_id"}, "since": {"closed_at"}, "close": {"closed_at"},
    }  # fmt: skip
    return bool(others.get(word, set()) & set(guess.columns)) or (word in ("since", "close") and bool(guess.entered))


def _contact_lines(guess: MapGuess, question: str) -> Iterator[str]:
    columns_by_part = {key: _writable(guess.columns.get(f"contact.{key}", ())) for key in PEOPLE}
    if any(columns_by_part.values()):
        yield "contact:"
    elif question:
        yield f"# contact: {question} (as in: contact: {{name: Contact, email: E-mail, phone: Phone}})"
    for key, columns in columns_by_part.items():
        if columns:
            yield with_remark(f"  {key}: {_yaml_columns(columns)}", example_remark(columns[0].example))


def _same_lines(guess: MapGuess) -> Iterator[str]:
    writable = {other: usual for other, usual in guess.same.items() if is_writable(other) and is_writable(usual.text)}
    if not writable:
        return
    active = any(usual.is_sure for usual in writable.values())
    title = "same:" if active else "# same:"
    yield with_remark(title, "spellings that mean one thing, and on the right the one to keep")
    for other, usual in sorted(writable.items(), key=lambda entry: not entry[1].is_sure):
        line = f"  {yaml_text(other)}: {yaml_text(usual.text)}"
        if usual.is_sure:
            yield with_remark(line, "only spaces, capitals or signs differ")
        else:
            yield with_remark(f"# {line}", "the same?")


def _field_lines(guess: MapGuess) -> Iterator[str]:
    writable = {name: column for name, column in guess.fields.items() if is_writable(column.header)}
    if writable:
        yield with_remark("fields:", "further columns, kept with each deal; take out what you do not need")
    for name, column in writable.items():
        yield with_remark(f"  {yaml_text(name)}: {yaml_text(column.header)}", example_remark(column.example))


def _date_and_zone_lines(guess: MapGuess) -> Iterator[str]:
    if len(guess.dates) > 1:
        yield f'# Dates like "{shortened(guess.dates_example)}" can be read in two ways or more. Use the right line:'
        yield from (with_remark(f"# dates: {order}", _ORDER_WORDS[order]) for order in guess.dates)
    used_indexes = guess.used_indexes
    if any(column.lacks_offsets for column in guess.profile.columns if column.index in used_indexes):
        yield with_remark(
            "# zone: Europe/Berlin", "the times do not say in which time zone; without this line it is yours"
        )


def _unmapped_lines(guess: MapGuess) -> Iterator[str]:
    if not guess.unmapped:
        return
    deals = guess.rows in ("deals", "changes") and not guess.missing
    yield ""
    yield "# The columns that stand for nothing yet." + (
        " To keep one with each deal add it under fields, as in  budget: Budget" if deals else ""
    )
    for column in guess.unmapped[:MOST_UNMAPPED]:
        header, writable = column.header, is_writable(column.header)
        reason = "" if writable else "a map cannot name this column: give it a shorter or plainer name"
        name = yaml_text(header) if writable and len(header) <= LONGEST_LISTED else shortened(header)
        yield with_remark(f"#   {name}", example_remark(column.example, reason))
    if len(guess.unmapped) > MOST_UNMAPPED:
        yield f"#   ... and {len(guess.unmapped) - MOST_UNMAPPED:,} more"


def _writable(columns: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    return [column for column in columns if is_writable(column.header)]


def _yaml_columns(columns: Sequence[ColumnProfile]) -> str:
    return yaml_text(columns[0].header) if len(columns) == 1 else yaml_list(column.header for column in columns)


MOST_LISTED = 40  # stages; with more, the owner writes their order and kinds


def entered_lines(guess: MapGuess) -> Iterator[str]:
    """Yields the date columns with the entry dates of stages, or how to write them."""
    if guess.rows != "deals" or not (guess.stages or guess.entered):
        return
    entered = [(stage, column) for stage, column in guess.entered.items() if is_writable(column.header)]
    candidates = [(stage, column) for stage, column in guess.entered_candidates.items() if is_writable(column.header)]
    if entered:
        yield with_remark("entered:", "when the stage was entered, by stage")
    else:
        yield "# entered: which column says when a stage was entered? As in:"
        yield "# entered:"
    for stage, column in entered[:MOST_LISTED]:
        reason = guess.remarks.get(f"entered:{stage}", "")
        yield with_remark(f"  {yaml_text(stage)}: {yaml_text(column.header)}", example_remark(column.example, reason))
    for stage, column in candidates:
        line = f"#   {yaml_text(stage)}: {yaml_text(column.header)}"
        yield with_remark(line, example_remark(column.example, "if every deal begins in this stage"))
    if not entered and not candidates:
        yield f"#   {yaml_text(guess.stages[0])}: COLUMN"


def stage_lines(guess: MapGuess) -> Iterator[str]:
    """Yields the kinds of the stages and their order, as far as they are known."""
    if guess.rows not in ("deals", "changes") or not guess.stages:
        return
    kinds = [(name, kind) for name, kind in guess.kinds.items() if kind != "open"][:MOST_LISTED]
    if kinds:
        reason = "as the program has them" if guess.recognised else "guessed from their names, so check them"
        yield with_remark("kinds:", f"{reason}: won, lost or nurture (put aside); the others are open")
        yield from (f"  {yaml_text(name)}: {kind}" for name, kind in kinds)
    other_outcomes = {"status", "closed", "won"} & set(guess.columns)
    if "won" not in dict(kinds).values() and not other_outcomes:
        yield (
            "# kinds: which stage means won, which lost? The others are open. As in:"
            if not kinds
            else ("# Which stage means won? As in:")
        )
        yield from ([] if kinds else ["# kinds:"])
        yield "#   STAGE: won"
    order = guess.open_stages[:MOST_LISTED]
    if len(order) > 1 and guess.order_reason:
        yield with_remark("order:", f"of the open stages, a guess {guess.order_reason}")
        yield from (f"  - {yaml_text(name)}" for name in order)
    elif len(order) > 1:
        yield "# The open stages: put them in order. Without these lines the import looks how deals went through them."
        yield "# order:"
        yield from (f"#   - {yaml_text(name)}" for name in order)


def value_lines(guess: MapGuess) -> Iterator[str]:
    """Yields the meaning of the values in further columns."""
    if guess.statuses:
        yield "statuses:"
        yield from (f"  {status}: {yaml_list(words)}" for status, words in guess.statuses.items())
    if guess.rows != "touches":
        return
    kinds = _touch_kinds(guess)
    if kinds:
        yield with_remark(
            "touch_kinds:", "call, email, meeting, message or note; what is in none of the lists is a note"
        )
        yield from (f"  {ours}: {yaml_list(theirs)}" for ours, theirs in kinds.items())
    import_map = guess.recognised.import_map if guess.recognised else None
    if import_map and import_map.outcomes:
        yield "outcomes:"
        yield from (f"  {ours}: {yaml_list(theirs)}" for ours, theirs in import_map.outcomes.items())
    if import_map and import_map.directions:
        yield "directions:"
        yield from (f"  {ours}: {yaml_list(theirs)}" for ours, theirs in import_map.directions.items())


def _touch_kinds(guess: MapGuess) -> dict[str, list[str]]:
    if guess.recognised:
        return {kind: list(values) for kind, values in guess.recognised.import_map.touch_kinds.items()}
    column = guess.column("kind")
    values_by_kind: dict[str, list[str]] = {}
    for value in filter(is_writable, column.counts if column else ()):
        kind = touch_kind(value)
        if kind:
            values_by_kind.setdefault(kind, []).append(value)
    return values_by_kind


# The words of a map in the order in which they are written, each with the question to ask if no column was found. The
# question is empty if hardly any file has such a column.
QUESTIONS: Mapping[RowKind, Mapping[str, str]] = {
    "deals": {
        "deal": "which column has an id that is different for every deal?",
        "name": "what is a deal called?",
        "account": "which column names the company?",
        "account_id": "",
        "domain": "",
        "contact": "whom do you talk to?",
        "contact_id": "",
        "stage": "in which stage is the deal?",
        "status": "",
        "owner": "who drives the deal?",
        "owner_id": "",
        "amount": "what is the deal worth?",
        "currency": "",
        "source": "",
        "probability": "",
        "forecast": "",
        "closed": "",
        "won": "",
        "deleted": "",
        "since": "since when is the deal in its stage?",
        "close": "when is it expected to close?",
        "closed_at": "",
    },
    "changes": {
        "deal": "which column tells the deals apart?",
        "name": "",
        "account": "which column names the company?",
        "account_id": "",
        "domain": "",
        "changed": "",
        "stage": "which stage was entered?",
        "stage_before": "",
        "at": "when was the stage entered?",
        "owner": "",
        "owner_id": "",
        "amount": "",
        "currency": "",
        "probability": "",
        "forecast": "",
        "deleted": "",
    },
    "accounts": {"account": "what is the company called?", "account_id": "", "domain": "which column has its website?",
                 "deleted": ""},
    "contacts": {"contact": "what is the person called?", "contact_id": "",
                 "account": "which column names the company?", "account_id": "", "domain": "", "deleted": ""},
    "touches": {
        "touch": "which column has an id that is different in every row?",
        "at": "when was it?",
        "kind": "was it a call, an e-mail, a meeting?",
        "direction": "",
        "outcome": "",
        "text": "what was said?",
        "done": "",
        "deal": "with which deal was it?",
        "account": "with which company was it?",
        "account_id": "",
        "contact": "with whom was it?",
        "contact_id": "",
        "owner": "",
        "owner_id": "",
        "deleted": "",
    },
    "owners": {"owner_id": "", "owner": "", "contact": "", "deleted": ""},
    "stages": {"stage_id": "", "stage": "", "position": "", "closed": "", "won": "", "deleted": ""},
}  # fmt: skip
MISSING = {
    "deal": "a column that tells the deals apart (deal, or name)",
    "stage": "a column with the stages (stage)",
    "at": "a column with the day of each row (at)",
    "account": "a column with the names of companies (account)",
    "contact": "a column with the names of people (contact)",
}
