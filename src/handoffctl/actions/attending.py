"""Who was there, or will be: a role, a contact of the account, or somebody of one's own side."""

from handoffctl.domain.names import folded
from handoffctl.domain.playbook import Playbook
from handoffctl.errors import NotFound, nearest
from handoffctl.views.ask import Ask
from handoffctl.views.finding import Deal
from handoffctl.views.knowing import contacts
from handoffctl.views.persons import Person, people


def whom(ask: Ask, playbook: Playbook, found: Deal, met: str | None) -> str:
    """A role of the playbook, a contact of the account or a person, as it is written there. Raises NotFound."""
    if not met:
        return ""
    roles = {folded(role): role for role in playbook.roles}
    theirs = {folded(one[part]): one["name"] or one[part] for one in contacts(ask, found.account.id)
              for part in ("name", "email") if one[part]}  # fmt: skip
    ours = {folded(text): one.name for one in people(ask) for text in (one.name, one.email) if text}
    known = {**ours, **theirs, **roles}
    if folded(met) in known:
        return str(known[folded(met)])
    raise NotFound(
        f'"{met[:60]}" is neither a role nor a contact of {found.account.name} {nearest(met, list(known))}'.rstrip()
        + ".",
        f"Roles: {', '.join(playbook.roles) or 'none'}. Contacts: {', '.join(theirs.values()) or 'none'}."
        + (f" People: {', '.join(dict.fromkeys(ours.values()))}." if ours else ""),
    )


def as_criteria_know(ask: Ask, playbook: Playbook, found: Deal, met: str, wanted: str = "") -> str:
    """A person by a role they have here, for `introduced` asks for roles; the wanted one first. Others as they are."""
    if met in playbook.roles or any(met in (one["name"], one["email"]) for one in contacts(ask, found.account.id)):
        return met
    roles = [role for one in people(ask) if one.name == met for role in one.roles if role in playbook.roles]
    return wanted if wanted in roles else next(iter(roles), met)


def persons_meant(ask: Ask, met: str) -> list[Person]:
    """The person of this name; or whoever has this role, where it is only one."""
    everybody = people(ask)
    named = [one for one in everybody if one.name == met]
    having = [one for one in everybody if met in one.roles]
    return named or (having if len(having) == 1 else [])
