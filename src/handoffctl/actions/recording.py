"""Records accounts, contacts and deals: add, rename, erase."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handoffctl.actions.home import Home
from handoffctl.actions.rules import knowing, revision, rules, rules_of
from handoffctl.domain.names import NotAName, cleaned, folded, name_and_email, numbered, slug
from handoffctl.domain.playbook import BUILT_IN, Playbook
from handoffctl.domain.values import BadValue, parsed
from handoffctl.errors import NotFound, Refused, RulesFault, UsageFault
from handoffctl.views import finding
from handoffctl.views.ask import Ask, Row
from handoffctl.views.finding import Account, Deal
from handoffctl.views.knowing import contacts

if TYPE_CHECKING:
    from handoffctl.store.writing import Pen


@dataclass(frozen=True)
class Added:
    """What `add` made: the account's slug, and where its deal begins."""

    slug: str
    name: str
    deal: str | None
    stage: str | None


def name_of(text: str, what: str = "name") -> str:
    try:
        return cleaned(text, what)
    except NotAName as fault:
        raise Refused(str(fault), "Nothing was recorded.") from None


def add(
    home: Home,
    name: str,
    playbook: str | None = None,
    contact: str | None = None,
    with_deal: bool = True,
    test: bool = False,
) -> Added:
    """Makes an account, its contact where one is given, and a deal in the first open stage."""
    name = name_of(name, "account's name")
    person = person_from(home, contact) if contact else None
    used = rules(home, playbook or home.configuration.playbook) if with_deal or playbook else None
    with home.writing() as pen:
        _refuse_double(pen.ask, name)
        account = _new_account(pen, name, test)
        if person:
            _new_contact(pen, account, person)
        made = _new_deal(pen, account, used.playbook, None) if used and with_deal else None
        if used:
            revision(pen, used)
        stage = used.playbook.title_of(used.playbook.first_stage) if used and made else None
        pen.says(f"Added {name}" + (f", in {stage}." if stage else "."), account.id, made)
    return Added(account.slug, name, "deal" if made else None, stage)


def _refuse_double(ask: Ask, name: str) -> None:
    known = ask("SELECT slug, name FROM account WHERE folded = :folded", folded=folded(name))
    if known:
        raise Refused(
            f'There is an account called "{known[0]["name"]}" already ({known[0]["slug"]}).',
            f'For another deal with it: handoffctl deal add {known[0]["slug"]} "NAME"',
        )


def _new_account(pen: "Pen", name: str, test: bool) -> Account:
    from handoffctl.store.tables.people import Account as Row

    wanted = slug(name)
    free = numbered(wanted, finding.slugs_taken(pen.ask, wanted))
    row = pen.add(Row(slug=free, name=name, folded=folded(name), test=int(test)))
    assert row.id is not None
    return Account(row.id, free, name, None, test)


def _new_deal(pen: "Pen", account: Account, playbook: Playbook, name: str | None) -> int:
    from handoffctl.store.stays import Into, begin
    from handoffctl.store.tables.people import Deal as Row

    taken = {row[0] for row in pen.ask("SELECT slug FROM deal WHERE account_id = :id", id=account.id)}
    row = pen.add(Row(account_id=account.id, slug=numbered(slug(name) if name else "deal", taken), name=name))
    assert row.id is not None
    first = playbook.first_stage
    begin(pen, row.id, 1, Into(playbook.playbook, first, "open", playbook.owner_of(first)), pen.at)
    return row.id


