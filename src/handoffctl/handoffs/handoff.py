"""Performs a handoff: loads the facts, evaluates the gate, then records the handoff or the blocked attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, JoinedRecords, Omitted
from handoffctl.core.moments import Moment
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts as facts_of
from handoffctl.deals.fields import reassign_step, save
from handoffctl.deals.lookup_query import again
from handoffctl.deals.next_step import TypedStep
from handoffctl.deals.playbook import keep_content, playbook_of
from handoffctl.deals.stays import Into, move
from handoffctl.dispositions.decide import record_end
from handoffctl.emails.email import Email
from handoffctl.handoffs.attempt import (
    HandoffAttempt,
    build_attempt,
    moved_meanwhile,
    refuse_closing,
    refuse_going_back,
    refuse_unfinished,
)
from handoffctl.handoffs.emails import HandoffEmails, draft_handoff_emails
from handoffctl.handoffs.gate import Verdict, decide
from handoffctl.handoffs.receiver import absence_remarks
from handoffctl.handoffs.receiver_line import Receiver, receiver_of
from handoffctl.handoffs.tried import record_in_trials
from handoffctl.playbook.criteria.base import DealState
from handoffctl.playbook.criteria.score import points
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import archive_revision, refuse_changed
from handoffctl.promises.telling import Telling
from handoffctl.promises.told import record_told
from handoffctl.trials.missed import record_missed
from handoffctl.workspace.home import Home


class RecordedHandoff(NamedTuple):
    """The handoff as it was recorded: its number, when it happened, and how long answers took."""

    id: int
    at: Moment
    from_owner: str
    to_owner: str
    seconds: float | None


class AttemptResult(NamedTuple):
    """What the JSON of `handoff` adds to that of the attempt; a blocked one has neither `handoff` nor `emails`."""

    handed_off: bool
    handoff: RecordedHandoff | Omitted
    emails: Sequence[Email] | Omitted
    receiver: Receiver


@dataclass(frozen=True)
class HandoffOutcome:
    """The recorded handoff or blocked attempt. `seconds` is how long answers took; None when nothing was asked.

    `receiver` is who has the deal now, or would have taken it over.
    """

    attempt: HandoffAttempt
    verdict: Verdict
    at: Moment
    handoff_id: int
    receiver: Receiver
    seconds: float | None = None
    facts: Facts = field(default_factory=lambda: Facts(""))
    emails: Sequence[Email] = ()
    remarks: Sequence[str] = ()

    @property
    def handed_off(self) -> bool:
        return self.verdict.clear

    def as_json(self) -> JoinedRecords:
        """Returns the gate's verdict, and the recorded handoff if nothing required was missing."""
        result = AttemptResult(False, OMITTED, OMITTED, self.receiver)
        if self.handed_off:
            owners = (self.attempt.deal.owner, self.attempt.to_owner)
            recorded = RecordedHandoff(self.handoff_id, self.at, *owners, self.seconds)
            result = AttemptResult(True, recorded, self.emails, self.receiver)
        return JoinedRecords(self.attempt.as_json(self.verdict), result)


def execute(
    home: Home,
    previewed: HandoffAttempt,
    values: Mapping[str, str],
    step: TypedStep | None = None,
    seconds: float | None = None,
    first_verdict: Verdict | None = None,
    telling: Telling = Telling(),  # noqa: B008
    missed: Mapping[str, bool] | None = None,
) -> HandoffOutcome:
    """Saves the values and the next step, decides anew inside one transaction, and records the result.

    `seconds` is how long answers took so far. `first_verdict` is what the gate said before anything was asked: what was
    missing then and no longer is counts as filled on the spot. Values that came with the command do not.
    `telling` holds the next steps that the client will read, `missed` whether what earlier handoffs did without was
    missed, by name; both are recorded only if the handoff passes.
    Raises StageConflict where the deal has moved since `previewed` was built, and as the `refuse_` functions do.
    """
    refuse_unfinished(previewed)
    refuse_closing(previewed)
    with home.writing() as session:
        refuse_changed(home, previewed.rules)
        attempt = _rebuild(session, home, previewed)
        save(session, home.clock, attempt.deal, attempt.requirements.playbook, values, step)
        deal = again(session.query, previewed.deal)
        facts = facts_of(session.query, deal)
        remarks: list[str] = []
        verdict = decide(attempt.requirements, facts, home.clock)
        if verdict.clear:
            refuse_going_back(deal, home.clock)
            record_told(session, deal, telling)
            remarks = record_missed(session, home, deal, attempt.rules.playbook, missed or {})
        handoff_id = _record(session, attempt, verdict, seconds, first_verdict, _score(home, attempt, facts))
        record_in_trials(session, home, attempt, verdict, handoff_id)
        drafts = _complete(session, home, attempt, facts, handoff_id) if verdict.clear else HandoffEmails()
        receiver = receiver_of(session.query, attempt, facts, home.clock)
        session.log(_sentence(attempt, verdict), attempt.deal.account.id, attempt.deal.id)
    now = home.clock.now
    all_remarks = [*drafts.remarks, *remarks]
    return HandoffOutcome(attempt, verdict, now, handoff_id, receiver, seconds, facts, drafts.emails, all_remarks)


