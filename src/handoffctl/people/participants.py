"""Resolves a meeting participant: a role, a contact, or a teammate."""

from datetime import date

from handoffctl.core.names import folded
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import NotFound, closest
from handoffctl.people.query import Person, people
from handoffctl.playbook.model import Playbook


def whom(query: Query, playbook: Playbook, found: Deal, met: str | None) -> str:
    """Returns the role, contact or teammate as recorded; empty if none is named. Raises NotFound for an unknown one."""
    if not met:
        return ""
    roles = {folded(role): role for role in playbook.roles}
    theirs = {folded(one[part]): one["name"] or one[part] for one in contacts(query, found.account.id)
              for part in ("name", "email") if one[part]}  # fmt: skip
    ours = {folded(text): one.name for one in people(query) for text in (one.name, one.email) if text}
    known = {**ours, **theirs, **roles}
    if folded(met) in known:
        return str(known[folded(met)])
    near, contacts_there = closest(met, list(known)), ", ".join(dict.fromkeys(theirs.values()))
    raise NotFound(
        f'"{met[:60]}" is neither a role nor a contact of {found.account.name}'
        + (f' (did you mean "{known[near]}"?).' if near else "."),
        f"Roles: {', '.join(playbook.roles) or 'none'}. Contacts: {contacts_there or 'none'}."
        + (f" People: {', '.join(dict.fromkeys(ours.values()))}." if ours else ""),
    )


def as_criteria_know(query: Query, playbook: Playbook, found: Deal, met: str, wanted: str = "") -> str:
    """Returns a teammate's role in this playbook, preferably `wanted`, because `introduced` criteria ask for roles.

    Roles, contacts and people without a role here are returned unchanged.
    """
    if met in playbook.roles or any(met in (one["name"], one["email"]) for one in contacts(query, found.account.id)):
        return met
    roles = [role for one in people(query) if one.name == met for role in one.roles if role in playbook.roles]
    return wanted if wanted in roles else next(iter(roles), met)


def persons_meant(query: Query, met: str) -> list[Person]:
    """Returns the teammate of this name, or the only one with this role; otherwise nobody."""
    everybody = people(query)
    named = [one for one in everybody if one.name == met]
    having = [one for one in everybody if met in one.roles]
    return named or (having if len(having) == 1 else [])


def away_on(query: Query, met: str, day: date) -> list[str]:
    """Returns a warning for the teammate, or for everyone with the role if all of them, are away on that day."""
    everybody = people(query)
    asked = [one for one in everybody if one.name == met] or [one for one in everybody if met in one.roles]
    away = [one for one in asked if one.away_on(day)]
    return [f"{one.name} is away until {one.away_to}." for one in away] if len(away) == len(asked) else []
