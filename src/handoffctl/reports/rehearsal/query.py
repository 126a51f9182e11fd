"""Queries for the rehearsal: attempts, and everything that a criterion looks at with the command that recorded it.

A command is known to an attempt if its id is not higher than that of the attempt's command, because two commands may
share a second, and a touch of last week may have been recorded today.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection

Record = TypeVar("Record")


class RecordedAttempt(NamedTuple):
    """One attempt in the stay with the number `stay_number`. `test` is 1 on a test account, `blocked` 1 if it was."""

    id: int
    command: int
    deal: int
    account: int
    stay: int
    stay_number: int
    revision: int
    name: str
    at: Moment
    blocked: int
    from_stage: str
    to_playbook: str
    to_stage: str
    returned_at: Moment | None
    test: int


class RecordedValue(NamedTuple):
    """A value of a deal, or of its account where `deal` is None. `seconds` is None unless somebody was asked for it."""

    command: int
    account: int
    deal: int | None
    name: str
    value: str
    at: Moment
    seconds: float | None


class RecordedTouch(NamedTuple):
    """A touch, as it is now."""

    id: int
    command: int
    deal: int
    kind: str
    direction: str
    outcome: str
    met: str
    at: Moment


class RecordedStep(NamedTuple):
    """A next step, as it is now."""

    id: int
    command: int
    deal: int
    text: str
    due: Moment | None
    at: Moment
    done_at: Moment | None
    replaced_at: Moment | None


class RecordedContact(NamedTuple):
    """A contact, as it is now; `at` is when the command that added it was given."""

    id: int
    command: int
    account: int
    name: str | None
    email: str | None
    phone: str | None
    title: str | None
    level: str | None
    main: int
    at: Moment


class RecordedSummary(NamedTuple):
    """A summary, as it is now."""

    id: int
    command: int
    deal: int
    state: str
    sent_at: Moment | None
    confirmed_at: Moment | None


class RecordedAnswer(NamedTuple):
    """An answer that confirmed or corrected a summary; `stay_number` is the stay in which it was recorded.

    `text_command` is the command that wrote the text of the summary.
    """

    command: int
    deal: int
    taken_as: str
    at: Moment
    text_command: int | None
    stay_number: int | None


class DealColumns(NamedTuple):
    """The built-in values of a deal and its account, as they are now."""

    deal: int
    account: int
    amount_cents: int | None
    expected_close: str | None
    source: str | None
    domain: str | None


class RowNote(NamedTuple):
    """What a row was before a command changed it, as JSON; `null` if that command restored it."""

    table: str
    row: int
    command: int
    at: Moment
    was: str


class DealStay(NamedTuple):
    """One stay of a deal, in the order of deals and stays."""

    deal: int
    kind: str
    entered_at: Moment | None


class UnrehearsedMove(NamedTuple):
    """When a deal left a stage in history that was imported, so that no attempt is recorded."""

    left_at: Moment | None


# The deals and accounts of which an attempt in the playbook is recorded; each statement has one of these.
_TRIED_DEALS = """SELECT h.deal_id FROM handoff AS h
                  JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook"""
_TRIED_ACCOUNTS = f"SELECT d.account_id FROM deal AS d WHERE d.id IN ({_TRIED_DEALS})"


def attempts(query: QueryConnection, playbook: str) -> list[RecordedAttempt]:
    """Returns every attempt in this playbook in the order in which they were made, those of test accounts included."""
    sql = """
        SELECT h.id, h.command_id, h.deal_id, d.account_id, h.visit_id, v.number, h.revision_id, h.name, h.at,
               CASE WHEN h.state = 'blocked' THEN 1 ELSE 0 END, h.from_stage, h.to_playbook, h.to_stage,
               h.returned_at, CASE WHEN a.test = 1 THEN 1 ELSE 0 END
        FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
        JOIN visit AS v ON v.id = h.visit_id
        JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
        ORDER BY h.id"""
    return [RecordedAttempt._make(row) for row in query.each(sql, playbook=playbook)]


def values(query: QueryConnection, playbook: str) -> dict[int, list[RecordedValue]]:
    """Returns the values of each account and its deals, in the order in which they were added."""
    sql = f"""SELECT f.command_id, f.account_id, f.deal_id, f.name, f.value, f.at, f.seconds FROM field_value AS f
              WHERE f.forgotten = 0 AND f.account_id IN ({_TRIED_ACCOUNTS}) ORDER BY f.id"""
    rows = (RecordedValue._make(row) for row in query.each(sql, playbook=playbook))
    return _grouped(rows, lambda row: row.account)


def touches(query: QueryConnection, playbook: str) -> dict[int, list[RecordedTouch]]:
    """Returns the touches of each deal, in the order in which they were recorded."""
    sql = f"""SELECT t.id, t.command_id, t.deal_id, t.kind, t.direction, t.outcome, t.met, t.at FROM touch AS t
              WHERE t.deal_id IN ({_TRIED_DEALS}) ORDER BY t.id"""
    return _grouped(map(RecordedTouch._make, query.each(sql, playbook=playbook)), lambda row: row.deal)


def steps(query: QueryConnection, playbook: str) -> dict[int, list[RecordedStep]]:
    """Returns the next steps of each deal, in the order in which they were set."""
    sql = f"""SELECT s.id, s.command_id, s.deal_id, s.text, s.due, s.at, s.done_at, s.replaced_at FROM step AS s
              WHERE s.deal_id IN ({_TRIED_DEALS}) ORDER BY s.id"""
    return _grouped(map(RecordedStep._make, query.each(sql, playbook=playbook)), lambda row: row.deal)


def contacts(query: QueryConnection, playbook: str) -> dict[int, list[RecordedContact]]:
    """Returns the contacts of each account."""
    sql = f"""SELECT p.id, p.command_id, p.account_id, p.name, p.email, p.phone, p.title, p.level, p.main, c.at
              FROM contact AS p JOIN command AS c ON c.id = p.command_id
              WHERE p.account_id IN ({_TRIED_ACCOUNTS}) ORDER BY p.id"""
    return _grouped(map(RecordedContact._make, query.each(sql, playbook=playbook)), lambda row: row.account)


def summaries(query: QueryConnection, playbook: str) -> dict[int, list[RecordedSummary]]:
    """Returns the summaries of each deal."""
    sql = f"""SELECT s.id, s.command_id, s.deal_id, s.state, s.sent_at, s.confirmed_at FROM summary AS s
              WHERE s.deal_id IN ({_TRIED_DEALS}) ORDER BY s.id"""
    return _grouped(map(RecordedSummary._make, query.each(sql, playbook=playbook)), lambda row: row.deal)


def answers(query: QueryConnection, playbook: str) -> dict[int, list[RecordedAnswer]]:
    """Returns the answers to the summaries of each deal, in the order in which the summaries were sent."""
    sql = f"""SELECT n.command_id, s.deal_id, n.taken_as, n.at, s.text_command_id,
                     (SELECT max(v.number) FROM visit AS v WHERE v.deal_id = s.deal_id AND v.command_id < n.command_id)
              FROM summary AS s JOIN answer AS n ON n.summary_id = s.id AND n.taken_as IN ('confirmed', 'corrected')
              WHERE s.deal_id IN ({_TRIED_DEALS}) ORDER BY s.sent_at, s.id, n.id"""
    return _grouped(map(RecordedAnswer._make, query.each(sql, playbook=playbook)), lambda row: row.deal)


def deal_columns(query: QueryConnection, playbook: str) -> dict[int, DealColumns]:
    """Returns the built-in values of each deal."""
    sql = f"""SELECT d.id, d.account_id, d.amount_cents, d.expected_close, d.source, a.domain
              FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE d.id IN ({_TRIED_DEALS})"""
    return {row[0]: DealColumns._make(row) for row in query.each(sql, playbook=playbook)}


def notes(query: QueryConnection) -> list[RowNote]:
    """Returns what touches, steps, contacts and summaries were before they were changed, oldest change first."""
    sql = """SELECT f.of_table, f.of_row, f.command_id, c.at, f.was FROM former AS f
             JOIN command AS c ON c.id = f.command_id
             WHERE f.of_table IN ('touch', 'step', 'contact', 'summary') ORDER BY f.id"""
    return [RowNote._make(row) for row in query.each(sql)]


def stays(query: QueryConnection, playbook: str) -> list[DealStay]:
    """Returns every stay of the deals that were tried, in the order of deals and stays."""
    sql = f"""SELECT v.deal_id, v.kind, v.entered_at FROM visit AS v
              WHERE v.deal_id IN ({_TRIED_DEALS}) ORDER BY v.deal_id, v.number"""
    return [DealStay._make(row) for row in query.each(sql, playbook=playbook)]


def moves_without_attempt(query: QueryConnection, playbook: str) -> list[UnrehearsedMove]:
    """Returns every move out of a stage of the playbook that an import recorded, test accounts excepted."""
    sql = """SELECT v.left_at FROM visit AS v
             JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE v.playbook = :playbook AND v.imported = 1 AND v.ended = 1
             AND NOT EXISTS (SELECT 1 FROM handoff AS h WHERE h.visit_id = v.id)"""
    return [UnrehearsedMove._make(row) for row in query.each(sql, playbook=playbook)]


def _grouped(rows: Iterable[Record], key: Callable[[Record], Any]) -> dict[int, list[Record]]:
    grouped: dict[int, list[Record]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped
