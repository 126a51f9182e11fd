"""Queries for follow-up: when a stay began, and its touches. For one deal, or for all stays of a playbook."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection


class FollowUpTouch(NamedTuple):
    """A touch as follow-up counts it."""

    kind: str
    direction: str
    outcome: str
    at: Moment


def stay_began_at(query: Query, visit_id: int) -> Moment | None:
    """Returns when the stay began; None where that is not known, or where the stay was imported."""
    sql = "SELECT entered_at FROM visit WHERE id = :id AND NOT imported"
    rows = query(sql, id=visit_id)
    return rows[0][0] if rows else None


def touches(query: Query, deal_id: int) -> list[FollowUpTouch]:
    """Returns every touch of the deal, of this stay or an earlier one, and the records that count as one.

    A prospect who agreed to a meeting has answered. A summary that was sent is an e-mail to them, and its confirmation
    counts as a talk.
    """
    sql = """SELECT kind, direction, outcome, at FROM touch WHERE deal_id = :deal
             UNION ALL SELECT 'meeting', 'in', 'booked', booked_at FROM meeting
                 WHERE deal_id = :deal AND state NOT IN ('moved', 'cancelled')
             UNION ALL SELECT 'email', 'out', 'sent', sent_at FROM summary WHERE deal_id = :deal AND sent_at IS NOT NULL
             UNION ALL SELECT 'call', 'in', 'answered', confirmed_at FROM summary
                 WHERE deal_id = :deal AND confirmed_at IS NOT NULL"""
    return [FollowUpTouch(*row) for row in query(sql, deal=deal_id)]


def booked_meetings(query: Query, deal_id: int) -> list[tuple[Moment, int]]:
    """Returns when each booked meeting of the deal begins, and how many minutes it takes."""
    rows = query("SELECT at, minutes FROM meeting WHERE deal_id = :deal AND state = 'booked'", deal=deal_id)
    return [(row[0], row[1]) for row in rows]


class FollowUpStay(NamedTuple):
    """A stay that was not imported, and how it ended.

    `ended_by` is the id of the command that ended it; `disposition` and `because` are of the stay that followed.
    """

    id: int
    deal: int
    stage: str
    entered_at: Moment
    left_at: Moment | None
    ended: int
    ended_by: int | None
    disposition: str | None
    because: str | None


# Imported stays are left out, because the attempts in them are not known. So are test accounts.
_STAY = """visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
    {more} WHERE v.playbook = :playbook AND v.kind = 'open' AND NOT v.imported AND v.entered_at IS NOT NULL"""

_DURING = """{at} >= date(substr(v.entered_at, 1, 10), '-2 days')
           AND (v.left_at IS NULL OR {at} < date(substr(v.left_at, 1, 10), '+3 days'))"""


def stays(query: QueryConnection, playbook: str) -> Iterator[FollowUpStay]:
    """Yields every stay in an open stage of this playbook that was not imported, by its id."""
    next_stay = "LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1"
    sql = f"""SELECT v.id, v.deal_id, v.stage, v.entered_at, v.left_at, v.ended, n.command_id, n.disposition, n.because
              FROM {_STAY.format(more=next_stay)} ORDER BY v.id"""
    return (FollowUpStay._make(row) for row in query.each(sql, playbook=playbook))


def touches_by_stay(query: QueryConnection, playbook: str) -> Iterator[tuple[int, str, str, str, Moment, int]]:
    """Yields the touches that may belong to those stays.

    Each is the id of the stay, kind, direction, outcome, moment, and the id of the command.
    Which touches count is as in `touches`. The dates are compared as texts and with a margin of days, since the time
    zone is not known here; the caller must compare them exactly.
    """
    sql = f"""
        SELECT v.id AS stay, t.kind, t.direction, t.outcome, t.at, t.command_id, t.id AS number
        FROM {_STAY.format(more="JOIN touch AS t ON t.deal_id = v.deal_id")} AND {_DURING.format(at="t.at")}
        UNION ALL SELECT v.id, 'meeting', 'in', 'booked', m.booked_at, m.command_id, 0
        FROM {_STAY.format(more="JOIN meeting AS m ON m.deal_id = v.deal_id AND m.state NOT IN ('moved', 'cancelled')")}
        AND {_DURING.format(at="m.booked_at")}
        UNION ALL SELECT v.id, 'email', 'out', 'sent', s.sent_at, s.command_id, 0
        FROM {_STAY.format(more="JOIN summary AS s ON s.deal_id = v.deal_id")} AND {_DURING.format(at="s.sent_at")}
        UNION ALL SELECT v.id, 'call', 'in', 'answered', s.confirmed_at, s.command_id, 0
        FROM {_STAY.format(more="JOIN summary AS s ON s.deal_id = v.deal_id")} AND {_DURING.format(at="s.confirmed_at")}
        ORDER BY stay, number"""
    return ((stay, *touch[:5]) for stay, *touch in query.each(sql, playbook=playbook))


def size(query: Query) -> int:
    """Returns how many stays and touches there are in all, for the progress bar."""
    return int(query("SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM touch)")[0][0])
