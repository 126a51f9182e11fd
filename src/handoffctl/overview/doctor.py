"""Examines the installation: paths, versions, schema, integrity, playbooks and templates."""

import platform
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from handoffctl import __version__
from handoffctl.db.file import (
    VERSION,
    check_before_opening,
    is_whole,
    refusal,
    version_of,
)
from handoffctl.db.integrity import count_rows, damages, integrity_errors, wait_when_busy
from handoffctl.deals.missing_stages import stages_gone
from handoffctl.emails.template_check import check_templates
from handoffctl.errors import HandoffError
from handoffctl.playbook.check import broken_destinations
from handoffctl.playbook.library import load_playbook, playbook_paths
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home


class SchemaVersions(NamedTuple):
    """The version of the schema that the program needs, and that of the database file; None without a file."""

    program: int
    file: int | None


class Examination(NamedTuple):
    """Paths, versions, the number of records by table and the state of each playbook; no `problems` if all is well."""

    version: str
    python: str
    sqlite: str
    home: str
    database: str
    shipped_playbooks: str
    encoding: str
    schema: SchemaVersions
    records: Mapping[str, int]
    playbooks: Mapping[str, str]
    problems: Sequence[str]


@dataclass
class _DatabaseFile:
    """What was read from the database file, as far as it could be read."""

    version: int | None = None
    records: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def examine(home: Home) -> Examination:
    """Examines the database, the playbooks and the templates."""
    file = _DatabaseFile()
    if home.database.exists():
        _examine_file(home, file)
    problems = file.problems
    playbooks = {name: _state(home, name, problems) for name in playbook_paths(home)}
    try:
        load_playbook(home, home.configuration.playbook)
    except HandoffError as fault:
        problems += [fault.message, *fault.problems]
    problems += [*_stages_gone(home), *_templates_at_fault(home)]
    return Examination(
        version=__version__,
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        home=str(home.folder),
        database=str(home.database),
        shipped_playbooks=str(shipped("playbooks")),
        encoding=sys.stdout.encoding,
        schema=SchemaVersions(VERSION, file.version),
        records=file.records,
        playbooks=playbooks,
        problems=problems,
    )


def _examine_file(home: Home, file: _DatabaseFile) -> None:
    """Reads the version, the problems and the records of the file. An error ends it and becomes a problem."""
    try:
        check_before_opening(home.database)
        with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
            wait_when_busy(connection)
            file.version = version_of(connection, home.database)
            file.problems += [f"The database is damaged: {fault}." for fault in damages(connection)]
            if file.version == VERSION and not is_whole(home.database):
                file.problems.append(f"{home.database} lacks tables or columns that it should have.")
                return
            file.problems += integrity_errors(home.database)
            for table in ("account", "contact", "deal", "visit", "handoff", "touch"):
                file.records[table] = count_rows(connection, table)
    except sqlite3.Error as error:
        file.problems.append(str(refusal(error, home.database)))
    except HandoffError as error:
        file.problems.append(error.message)


def _stages_gone(home: Home) -> list[str]:
    """Returns a sentence for each removed stage that deals are still in, with the command that moves them."""
    try:
        return [gone.says for gone in stages_gone(home) if not gone.is_dropped]
    except HandoffError:  # what is wrong with the database is told already
        return []


def _templates_at_fault(home: Home) -> list[str]:
    try:
        return check_templates(home, shipped_too=False).faults
    except HandoffError as fault:
        return [fault.message, *fault.problems]


def _state(home: Home, name: str, problems: list[str]) -> str:
    try:
        astray = broken_destinations(home, load_playbook(home, name))
    except HandoffError as fault:
        problems += [fault.message, *fault.problems]
        return "faulty"
    problems += astray
    return "faulty" if astray else "in order"
