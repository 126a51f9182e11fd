"""The ledger of summaries: lists those that wait for an answer, and shows one with its text."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from handoffctl.core.json_record import JoinedRecords
from handoffctl.core.moments import Moment
from handoffctl.core.names import Abbreviation
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, account_or_deal
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import playbook_of
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import DealSnapshot, changed_since
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.summary_model import (
    ANSWERED,
    CONFIRM_WITHIN,
    DealSummary,
    SummaryEmail,
    age,
    silent_from,
    standing,
)
from handoffctl.errors import HandoffError, NotFound, NotReady
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


class StandingJson(NamedTuple):
    """The standing of a summary as `--json` prints it."""

    reference: str | None
    state: str
    sent_at: Moment | None
    working_days: int | None
    silent_from: str | None
    answered_at: Moment | None
    to: str | None
    subject: str | None
    announced: bool | None
    note: str | None


class SummarizedDeal(NamedTuple):
    """The names of the deal that a summary belongs to; `ref` is typed to name it."""

    account: str
    name: str
    deal: str
    ref: str


class SummaryStanding(NamedTuple):
    """A summary with its state now, its age in working days, and the day from which it counts as silent."""

    summary: SummaryEmail
    state: str
    working_days: int | None
    silent_from: str | None

    def as_json(self) -> StandingJson:
        summary = self.summary
        return StandingJson(
            reference=summary.reference or None,
            state=self.state,
            sent_at=summary.sent_at,
            working_days=self.working_days,
            silent_from=self.silent_from,
            answered_at=summary.answered_at,
            to=summary.recipient or None,
            subject=summary.subject or None,
            announced=summary.announced,
            note=summary.note or None,
        )


class ListedSummary(NamedTuple):
    """A row of the ledger."""

    owner: DealSummary
    standing: SummaryStanding

    def as_json(self) -> JoinedRecords:
        owner = self.owner
        return JoinedRecords(SummarizedDeal(owner.account, owner.name, owner.deal, owner.ref), self.standing)


class CorrectedValue(NamedTuple):
    """A value as the client corrected it."""

    name: str
    value: str


class ValueChange(NamedTuple):
    """A value that the client confirmed, and the present one."""

    name: str
    was: str
    now: str


class SummaryText(NamedTuple):
    """The text of a summary, the client's corrections of it, and what has changed since they answered.

    `intact` is True if the text is the one that was sent, by its `hash`.
    """

    body: str | None
    message_id: str | None
    hash: str | None
    intact: bool | None
    corrections: list[CorrectedValue]
    changed: list[ValueChange]


class SummaryDetails(NamedTuple):
    """One summary with its text, the client's corrections, and what has changed since they answered."""

    deal: Deal
    standing: SummaryStanding
    corrections: Mapping[str, str]
    changed: list[ValueChange]

    @property
    def answered_at(self) -> Moment | None:
        return self.standing.summary.answered_at

    def as_json(self) -> JoinedRecords:
        deal, summary = self.deal, self.standing.summary
        names = SummarizedDeal(deal.account.slug, deal.account.name, deal.slug, deal.ref)
        corrections = [CorrectedValue(name, value) for name, value in self.corrections.items()]
        text = SummaryText(
            summary.body or None,
            summary.sent_as or None,
            summary.hash or None,
            summary.intact,
            corrections,
            self.changed,
        )
        return JoinedRecords(names, self.standing, text)


def list_summaries(home: Home, ref: str, answered_too: bool) -> list[ListedSummary]:
    """Returns the drafts and unanswered summaries, or all; of one account or deal if `ref` names it."""
    with home.reading() as query:
        account, deal_id = account_or_deal(query, ref) if ref else (None, None)
        rows = summaries.of_every_deal(query, answered_too, account.id if account else None, deal_id)
    within = {playbook: confirm_within(home, playbook) for playbook in dict.fromkeys(row.playbook for row in rows)}
    return [ListedSummary(row, _standing(home, row.summary, within[row.playbook])) for row in rows]


def confirm_within(home: Home, playbook: str) -> int:
    """Returns the working days in which an answer is due; the default if the playbook cannot be read."""
    try:
        return load_playbook(home, playbook).playbook.confirm_within
    except HandoffError:
        return CONFIRM_WITHIN


def _standing(home: Home, summary: SummaryEmail, within: int) -> SummaryStanding:
    clock, week = home.clock, home.week
    return SummaryStanding(
        summary,
        standing(summary, clock, week, within),
        age(summary, clock, week),
        silent_from(summary, clock, week, within),
    )


def summary_details(home: Home, ref: str, reference: str) -> SummaryDetails:
    """Returns the newest summary of a deal, or the one with this reference, which may stand for the deal too.

    Raises NotFound, NotReady.
    """
    with home.reading() as query:
        deal, reference = _deal_and_reference(query, ref, reference)
        snapshot = deal_snapshot(query, deal, facts(query, deal))
        summary = _named(deal, snapshot, reference)
        confirmed = summaries.confirmed_values(query, deal, summary) if summary.state in ANSWERED else {}
    playbook: Playbook | None = None
    with suppress(HandoffError):  # the text can be read without it
        playbook = playbook_of(home, deal).playbook
    changed = changed_since(replace(snapshot, confirmed=confirmed), playbook) if playbook else {}
    return SummaryDetails(
        deal,
        _standing(home, summary, playbook.confirm_within if playbook else CONFIRM_WITHIN),
        snapshot.corrections.get(summary.id, {}),
        [ValueChange(name, was, snapshot.facts.values[name]) for name, was in changed.items()],
    )


def _deal_and_reference(query: Query, ref: str, reference: str) -> tuple[Deal, str]:
    """Returns the deal of this name and the reference; where no account is called so, the name may be a reference."""
    kinds = (*OPEN_OR_WON, "lost", "nurture")
    try:
        return find_deal(query, Abbreviation(ref), kinds), reference
    except NotFound:
        name = None if reference else summaries.deal_with_reference(query, ref)
        if name is None:
            raise
        return find_deal(query, name, kinds), ref.strip()


def _named(deal: Deal, snapshot: DealSnapshot, reference: str) -> SummaryEmail:
    matches = [
        summary
        for summary in snapshot.summaries
        if not reference or summary.reference.casefold() == reference.casefold()
    ]
    if matches:
        return matches[-1]
    if reference:
        raise NotFound(
            f'{deal.called} has no summary with the reference "{reference[:20]}".',
            f"See them with: handoffctl summary list {deal.ref} --all",
        )
    raise NotReady(f"{deal.called} has no summary yet.", f"Draft one with: handoffctl summary draft {deal.ref}")
