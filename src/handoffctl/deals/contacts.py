"""Adds and changes the contacts of an account."""

from collections.abc import Mapping

from handoffctl.core.field_values import BadValue, parse_value
from handoffctl.core.names import NotAName, clean_name, fold, split_name_and_email
from handoffctl.db.session import WriteSession
from handoffctl.deals import lookup_query
from handoffctl.deals.facts_query import AccountContact, contacts
from handoffctl.deals.lookup_query import Account
from handoffctl.errors import NotFound, Refused, UsageFault
from handoffctl.playbook.model import BUILT_IN
from handoffctl.workspace.home import Home

NAMELESS = "one without a name (contact.name=... of handoffctl set gives it one)"


def name_of(text: str, what: str = "name") -> str:
    """Returns the name without surplus whitespace. Raises Refused for text that cannot be a name."""
    try:
        return clean_name(text, what)
    except NotAName as fault:
        raise Refused(str(fault), "Nothing was recorded.") from None


def person_from(home: Home, text: str, **more: str | None) -> dict[str, str]:
    """Parses `Jane Doe <jane@acme.example>` and further parts to a contact. Raises Refused with every problem."""
    name, email = split_name_and_email(text)
    parts = {"name": name or None, "email": email or None, **more}
    person, faults = {}, []
    for part, value in parts.items():
        if not value:
            continue
        try:
            person[part] = parse_value(BUILT_IN[f"contact.{part}"], value, home.clock)
        except BadValue as fault:
            faults.append(str(fault))
    if faults:
        named = {"name", "email"} & {part for part, value in parts.items() if value and part not in person}
        hint = 'Write a contact like this: "Jane Doe <jane@acme.example>"' if named else "Nothing was recorded."
        raise Refused(faults[0], hint, faults[1:])
    if not person:
        raise Refused("A contact needs a name or an e-mail address.", 'As in: "Jane Doe <jane@acme.example>"')
    if "name" in person:
        person["name"] = name_of(person["name"], "contact's name")
    return person


def new_contact(session: WriteSession, account: Account, person: Mapping[str, str], main: bool = True) -> None:
    """Writes a contact of the account."""
    folded_name = fold(person.get("name", ""))
    session.add(
        session.models.Contact.model_validate(
            {"account_id": account.id, "folded": folded_name, "main": int(main), **person}
        )
    )


def add_contact(home: Home, ref: str, text: str, **more: str | None) -> tuple[Account, str]:
    """Adds a contact to an account; the first one becomes the main contact. Returns the account and the contact's name.

    Raises Refused if the account has this contact already.
    """
    person = person_from(home, text, **more)
    with home.writing() as session:
        account = lookup_query.account(session.query, ref)
        recorded = contacts(session.query, account.id)
        called = person.get("name") or person["email"]
        if any(_same_person(contact, person) for contact in recorded):
            raise Refused(
                f"{account.name} has the contact {called} already.",
                f'To change it: handoffctl contact set {account.slug} "{called}" --title ...',
            )
        new_contact(session, account, person, main=not recorded)
        session.log(f"Added {called} to {account.name}.", account.id)
    return account, called


def _same_person(contact: AccountContact, person: Mapping[str, str]) -> bool:
    if contact.email and person.get("email"):
        return fold(contact.email) == fold(person["email"])
    return bool(contact.name and fold(contact.name) == fold(person.get("name", "")))


def set_contact(home: Home, ref: str, who: str, main: bool, **parts: str | None) -> tuple[Account, str]:
    """Changes the contact with this name or e-mail address. Returns the account and the contact's name.

    Raises UsageFault if there is nothing to change, NotFound if no contact or several match.
    """
    changes = {part: value for part, value in parts.items() if value}
    if not changes and not main:
        raise UsageFault("Nothing to change.", "Give --name, --email, --phone, --title, --level or --main.")
    text = f"{changes.pop('name', '')} <{changes.pop('email', '')}>"
    person = person_from(home, text, **changes) if changes or text.strip() != "<>" else {}
    with home.writing() as session:
        account = lookup_query.account(session.query, ref)
        recorded = contacts(session.query, account.id)
        contact = _contact_named(recorded, who, account)
        if main:
            for other in recorded:
                session.change(session.models.Contact, other.id, main=0)
            session.change(session.models.Contact, contact.id, main=1)
        if person:
            extra = {"folded": fold(person["name"])} if "name" in person else {}
            session.change(session.models.Contact, contact.id, **person, **extra)
        called = person.get("name") or contact.name or contact.email or who
        session.log(f"Changed the contact {called} of {account.name}.", account.id)
    return account, called


def _contact_named(people: list[AccountContact], who: str, account: Account) -> AccountContact:
    wanted = fold(who)
    matches = [person for person in people if wanted in (fold(person.name or ""), fold(person.email or ""))]
    matches = matches or [person for person in people if person.name and fold(person.name).startswith(wanted)]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(person.name or person.email or person.phone or NAMELESS for person in people) or "none yet"
    if matches:
        raise NotFound(f'"{who[:60]}" could be several contacts of {account.name}.', f"Its contacts: {names}.")
    raise NotFound(f'{account.name} has no contact called "{who[:60]}".', f"Its contacts: {names}.")
