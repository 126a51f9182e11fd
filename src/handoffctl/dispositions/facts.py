"""Loads the facts and counts of many deals at once, for dispositions and `wake_when`."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handoffctl.core.moments import Clock, days_between, sort_key
from handoffctl.core.money import from_cents
from handoffctl.db.query import Query
from handoffctl.deals.confirmed_query import last_answer
from handoffctl.deals.facts_query import BUILT_IN_BEGIN, CONTACT_PARTS, AccountContact
from handoffctl.deals.lookup_query import Deal
from handoffctl.dispositions import query as views
from handoffctl.dispositions.model import DealFacts, DealToJudge
from handoffctl.dispositions.playbook_figures import PlaybookFigures
from handoffctl.dispositions.query import TypedValue
from handoffctl.follow_up.query import FollowUpTouch
from handoffctl.follow_up.rules import StayAttempts, count_attempts, is_answer
from handoffctl.playbook.criteria.time_facts import HEARD_WITHIN_DAYS
from handoffctl.playbook.facts import CountedFacts, Facts, LearnedValue, Touch
from handoffctl.playbook.model import Playbook

CLOSE_DATE = "deal.expected_close"
MOST_AT_ONCE = 5000  # deals of one query; their ids stand in it
PlaybookOf = Callable[[Deal], Playbook | None]


@dataclass(frozen=True)
class _Records:
    """What is on record of some deals, by the id of the deal where nothing else is said."""

    values: Mapping[int, Sequence[TypedValue]]  # of the account and its deals, by account, in the order of typing
    close_dates: Mapping[int, Sequence[str]]
    contacts: Mapping[int, Sequence[AccountContact]]  # by account
    touches: Mapping[int, Sequence[Touch]]


def facts_of_many(
    query: Query, clock: Clock, deals: Sequence[DealToJudge], playbook_of: PlaybookOf, figures: PlaybookFigures
) -> dict[int, DealFacts]:
    """Returns the facts of each deal by its id. A deal whose playbook cannot be read is left out."""
    facts: dict[int, DealFacts] = {}
    for first in range(0, len(deals), MOST_AT_ONCE):
        some = [row for row in deals[first : first + MOST_AT_ONCE] if playbook_of(row.deal)]
        if some:
            facts |= _facts_of(query, clock, some, playbook_of, figures)
    return facts


def _facts_of(
    query: Query, clock: Clock, deals: Sequence[DealToJudge], playbook_of: PlaybookOf, figures: PlaybookFigures
) -> dict[int, DealFacts]:
    ids = [row.deal.id for row in deals]
    records = _read(query, deals)
    counted_as_touches = views.counted_as_touches(query, ids)
    summaries, steps, answered = views.summary_states(query, ids), views.open_steps(query, ids), views.answered(query)
    found: dict[int, DealFacts] = {}
    for row in deals:
        deal, playbook = row.deal, playbook_of(row.deal)
        if playbook is None:
            continue
        touches = records.touches.get(deal.id, ())
        spoken = [FollowUpTouch(touch.kind, touch.direction, touch.outcome, touch.at) for touch in touches]
        attempts = _attempts(deal, [*spoken, *counted_as_touches.get(deal.id, ())], clock)
        counted = CountedFacts(
            deal.entered_at,
            attempts.last_at or deal.entered_at if attempts else None,
            attempts.total if attempts else 0,
            count_slips(records.close_dates.get(deal.id, ())),
            heard_from(touches, records.contacts.get(deal.account.id, ()), clock),
            figures.pool_left(playbook),
            figures.usual_days(playbook, deal.stage),
            playbook.stages[deal.stage].target if deal.stage in playbook.stages else None,
        )
        answer = last_answer(query, deal) if deal.id in answered else None
        known = learned(records.values.get(deal.account.id, ()), deal)
        values = {**{value.name: value.value for value in known}, **_built_in(row, records)}
        facts = Facts(
            deal.ref, values, tuple(touches), summaries.get(deal.id), steps.get(deal.id), answer, deal.number, known,
            counted, tuple(contact.level for contact in records.contacts.get(deal.account.id, ()) if contact.level),
        )  # fmt: skip
        found[deal.id] = DealFacts(facts, attempts if row.since else None)
    return found


def _read(query: Query, deals: Sequence[DealToJudge]) -> _Records:
    ids, accounts = [row.deal.id for row in deals], {row.deal.account.id for row in deals}
    values: dict[int, list[TypedValue]] = defaultdict(list)
    close_dates: dict[int, list[str]] = defaultdict(list)
    for typed in views.values(query, accounts, ids):
        if typed.deal is not None and typed.name == CLOSE_DATE:
            close_dates[typed.deal].append(typed.value)
        elif not typed.name.startswith(BUILT_IN_BEGIN):
            values[typed.account].append(typed)
    return _Records(values, close_dates, views.contacts(query, accounts), views.touches(query, ids))


def learned(values: Sequence[TypedValue], deal: Deal) -> tuple[LearnedValue, ...]:
    """Returns what was typed for the deal and its account, in order, without built-in fields."""
    return tuple(
        LearnedValue(value.name, value.value, value.at)
        for value in values
        if value.deal in (None, deal.id) and not value.name.startswith(BUILT_IN_BEGIN)
    )


def _built_in(row: DealToJudge, records: _Records) -> dict[str, str]:
    """Returns the known values of the built-in fields."""
    account = row.deal.account
    built_in: dict[str, str | None] = {
        "account.domain": account.domain,
        "deal.amount": None if row.amount_cents is None else from_cents(row.amount_cents),
        CLOSE_DATE: row.expected_close,
        "deal.source": row.source,
    }
    for part in CONTACT_PARTS:
        parts = (getattr(contact, part) for contact in records.contacts.get(account.id, ()))
        built_in[f"contact.{part}"] = next((value for value in parts if value), None)
    return {name: value for name, value in built_in.items() if value}


def _attempts(deal: Deal, touches: Sequence[FollowUpTouch], clock: Clock) -> StayAttempts | None:
    """Returns the touches of the present stay, summed up; of all of them where its beginning is not known."""
    since = deal.entered_at or min((touch.at for touch in touches), key=lambda at: sort_key(at, clock.zone), default="")
    return count_attempts(since, touches, clock) if since else None


def count_slips(close_dates: Sequence[str]) -> int:
    """Returns how often the close date was moved to a later day, from the dates in the order they were typed."""
    return sum(later > earlier for earlier, later in pairwise(close_dates))


def heard_from(touches: Sequence[Touch], contacts: Sequence[AccountContact], clock: Clock) -> int:
    """Returns how many contacts were heard from lately. Where none is named, it was the main one."""
    known = {text for contact in contacts for text in (contact.name, contact.email) if text}
    main = next((contact.name or contact.email or "" for contact in contacts), "")
    heard = {
        touch.met if touch.met in known else main
        for touch in touches
        if is_answer(touch.kind, touch.direction, touch.outcome)
        and 0 <= days_between(touch.at, clock.now, clock.zone) <= HEARD_WITHIN_DAYS
    }
    return len(heard)
