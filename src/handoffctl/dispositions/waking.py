"""Which deals put aside are to be looked at again, because one of the playbook's `wake_when` has begun to hold.

A criterion that held already when the deal was put aside raises nothing: somebody decided in spite of it. Of the
touches only those since then count.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoffctl.core.moments import Clock
from handoffctl.core.money import from_cents
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import CONTACT_PARTS, AccountContact
from handoffctl.deals.lookup_query import Deal
from handoffctl.dispositions import query as views
from handoffctl.dispositions.facts import CLOSE_DATE, MOST_AT_ONCE, PlaybookOf, learned
from handoffctl.dispositions.model import DealToJudge
from handoffctl.dispositions.query import FormerContact, TypedValue
from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.facts import Facts, Touch
from handoffctl.playbook.model import Playbook


@dataclass(frozen=True)
class _Records:
    """What is on record of some deals put aside, each with the command that wrote it."""

    values: Mapping[int, Sequence[TypedValue]]  # by account
    contacts: Mapping[int, Sequence[AccountContact]]  # by account
    added_by: Mapping[int, int]  # by contact
    former: Mapping[int, Sequence[FormerContact]]  # by contact
    put_aside_by: Mapping[int, int]  # by deal
    touches: Mapping[int, Sequence[Touch]]  # by deal


def woken(query: Query, clock: Clock, deals: Sequence[DealToJudge], playbook_of: PlaybookOf) -> dict[int, str]:
    """Returns what has begun to hold, in words, for each deal put aside at which something has."""
    found: dict[int, str] = {}
    for first in range(0, len(deals), MOST_AT_ONCE):
        some = deals[first : first + MOST_AT_ONCE]
        records = _read(query, some)
        for row in some:
            playbook = playbook_of(row.deal)
            if playbook and (text := _begun(row, playbook, records, clock)):
                found[row.deal.id] = text
    return found


def _read(query: Query, deals: Sequence[DealToJudge]) -> _Records:
    ids, accounts = [row.deal.id for row in deals], {row.deal.account.id for row in deals}
    values: dict[int, list[TypedValue]] = defaultdict(list)
    for typed in views.values(query, accounts, ids):
        values[typed.account].append(typed)
    former: dict[int, list[FormerContact]] = defaultdict(list)
    for contact in views.former_contacts(query):
        former[contact.contact].append(contact)
    return _Records(
        values, views.contacts(query, accounts), views.contacts_added_by(query, accounts), former,
        views.stay_commands(query, ids), views.touches_of_stay(query, ids),
    )  # fmt: skip


def _begun(row: DealToJudge, playbook: Playbook, records: _Records, clock: Clock) -> str:
    """Returns the first criterion that holds now and did not when the deal was put aside, in words; or nothing."""
    deal = row.deal
    touches = tuple(records.touches.get(deal.id, ()))
    typed, until = records.values.get(deal.account.id, ()), records.put_aside_by[deal.id]
    typed_then = [value for value in typed if value.command <= until]
    facts_now = Facts(
        deal.ref, _values(row, records), touches, stay=deal.number, learned=learned(typed, deal),
        contact_levels=_levels(deal, records),
    )  # fmt: skip
    facts_then = Facts(
        deal.ref, _values(row, records, until), stay=deal.number, learned=learned(typed_then, deal),
        contact_levels=_levels(deal, records, until),
    )  # fmt: skip
    now = DealState(playbook, facts_now, clock)
    then = DealState(playbook, facts_then, Clock(deal.entered_at or clock.now, clock.zone))
    for criterion in playbook.wake_when:
        if criterion.holds(now) and not criterion.holds(then):
            return criterion.label or criterion.describe(playbook)
    return ""


def _values(row: DealToJudge, records: _Records, until: int | None = None) -> dict[str, str]:
    """Returns the values known now, or those known at the command `until`."""
    account = row.deal.account
    typed = [value for value in records.values.get(account.id, ()) if value.deal in (None, row.deal.id)]
    amount = None if row.amount_cents is None else from_cents(row.amount_cents)
    columns: dict[str, str | None] = {
        "account.domain": account.domain, "deal.amount": amount, CLOSE_DATE: row.expected_close,
        "deal.source": row.source,
    }  # fmt: skip
    if until is not None:
        later = {value.name for value in typed if value.command > until}
        columns = {name: None if name in later else value for name, value in columns.items()}
        typed = [value for value in typed if value.command <= until]
    parts = [_parts(contact, records, until) for contact in records.contacts.get(account.id, ())]
    for part in CONTACT_PARTS:
        columns[f"contact.{part}"] = next((contact[part] for contact in parts if contact.get(part)), None)
    known = {value.name: value.value for value in typed if not value.name.startswith("contact.")}
    return {**known, **{name: value for name, value in columns.items() if value}}


def _levels(deal: Deal, records: _Records, until: int | None = None) -> tuple[str, ...]:
    """Returns the levels of the account's contacts known now, or those known at the command `until`."""
    contacts = (_parts(contact, records, until) for contact in records.contacts.get(deal.account.id, ()))
    return tuple(level for contact in contacts if (level := contact.get("level")))


def _parts(contact: AccountContact, records: _Records, until: int | None) -> Mapping[str, str | None]:
    """Returns what is known of a contact now, or was at the command `until`; empty if they were added later."""
    if until is not None and records.added_by[contact.id] > until:
        return {}
    changed = [former for former in records.former.get(contact.id, ()) if until is not None and former.command > until]
    if changed:
        before: dict[str, str | None] = json.loads(changed[0].was)
        return before
    return {part: getattr(contact, part) for part in CONTACT_PARTS}
