"""Adds accounts and further deals, and renames accounts."""

from dataclasses import dataclass

from handoffctl.core.names import fold, next_free_slug, slugify
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals import lookup_query
from handoffctl.deals.contacts import name_of, new_contact, person_from
from handoffctl.deals.lookup_query import Account, Deal
from handoffctl.deals.playbook import content_kept
from handoffctl.deals.stays import Into, begin
from handoffctl.errors import Refused
from handoffctl.playbook.library import LoadedPlaybook, archive_revision, load_playbook, refuse_changed
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class AddedAccount:
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
) -> AddedAccount:
    """Adds an account, its contact if one is given, and a deal in the playbook's first stage.

    Raises Refused for an unusable name, a bad contact or an account that exists already; NotFound or RulesFault for the
    playbook.
    """
    name = name_of(name, "account's name")
    person = person_from(home, contact) if contact else None
    deal_rules = load_playbook(home, playbook or home.configuration.playbook) if with_deal or playbook else None
    with home.writing() as session:
        _refuse_duplicate(session.query, name)
        if deal_rules:
            refuse_changed(home, deal_rules)
        account = _new_account(session, name, test)
        if person:
            new_contact(session, account, person)
        deal_id = _new_deal(session, account, deal_rules, None) if deal_rules and with_deal else None
        if deal_rules:
            archive_revision(session, deal_rules)
        stage = deal_rules.playbook.title_of(deal_rules.playbook.first_stage) if deal_rules and deal_id else None
        session.log(f"Added {name}" + (f", in {stage}." if stage else "."), account.id, deal_id)
    return AddedAccount(account.slug, name, "deal" if deal_id else None, stage)


def _refuse_duplicate(query: Query, name: str) -> None:
    existing = lookup_query.accounts_named(query, name)
    if existing:
        raise Refused(
            f'There is an account called "{existing[0].name}" already ({existing[0].slug}).',
            f'For another deal with it: handoffctl deal add {existing[0].slug} "NAME"',
        )


def _new_account(session: WriteSession, name: str, test: bool) -> Account:
    base = slugify(name)
    free_slug = next_free_slug(base, lookup_query.slugs_taken(session.query, base))
    row = session.add(session.models.Account(slug=free_slug, name=name, folded=fold(name), test=int(test)))
    assert row.id is not None
    return Account(row.id, free_slug, name, None, test)


def _new_deal(session: WriteSession, account: Account, deal_rules: LoadedPlaybook, name: str | None) -> int:
    playbook = deal_rules.playbook
    taken = lookup_query.deal_slugs(session.query, account.id)
    row = session.add(
        session.models.Deal(
            account_id=account.id,
            slug=next_free_slug(slugify(name) if name else "deal", taken),
            name=name,
            revision_id=content_kept(session, deal_rules),
        )
    )
    assert row.id is not None
    first = playbook.first_stage
    begin(session, row.id, 1, Into(playbook.playbook, first, "open", playbook.owner_of(first)), session.at)
    return row.id


def add_deal(home: Home, ref: str, name: str, playbook: str | None) -> Deal:
    """Opens a further deal for an account. Raises Refused if the account has a deal of that name."""
    name = name_of(name, "deal's name")
    deal_rules = load_playbook(home, playbook or home.configuration.playbook)
    with home.writing() as session:
        refuse_changed(home, deal_rules)
        account = lookup_query.account(session.query, ref)
        names = {fold(deal.name) for deal in lookup_query.deals_of(session.query, account) if deal.name}
        if fold(name) in names:
            raise Refused(f'{account.name} has a deal called "{name}" already.', "Give the new one another name.")
        deal_id = _new_deal(session, account, deal_rules, name)
        stage = deal_rules.playbook.title_of(deal_rules.playbook.first_stage)
        session.log(f"Opened the deal {name} of {account.name}, in {stage}.", account.id, deal_id)
        return next(deal for deal in lookup_query.deals_of(session.query, account) if deal.id == deal_id)
