"""What the follow-up of a stay is read from: when it began, and its touches. For one deal, or for a whole playbook."""

from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection

Touched = tuple[str, str, str, Moment]  # kind, direction, outcome, moment


def begun(query: Query, visit: int) -> Moment | None:
    """When the stay began; None where that is not known, or where the stay came by an import."""
    sql = "SELECT entered_at FROM visit WHERE id = :id AND NOT imported"
    rows = query(sql, id=visit)
    return rows[0][0] if rows else None


def touches(query: Query, deal: int) -> list[Touched]:
    """Every touch of the deal, of this stay or an earlier one, and what says as much as one.

    Whoever agreed to a meeting has answered. A summary that was sent is an e-mail to them; its confirmation is as good
    as a talk.
    """
    sql = """SELECT kind, direction, outcome, at FROM touch WHERE deal_id = :deal
             UNION ALL SELECT 'meeting', 'in', 'booked', booked_at FROM meeting
                 WHERE deal_id = :deal AND state NOT IN ('moved', 'cancelled')
             UNION ALL SELECT 'email', 'out', 'sent', sent_at FROM summary WHERE deal_id = :deal AND sent_at IS NOT NULL
             UNION ALL SELECT 'call', 'in', 'answered', confirmed_at FROM summary
                 WHERE deal_id = :deal AND confirmed_at IS NOT NULL"""
    return [tuple(row) for row in query(sql, deal=deal)]


def booked(query: Query, deal: int) -> list[tuple[Moment, int]]:
    """When each meeting of the deal that is booked begins, and how many minutes it takes."""
    rows = query("SELECT at, minutes FROM meeting WHERE deal_id = :deal AND state = 'booked'", deal=deal)
    return [(row[0], row[1]) for row in rows]


class Stayed(NamedTuple):
    """A stay that was begun here, and what it came to: the kind of stage that followed, how it was closed and why.

    `ended_by` is the command that ended it.
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


# Imported stays are left out: what was tried in them is not known. So are test accounts.
_OURS = """visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
    {more} WHERE v.playbook = :playbook AND v.kind = 'open' AND NOT v.imported AND v.entered_at IS NOT NULL"""


_THEN = """{at} >= date(substr(v.entered_at, 1, 10), '-2 days')
           AND (v.left_at IS NULL OR {at} < date(substr(v.left_at, 1, 10), '+3 days'))"""


def stays(query: QueryConnection, playbook: str) -> Iterator[Stayed]:
    """Every stay in the open stages of this playbook that was begun here, by its number."""
    next_stay = "LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1"
    sql = f"""SELECT v.id, v.deal_id, v.stage, v.entered_at, v.left_at, v.ended, n.command_id, n.disposition, n.because
              FROM {_OURS.format(more=next_stay)} ORDER BY v.id"""
    return (Stayed._make(row) for row in query.each(sql, playbook=playbook))


def touches_by_stay(query: QueryConnection, playbook: str) -> Iterator[tuple[int, str, str, str, Moment, int]]:
    """What `touches` has, as far as it may have fallen into those stays: the stay, what was done, the command.

    Compared by their text, which tells days that no two zones have in common; a closer look is for whoever knows where.
    """
    sql = f"""
        SELECT v.id AS stay, t.kind, t.direction, t.outcome, t.at, t.command_id, t.id AS number
        FROM {_OURS.format(more="JOIN touch AS t ON t.deal_id = v.deal_id")} AND {_THEN.format(at="t.at")}
        UNION ALL SELECT v.id, 'meeting', 'in', 'booked', m.booked_at, m.command_id, 0
        FROM {_OURS.format(more="JOIN meeting AS m ON m.deal_id = v.deal_id AND m.state NOT IN ('moved', 'cancelled')")}
        AND {_THEN.format(at="m.booked_at")}
        UNION ALL SELECT v.id, 'email', 'out', 'sent', s.sent_at, s.command_id, 0
        FROM {_OURS.format(more="JOIN summary AS s ON s.deal_id = v.deal_id")} AND {_THEN.format(at="s.sent_at")}
        UNION ALL SELECT v.id, 'call', 'in', 'answered', s.confirmed_at, s.command_id, 0
        FROM {_OURS.format(more="JOIN summary AS s ON s.deal_id = v.deal_id")} AND {_THEN.format(at="s.confirmed_at")}
        ORDER BY stay, number"""
    return ((stay, *touch[:5]) for stay, *touch in query.each(sql, playbook=playbook))


def size(query: Query) -> int:
    """How many stays and touches there are in all: for the progress bar."""
    return int(query("SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM touch)")[0][0])
