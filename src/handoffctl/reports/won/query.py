"""Queries for stays, scores, values, contacts and touches, each with its moment."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.money import from_cents
from handoffctl.db.query import QueryConnection
from handoffctl.deals.facts_query import CONTACT_PARTS
from handoffctl.playbook.facts import Touch
from handoffctl.reports.row_versions_query import row_versions


class WonStay(NamedTuple):
    """One stay of a deal, in the order of deals and stays.

    `test` is 1 on a test account, `handed` is 1 if a handoff began the stay.
    """

    id: int
    deal: int
    account: int
    test: int
    playbook: str
    stage: str
    kind: str
    entered_at: Moment | None
    handed: int


class KnownValue(NamedTuple):
    """A value of a deal, or of its account where `deal` is None, with the moment at which it became known."""

    deal: int | None
    name: str
    value: str
    at: Moment


class ContactVersion(NamedTuple):
    """What a contact was from the moment `at` until its next version; `values` are by field name: `contact.email`."""

    contact: int
    main: bool
    values: dict[str, str]
    at: Moment


def stays(query: QueryConnection) -> Iterator[WonStay]:
    """Yields every stay in any playbook."""
    sql = """SELECT v.id, d.id, d.account_id, a.test, v.playbook, v.stage, v.kind, v.entered_at,
                    CASE WHEN v.handoff_id IS NULL THEN 0 ELSE 1 END
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
             ORDER BY d.id, v.number"""
    return map(WonStay._make, query.each(sql))


def scores(query: QueryConnection, playbook: str, stage: str) -> dict[int, int]:
    """Returns the points of each deal as it was handed into the stage, by the stay that it left."""
    sql = """SELECT visit_id, score FROM handoff
             WHERE state <> 'blocked' AND score IS NOT NULL AND to_playbook = :playbook AND to_stage = :stage"""
    return {row[0]: row[1] for row in query.each(sql, playbook=playbook, stage=stage)}


def known_values(query: QueryConnection) -> dict[int, list[KnownValue]]:
    """Returns the values of each account and its deals, in the order in which they were added.

    The built-in fields are left out; `contact_versions` and `built_in_values` have those.
    """
    sql = """SELECT account_id, deal_id, name, value, at FROM field_value
             WHERE forgotten = 0 AND name NOT LIKE '%.%' ORDER BY id"""
    found: dict[int, list[KnownValue]] = defaultdict(list)
    for account, *rest in query.each(sql):
        found[account].append(KnownValue(*rest))
    return found


def built_in_values(query: QueryConnection) -> dict[int, list[KnownValue]]:
    """Returns amount, close date, source and domain of each account and its deals, in the order of their changes."""
    found: dict[int, list[KnownValue]] = defaultdict(list)
    for deal in row_versions(query, "deal", "account_id", ("amount_cents", "expected_close", "source")):
        cents, close, source = deal.columns
        amount = None if cents is None else from_cents(int(cents))
        values = {"deal.amount": amount, "deal.expected_close": close, "deal.source": source}
        found[deal.owner] += [
            KnownValue(deal.row, name, str(value), deal.at) for name, value in values.items() if value
        ]
    for account in row_versions(query, "account", "id", ("domain",)):
        if account.columns[0]:
            found[account.owner].append(KnownValue(None, "account.domain", str(account.columns[0]), account.at))
    return found


def contact_versions(query: QueryConnection) -> dict[int, list[ContactVersion]]:
    """Returns what each contact of an account was and when; the versions of a contact are in order."""
    found: dict[int, list[ContactVersion]] = defaultdict(list)
    for contact in row_versions(query, "contact", "account_id", ("main", *CONTACT_PARTS)):
        main, *parts = contact.columns
        values = {f"contact.{part}": str(value) for part, value in zip(CONTACT_PARTS, parts, strict=True) if value}
        found[contact.owner].append(ContactVersion(contact.row, bool(main), values, contact.at))
    return found


def touches(query: QueryConnection) -> dict[int, list[Touch]]:
    """Returns the touches of each deal."""
    sql = "SELECT deal_id, kind, direction, outcome, met, at FROM touch WHERE deal_id IS NOT NULL ORDER BY id"
    found: dict[int, list[Touch]] = defaultdict(list)
    for deal, *rest in query.each(sql):
        found[deal].append(Touch(*rest))
    return found