def hand_over(session: WriteSession, home: Home, attempt: HandoffAttempt) -> None:
    """Records a handoff that requires nothing, within the transaction of another command, which says what it did."""
    facts = facts_of(session.query, attempt.deal)
    verdict = decide(attempt.requirements, facts, home.clock)
    handoff_id = _record(session, attempt, verdict, None, None, _score(home, attempt, facts))
    record_in_trials(session, home, attempt, verdict, handoff_id)
    _move_deal(session, home, attempt, handoff_id)


def _rebuild(session: WriteSession, home: Home, previewed: HandoffAttempt) -> HandoffAttempt:
    """Builds the attempt again with the deal as it is inside the transaction. Raises StageConflict where it moved."""
    deal = again(session.query, previewed.deal)
    if deal.visit_id != previewed.deal.visit_id or deal.owner != previewed.deal.owner:
        raise moved_meanwhile(deal, playbook_of(home, deal).playbook, previewed.to_stage)
    return build_attempt(home, session.query, previewed.rules, deal, previewed.handoff, previewed.person)


def _record(
    session: WriteSession,
    attempt: HandoffAttempt,
    verdict: Verdict,
    seconds: float | None,
    first_verdict: Verdict | None,
    score: int | None,
) -> int:
    """Writes the handoff or the blocked attempt, with its missing items. Returns its id."""
    revision_id = archive_revision(session, attempt.rules)
    row = session.add(
        session.models.Handoff(
            deal_id=attempt.deal.id, visit_id=attempt.deal.visit_id, revision_id=revision_id,
            name=attempt.handoff.key, at=session.at, state="completed" if verdict.clear else "blocked",
            from_stage=attempt.deal.stage, to_playbook=attempt.target_playbook.playbook, to_stage=attempt.to_stage,
            from_owner=attempt.deal.owner, to_owner=attempt.to_owner, seconds=seconds,
            score=score,
        )
    )  # fmt: skip
    assert row.id is not None
    names_by_kind = {
        "required": [item.name for item in verdict.missing],
        "nice_to_have": [item.name for item in verdict.nice_to_have],
        "filled": _filled_names(attempt, verdict, first_verdict),
        "not_asked": [item.name for item in attempt.requirements.not_asked],
    }
    for kind, names in names_by_kind.items():
        for name in names:
            session.add(session.models.Gap(handoff_id=row.id, name=name, kind=kind))
    return row.id


def _score(home: Home, attempt: HandoffAttempt, facts: Facts) -> int | None:
    """Returns the points that the deal has by the playbook's signals; None for a playbook without any."""
    playbook = attempt.rules.playbook
    return points(DealState(playbook, facts, home.clock)) if playbook.signals else None


def _filled_names(attempt: HandoffAttempt, verdict: Verdict, first_verdict: Verdict | None) -> list[str]:
    """Returns the items that were missing at first, are still asked for, and are no longer missing."""
    if first_verdict is None:
        return []
    still_missing = {item.name for item in verdict.all_missing} | {item.name for item in verdict.not_asked}
    filled = {*attempt.requirements.required, *attempt.requirements.nice_to_have} - still_missing
    return [item.name for item in first_verdict.all_missing if item.name in filled]


def _complete(
    session: WriteSession, home: Home, attempt: HandoffAttempt, facts: Facts, handoff_id: int
) -> HandoffEmails:
    """Moves the deal and drafts the handoff's e-mails. The first remark is on an absent owner."""
    _move_deal(session, home, attempt, handoff_id)
    drafts = HandoffEmails()
    if attempt.handoff.emails:
        drafts = draft_handoff_emails(session, home, attempt, facts, handoff_id)
    drafts.remarks[:0] = absence_remarks(home, session.query, attempt.to_owner)
    return drafts


def _move_deal(session: WriteSession, home: Home, attempt: HandoffAttempt, handoff_id: int) -> None:
    """Gives the deal and its open step to the new owner, and moves it to the next stage where it leads to one."""
    reassign_step(session, attempt.deal.id, attempt.to_owner)
    if attempt.handoff.to is None:
        session.change(session.models.Visit, attempt.deal.visit_id, owner=attempt.to_owner)
        return
    target = attempt.target_playbook
    if target.playbook != attempt.deal.playbook:
        keep_content(session, attempt.deal.id, attempt.target_rules)
    kind = target.stages[attempt.to_stage].kind
    if kind == "won":
        record_end(session, home, attempt.deal, attempt.rules.playbook, kind, "")
    disposition = kind if kind != "open" else None
    into = Into(target.playbook, attempt.to_stage, kind, attempt.to_owner, handoff_id, disposition=disposition)
    move(session, attempt.deal.visit_id, into, session.at, home.clock.zone)


def _sentence(attempt: HandoffAttempt, verdict: Verdict) -> str:
    """Returns what the log says of it."""
    called = attempt.deal.called
    if not verdict.clear:
        labels = ", ".join(item.label for item in verdict.missing)
        return f"Handoff of {called} to {attempt.to_title} blocked: {labels} missing."
    if attempt.handoff.to is None:
        return f"Handed {called} in {attempt.from_title} from {attempt.deal.owner} to {attempt.to_owner}."
    return f"Handed {called} from {attempt.from_title} to {attempt.to_title}; {attempt.to_owner} has it now."
