"""Shows everything recorded about one account."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from handoffctl.core.field_values import to_json_value
from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row
from handoffctl.deals import facts_query, lookup_query
from handoffctl.deals.confirmed_query import last_answer
from handoffctl.deals.evidence import ClientEvidence, evidence_of
from handoffctl.deals.facts_query import AccountContact
from handoffctl.deals.outside_stage import OutsideStage, outside_stage
from handoffctl.deals.playbook import playbook_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.receiver_brief import ReceiverBrief
from handoffctl.emails.receiver_brief_query import brief_of
from handoffctl.emails.summary.ledger import confirm_within
from handoffctl.emails.summary_model import ANSWERED, changed_values, standing
from handoffctl.errors import HandoffError, NotFound
from handoffctl.follow_up.rules import ShownFollowUp
from handoffctl.follow_up.status import current_status
from handoffctl.meetings.lookup import booked_meetings
from handoffctl.meetings.model import Meeting
from handoffctl.overview import query as listing
from handoffctl.overview.dated import DatedStep, age, dated_step
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.reasons import RETURN, reason_title
from handoffctl.promises import query as promises
from handoffctl.workspace.home import Home

FieldValue = str | int | float | bool | list[str]


class ShownStay(NamedTuple):
    """A stay of a deal in a stage. `left_at` and `days` are None while it lasts, `entered_at` if it is unknown."""

    playbook: str
    stage: str
    owner: str
    entered_at: Moment | None
    left_at: Moment | None
    days: float | None
    because: str | None
    reason: str | None


class ShownPromise(NamedTuple):
    """A promise made to the client of a deal."""

    number: int
    text: str
    due: Moment | None
    kept_at: Moment | None


class ShownTouch(NamedTuple):
    """A touch of a deal: what it was, with whom, and the words that were recorded of it."""

    at: Moment
    kind: str
    direction: str
    outcome: str
    with_: str
    text: str


class _SummaryState(NamedTuple):
    """The state of the last summary that was sent, and the fields that changed since the client confirmed them."""

    state: str | None
    changed: Sequence[str]


class DealView(NamedTuple):
    """Everything recorded about a deal. `days` is the time in its stage; the stays come in order.

    `summary` is the state of the last summary that was sent; `changed` names the fields that changed since the client
    confirmed them. `touches` counts them, and `trail` has each with its words, in the order in which they happened.
    `confirmed` is the client's newest answer to a summary. `reason` is the name of the reason why the deal ended or
    came back, if it is from the playbook's list, and `reason_title` what the playbook calls it.
    """

    deal: str
    ref: str
    name: str | None
    playbook: str
    stage: str
    kind: str
    owner: str
    entered_at: Moment | None
    days: float | None
    because: str | None
    wakes_on: Moment | None
    fields: Mapping[str, FieldValue]
    step: DatedStep | None
    meetings: Sequence[Meeting]
    follow_up: ShownFollowUp | None
    summary: str | None
    changed: Sequence[str]
    promises: Sequence[ShownPromise]
    touches: int
    last_touch: Moment | None
    outside: OutsideStage | None
    stays: Sequence[ShownStay]
    trail: Sequence[ShownTouch]
    confirmed: ClientEvidence | None
    reason: str | None
    reason_title: str | None


class AccountView(NamedTuple):
    """Everything recorded about an account and its deals. `touches_without_deal` counts touches of none of them."""

    account: str
    name: str
    domain: str | None
    test: bool
    contacts: Sequence[AccountContact]
    touches_without_deal: int
    deals: Sequence[DealView]


def account_view(home: Home, ref: str) -> AccountView:
    """Returns everything about an account, or about the one deal that is named."""
    with home.reading() as query:
        account, deals = _account_with_deals(query, ref)
        return AccountView(
            account.slug,
            account.name,
            account.domain,
            account.test,
            facts_query.contacts(query, account.id),
            listing.touches_without_deal(query, account.id),
            [_deal_view(home, query, deal) for deal in deals],
        )


def account_briefs(home: Home, ref: str) -> list[ReceiverBrief]:
    """Returns the receiver's brief of each deal of the account that is open or won, or of the one deal named."""
    with home.reading() as query:
        _, deals = _account_with_deals(query, ref)
        briefs = [brief_of(home, query, deal) for deal in deals if deal.kind in lookup_query.OPEN_OR_WON]
    return [brief for brief in briefs if brief]


def _account_with_deals(query: Query, ref: str) -> tuple[lookup_query.Account, list[lookup_query.Deal]]:
    """Returns the account with all its deals, or only with the named one."""
    try:
        account = lookup_query.account(query, ref)
    except NotFound:
        if "/" not in ref:
            raise
        deal = lookup_query.deal(query, ref, ("open", "won", "lost", "nurture"))
        return deal.account, [deal]
    return account, lookup_query.deals_of(query, account)


