"""Writes a guess as a map that somebody who never wrote YAML can complete: every line says what it is and why."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from handoffctl.core.names import slug, visible
from handoffctl.imports.mapping.model import Rows
from handoffctl.imports.suggest.column_profile import Seen
from handoffctl.imports.suggest.model import Guess
from handoffctl.imports.suggest.value_names import touch_kind
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


MOST_LISTED = 40  # stages; of more the order and the kinds are for the owner to write


def entered_lines(guess: Guess) -> Iterator[str]:
    """The date columns that say when a stage was entered; or how to write that."""
    if guess.rows != "deals" or not (guess.stages or guess.entered):
        return
    found = [(stage, column) for stage, column in guess.entered.items() if can_be_written(column.header)]
    offered = [(stage, column) for stage, column in guess.offered.items() if can_be_written(column.header)]
    if found:
        yield remarked("entered:", "when the stage was entered, by stage")
    else:
        yield "# entered: which column says when a stage was entered? As in:"
        yield "# entered:"
    for stage, column in found[:MOST_LISTED]:
        why = guess.said.get(f"entered:{stage}", "")
        yield remarked(f"  {quoted(stage)}: {quoted(column.header)}", example(column.example, why))
    for stage, column in offered:
        line = f"#   {quoted(stage)}: {quoted(column.header)}"
        yield remarked(line, example(column.example, "if every deal begins in this stage"))
    if not found and not offered:
        yield f"#   {quoted(guess.stages[0])}: COLUMN"


def stage_lines(guess: Guess) -> Iterator[str]:
    """What is known of the kinds of the stages, and of their order."""
    if guess.rows not in ("deals", "changes") or not guess.stages:
        return
    kinds = [(name, kind) for name, kind in guess.kinds.items() if kind != "open"][:MOST_LISTED]
    if kinds:
        why = "as the program has them" if guess.recognised else "guessed from their names, so check them"
        yield remarked("kinds:", f"{why}: won, lost or nurture (put aside); the others are open")
        yield from (f"  {quoted(name)}: {kind}" for name, kind in kinds)
    beside = {"status", "closed", "won"} & set(guess.columns)
    if "won" not in dict(kinds).values() and not beside:
        yield (
            "# kinds: which stage means won, which lost? The others are open. As in:"
            if not kinds
            else ("# Which stage means won? As in:")
        )
        yield from ([] if kinds else ["# kinds:"])
        yield "#   STAGE: won"
    order = guess.open_stages[:MOST_LISTED]
    if len(order) > 1 and guess.order_why:
        yield remarked("order:", f"of the open stages, a guess {guess.order_why}")
        yield from (f"  - {quoted(name)}" for name in order)
    elif len(order) > 1:
        yield "# The open stages: put them in order. Without these lines the import looks how deals went through them."
        yield "# order:"
        yield from (f"#   - {quoted(name)}" for name in order)


def value_lines(guess: Guess) -> Iterator[str]:
    """What the values of further columns mean."""
    if guess.statuses:
        yield "statuses:"
        yield from (f"  {status}: {listed(words)}" for status, words in guess.statuses.items())
    if guess.rows != "touches":
        return
    kinds = _touch_kinds(guess)
    if kinds:
        yield remarked("touch_kinds:", "call, email, meeting, message or note; what is in none of the lists is a note")
        yield from (f"  {ours}: {listed(theirs)}" for ours, theirs in kinds.items())
    rules = guess.recognised.rules if guess.recognised else None
    if rules and rules.outcomes:
        yield "outcomes:"
        yield from (f"  {ours}: {listed(theirs)}" for ours, theirs in rules.outcomes.items())
    if rules and rules.directions:
        yield "directions:"
        yield from (f"  {ours}: {listed(theirs)}" for ours, theirs in rules.directions.items())


def _touch_kinds(guess: Guess) -> dict[str, list[str]]:
    if guess.recognised:
        return {ours: list(theirs) for ours, theirs in guess.recognised.rules.touch_kinds.items()}
    column = guess.column("kind")
    found: dict[str, list[str]] = {}
    for value in filter(can_be_written, column.counts if column else ()):
        ours = touch_kind(value)
        if ours:
            found.setdefault(ours, []).append(value)
    return found


# No question where hardly a file has such a column.
QUESTIONS: Mapping[Rows, Mapping[str, str]] = {
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
