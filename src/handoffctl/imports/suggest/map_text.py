"""Writes a guess as a map that somebody who never wrote YAML can complete: every line says what it is and why."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from handoffctl.core.names import slug, visible
from handoffctl.imports.suggest.column_profile import Seen
from handoffctl.imports.suggest.map_stages import entered_lines, stage_lines, value_lines
from handoffctl.imports.suggest.model import Guess
from handoffctl.imports.suggest.questions import MISSING, QUESTIONS
from handoffctl.imports.suggest.yaml_text import can_be_written, example, listed, quoted, remarked, shown

MOST_LEFT = 60
LONGEST_WHY = 160
LONGEST_LISTED = 60
PEOPLE = ("name", "first", "last", "email", "phone", "title")
_ORDERS = {"dmy": "the day first", "mdy": "the month first", "ymd": "the year first"}


def map_text(guess: Guess) -> str:
    """The map, with remarks on what was guessed and why."""
    parts = (_head, _program, _columns, entered_lines, stage_lines, value_lines, _same, _fields, _reading, _left)
    return "\n".join(line for part in parts for line in part(guess)) + "\n"


def _head(guess: Guess) -> Iterator[str]:
    file = shown(guess.looked.file)
    named = shlex.quote(file) if file == guess.looked.file else "FILE"
    make = " --make-playbook NAME" if guess.rows in ("deals", "changes") else ""
    yield f"# A map for {file}: which column holds what, guessed from the names of the columns and from the rows."
    if guess.recognised:
        program = guess.recognised.rules.program or guess.recognised.system
        yield f"# This is an export of {program}, which is known: it can be imported without a map."
    if guess.rows in ("owners", "stages"):
        yield "# It only explains other files of its program: import their folder, and no map is needed."
    yield "# On the left is what handoffctl calls it, on the right the column. Look through it, correct it, then try:"
    yield f"#   handoffctl import {named} --map MAP.yaml{make} --dry-run"
    yield "# Behind # are remarks, which do nothing. To use a line that begins with #, take that # and the space away."
    if guess.lacks:
        yield "#"
        yield "# NOT FOUND, and needed before this map can be used:"
        yield from (f"#   - {MISSING.get(word, word)}" for word in guess.lacks)
        yield "# All columns that are free are listed at the end. Perhaps this is not the file with the deals?"
    yield ""


def _program(guess: Guess) -> Iterator[str]:
    stem = PurePath(guess.looked.file).stem
    name = guess.recognised.system if guess.recognised else slug(re.sub(r"[\W\d_]+\Z", "", stem) or stem)
    if can_be_written(name):
        yield remarked(f"program: {quoted(name)}", "keep this name: a later import finds the same deals again by it")
    if guess.recognised and guess.recognised.rules.ids:
        yield f"ids: {guess.recognised.rules.ids}"
    yield remarked(f"rows: {guess.rows}", visible(" ".join(guess.why.split()))[:LONGEST_WHY])


def _columns(guess: Guess) -> Iterator[str]:
    for word, question in QUESTIONS[guess.rows].items():
        columns = _writable(guess.columns.get(word, ()))
        if word == "contact":
            yield from _contact(guess, question)
        elif columns:
            yield remarked(f"{word}: {_named(columns)}", example(columns[0].example, guess.said.get(word, "")))
        elif question and not _answered(guess, word):
            yield f"# {word}: {question}"
    if guess.stage_changes:
        yield remarked(f"stage_changes: {listed(guess.stage_changes)}", "only rows about this are read")
    table = guess.recognised.table if guess.recognised else None
    if table and table.status_changes and "changed" in guess.columns:
        yield f"status_changes: {listed(table.status_changes)}"
    if table and table.only:
        yield "only:"
        yield from (f"  {quoted(column)}: {listed(values)}" for column, values in table.only.items())


def _answered(guess: Guess, word: str) -> bool:
    """Whether a question is not worth asking, as another word answers it."""
    others = {
        "name": {"deal"}, "deal": {"name"} if "name" not in guess.said else set(), "owner": {"owner_id"},
        "account": {"account_id"}, "since": {"closed_at"}, "close": {"closed_at"},
    }  # fmt: skip
    return bool(others.get(word, set()) & set(guess.columns)) or (word in ("since", "close") and bool(guess.entered))


def _contact(guess: Guess, question: str) -> Iterator[str]:
    found = {part: _writable(guess.columns.get(f"contact.{part}", ())) for part in PEOPLE}
    if any(found.values()):
        yield "contact:"
    elif question:
        yield f"# contact: {question} (as in: contact: {{name: Contact, email: E-mail, phone: Phone}})"
    for part, columns in found.items():
        if columns:
            yield remarked(f"  {part}: {_named(columns)}", example(columns[0].example))


def _same(guess: Guess) -> Iterator[str]:
    found = {other: said for other, said in guess.same.items() if can_be_written(other) and can_be_written(said[0])}
    if not found:
        return
    active = any(plainly for _, plainly in found.values())
    yield remarked("same:" if active else "# same:", "spellings that mean one thing, and on the right the one to keep")
    for other, (usual, plainly) in sorted(found.items(), key=lambda one: not one[1][1]):
        line = f"  {quoted(other)}: {quoted(usual)}"
        yield remarked(line, "only spaces, capitals or signs differ") if plainly else remarked(f"# {line}", "the same?")


def _fields(guess: Guess) -> Iterator[str]:
    found = {name: column for name, column in guess.fields.items() if can_be_written(column.header)}
    if found:
        yield remarked("fields:", "further columns, kept with each deal; take out what you do not need")
    for name, column in found.items():
        yield remarked(f"  {quoted(name)}: {quoted(column.header)}", example(column.example))


def _reading(guess: Guess) -> Iterator[str]:
    if len(guess.dates) > 1:
        yield f'# Dates like "{shown(guess.dates_example)}" can be read in two ways or more. Use the right line:'
        yield from (remarked(f"# dates: {order}", _ORDERS[order]) for order in guess.dates)
    used = guess.used
    if any(column.lacks_offsets for column in guess.looked.columns if column.place in used):
        yield remarked(
            "# zone: Europe/Berlin", "the times do not say in which time zone; without this line it is yours"
        )


def _left(guess: Guess) -> Iterator[str]:
    if not guess.left:
        return
    deals = guess.rows in ("deals", "changes") and not guess.lacks
    yield ""
    yield "# The columns that stand for nothing yet." + (
        " To keep one with each deal add it under fields, as in  budget: Budget" if deals else ""
    )
    for column in guess.left[:MOST_LEFT]:
        header, writable = column.header, can_be_written(column.header)
        why = "" if writable else "a map cannot name this column: give it a shorter or plainer name"
        name = quoted(header) if writable and len(header) <= LONGEST_LISTED else shown(header)
        yield remarked(f"#   {name}", example(column.example, why))
    if len(guess.left) > MOST_LEFT:
        yield f"#   ... and {len(guess.left) - MOST_LEFT:,} more"


def _writable(columns: Sequence[Seen]) -> list[Seen]:
    return [column for column in columns if can_be_written(column.header)]


def _named(columns: Sequence[Seen]) -> str:
    return quoted(columns[0].header) if len(columns) == 1 else listed(column.header for column in columns)
