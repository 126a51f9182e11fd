"""Shows everything recorded about one account."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from handoffctl.core.field_values import to_json_value
from handoffctl.db.query import Query
from handoffctl.deals import facts_query, lookup_query
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.summary.ledger import confirm_within
from handoffctl.emails.summary_model import ANSWERED, changed_values, standing
from handoffctl.errors import HandoffError, NotFound
from handoffctl.follow_up.status import current_status
from handoffctl.meetings.lookup import booked_meetings
from handoffctl.overview import query as listing
from handoffctl.overview.dated import age, dated_step
from handoffctl.playbook.library import load_playbook
from handoffctl.promises import query as promises
from handoffctl.workspace.home import Home


def account_view(home: Home, ref: str, allow_prefix: bool) -> dict[str, Any]:
    """Returns everything about an account, or about the one deal that is named."""
    with home.reading() as query:
        one, chosen = _meant(query, ref, allow_prefix)
        return {
            "account": one.slug,
            "name": one.name,
            "domain": one.domain,
            "test": one.test,
            "contacts": [contact.as_json() for contact in facts_query.contacts(query, one.id)],
            "touches_without_deal": listing.touches_without_deal(query, one.id),
            "deals": [_deal(home, query, found) for found in chosen],
        }


def _meant(query: Query, ref: str, allow_prefix: bool) -> tuple[lookup_query.Account, list[lookup_query.Deal]]:
    try:
        one = lookup_query.account(query, ref, allow_prefix)
    except NotFound:
        if "/" not in ref:
            raise
        found = lookup_query.deal(query, ref, allow_prefix, ("open", "won", "lost", "nurture"))
        return found.account, [found]
    return one, lookup_query.deals_of(query, one)


def _deal(home: Home, query: Query, found: lookup_query.Deal) -> dict[str, Any]:
    step = facts_query.step(query, found.id)
    touches = listing.touch_count(query, found.id)
    stays = listing.stays(query, found.id)
    present = stays[-1]
    return {
        "deal": found.slug,
        "ref": found.ref,
        "name": found.name,
        "playbook": found.playbook,
        "stage": found.stage,
        "kind": found.kind,
        "owner": found.owner,
        "entered_at": found.entered_at,
        "days": age(home, found.entered_at),
        "because": present["because"],
        "wakes_on": present["wakes_on"],
        "fields": _fields(query, found),
        "step": dated_step(step.text, step.due) if step else None,
        "meetings": [meeting.as_json() for meeting in booked_meetings(query, found, home.clock.zone)],
        "follow_up": _follow_up(home, query, found),
        **_summary(home, query, found),
        "promises": [
            {"number": one.number, "text": one.text, "due": one.due, "kept_at": one.kept_at}
            for one in promises.of_deal(query, found.id)
        ],
        "touches": touches[0],
        "last_touch": touches[1],
        "outside": {"stage": found.outside_stage, "at": found.outside_at} if found.outside_stage else None,
        "stays": [
            {name: row[name] for name in ("playbook", "stage", "owner", "entered_at", "left_at", "days", "because")}
            for row in stays
        ],
    }


def _follow_up(home: Home, query: Query, found: lookup_query.Deal) -> dict[str, Any] | None:
    """Returns the follow-up status of the deal; None without a guideline or without its playbook."""
    if found.kind == "open":
        with suppress(HandoffError):
            status = current_status(home, query, found, load_playbook(home, found.playbook).playbook)
            return status.as_json(home.clock) if status else None
    return None


def _summary(home: Home, query: Query, found: lookup_query.Deal) -> dict[str, Any]:
    """Returns the state of the summary, and the fields that changed since the client confirmed them.

    Reads the playbook only if it matters for that.
    """
    said = [one for one in summaries.of_deal(query, found.id) if one.state != "draft"]
    told: dict[str, Any] = {"summary": said[-1].state if said else None, "changed": []}
    answered = [one for one in said if one.state in ANSWERED]
    if answered:
        confirmed = summaries.confirmed_values(query, found, answered[-1])
        others = changed_values(confirmed, facts_query.values(query, found))
        told["changed"] = list(_in_summaries(home, found, others)) if others else []
    if said and said[-1].state == "sent":
        told["summary"] = standing(said[-1], home.clock, home.week, confirm_within(home, found.playbook))
    return told


def _in_summaries(home: Home, found: lookup_query.Deal, names: Iterable[str]) -> Iterator[str]:
    """Yields those of the fields that a summary tells the client."""
    with suppress(HandoffError):  # without its playbook a deal can still be shown
        fields = load_playbook(home, found.playbook).playbook.fields
        yield from (name for name in names if name in fields and fields[name].summary)


def _fields(query: Query, found: lookup_query.Deal) -> dict[str, Any]:
    typed = {name: to_json_value(type, value) for name, (type, value) in facts_query.typed_values(query, found).items()}
    for name, value in facts_query.built_in(query, found).items():
        if not name.startswith("contact."):  # people stand among the contacts
            typed[name] = to_json_value("money" if name == "deal.amount" else "text", value)
    return typed
