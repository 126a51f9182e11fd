"""Examines the installation: paths, versions, schema, integrity, playbooks and templates."""

import platform
import sqlite3
import sys
from contextlib import closing
from typing import Any

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


def examine(home: Home) -> dict[str, Any]:
    """Returns paths, versions, schema, integrity and playbooks; `problems` is empty if all is well."""
    problems: list[str] = []
    found: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "home": str(home.folder),
        "database": str(home.database),
        "shipped_playbooks": str(shipped("playbooks")),
        "encoding": sys.stdout.encoding,
        "schema": {"program": VERSION, "file": None},
        "records": {},
        "playbooks": {},
    }
    if home.database.exists():
        _examine_file(home, found, problems)
    for name in playbook_paths(home):
        found["playbooks"][name] = _state(home, name, problems)
    try:
        load_playbook(home, home.configuration.playbook)
    except HandoffError as fault:
        problems += [fault.message, *fault.problems]
    problems += [*_stages_gone(home), *_templates_at_fault(home)]
    found["problems"] = problems
    return found


def _examine_file(home: Home, found: dict[str, Any], problems: list[str]) -> None:
    try:
        check_before_opening(home.database)
        with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
            wait_when_busy(connection)
            found["schema"]["file"] = version_of(connection, home.database)
            problems += [f"The database is damaged: {fault}." for fault in damages(connection)]
            if found["schema"]["file"] == VERSION and not is_whole(home.database):
                problems.append(f"{home.database} lacks tables or columns that it should have.")
                return
            problems += integrity_errors(home.database)
            for table in ("account", "contact", "deal", "visit", "handoff", "touch"):
                found["records"][table] = count_rows(connection, table)
    except sqlite3.Error as error:
        problems.append(str(refusal(error, home.database)))
    except HandoffError as error:
        problems.append(error.message)


def _stages_gone(home: Home) -> list[str]:
    """Returns a sentence for each removed stage that deals are still in, with the command that moves them."""
    try:
        return [gone.says for gone in stages_gone(home)]
    except HandoffError:  # what is wrong with the database is told already
        return []


def _templates_at_fault(home: Home) -> list[str]:
    try:
        return check_templates(home, shipped_too=False).faults
    except HandoffError as fault:
        return [fault.message]


def _state(home: Home, name: str, problems: list[str]) -> str:
    try:
        astray = broken_destinations(home, load_playbook(home, name))
    except HandoffError as fault:
        problems += [fault.message, *fault.problems]
        return "faulty"
    problems += astray
    return "faulty" if astray else "in order"
