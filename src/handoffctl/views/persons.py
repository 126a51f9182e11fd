"""The people of one's own side: their roles, and when they are away."""

from dataclasses import dataclass
from datetime import date

from handoffctl.views.ask import Ask


@dataclass(frozen=True)
class Person:
    """Somebody who can own a deal. Away from the first to the last of these days, both included."""

    id: int
    name: str
    folded: str
    email: str | None
    roles: tuple[str, ...]
    away_from: str | None
    away_to: str | None

    def away_on(self, day: date) -> bool:
        return bool(self.away_from and self.away_to and self.away_from <= day.isoformat() <= self.away_to)


_PEOPLE = """
    SELECT p.id, p.name, p.folded, p.email, p.away_from, p.away_to, r.role
    FROM person AS p LEFT JOIN person_role AS r ON r.person_id = p.id ORDER BY p.folded, r.role"""


def people(ask: Ask) -> list[Person]:
    """Everybody, by name."""
    found: dict[int, Person] = {}
    for row in ask(_PEOPLE):
        known = found.get(row["id"])
        roles = (*(known.roles if known else ()), *([row["role"]] if row["role"] else []))
        found[row["id"]] = Person(
            row["id"], row["name"], row["folded"], row["email"], roles, row["away_from"], row["away_to"]
        )
    return list(found.values())


def owners_in(ask: Ask, role: str) -> list[str]:
    """The names under which deals of this role stand: the role itself, and whoever has it."""
    return [role, *(one.name for one in people(ask) if role in one.roles)]