def add_deal(home: Home, ref: str, name: str, playbook: str | None, beginnings: bool) -> Deal:
    """Opens a further deal for an account."""
    name = name_of(name, "deal's name")
    used = rules(home, playbook or home.configuration.playbook)
    with home.writing() as pen:
        account = finding.account(pen.ask, ref, beginnings)
        same = [one for one in finding.deals_of(pen.ask, account) if one.name and folded(one.name) == folded(name)]
        if same:
            raise Refused(f'{account.name} has a deal called "{name}" already.', "Give the new one another name.")
        made = _new_deal(pen, account, used.playbook, name)
        revision(pen, used)
        stage = used.playbook.title_of(used.playbook.first_stage)
        pen.says(f"Opened the deal {name} of {account.name}, in {stage}.", account.id, made)
        return next(one for one in finding.deals_of(pen.ask, account) if one.id == made)


def person_from(home: Home, text: str, **more: str | None) -> dict[str, str]:
    """A contact from `Jane Doe <jane@acme.example>` and further parts. Raises Refused with every problem."""
    name, email = name_and_email(text)
    given = {"name": name or None, "email": email or None, **more}
    person, faults = {}, []
    for part, value in given.items():
        if not value:
            continue
        try:
            person[part] = parsed(BUILT_IN[f"contact.{part}"], value, home.clock)
        except BadValue as fault:
            faults.append(str(fault))
    if faults:
        raise Refused(faults[0], 'Write a contact like this: "Jane Doe <jane@acme.example>"', faults[1:])
    if not person:
        raise Refused("A contact needs a name or an e-mail address.", 'As in: "Jane Doe <jane@acme.example>"')
    if "name" in person:
        person["name"] = name_of(person["name"], "contact's name")
    return person


def _new_contact(pen: "Pen", account: Account, person: Mapping[str, str], main: bool = True) -> None:
    from handoffctl.store.tables.people import Contact

    folded_name = folded(person.get("name", ""))
    pen.add(Contact.model_validate({"account_id": account.id, "folded": folded_name, "main": int(main), **person}))


def add_contact(home: Home, ref: str, text: str, beginnings: bool, **more: str | None) -> tuple[Account, str]:
    """Adds a person to an account; the first one is the main contact."""
    person = person_from(home, text, **more)
    with home.writing() as pen:
        account = finding.account(pen.ask, ref, beginnings)
        there = contacts(pen.ask, account.id)
        called = person.get("name") or person["email"]
        twins = [one for one in there if _same_person(one, person)]
        if twins:
            raise Refused(
                f"{account.name} has the contact {called} already.",
                f'To change it: handoffctl contact set {account.slug} "{called}" --title ...',
            )
        _new_contact(pen, account, person, main=not there)
        pen.says(f"Added {called} to {account.name}.", account.id)
    return account, called


def _same_person(row: Row, person: Mapping[str, str]) -> bool:
    if row["email"] and person.get("email"):
        return bool(folded(row["email"]) == folded(person["email"]))
    return bool(row["name"] and folded(row["name"]) == folded(person.get("name", "")))


def set_contact(
    home: Home, ref: str, who: str, beginnings: bool, main: bool, **parts: str | None
) -> tuple[Account, str]:
    """Changes a contact that is named by name or e-mail."""
    given = {part: value for part, value in parts.items() if value}
    if not given and not main:
        raise UsageFault("Nothing to change.", "Give --name, --email, --phone, --title, --level or --main.")
    text = f"{given.pop('name', '')} <{given.pop('email', '')}>"
    person = person_from(home, text, **given) if given or text.strip() != "<>" else {}
    with home.writing() as pen:
        from handoffctl.store.tables.people import Contact

        account = finding.account(pen.ask, ref, beginnings)
        row = _contact_named(contacts(pen.ask, account.id), who, account)
        if main:
            for other in contacts(pen.ask, account.id):
                pen.change(Contact, other["id"], main=0)
            pen.change(Contact, row["id"], main=1)
        if person:
            extra = {"folded": folded(person["name"])} if "name" in person else {}
            pen.change(Contact, row["id"], **person, **extra)
        called = person.get("name") or row["name"] or row["email"] or who
        pen.says(f"Changed the contact {called} of {account.name}.", account.id)
    return account, called


