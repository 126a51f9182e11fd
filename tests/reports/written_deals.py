"""Deals written straight into a database, for homes with so many of them that commands would take too long."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from handoffctl.db.file import make_ready

KINDS = {"won": "won", "lost": "lost", "later": "nurture"}  # by stage; others are open


class Written(NamedTuple):
    """A deal: its stays as (stage, moment of entry), and its values, each with the moment at which it was learned."""

    name: str
    stays: Sequence[tuple[str, str | None]]
    values: Sequence[tuple[str, str, str]] = ()  # name, value, at
    test: bool = False


def write_deals(home: Path, playbook: str, deals: Iterable[Written]) -> None:
    """Writes deals, each with an account of its own, into a new database in the home folder."""
    home.mkdir(exist_ok=True)
    make_ready(home / "handoffctl.db")
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        connection.execute("INSERT INTO command (id, at, words, says) VALUES (1, '2020-01-01', '', 'Made.')")
        _add(connection, "playbook_revision", playbook=playbook, hash="", content="", at="2020-01-01")
        paths: dict[str, int] = {}
        for number, deal in enumerate(deals, 1):
            _write(connection, playbook, number, deal, paths)


def _write(connection: sqlite3.Connection, playbook: str, number: int, deal: Written, paths: dict[str, int]) -> None:
    path = ">".join(f"{playbook}/{stage}" for stage, _ in deal.stays)
    if path not in paths:
        paths[path] = _add(connection, "path", stages=path)
    values = {name: value for name, value, _ in deal.values}
    amount, close = values.get("deal.amount"), values.get("deal.expected_close")
    _add(
        connection, "account", id=number, slug=deal.name, name=deal.name, folded=deal.name, test=int(deal.test)
    )  # fmt: skip
    _add(
        connection, "deal", id=number, account_id=number, slug="deal", path_id=paths[path],
        amount_cents=None if amount is None else round(float(amount) * 100), expected_close=close,
    )  # fmt: skip
    for place, (stage, entered_at) in enumerate(deal.stays):
        last = place == len(deal.stays) - 1
        left_at = None if last else deal.stays[place + 1][1]
        _add(
            connection, "visit", deal_id=number, number=place + 1, playbook=playbook, stage=stage,
            kind=KINDS.get(stage, "open"), owner="seller", entered_at=entered_at, left_at=left_at, ended=int(not last),
        )  # fmt: skip
    for name, value, at in deal.values:
        learn(connection, number, name, value, at)


def learn(connection: sqlite3.Connection, deal: int, name: str, value: str, at: str) -> None:
    """Adds a value of a deal to its history."""
    _add(connection, "field_value", account_id=deal, deal_id=deal, name=name, type="text", value=value, at=at)


def touch(connection: sqlite3.Connection, deal: int, direction: str, at: str) -> None:
    """Adds a call."""
    _add(connection, "touch", account_id=deal, deal_id=deal, kind="call", direction=direction, at=at)


def meet(connection: sqlite3.Connection, account: int, level: str, at: str) -> None:
    """Adds a contact of that level, as a command of that moment."""
    command = connection.execute("INSERT INTO command (at, words, says) VALUES (?, '', '')", (at,)).lastrowid
    connection.execute(
        "INSERT INTO contact (command_id, account_id, folded, level, main) VALUES (?, ?, '', ?, 1)",
        (command, account, level),
    )


def _add(connection: sqlite3.Connection, table: str, **values: object) -> int:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} (command_id, {names}) VALUES (1, {marks})"
    return connection.execute(sql, tuple(values.values())).lastrowid or 0


def yes_or_no(values: Mapping[str, bool], at: str) -> list[tuple[str, str, str]]:
    """Returns yes/no fields as values learned at one moment."""
    return [(name, "yes" if value else "no", at) for name, value in values.items()]
