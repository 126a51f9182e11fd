"""Merges two accounts that are the same company, and lists likely duplicates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.names import fold
from handoffctl.db.merge import MergedRows, merge_accounts
from handoffctl.db.query import Query
from handoffctl.deals import lookup_query
from handoffctl.deals.counts_query import count_records, is_unnamed
from handoffctl.deals.duplicates import ComparedAccount, likely, same_person
from handoffctl.deals.duplicates_query import NamedAccount, named_accounts
from handoffctl.deals.lookup_query import Account
from handoffctl.errors import NotFound, Refused, UsageFault
from handoffctl.workspace.home import Home

COUNTED = {"contacts": "contact", "deals": "deal", "touches": "touch"}
ALSO_MOVED = {"values": "field_value", "refusals": "refusal", "origins": "origin", "log": "command"}


@dataclass(frozen=True)
class MergePair:
    """Two accounts to merge, with how many records of the second would move to the first."""

    into: Account
    gone: Account
    counts: dict[str, int]
    unnamed: bool  # the account that stays was named after a deal, the other has a name of its own

    @property
    def called(self) -> tuple[str, str]:
        """The names of the two in sentences; with their slugs if the names are the same."""
        if fold(self.into.name) == fold(self.gone.name):
            return f"{self.into.name} ({self.into.slug})", f"{self.gone.name} ({self.gone.slug})"
        return self.into.name, self.gone.name


class RemovedAccount(NamedTuple):
    """The slug and the name of the account that was merged into another."""

    account: str
    name: str


class RenamedDeal(NamedTuple):
    """The old and the new slug of a deal whose slug the remaining account had already."""

    was: str
    now: str


class LostValue(NamedTuple):
    """What both accounts had a value for, the value that stays and the one that goes."""

    what: str
    stays: str
    goes: str


class MergedAccount(NamedTuple):
    """A `MergeResult` as `merge --json` prints it: the account that remains, and what came from the other."""

    account: str
    name: str
    gone: RemovedAccount
    moved: Mapping[str, int]
    same_people: Sequence[str]
    deals_renamed: Sequence[RenamedDeal]
    not_taken_over: Sequence[LostValue]


@dataclass(frozen=True)
class MergeResult:
    """Result of a merge: the two accounts, and the rows that were moved or merged."""

    pair: MergePair
    rows: MergedRows

    @property
    def moved(self) -> dict[str, int]:
        """How many records were moved, by what they are: contacts, deals, touches and so on."""
        return {name: self.rows.moved[table] for name, table in (COUNTED | ALSO_MOVED).items()}

    def as_json(self) -> MergedAccount:
        into, gone, rows = self.pair.into, self.pair.gone, self.rows
        return MergedAccount(
            into.slug,
            into.name,
            RemovedAccount(gone.slug, gone.name),
            self.moved,
            rows.people,
            [RenamedDeal(was, now) for was, now in rows.renumbered.items()],
            [LostValue(what, stays, goes) for what, stays, goes in rows.outdone],
        )


def what_moves(home: Home, into: str, gone: str) -> MergePair:
    """Returns the two accounts and what would move from the second to the first.

    Raises NotFound for an unknown account, UsageFault if both are the same, Refused if only one is a test account.
    """
    with home.reading() as query:
        staying = lookup_query.account(query, into)
        return _pair(query, staying, lookup_query.account(query, gone))


def _pair(query: Query, into: Account, gone: Account) -> MergePair:
    if into.id == gone.id:
        raise UsageFault(f"{into.name} and {gone.name} are the same account ({into.slug}).", "Name two accounts.")
    if into.test != gone.test:
        raise Refused(
            f"{(into if into.test else gone).name} is a test account, and the other is not.",
            "A drill must not count among real deals. Nothing was changed.",
        )
    counts = {name: count_records(query, table, gone.id) for name, table in COUNTED.items()}
    return MergePair(into, gone, counts, unnamed=is_unnamed(query, into.id) and not is_unnamed(query, gone.id))


def merge(home: Home, seen: MergePair) -> MergeResult:
    """Merges the second account into the first in one transaction and removes it. Raises what `what_moves` raises."""
    with home.writing() as session:
        pair = _pair(session.query, _still(session.query, seen.into), _still(session.query, seen.gone))
        rows = merge_accounts(session, pair.into.id, pair.gone.id, same_person)
        into, gone = pair.called
        session.log(f"Joined {gone} into {into}.", pair.into.id)
    return MergeResult(pair, rows)


def _still(query: Query, seen: Account) -> Account:
    """Reads the previewed account again. Raises NotFound if it was renamed or deleted since."""
    try:
        account = lookup_query.account(query, seen.slug)
    except NotFound:
        account = None
    if account is None or account.id != seen.id:
        raise NotFound(f"{seen.name} is not there any more.", "handoffctl list shows the accounts there are.")
    return account


def duplicates(home: Home) -> list[list[ComparedAccount]]:
    """Returns groups of accounts that may be the same company."""
    with home.reading() as query:
        return likely_duplicates(named_accounts(query))


def likely_duplicates(
    accounts: Sequence[NamedAccount], among: Collection[int] | None = None
) -> list[list[ComparedAccount]]:
    """Groups likely duplicates; with `among`, only groups that contain at least one account of these ids."""
    groups = likely((account.slug, account.name, account.domain) for account in accounts)
    if among is None:
        return groups
    ids = set(among)
    slugs = {account.slug for account in accounts if account.id in ids}
    return [group for group in groups if any(account.slug in slugs for account in group)]
