"""The receiver's answer to a handoff: accept it, or return it with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import format_local, is_before
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import reassign_step
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import keep_content, playbook_of, rules_of
from handoffctl.deals.stays import Into, move
from handoffctl.emails.receiver_brief import ReceiverBrief
from handoffctl.emails.receiver_brief_query import brief_of, owner_for_people
from handoffctl.errors import NotFound, NotReady, Refused, nearest
from handoffctl.handoffs.attempt import refuse_going_back
from handoffctl.handoffs.felt_readiness import (
    UNSAID,
    FeltReadiness,
    asked_twice_note,
    fields_by_names,
    playbooks_around,
    record_asked_twice,
)
from handoffctl.handoffs.query import CompletedHandoff, last_completed
from handoffctl.playbook.library import LoadedPlaybook, load_kept
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP, Playbook
from handoffctl.playbook.reasons import GivenReason, given_reason, reasons_for
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class AnsweredHandoff:
    """The deal as it was when the receiver answered, and the handoff that was answered."""

    deal: Deal
    handoff: CompletedHandoff


@dataclass(frozen=True)
class OfferedDeal:
    """A deal that waits for its receiver: the brief (None without a readable playbook), and who gives and takes it."""

    deal: Deal
    brief: ReceiverBrief | None
    giver: str
    receiver: str


def offered_deal(home: Home, ref: str) -> OfferedDeal:
    """Returns the deal as its receiver sees it before accepting. Raises NotFound, NotReady as `accept` does."""
    with home.reading() as query:
        deal = find_deal(query, ref, OPEN_OR_WON)
        handoff = _handoff_to_accept(query, deal)
        giver, receiver = (owner_for_people(home, query, deal, name) for name in (handoff.from_owner, handoff.to_owner))
        return OfferedDeal(deal, brief_of(home, query, deal, to_user=True), giver, receiver)


def accept(home: Home, ref: str, felt: FeltReadiness = UNSAID) -> AnsweredHandoff:
    """Records that the receiver has accepted the deal, and what they say of it.

    Raises NotFound for no such deal or field, NotReady when there is nothing to accept, Refused for a moment before the
    handoff.
    """
    with home.writing() as session:
        deal = find_deal(session.query, ref, OPEN_OR_WON)
        handoff = _handoff_to_accept(session.query, deal)
        _refuse_before_handoff(home, handoff)
        session.change(session.models.Handoff, handoff.id, state="accepted", accepted_at=session.at)
        labels = _record_felt(session, home, deal, handoff, felt)
        says = f"{handoff.to_owner} accepted {deal.called}{felt.sentence(labels)}"
        session.log(says, deal.account.id, deal.id)
    return AnsweredHandoff(deal, handoff)


def check_asked_twice(home: Home, deal: Deal, names: Sequence[str]) -> None:
    """Raises NotFound for a name that is no field of the deal's playbook, nor of the one it came from."""
    with home.reading() as query:
        fields_by_names(names, playbooks_around(home, query, deal))


def _record_felt(
    session: WriteSession, home: Home, deal: Deal, handoff: CompletedHandoff, felt: FeltReadiness
) -> list[str]:
    """Records what the receiver says of the handoff. Returns the labels of the fields that were asked again."""
    twice = felt.asked_twice
    fields = fields_by_names(twice, playbooks_around(home, session.query, deal)) if twice else {}
    if felt.enough is not None:
        session.change(session.models.Handoff, handoff.id, enough=int(felt.enough), lacked=felt.lacked)
    record_asked_twice(session, deal, list(fields), handoff.id)
    return list(fields.values())


def reasons_to_return(home: Home, ref: str) -> dict[str, str]:
    """Returns the reasons for which the deal can be returned, by name. Raises NotFound, NotReady as `return_deal`."""
    with home.reading() as query:
        deal = find_deal(query, ref, OPEN_OR_WON)
        handoff = _handoff_to_answer(query, deal)
    return reasons_for("return", _playbooks_of_both(home, deal, handoff))