def _deal_view(home: Home, query: Query, deal: lookup_query.Deal) -> DealView:
    step = facts_query.step(query, deal.id)
    touches, last_touch = listing.touch_count(query, deal.id)
    stays = listing.stays(query, deal.id)
    summary = _summary(home, query, deal)
    return DealView(
        deal=deal.slug,
        ref=deal.ref,
        name=deal.name,
        playbook=deal.playbook,
        stage=deal.stage,
        kind=deal.kind,
        owner=deal.owner,
        entered_at=deal.entered_at,
        days=age(home, deal.entered_at),
        because=stays[-1]["because"],
        wakes_on=stays[-1]["wakes_on"],
        fields=_fields(query, deal),
        step=dated_step(step.text, step.due) if step else None,
        meetings=booked_meetings(query, deal, home.clock.zone),
        follow_up=_follow_up(home, query, deal),
        summary=summary.state,
        changed=summary.changed,
        promises=[
            ShownPromise(promise.number, promise.text, promise.due, promise.kept_at)
            for promise in promises.of_deal(query, deal.id)
        ],
        touches=touches,
        last_touch=last_touch,
        outside=outside_stage(deal),
        stays=[_stay(row) for row in stays],
        trail=[
            ShownTouch(row["at"], row["kind"], row["direction"], row["outcome"], row["met"], row["text"])
            for row in facts_query.spoken(query, deal)
        ],
        confirmed=evidence_of(last_answer(query, deal)),
        reason=stays[-1]["reason"],
        reason_title=_reason_title(home, deal, stays[-1]),
    )


def _stay(row: Row) -> ShownStay:
    return ShownStay(
        row["playbook"], row["stage"], row["owner"], row["entered_at"], row["left_at"], row["days"], row["because"],
        row["reason"],
    )  # fmt: skip


def _reason_title(home: Home, deal: lookup_query.Deal, stay: Row) -> str | None:
    """Returns the playbook's words for the reason why the stay began; its name in words without the playbook."""
    if not stay["reason"]:
        return None
    playbooks = []
    with suppress(HandoffError):
        playbooks.append(playbook_of(home, deal).playbook)
    if stay["playbook_before"] not in (None, deal.playbook):
        with suppress(HandoffError):
            playbooks.append(load_playbook(home, stay["playbook_before"]).playbook)
    return reason_title(stay["disposition"] or RETURN, stay["reason"], playbooks)


def _follow_up(home: Home, query: Query, deal: lookup_query.Deal) -> ShownFollowUp | None:
    """Returns the follow-up status of the deal; None without a guideline or without its playbook."""
    if deal.kind == "open":
        with suppress(HandoffError):
            status = current_status(home, query, deal, playbook_of(home, deal).playbook)
            return status.as_json(home.clock) if status else None
    return None


def _summary(home: Home, query: Query, deal: lookup_query.Deal) -> _SummaryState:
    """Returns the state of the summary, and the fields that changed since the client confirmed them.

    Reads the playbook only if it matters for that.
    """
    sent = [summary for summary in summaries.of_deal(query, deal.id) if summary.state != "draft"]
    if not sent:
        return _SummaryState(None, [])
    answered = [summary for summary in sent if summary.state in ANSWERED]
    changed: list[str] = []
    if answered:
        answer = last_answer(query, deal)
        others = changed_values(answer.confirmed, facts_query.values(query, deal)) if answer else {}
        changed = list(_in_summaries(home, deal, others)) if others else []
    last = sent[-1]
    if last.state == "sent":
        return _SummaryState(standing(last, home.clock, home.week, confirm_within(home, deal.playbook)), changed)
    return _SummaryState(last.state, changed)


def _in_summaries(home: Home, deal: lookup_query.Deal, names: Iterable[str]) -> Iterator[str]:
    """Yields those of the fields that a summary tells the client."""
    with suppress(HandoffError):  # without its playbook a deal can still be shown
        fields = playbook_of(home, deal).playbook.fields
        yield from (name for name in names if name in fields and fields[name].summary)


def _fields(query: Query, deal: lookup_query.Deal) -> dict[str, FieldValue]:
    typed = facts_query.typed_values(query, deal)
    values: dict[str, FieldValue] = {name: to_json_value(type, value) for name, (type, value) in typed.items()}
    for name, value in facts_query.built_in(query, deal).items():
        if not name.startswith("contact."):  # people stand among the contacts
            values[name] = to_json_value("money" if name == "deal.amount" else "text", value)
    return values
