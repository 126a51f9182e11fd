"""Adds accounts and further deals, and renames accounts."""

from dataclasses import dataclass

from handoffctl.core.names import folded, numbered, slug
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.contacts import name_of, new_contact, person_from
from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.deals.stays import Into, begin
from handoffctl.errors import Refused
from handoffctl.playbook.library import refuse_changed, revision, rules
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class Added:
    """Result of `add`: the new account, and the slug and the stage's title of its first deal (None without a deal)."""

    slug: str
    name: str
    deal: str | None
    stage: str | None


def add(
    home: Home,
    name: str,
    playbook: str | None = None,
    contact: str | None = None,
    with_deal: bool = True,
    test: bool = False,
) -> Added:
    """Adds an account, its contact if one is given, and a deal in the playbook's first stage.

    Raises Refused for an unusable name, a bad contact or an account that exists already; NotFound or RulesFault for the
    playbook.
    """
    name = name_of(name, "account's name")
    person = person_from(home, contact) if contact else None
    used = rules(home, playbook or home.configuration.playbook) if with_deal or playbook else None
    with home.writing() as session:
        _refuse_double(session.query, name)
        if used:
            refuse_changed(home, used)
        account = _new_account(session, name, test)
        if person:
            new_contact(session, account, person)
        made = _new_deal(session, account, used.playbook, None) if used and with_deal else None
        if used:
            revision(session, used)
        stage = used.playbook.title_of(used.playbook.first_stage) if used and made else None
        session.log(f"Added {name}" + (f", in {stage}." if stage else "."), account.id, made)
    return Added(account.slug, name, "deal" if made else None, stage)


def _refuse_double(query: Query, name: str) -> None:
    known = query("SELECT slug, name FROM account WHERE folded = :folded", folded=folded(name))
    if known:
        raise Refused(
            f'There is an account called "{known[0]["name"]}" already ({known[0]["slug"]}).',
            f'For another deal with it: handoffctl deal add {known[0]["slug"]} "NAME"',
        )


def _new_account(session: WriteSession, name: str, test: bool) -> Account:
    wanted = slug(name)
    free = numbered(wanted, finding.slugs_taken(session.query, wanted))
    row = session.add(session.models.Account(slug=free, name=name, folded=folded(name), test=int(test)))
    assert row.id is not None
    return Account(row.id, free, name, None, test)


def _new_deal(session: WriteSession, account: Account, playbook: Playbook, name: str | None) -> int:
    taken = {row[0] for row in session.query("SELECT slug FROM deal WHERE account_id = :id", id=account.id)}
    row = session.add(
        session.models.Deal(account_id=account.id, slug=numbered(slug(name) if name else "deal", taken), name=name)
    )
    assert row.id is not None
    first = playbook.first_stage
    begin(session, row.id, 1, Into(playbook.playbook, first, "open", playbook.owner_of(first)), session.at)
    return row.id


def add_deal(home: Home, ref: str, name: str, playbook: str | None, allow_prefix: bool) -> Deal:
    """Opens a further deal for an account. Raises Refused if the account has a deal of that name."""
    name = name_of(name, "deal's name")
    used = rules(home, playbook or home.configuration.playbook)
    with home.writing() as session:
        refuse_changed(home, used)
        account = finding.account(session.query, ref, allow_prefix)
        same = [
            one for one in finding.deals_of(session.query, account) if one.name and folded(one.name) == folded(name)
        ]
        if same:
            raise Refused(f'{account.name} has a deal called "{name}" already.', "Give the new one another name.")
        made = _new_deal(session, account, used.playbook, name)
        revision(session, used)
        stage = used.playbook.title_of(used.playbook.first_stage)
        session.log(f"Opened the deal {name} of {account.name}, in {stage}.", account.id, made)
        return next(one for one in finding.deals_of(session.query, account) if one.id == made)


def rename(home: Home, ref: str, name: str, allow_prefix: bool) -> tuple[str, str]:
    """Renames an account and changes its slug to match. Returns the previous name and the new slug. Raises Refused."""
    name = name_of(name)
    with home.writing() as session:
        account = finding.account(session.query, ref, allow_prefix)
        same = session.query("SELECT id, slug FROM account WHERE folded = :folded", folded=folded(name))
        if [row for row in same if row["id"] != account.id]:
            raise Refused(f'There is an account called "{name}" already ({same[0]["slug"]}).', "Nothing was changed.")
        wanted = slug(name)
        taken = finding.slugs_taken(session.query, wanted) - {account.slug}
        free = numbered(wanted, taken)
        session.change(session.models.Account, account.id, name=name, folded=folded(name), slug=free, unnamed=0)
        session.log(f"Renamed {account.name} to {name}.", account.id)
    return account.name, free
