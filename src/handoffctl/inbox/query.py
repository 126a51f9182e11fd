"""Reads what a reply is matched against: the summaries that were sent, the contacts' addresses, known replies."""

from collections.abc import Iterable
from dataclasses import dataclass

from handoffctl.db.query import Query
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.summary_model import SummaryEmail
from handoffctl.inbox.matching import SummaryKeys


@dataclass(frozen=True)
class SentSummary:
    """A summary that was sent, with the slugs of its account and deal, and the name of the account."""

    summary: SummaryEmail
    account_id: int
    account: str
    account_name: str
    deal: str


@dataclass(frozen=True)
class SummaryOwner:
    """The account and the deal that a summary belongs to, by their ids."""

    account_id: int
    deal_id: int


def sent_summaries(query: Query) -> list[SentSummary]:
    """Returns every summary that was sent, of closed deals too, in the order in which they were sent."""
    return [
        SentSummary(row.summary, row.account_id, row.account, row.name, row.deal) for row in summaries.every_sent(query)
    ]


def summary_keys(query: Query, sent: Iterable[SentSummary]) -> list[SummaryKeys]:
    """Returns the keys by which a reply names each of these summaries, in the same order."""
    addresses = _contact_addresses(query)
    return [_keys(deal.summary, addresses.get(deal.account_id, set())) for deal in sent]


def _keys(summary: SummaryEmail, addresses: set[str]) -> SummaryKeys:
    recipients = addresses | ({summary.recipient} if summary.recipient else set())
    return SummaryKeys(summary.id, summary.sent_as, summary.reference, summary.subject, frozenset(recipients))


def _contact_addresses(query: Query) -> dict[int, set[str]]:
    addresses: dict[int, set[str]] = {}
    for row in query("SELECT account_id, email FROM contact WHERE email IS NOT NULL"):
        addresses.setdefault(row["account_id"], set()).add(row["email"])
    return addresses


def recorded_hashes(query: Query) -> set[str]:
    """Returns the hashes of the mails that were recorded as replies before."""
    return {row[0] for row in query("SELECT hash FROM answer WHERE hash IS NOT NULL")}


def summary_owner(query: Query, summary_id: int) -> SummaryOwner | None:
    """Returns the account and deal of a summary; None if the summary does not exist."""
    sql = "SELECT s.deal_id, d.account_id FROM summary AS s JOIN deal AS d ON d.id = s.deal_id WHERE s.id = :id"
    rows = query(sql, id=summary_id)
    return SummaryOwner(rows[0]["account_id"], rows[0]["deal_id"]) if rows else None
