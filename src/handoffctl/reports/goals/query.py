"""Queries for stays, touches, handoffs, values, people and typed numbers that goals are counted from."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection
from handoffctl.reports.row_versions_query import row_versions

_REAL = "JOIN deal AS d ON d.id = {deal} JOIN account AS a ON a.id = d.account_id AND a.test = 0"


class GoalStay(NamedTuple):
    """One stay of a deal, in the order of deals and stays.

    `test` is 1 on a test account, `handed` is 1 if a handoff began the stay.
    """

    deal: int
    account: int
    test: int
    command: int
    playbook: str
    stage: str
    kind: str
    disposition: str | None
    entered_at: Moment | None
    handed: int


class GoalTouch(NamedTuple):
    """One touch of a deal. `author` is who gave its command, empty for an import; `marks` is 1 if it marks a meeting.

    A touch that marks a booked meeting is counted with that meeting.
    """

    deal: int
    at: Moment
    command: int
    kind: str
    direction: str
    outcome: str
    author: str
    marks: int


class GoalHandoff(NamedTuple):
    """A handoff that was made, not blocked; `playbook` is that of the deal then."""

    deal: int
    at: Moment
    command: int
    name: str
    playbook: str
    from_stage: str
    to_playbook: str
    to_stage: str
    from_owner: str
    to_owner: str
    accepted_at: Moment | None
    returned_at: Moment | None


class DealValue(NamedTuple):
    """A value of a deal, or of its account where `deal` is None, as it was typed."""

    account: int
    deal: int | None
    value: str
    at: Moment
    command: int


class TypedNumber(NamedTuple):
    """A number that somebody typed for an objective and a month, such as `2026-03`."""

    objective: str
    month: str
    number: float
    at: Moment


class Member(NamedTuple):
    """A person with one of their roles, each with the moment when it was recorded; None for one without roles."""

    id: int
    name: str
    folded: str
    added_at: Moment
    role: str | None
    role_at: Moment | None


class MemberCapacity(NamedTuple):
    """The number of open deals that is enough for a person from the moment `at` on; None if nobody said."""

    person: int
    capacity: int | None
    at: Moment


def stays(query: QueryConnection) -> Iterator[GoalStay]:
    """Yields every stay in any playbook."""
    sql = """SELECT d.id, d.account_id, CASE WHEN a.test = 1 THEN 1 ELSE 0 END, v.command_id, v.playbook, v.stage,
                    v.kind, v.disposition, v.entered_at, CASE WHEN v.handoff_id IS NULL THEN 0 ELSE 1 END
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
             ORDER BY d.id, v.number"""
    return map(GoalStay._make, query.each(sql))


def touches(query: QueryConnection) -> Iterator[GoalTouch]:
    """Yields every touch of a deal, except notes, deal by deal."""
    sql = f"""SELECT d.id, t.at, t.command_id, t.kind, t.direction, t.outcome,
                     CASE WHEN c.kind = 'import' THEN '' ELSE c.author END, CASE WHEN m.id IS NULL THEN 0 ELSE 1 END
              FROM touch AS t {_REAL.format(deal="t.deal_id")} JOIN command AS c ON c.id = t.command_id
              LEFT JOIN meeting AS m ON m.touch_id = t.id WHERE t.kind <> 'note' ORDER BY d.id, t.id"""
    return map(GoalTouch._make, query.each(sql))


def handoffs(query: QueryConnection) -> Iterator[GoalHandoff]:
    """Yields every handoff that was made, deal by deal."""
    sql = f"""SELECT d.id, h.at, h.command_id, h.name, v.playbook, h.from_stage, h.to_playbook, h.to_stage,
                     h.from_owner, h.to_owner, h.accepted_at, h.returned_at
              FROM handoff AS h {_REAL.format(deal="h.deal_id")} JOIN visit AS v ON v.id = h.visit_id
              WHERE h.state <> 'blocked' ORDER BY d.id, h.id"""
    return map(GoalHandoff._make, query.each(sql))


def values(query: QueryConnection, name: str) -> list[DealValue]:
    """Returns every value typed under this name, in the order in which they were."""
    sql = """SELECT account_id, deal_id, value, at, command_id FROM field_value
             WHERE name = :name AND forgotten = 0 ORDER BY id"""
    return [DealValue._make(row) for row in query.each(sql, name=name)]


def typed_numbers(query: QueryConnection, playbook: str) -> list[TypedNumber]:
    """Returns every number typed for the playbook's objectives, in the order in which they were."""
    sql = "SELECT objective, month, number, at FROM typed_number WHERE playbook = :playbook ORDER BY id"
    return [TypedNumber._make(row) for row in query.each(sql, playbook=playbook)]


def members(query: QueryConnection) -> Iterator[Member]:
    """Yields every person once for each of their roles, by name."""
    sql = """SELECT p.id, p.name, p.folded, c.at, r.role, k.at
             FROM person AS p JOIN command AS c ON c.id = p.command_id
             LEFT JOIN person_role AS r ON r.person_id = p.id LEFT JOIN command AS k ON k.id = r.command_id
             ORDER BY p.folded, r.role"""
    return map(Member._make, query.each(sql))


def capacities(query: QueryConnection) -> Iterator[MemberCapacity]:
    """Yields the capacity of each person from the beginning and from each change on."""
    for version in row_versions(query, "person", "id", ("capacity",)):
        capacity = version.columns[0]
        yield MemberCapacity(version.row, None if capacity is None else int(capacity), version.at)


def values_by_deal(found: list[DealValue], deals_of_account: dict[int, list[int]]) -> dict[int, list[DealValue]]:
    """Returns the values of each deal; one of an account belongs to all of its deals."""
    by_deal: dict[int, list[DealValue]] = defaultdict(list)
    for value in found:
        for deal in [value.deal] if value.deal is not None else deals_of_account.get(value.account, []):
            by_deal[deal].append(value)
    return by_deal
