"""Shows the ledger of summaries: those that wait for an answer, and one of them whole."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from handoffctl.core.business_time import after_working_days
from handoffctl.core.moments import local_date
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import OPEN_OR_WON
from handoffctl.deals.stays_query import called
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import changed_since, material
from handoffctl.emails.summary_model import ANSWERED, CONFIRM_WITHIN, Summary, age, standing
from handoffctl.errors import HandoffError, NotFound, NotReady
from handoffctl.playbook.library import rules
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


def listed(home: Home, ref: str, every: bool) -> list[dict[str, Any]]:
    """The summaries that wait to be sent or answered, or every one; of one account where it is named."""
    with home.reading() as query:
        account, deal_id = finding.account_or_deal(query, ref) if ref else (None, None)
        rows = summaries.listed(query, every, account.id if account else None, deal_id)
        names = called(query, sorted({row["deal_id"] for _, row in rows}))
    within: dict[str, int] = {}
    for _, row in rows:
        if row["playbook"] not in within:
            within[row["playbook"]] = confirm_within(home, row["playbook"])
    return [
        {
            "account": row["account"],
            "name": row["name"],
            "deal": row["deal"],
            "ref": names[row["deal_id"]]["ref"],
            **told(home, one, within[row["playbook"]]),
        }
        for one, row in rows
    ]


def confirm_within(home: Home, playbook: str) -> int:
    """In how many working days an answer is due; the usual number where the playbook cannot be read."""
    try:
        return rules(home, playbook).playbook.confirm_within
    except HandoffError:
        return CONFIRM_WITHIN


def told(home: Home, one: Summary, within: int) -> dict[str, Any]:
    """What a list tells of a summary. Ages are working days."""
    return {
        "reference": one.reference or None,
        "state": standing(one, home.clock, home.week, within),
        "sent_at": one.sent_at,
        "working_days": age(one, home.clock, home.week),
        "silent_from": silent_from(home, one, within),
        "answered_at": one.answered_at,
        "to": one.recipient or None,
        "subject": one.subject or None,
        "announced": one.announced,
        "note": one.note or None,
    }


def silent_from(home: Home, one: Summary, within: int) -> str | None:
    """The day from which on an unanswered one is silent."""
    if one.sent_at is None or one.state != "sent":
        return None
    week = home.week
    if not week.workdays:
        return None
    return after_working_days(local_date(one.sent_at, home.clock.zone), within + 1, week).isoformat()


def shown(home: Home, ref: str, reference: str) -> dict[str, Any]:
    """One summary whole, with what is another now than the client confirmed. Without a reference the newest."""
    with home.reading() as query:
        found = finding.deal(query, ref, True, (*OPEN_OR_WON, "lost", "nurture"))
        of = material(query, found, facts(query, found))
        confirmed = {one.id: summaries.confirmed_values(query, found, one) for one in of.said if one.state in ANSWERED}
    said = [one for one in of.said if not reference or one.reference.casefold() == reference.casefold()]
    if not said and reference:
        raise NotFound(
            f'{found.called} has no summary with the reference "{reference[:20]}".',
            f"See them with: handoffctl summary list {found.ref} --all",
        )
    if not said:
        raise NotReady(f"{found.called} has no summary yet.", f"Draft one with: handoffctl summary draft {found.ref}")
    one = said[-1]
    playbook: Playbook | None = None
    with suppress(HandoffError):  # the text can be read without it
        playbook = rules(home, found.playbook).playbook
    of, values = replace(of, confirmed=confirmed.get(one.id, {})), of.known.values
    corrected = of.corrections.get(one.id, {})
    return {
        "account": found.account.slug, "name": found.account.name, "deal": found.slug, "ref": found.ref,
        **told(home, one, playbook.confirm_within if playbook else CONFIRM_WITHIN),
        "body": one.body or None, "message_id": one.sent_as or None, "hash": one.hash or None, "intact": one.intact,
        "corrections": [{"name": name, "value": value} for name, value in corrected.items()],
        "changed": [
            {"name": name, "was": was, "now": values[name]}
            for name, was in (changed_since(of, playbook) if playbook else {}).items()
        ],
    }  # fmt: skip
