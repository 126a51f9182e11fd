"""Resolves a meeting participant: a role, a contact, or a teammate."""

from datetime import date

from handoffctl.core.names import fold
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import NotFound, closest
from handoffctl.people.query import Person, people
from handoffctl.playbook.model import Playbook


def whom(query: Query, playbook: Playbook, deal: Deal, met: str | None) -> str:
    """Returns the role, contact or teammate as recorded; empty if none is named. Raises NotFound for an unknown one."""
    if not met:
        return ""
    roles = {fold(role): role for role in playbook.roles}
    theirs = {fold(text): contact.name or text for contact in contacts(query, deal.account.id)
              for text in (contact.name, contact.email) if text}  # fmt: skip
    ours = {fold(text): person.name for person in people(query) for text in (person.name, person.email) if text}
    candidates = {**ours, **theirs, **roles}
    if fold(met) in candidates:
        return candidates[fold(met)]
    near, contact_names = closest(met, list(candidates)), ", ".join(dict.fromkeys(theirs.values()))
    raise NotFound(
        f'"{met[:60]}" is neither a role nor a contact of {deal.account.name}'
        + (f' (did you mean "{candidates[near]}"?).' if near else "."),
        f"Roles: {', '.join(playbook.roles) or 'none'}. Contacts: {contact_names or 'none'}."
        + (f" People: {', '.join(dict.fromkeys(ours.values()))}." if ours else ""),
    )


def as_criteria_know(query: Query, playbook: Playbook, deal: Deal, met: str, wanted: str = "") -> str:
    """Returns a teammate's role in this playbook, preferably `wanted`, because `introduced` criteria ask for roles.

    Roles, contacts and people without a role here are returned unchanged.
    """
    if met in playbook.roles:
        return met
    if any(met in (contact.name, contact.email) for contact in contacts(query, deal.account.id)):
        return met
    roles = [role for person in people(query) if person.name == met for role in person.roles if role in playbook.roles]
    return wanted if wanted in roles else next(iter(roles), met)


def persons_meant(query: Query, met: str) -> list[Person]:
    """Returns the teammate of this name, or the only one with this role; otherwise nobody."""
    everybody = people(query)
    with_name = [person for person in everybody if person.name == met]
    with_role = [person for person in everybody if met in person.roles]
    return with_name or (with_role if len(with_role) == 1 else [])


def away_on(query: Query, met: str, day: date) -> list[str]:
    """Returns a warning for the teammate, or for everyone with the role if all of them, are away on that day."""
    everybody = people(query)
    with_name = [person for person in everybody if person.name == met]
    meant = with_name or [person for person in everybody if met in person.roles]
    away = [person for person in meant if person.away_on(day)]
    return [f"{person.name} is away until {person.away_to}." for person in away] if len(away) == len(meant) else []