def return_deal(
    home: Home, ref: str, because: str, missing: Sequence[str], reason: str = "", felt: FeltReadiness = UNSAID
) -> AnsweredHandoff:
    """Returns the deal to the stage and owner it came from, with the reason; both stays stay on record.

    `missing` names the fields and criteria that were missing; `reason` is one of the playbook's list by name, beside
    which `because` may be empty. `felt` is what the receiver says of it besides. Raises NotFound for no such deal,
    field or criterion, NotReady when no handoff brought the deal here, Refused without a reason, for an unknown one, or
    for a moment before the handoff.
    """
    because = because.strip()
    if is_placeholder(because) if because else not reason:
        fault = f'"{because[:40]}" is a placeholder' if because else "Nothing"
        raise Refused(f"{fault}, and a return needs a reason.", 'As in: --because "nobody there knows of the budget"')
    with home.writing() as session:
        deal = find_deal(session.query, ref, OPEN_OR_WON)
        handoff = _handoff_to_answer(session.query, deal)
        _refuse_unknown_names(home, deal, handoff, missing)
        _refuse_before_handoff(home, handoff)
        refuse_going_back(deal, home.clock)
        given = given_reason("return", reason, because, _playbooks_of_both(home, deal, handoff))
        _record_return(session, handoff, given, missing)
        labels = _record_felt(session, home, deal, handoff, felt)
        session.detect_triggers = False  # a returned deal is not to be handed over again at once
        stage_title = _move_back(session, home, deal, handoff, given.because)
        names = f" (missing: {', '.join(dict.fromkeys(missing))})" if missing else ""
        session.log(
            f"{handoff.to_owner} returned {deal.called} to {handoff.from_owner} in {stage_title}: "
            f"{given.sentence}{names}{asked_twice_note(labels)}",
            deal.account.id,
            deal.id,
        )
    return AnsweredHandoff(deal, handoff)


def _handoff_to_answer(query: Query, deal: Deal) -> CompletedHandoff:
    """Returns the handoff that brought the deal to where it is. Raises NotReady when something else did."""
    handoff = last_completed(query, deal.id)
    if handoff is None or (handoff.id != deal.handoff_id and handoff.from_stay_id != deal.visit_id):
        raise NotReady(
            f"No handoff brought {deal.called} to where it is now.", f"See its story with: handoffctl log {deal.ref}"
        )
    return handoff


def _handoff_to_accept(query: Query, deal: Deal) -> CompletedHandoff:
    """Returns the handoff that brought the deal to where it is. Raises NotReady when it was accepted already."""
    handoff = _handoff_to_answer(query, deal)
    if handoff.state == "accepted":
        raise NotReady(f"{deal.called} was accepted already.", f"See: handoffctl log {deal.ref}")
    return handoff


def _record_return(
    session: WriteSession, handoff: CompletedHandoff, given: GivenReason, missing: Sequence[str]
) -> None:
    session.change(
        session.models.Handoff, handoff.id, state="returned", returned_at=session.at, because=given.because,
        reason=given.name,
    )  # fmt: skip
    for name in dict.fromkeys(missing):
        session.add(session.models.Gap(handoff_id=handoff.id, name=name, kind="returned"))


def _move_back(session: WriteSession, home: Home, deal: Deal, handoff: CompletedHandoff, because: str) -> str:
    """Gives the deal back to its previous stage and owner. Returns the title of that stage."""
    rules = _rules_returned_to(home, deal, handoff)
    reassign_step(session, deal.id, handoff.from_owner)
    if handoff.id != deal.handoff_id:  # only the person had changed
        session.change(session.models.Visit, deal.visit_id, owner=handoff.from_owner)
    else:
        keep_content(session, deal.id, rules)
        into = Into(handoff.from_playbook, handoff.from_stage, "open", handoff.from_owner, because=because)
        move(session, deal.visit_id, into, session.at, home.clock.zone)
    return rules.playbook.title_of(handoff.from_stage)


def _rules_returned_to(home: Home, deal: Deal, handoff: CompletedHandoff) -> LoadedPlaybook:
    """Returns the playbook of the stage that the deal came from, in the content that it had there if it must be."""
    if deal.playbook == handoff.from_playbook:
        rules = playbook_of(home, deal)
        if handoff.from_stage in rules.playbook.stages:
            return rules
    return load_kept(home, handoff.from_playbook, handoff.from_content)


def _playbooks_of_both(home: Home, deal: Deal, handoff: CompletedHandoff) -> tuple[Playbook, Playbook]:
    """Returns the playbooks of the giver and of the receiver, which are mostly the same."""
    return _rules_returned_to(home, deal, handoff).playbook, rules_of(home, deal).playbook


def _refuse_before_handoff(home: Home, handoff: CompletedHandoff) -> None:
    if is_before(home.clock.now, handoff.at, home.clock.zone):
        raise Refused(
            f"That is before the handoff itself ({format_local(handoff.at, home.clock.zone)}).", "Check the clock."
        )


def _refuse_unknown_names(home: Home, deal: Deal, handoff: CompletedHandoff, missing: Sequence[str]) -> None:
    playbooks = _playbooks_of_both(home, deal, handoff)
    names = {NEXT_STEP, *(name for playbook in playbooks for name in (*playbook.fields, *playbook.criteria))}
    for name in missing:
        if name not in names and name not in BUILT_IN:
            raise NotFound(
                f'No field or criterion is called "{name[:60]}" {nearest(name, sorted(names))}'.rstrip() + ".",
                f"There are: {', '.join(sorted(names))}.",
            )
