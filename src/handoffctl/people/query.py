"""Reads team members with their roles and absences, the deals they own, and the owners a deal had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.names import fold
from handoffctl.db.query import Query
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.people.ownership import Passing
from handoffctl.stats.stays import Stay


@dataclass(frozen=True)
class Person:
    """A team member who can own deals. They are away from `away_from` through `away_to`, ISO dates, both included.

    `intro` is what a client is told of them, `capacity` the most open deals they should have.
    """

    id: int
    name: str
    folded: str
    email: str | None
    roles: tuple[str, ...]
    away_from: str | None
    away_to: str | None
    intro: str = ""
    capacity: int | None = None

    def away_on(self, day: date) -> bool:
        """True if the person is away on that day."""
        return bool(self.away_from and self.away_to and self.away_from <= day.isoformat() <= self.away_to)


class UnacceptedHandoff(NamedTuple):
    """A handoff whose receiver, `to`, has not accepted the deal yet."""

    since: Moment
    from_: str
    to: str


class LastHandover(NamedTuple):
    """The handoff that brought a deal to its owner: who gave it, and when."""

    giver: str
    at: Moment


_PEOPLE = """
    SELECT p.id, p.name, p.folded, p.email, p.away_from, p.away_to, p.intro, p.capacity, r.role
    FROM person AS p LEFT JOIN person_role AS r ON r.person_id = p.id ORDER BY p.folded, r.role"""


def people(query: Query) -> list[Person]:
    """Returns all team members, by name."""
    by_id: dict[int, Person] = {}
    for row in query(_PEOPLE):  # one row for each role of a person
        person = by_id.get(row["id"])
        roles = (*(person.roles if person else ()), *([row["role"]] if row["role"] else []))
        by_id[row["id"]] = Person(
            row["id"],
            row["name"],
            row["folded"],
            row["email"],
            roles,
            row["away_from"],
            row["away_to"],
            row["intro"],
            row["capacity"],
        )
    return list(by_id.values())


def absences(query: Query) -> dict[str, tuple[str, str]]:
    """Returns the first and the last day of the absence that is recorded for each person, by name."""
    found = people(query)
    return {person.name: (person.away_from, person.away_to) for person in found if person.away_from and person.away_to}


def named(everybody: Sequence[Person], name: str) -> Person | None:
    """Returns the person of this name, ignoring case, or None."""
    return next((person for person in everybody if person.folded == fold(name)), None)


def roles_by_name(query: Query) -> dict[str, tuple[str, ...]]:
    """Returns the roles of each person, by name."""
    return {person.name: person.roles for person in people(query)}


def owner_called(query: Query, name: str) -> str:
    """Returns a person's name as recorded; any other text, such as a role, is returned unchanged."""
    person = named(people(query), name)
    return person.name if person else name


def owners_in(query: Query, role: str) -> list[str]:
    """Returns the owners of this role's deals: the role itself and everyone who has it."""
    return [role, *(person.name for person in people(query) if role in person.roles)]


def open_deals_by_owner(query: Query) -> dict[str, int]:
    """Returns the number of open deals of each owner, without test accounts."""
    sql = """SELECT v.owner, count(*) FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
             JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE v.ended = 0 AND v.kind = 'open' GROUP BY v.owner"""
    return {row[0]: row[1] for row in query(sql)}


def stays_driven(query: Query, deal_id: int) -> list[Stay]:
    """Every stay of the deal, in order."""
    sql = f"SELECT {STAY_COLUMNS} FROM visit AS v WHERE v.deal_id = :deal ORDER BY v.number"
    return [Stay._make(row) for row in query(sql, deal=deal_id)]


def passings(query: Query, deal_id: int) -> list[Passing]:
    """Returns the handoffs of the deal that changed only the owner, in order."""
    sql = """SELECT h.visit_id, h.at, h.from_owner, h.to_owner, h.returned_at FROM handoff AS h
             WHERE h.deal_id = :deal AND h.state <> 'blocked'
               AND NOT EXISTS (SELECT 1 FROM visit AS n WHERE n.handoff_id = h.id) ORDER BY h.id"""
    return [Passing(*row) for row in query(sql, deal=deal_id)]


def not_accepted(query: Query, deal_id: int) -> UnacceptedHandoff | None:
    """Returns the handoff to the current owner if they have not accepted it yet, otherwise None."""
    sql = """SELECT h.at, h.from_owner, h.to_owner FROM handoff AS h
             JOIN visit AS v ON v.deal_id = h.deal_id AND v.ended = 0 AND v.owner = h.to_owner
                            AND h.id = (SELECT max(o.id) FROM handoff AS o WHERE o.deal_id = h.deal_id
                                        AND o.state IN ('completed', 'accepted'))
             WHERE h.deal_id = :deal AND h.state = 'completed' AND h.from_owner <> h.to_owner
               AND (h.id = v.handoff_id OR h.visit_id = v.id)"""
    return next((UnacceptedHandoff(*row) for row in query(sql, deal=deal_id)), None)


def last_handover(query: Query, deal_id: int, owner: str) -> LastHandover | None:
    """Returns the handoff from somebody else that brought the deal to this owner, or None."""
    sql = """SELECT from_owner, at, to_owner FROM handoff
             WHERE deal_id = :deal AND state IN ('completed', 'accepted') AND from_owner <> to_owner
             ORDER BY id DESC LIMIT 1"""
    rows = query(sql, deal=deal_id)
    return LastHandover(rows[0]["from_owner"], rows[0]["at"]) if rows and rows[0]["to_owner"] == owner else None
