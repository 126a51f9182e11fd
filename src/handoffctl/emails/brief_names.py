"""How the receiver's brief names who gives and who takes over: by the person, where one is known."""

from collections.abc import Sequence

from handoffctl.core.moments import Clock
from handoffctl.emails.context import DealSnapshot, TemplateContext
from handoffctl.people.query import LastHandover, Person
from handoffctl.playbook.model import Playbook, in_words

LONGEST_ABBREVIATION = 3  # a role such as `sdr` or `csm` is written in capitals


def names_of(owner: str, team: Sequence[Person]) -> set[str]:
    """Returns the names that mean this owner: their own, and the roles that they have if they are a person."""
    roles = [role for person in team if person.name == owner for role in person.roles]
    return {owner, *roles}


def are_same(one: str, other: str, team: Sequence[Person]) -> bool:
    """Returns True if two owners are the same person, or one is a role of the other."""
    one, other = shown_name(one, team), shown_name(other, team)
    return one in names_of(other, team) or other in names_of(one, team)


def shown_name(owner: str, team: Sequence[Person], me: str = "") -> str:
    """Returns the name of an owner for people to read.

    For a role it is the only person who has it, else the role as a title. `me` is the user's name, for the owner `me`
    of playbooks without roles.
    """
    if owner == "me" and me:
        return me
    if any(person.name == owner for person in team):
        return owner
    with_role = [person.name for person in team if owner in person.roles]
    return with_role[0] if len(with_role) == 1 else owner


def shown_in_brief(owner: str, snapshot: DealSnapshot, playbook: Playbook, me: str = "") -> str:
    """Returns a person's name; for a role of the playbook that not exactly one person has, its title."""
    name = shown_name(owner, snapshot.team, me)
    return _role_title(name) if name in playbook.roles else name


def _role_title(role: str) -> str:
    """Returns the title of a role: `SDR`, `Account manager`."""
    return role.upper() if len(role) <= LONGEST_ABBREVIATION else in_words(role)


def handover_under_way(context: TemplateContext, clock: Clock, me: str) -> LastHandover | None:
    """Returns the handoff from the owner to the receiver of a paper, or None if the receiver has the deal already.

    Where the owner is a role that nobody has, it is from the user, who writes the paper.
    """
    team, owner, receiver = context.snapshot.team, context.deal.owner, context.receiver_name
    if are_same(owner, receiver, team):
        return None
    giver = shown_name(owner, team, me)
    is_nobody = not any(giver in (person.name, *person.roles) for person in team)
    return LastHandover(me if me and is_nobody and giver in context.playbook.roles else giver, clock.now)
