"""Resolves who takes a deal over: the receiver's role, or a person who has it."""

from handoffctl.core.names import fold
from handoffctl.db.query import Query
from handoffctl.errors import NotFound, Refused
from handoffctl.people.members import nobody_called
from handoffctl.people.ownership import stays_with
from handoffctl.people.query import Person, named, people, roles_by_name
from handoffctl.workspace.home import Home


def resolve_new_owner(query: Query, person: str, receiving_role: str, sending_role: str, owner: str) -> str:
    """Returns the name of the person who takes the deal over from its owner; empty where it goes to the role.

    Where the role stays the same, a person who has it keeps the deal, unless `person` names another one.
    Raises NotFound or Refused as `find_receiver` does.
    """
    if person:
        return find_receiver(query, person, receiving_role).name
    if sending_role != receiving_role or owner == receiving_role:
        return ""
    return owner if stays_with(owner, sending_role, receiving_role, roles_by_name(query)) else ""


def find_receiver(query: Query, name: str, role: str) -> Person:
    """Returns the person of this name. Raises NotFound for nobody of this name, Refused for one without the role."""
    everybody = people(query)
    person = named(everybody, name)
    if person is None and fold(name) == fold(role):
        raise NotFound(f"{role} is a role, not a person.", "Leave --to-person out: then the deal is the role's.")
    if person is None:
        fitting = ", ".join(member.name for member in everybody if role in member.roles) or "nobody yet"
        raise NotFound(
            nobody_called(name, everybody),
            f'With the role {role}: {fitting}. Add them with: handoffctl person add "{name[:60]}" --role {role}',
        )
    if role not in person.roles:
        options = " ".join(f"--role {each}" for each in (*person.roles, role))
        raise Refused(
            f"{person.name} does not have the role {role}, which takes this deal over.",
            f'Give it to them with: handoffctl person add "{person.name}" {options}',
        )
    return person


def people_in_role(home: Home, role: str) -> list[Person]:
    """Returns everybody who has this role."""
    with home.reading() as query:
        return [person for person in people(query) if role in person.roles]


def absence_remarks(home: Home, query: Query, owner: str) -> list[str]:
    """Returns a remark where the owner is a person who is away today, else nothing."""
    person = named(people(query), owner)
    return [f"{person.name} is away until {person.away_to}."] if person and person.away_on(home.clock.today) else []
