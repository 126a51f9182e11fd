"""Queries for handoffs and what followed, for owners, answers and meetings. Each is one statement over all deals."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection

_REAL = "JOIN deal AS d ON d.id = {deal} JOIN account AS a ON a.id = d.account_id AND a.test = 0"


class SentHandoff(NamedTuple):
    """A completed handoff, in the stay that it ended or in which only the owner changed.

    `test` is 1 on a test account. `score` is None without signals.
    """

    id: int
    deal: int
    account: int
    stay: int
    command: int
    name: str
    at: Moment
    owner: str
    revision: int
    from_stage: str
    to_stage: str
    returned_at: Moment | None
    score: int | None
    test: int


class LostStay(NamedTuple):
    """A stay in which a deal was lost or disqualified, and the command that began it."""

    deal: int
    command: int
    entered_at: Moment | None


class OwnerFrom(NamedTuple):
    """Somebody who owned an open deal, from when on."""

    owner: str
    at: Moment


class GivenAnswer(NamedTuple):
    """A text that was recorded during a stay in this playbook."""

    stay: int
    account: int
    name: str
    value: str
    command: int


class BookedMeeting(NamedTuple):
    """A meeting that was marked as held or no-show, with the owner of the deal when it was booked."""

    deal: int
    owner: str
    state: str
    booked_at: Moment
    marked_at: Moment
    touch: int | None


class DatedTouch(NamedTuple):
    """A touch of a deal with a held meeting."""

    id: int
    at: Moment


def sent_handoffs(query: QueryConnection, playbook: str) -> list[SentHandoff]:
    """Returns every completed handoff in this playbook in the order in which they were made."""
    sql = """SELECT h.id, h.deal_id, d.account_id, h.visit_id, h.command_id, h.name, h.at, h.from_owner, h.revision_id,
                    h.from_stage, h.to_stage, h.returned_at, h.score, CASE WHEN a.test = 1 THEN 1 ELSE 0 END
             FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
             JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE h.state <> 'blocked' ORDER BY h.id"""
    return list(map(SentHandoff._make, query.each(sql, playbook=playbook)))


def lost_stays(query: QueryConnection) -> dict[int, list[LostStay]]:
    """Returns the stays in which each deal was lost, in order."""
    sql = f"""SELECT v.deal_id, v.command_id, v.entered_at FROM visit AS v {_REAL.format(deal="v.deal_id")}
              WHERE v.kind = 'lost' ORDER BY v.deal_id, v.number"""
    by_deal: dict[int, list[LostStay]] = defaultdict(list)
    for stay in map(LostStay._make, query.each(sql)):
        by_deal[stay.deal].append(stay)
    return by_deal


def owners(query: QueryConnection) -> Iterator[OwnerFrom]:
    """Yields who owned open deals in any playbook: the first owner of each open stay, and who took over within one.

    Where it is not known when a stay began, it counts from when it was recorded.
    """
    first = """(SELECT h.from_owner FROM handoff AS h WHERE h.visit_id = v.id AND h.state <> 'blocked'
                ORDER BY h.id LIMIT 1)"""
    sql = f"""SELECT coalesce({first}, v.owner), coalesce(v.entered_at, c.at)
              FROM visit AS v JOIN command AS c ON c.id = v.command_id {_REAL.format(deal="v.deal_id")}
              WHERE v.kind = 'open'
              UNION ALL SELECT h.to_owner, h.at FROM handoff AS h {_REAL.format(deal="h.deal_id")}
              WHERE h.state <> 'blocked' AND NOT EXISTS (SELECT 1 FROM visit AS n WHERE n.handoff_id = h.id)"""
    return map(OwnerFrom._make, query.each(sql))


def answers(query: QueryConnection, playbook: str) -> Iterator[GivenAnswer]:
    """Yields the texts that were recorded during each stay in this playbook, in the order in which they were added.

    What the command of a handoff recorded belongs to the stay that it ended.
    """
    sql = """
        SELECT v.id AS stay, d.account_id, f.name, f.value, f.command_id, f.id AS number
        FROM field_value AS f JOIN deal AS d ON {whose} JOIN account AS a ON a.id = d.account_id AND a.test = 0
        JOIN visit AS v ON v.deal_id = d.id AND v.playbook = :playbook
                       AND (v.command_id < f.command_id OR (v.number = 1 AND v.command_id = f.command_id))
        LEFT JOIN visit AS n ON n.deal_id = v.deal_id AND n.number = v.number + 1
        WHERE f.type = 'text' AND f.forgotten = 0 AND f.imported = 0
          AND (n.id IS NULL OR f.command_id <= n.command_id)"""
    of_deal = sql.format(whose="d.id = f.deal_id")
    of_account = sql.format(whose="d.account_id = f.account_id AND f.deal_id IS NULL")
    rows = query.each(f"{of_deal} UNION ALL {of_account} ORDER BY number", playbook=playbook)
    return (GivenAnswer._make(row[:5]) for row in rows)


def meetings(query: QueryConnection, playbook: str) -> Iterator[BookedMeeting]:
    """Yields the marked meetings that were booked in this playbook."""
    owner = """(SELECT h.from_owner FROM handoff AS h WHERE h.visit_id = v.id AND h.state <> 'blocked'
                AND h.command_id > m.command_id ORDER BY h.id LIMIT 1)"""
    sql = f"""SELECT m.deal_id, coalesce({owner}, v.owner), m.state, m.booked_at, m.marked_at, m.touch_id
              FROM meeting AS m JOIN visit AS v ON v.id = m.visit_id AND v.playbook = :playbook
              {_REAL.format(deal="m.deal_id")}
              WHERE m.state IN ('held', 'no-show') AND m.marked_at IS NOT NULL ORDER BY m.id"""
    return map(BookedMeeting._make, query.each(sql, playbook=playbook))


def touches(query: QueryConnection) -> dict[int, list[DatedTouch]]:
    """Returns the touches, without notes, of each deal that has a held meeting."""
    sql = """SELECT t.deal_id, t.id, t.at FROM touch AS t WHERE t.kind <> 'note'
             AND EXISTS (SELECT 1 FROM meeting AS m WHERE m.deal_id = t.deal_id AND m.state = 'held') ORDER BY t.id"""
    by_deal: dict[int, list[DatedTouch]] = defaultdict(list)
    for deal, *rest in query.each(sql):
        by_deal[deal].append(DatedTouch._make(rest))
    return by_deal