def _contact_named(people: list[Row], who: str, account: Account) -> Row:
    wanted = folded(who)
    fits = [one for one in people if wanted in (folded(one["name"] or ""), folded(one["email"] or ""))]
    fits = fits or [one for one in people if one["name"] and folded(one["name"]).startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(one["name"] or one["email"] or one["phone"] for one in people) or "none yet"
    if fits:
        raise NotFound(f'"{who[:60]}" could be several contacts of {account.name}.', f"Its contacts: {names}.")
    raise NotFound(f'{account.name} has no contact called "{who[:60]}".', f"Its contacts: {names}.")


def rename(home: Home, ref: str, name: str, beginnings: bool) -> tuple[str, str]:
    """Gives an account another name, and the slug that goes with it. Gives the name it had, and the slug."""
    name = name_of(name)
    with home.writing() as pen:
        from handoffctl.store.tables.people import Account as Row

        account = finding.account(pen.ask, ref, beginnings)
        same = pen.ask("SELECT id, slug FROM account WHERE folded = :folded", folded=folded(name))
        if [row for row in same if row["id"] != account.id]:
            raise Refused(f'There is an account called "{name}" already ({same[0]["slug"]}).', "Nothing was changed.")
        wanted = slug(name)
        taken = finding.slugs_taken(pen.ask, wanted) - {account.slug}
        free = numbered(wanted, taken)
        pen.change(Row, account.id, name=name, folded=folded(name), slug=free)
        pen.says(f"Renamed {account.name} to {name}.", account.id)
    return account.name, free


def rules_for_values(
    home: Home, ask: Ask, ref: str, given: Mapping[str, str], beginnings: bool
) -> tuple[Deal | Account, Playbook]:
    """The deal whose fields are meant; the account alone where it has no open deal and only account facts are set."""
    try:
        found = finding.deal(ask, ref, beginnings)
    except NotFound:
        account = finding.account(ask, ref.partition("/")[0], beginnings)
        playbook = rules(home, home.configuration.playbook).playbook
        known = [playbook.field(name) for name in given]
        names_of_account = all(name.startswith("contact.") for name in given)
        if any(finding.deals_of(ask, account)) and len(_open(ask, account)) > 1:
            raise
        if names_of_account or all(one is not None and one.of == "account" for one in known):
            return account, playbook
        raise
    return found, knowing(home, rules_of(home, found), found.stage, given)


def _open(ask: Ask, account: Account) -> list[Deal]:
    return [one for one in finding.deals_of(ask, account) if one.kind == "open"]


def what_goes(home: Home, ref: str) -> tuple[Account, dict[str, int]]:
    """The account that `delete` would erase, and how much goes with it. Needs the whole name."""
    with home.reading() as ask:
        account = finding.account(ask, ref, beginnings=False)
        counts = {
            "contacts": "SELECT count(*) FROM contact WHERE account_id = :id",
            "deals": "SELECT count(*) FROM deal WHERE account_id = :id",
            "touches": "SELECT count(*) FROM touch WHERE account_id = :id",
            "handoffs": "SELECT count(*) FROM handoff AS h JOIN deal AS d ON d.id = h.deal_id WHERE d.account_id = :id",
        }
        return account, {name: ask(sql, id=account.id)[0][0] for name, sql in counts.items()}


def erase(home: Home, ref: str) -> Account:
    """Erases everything about the account, its history and the log's words included, and the pages it stood on."""
    from handoffctl.store.erasing import erase as erase_rows
    from handoffctl.store.erasing import overwrite

    with home.writing() as pen:
        account = finding.account(pen.ask, ref, beginnings=False)
        pen.command.words = "handoffctl delete ACCOUNT"
        erase_rows(pen, account.id)
        pen.says("Erased an account with everything about it.")
    overwrite(home.database)
    return account


__all__ = ["Added", "RulesFault", "add", "add_contact", "add_deal", "erase", "rename", "set_contact", "what_goes"]
