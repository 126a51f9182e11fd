"""Queries for meetings, and for the open step of the deal they belong to."""

from dataclasses import replace
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row
from handoffctl.deals.stays_query import deal_names
from handoffctl.meetings.model import DealMeeting, Meeting, MeetingGuest

_COLUMNS = "id, uid, at, minutes, met, handoff, state, booked_at, moves, step_id, place, subject"


def of_deal(query: Query, deal_id: int, *states: str) -> list[Meeting]:
    """Returns the meetings of a deal that are in one of these states, in the order in which they were booked."""
    rows = query(f"SELECT {_COLUMNS} FROM meeting WHERE deal_id = :deal ORDER BY id", deal=deal_id)
    guests = _guests_by_meeting(query, deal_id)
    return [replace(Meeting(*row), guests=guests.get(row["id"], ())) for row in rows if row["state"] in states]


def _guests_by_meeting(query: Query, deal_id: int) -> dict[int, tuple[MeetingGuest, ...]]:
    sql = """SELECT g.meeting_id, g.name, g.email, g.side FROM meeting_guest AS g
             JOIN meeting AS m ON m.id = g.meeting_id WHERE m.deal_id = :deal ORDER BY g.id"""
    return _by_meeting(query(sql, deal=deal_id))


def _by_meeting(rows: list[Row]) -> dict[int, tuple[MeetingGuest, ...]]:
    guests: dict[int, tuple[MeetingGuest, ...]] = {}
    for row in rows:
        guest = MeetingGuest(row["name"], row["email"], row["side"])
        guests[row["meeting_id"]] = (*guests.get(row["meeting_id"], ()), guest)
    return guests


def by_id(query: Query, meeting_id: int) -> Meeting:
    """Returns the meeting with this id."""
    row = query(f"SELECT {_COLUMNS}, deal_id FROM meeting WHERE id = :id", id=meeting_id)[0]
    columns = [row[column] for column in _COLUMNS.split(", ")]
    return replace(Meeting(*columns), guests=_guests_by_meeting(query, row["deal_id"]).get(meeting_id, ()))


class OpenStep(NamedTuple):
    """The open next step of a deal: the id of its row, its text, and its due date if it has one."""

    id: int
    text: str
    due: Moment | None


def open_step_of(query: Query, deal_id: int) -> OpenStep | None:
    """Returns the open step of a deal, or None."""
    sql = "SELECT id, text, due FROM step WHERE deal_id = :deal AND done_at IS NULL AND replaced_at IS NULL"
    rows = query(sql, deal=deal_id)
    return OpenStep(*rows[0]) if rows else None


_MEETING_COLUMNS = ", ".join(f"m.{column}" for column in _COLUMNS.split(", "))

_LISTED = f"""
    SELECT {_MEETING_COLUMNS}, a.slug AS account, a.name, d.slug AS deal, d.id AS deal_id
    FROM meeting AS m JOIN deal AS d ON d.id = m.deal_id JOIN account AS a ON a.id = d.account_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    WHERE m.state <> 'moved' AND {{where}} ORDER BY m.id"""

_EVERY_GUEST = "SELECT meeting_id, name, email, side FROM meeting_guest ORDER BY id"


def of_every_deal(
    query: Query, marked_too: bool, account_id: int | None = None, deal_id: int | None = None
) -> list[DealMeeting]:
    """Returns the booked meetings, or with `marked_too` all; those of test accounts only if the account is named."""
    where = "1" if marked_too else "m.state = 'booked'"
    named = {} if account_id is None else {"account": account_id, "deal": deal_id}
    if account_id is None:
        where += " AND a.test = 0"
    else:
        where += " AND a.id = :account AND d.id = coalesce(:deal, d.id)"
    rows = query(_LISTED.format(where=where), **named)
    names = deal_names(query, sorted({row["deal_id"] for row in rows}))
    guests = _by_meeting(query(_EVERY_GUEST)) if rows else {}
    return [
        DealMeeting(
            replace(
                Meeting(*(row[column] for column in _COLUMNS.split(", "))), guests=guests.get(row["id"], ())
            ),
            row["account"], row["name"], row["deal"], names[row["deal_id"]].ref,
        )
        for row in rows
    ]  # fmt: skip
