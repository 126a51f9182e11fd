"""Who takes a deal over: the receiver's role, or a person who has it."""

from handoffctl.core.names import folded
from handoffctl.db.query import Query
from handoffctl.errors import NotFound, Refused
from handoffctl.people import query as persons
from handoffctl.people.members import nobody_called
from handoffctl.people.ownership import stays_with
from handoffctl.people.query import Person
from handoffctl.workspace.home import Home


def taker(query: Query, person: str, takes: str, gives: str, owner: str) -> str:
    """The name of the person who takes the deal over from its owner; nothing where it goes to the role.

    Where the role stays the same, a person who has it keeps the deal, unless another one is named.
    """
    if person:
        return receiver(query, person, takes).name
    if gives != takes or owner == takes:
        return ""
    return owner if stays_with(owner, gives, takes, persons.roles_by_name(query)) else ""


def receiver(query: Query, name: str, role: str) -> Person:
    """The person who is to take a deal over. Raises NotFound, or Refused where they do not have the role for it."""
    everybody = persons.people(query)
    found = persons.named(everybody, name)
    if found is None and folded(name) == folded(role):
        raise NotFound(f"{role} is a role, not a person.", "Leave --to-person out: then the deal is the role's.")
    if found is None:
        fitting = ", ".join(one.name for one in everybody if role in one.roles) or "nobody yet"
        raise NotFound(
            nobody_called(name, everybody),
            f'With the role {role}: {fitting}. Add them with: handoffctl person add "{name[:60]}" --role {role}',
        )
    if role not in found.roles:
        words = " ".join(f"--role {one}" for one in (*found.roles, role))
        raise Refused(
            f"{found.name} does not have the role {role}, which takes this deal over.",
            f'Give it to them with: handoffctl person add "{found.name}" {words}',
        )
    return found


def in_role(home: Home, role: str) -> list[Person]:
    """Everybody who has this role."""
    with home.reading() as query:
        return [one for one in persons.people(query) if role in one.roles]


def away(home: Home, query: Query, owner: str) -> list[str]:
    """A remark where the owner is a person who is away today."""
    person = persons.named(persons.people(query), owner)
    return [f"{person.name} is away until {person.away_to}."] if person and person.away_on(home.clock.today) else []
