"""Merges two accounts that are the same company, and lists likely duplicates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handoffctl.core.names import folded
from handoffctl.db.merge import MergedRows, merge_accounts
from handoffctl.db.query import Query, Row
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.duplicates import likely, same_person
from handoffctl.deals.duplicates_query import named_accounts
from handoffctl.deals.lookup_query import Account
from handoffctl.errors import NotFound, Refused, UsageFault
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    pass

COUNTED = {"contacts": "contact", "deals": "deal", "touches": "touch"}
ALSO_MOVED = {"values": "field_value", "refusals": "refusal", "origins": "origin", "log": "command"}


@dataclass(frozen=True)
class Pair:
    """Two accounts to merge, with how many records of the second would move to the first."""

    into: Account
    gone: Account
    counts: dict[str, int]
    unnamed: bool  # the account that stays was named after a deal, the other has a name of its own

    @property
    def called(self) -> tuple[str, str]:
        """The names of the two in sentences; with their slugs if the names are the same."""
        if folded(self.into.name) == folded(self.gone.name):
            return f"{self.into.name} ({self.into.slug})", f"{self.gone.name} ({self.gone.slug})"
        return self.into.name, self.gone.name


@dataclass(frozen=True)
class Merged:
    """Result of a merge."""

    pair: Pair
    joined: "MergedRows"

    def as_json(self) -> dict[str, Any]:
        into, gone, joined = self.pair.into, self.pair.gone, self.joined
        moved = {name: joined.moved[table] for name, table in (COUNTED | ALSO_MOVED).items()}
        return {
            "account": into.slug,
            "name": into.name,
            "gone": {"account": gone.slug, "name": gone.name},
            "moved": moved,
            "same_people": joined.people,
            "deals_renamed": [{"was": was, "now": now} for was, now in joined.renumbered.items()],
            "not_taken_over": [{"what": what, "stays": stays, "goes": goes} for what, stays, goes in joined.outdone],
        }


def what_moves(home: Home, into: str, gone: str, allow_prefix: bool) -> Pair:
    """Returns the two accounts and what would move from the second to the first.

    Raises NotFound for an unknown account, UsageFault if both are the same, Refused if only one is a test account.
    """
    with home.reading() as query:
        return _pair(query, finding.account(query, into, allow_prefix), finding.account(query, gone, allow_prefix))


def _pair(query: Query, into: Account, gone: Account) -> Pair:
    if into.id == gone.id:
        raise UsageFault(f"{into.name} and {gone.name} are the same account ({into.slug}).", "Name two accounts.")
    if into.test != gone.test:
        raise Refused(
            f"{(into if into.test else gone).name} is a test account, and the other is not.",
            "A drill must not count among real deals. Nothing was changed.",
        )
    counts = {
        name: query(f"SELECT count(*) FROM {table} WHERE account_id = :id", id=gone.id)[0][0]
        for name, table in COUNTED.items()
    }
    ours, theirs = (query("SELECT unnamed FROM account WHERE id = :id", id=one.id)[0][0] for one in (into, gone))
    return Pair(into, gone, counts, unnamed=bool(ours and not theirs))


def merge(home: Home, seen: Pair) -> Merged:
    """Merges the second account into the first in one transaction and removes it. Raises what `what_moves` raises."""
    with home.writing() as session:
        pair = _pair(session.query, _still(session.query, seen.into), _still(session.query, seen.gone))
        joined = merge_accounts(session, pair.into.id, pair.gone.id, same_person)
        into, gone = pair.called
        session.log(f"Joined {gone} into {into}.", pair.into.id)
    return Merged(pair, joined)


def _still(query: Query, seen: Account) -> Account:
    """Reads the previewed account again. Raises NotFound if it was renamed or deleted since."""
    try:
        found = finding.account(query, seen.slug, allow_prefix=False)
    except NotFound:
        found = None
    if found is None or found.id != seen.id:
        raise NotFound(f"{seen.name} is not there any more.", "handoffctl list shows the accounts there are.")
    return found


def duplicates(home: Home) -> list[list[dict[str, Any]]]:
    """Returns groups of accounts that may be the same company."""
    with home.reading() as query:
        return alike(named_accounts(query))


def alike(accounts: Sequence[Row], among: Collection[int] | None = None) -> list[list[dict[str, Any]]]:
    """Groups likely duplicates; with `among`, only groups that contain at least one account of these ids."""
    groups = likely((row["slug"], row["name"], row["domain"]) for row in accounts)
    if among is not None:
        wanted = set(among)
        of_these = {row["slug"] for row in accounts if row["id"] in wanted}
        groups = [group for group in groups if any(one.slug in of_these for one in group)]
    return [[{"account": one.slug, "name": one.name, "domain": one.domain} for one in group] for group in groups]
