"""Fills in kind, author and file of the commands of an older database, once, when it is raised to schema 7.

Nothing else reads what was typed. Needs nothing but sqlite3.
"""

import re
import sqlite3
from collections.abc import Iterator

from handoffctl.core.names import slugify
from handoffctl.db.undone import FORGETTING

# The commands that are named by two words. Those that came later need no place here: their rows have a kind.
GROUPS = frozenset(
    (
        "contact",
        "deal",
        "drill",
        "goals",
        "meeting",
        "person",
        "playbook",
        "promise",
        "report",
        "summary",
        "template",
        "trial",
        "value",
    )
)
WITH_VALUE = ("--home", "--db", "--now")  # options of the program, which may stand before the command
WITH_CALENDAR_FILE = ("meeting book", "meeting move", "meeting cancel")
# As `shlex.join` writes words. `shlex.split` takes more than twice as long, and there may be many.
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_WORD = re.compile(r"""((?:[^ '"]|'[^']*'|"[^"]*")+)(?: |\Z)""")

_FORGOT = "handoffctl delete --taken-back"  # always recorded so, whatever was typed

# Each answer of an interview is a command of its own, under the words of the handoff that asked for it.
_ANSWERS = """
    UPDATE command SET kind = '{kind}' WHERE kind IN ({asking}) AND id IN (SELECT command_id FROM {table})
        AND id NOT IN (SELECT command_id FROM handoff)"""
_OFFERED = "UPDATE command SET kind = 'handoff' WHERE kind = 'meeting held' AND id IN (SELECT command_id FROM handoff)"


def name_commands(connection: sqlite3.Connection, author: str) -> None:
    """Gives every command its kind and the file it wrote, read from its words, and this author."""
    connection.execute("UPDATE command SET author = ?", (author,))
    # As bytes: text that is no UTF-8 would be an error in the middle of reading.
    commands = connection.execute("SELECT id, CAST(words AS BLOB) FROM command WHERE words <> ''").fetchall()
    connection.executemany(
        "UPDATE command SET kind = ?, wrote_file = ? WHERE id = ?",
        ((*_kind_and_file(words.decode(errors="replace")), id) for id, words in commands),
    )
    # A meeting that was held leaves a touch itself, so only its other answers can be told.
    connection.execute(_ANSWERS.format(kind="touch", asking="'handoff'", table="touch"))
    connection.execute(
        _ANSWERS.format(kind="set", asking="'handoff', 'meeting held'", table="field_value")
        + " AND id NOT IN (SELECT command_id FROM touch)"
    )
    connection.execute(_OFFERED)


def _kind_and_file(line: str) -> tuple[str, str | None]:
    kind = kind_of(line)
    if kind == "import" and (made := _value_of("--make-playbook", line)):
        return kind, f"playbooks/{slugify(made)}.yaml"
    return kind, (kind in WITH_CALENDAR_FILE and _value_of("--ics", line)) or None


def kind_of(line: str) -> str:
    """Returns the command in a recorded line, without options and arguments; empty if there is none."""
    if line == _FORGOT:
        return FORGETTING
    named = _not_options(line)
    first = next(named, "")
    return f"{first} {next(named, '')}".rstrip() if first in GROUPS else first


def _not_options(line: str) -> Iterator[str]:
    words = split(line)
    next(words, None)  # the program
    for word in words:
        if word in WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            yield word


def _value_of(option: str, line: str) -> str:
    """Returns the value typed for an option, if any."""
    words = split(line)
    for word in words:
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else next(words, "")
        if word == "--":
            break
    return ""


def split(line: str) -> Iterator[str]:
    """Yields the words of a line, up to one that was cut off because the line was too long."""
    place = 0
    while found := _WORD.match(line, place):
        place = found.end()
        yield _QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", found[1])
