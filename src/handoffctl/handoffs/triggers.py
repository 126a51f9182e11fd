"""Detects triggers: after each command, records the handoffs whose trigger criteria now hold.

The moment at which a trigger's criteria first hold is recorded once for each stay and handoff, in the transaction of
the command that made them hold. Detection never keeps that command from doing its work.
"""

import shlex
from collections.abc import Callable, Iterator, Sequence

from handoffctl.core.moments import Clock, Moment, Zone, format_local, is_before
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts as facts_of
from handoffctl.deals.lookup_query import Deal
from handoffctl.deals.playbook import playbook_of
from handoffctl.errors import HandoffError, Refused
from handoffctl.handoffs.triggers_query import (
    StayLeft,
    deals_concerned,
    recorded_trigger,
    set_account_value,
    settled_handoffs,
    stay_began_at,
    stay_just_left,
)
from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import LoadedPlaybook, load_kept
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.workspace.home import Home, Notice


def detect_triggers(home: Home, session: WriteSession) -> None:
    """Records the triggers that hold in the deals that the command was about: the one it names, else all of an account.

    The handoffs that they call for now are added to `home.notices`, to be printed at the end of the run.
    """
    account_id, deal_id = session.command.account_id, session.command.deal_id
    if account_id is None:
        return
    if set_account_value(session.query, session.command_id()):
        deal_id = None  # a value of the account holds in all its deals
    for deal in deals_concerned(session.query, account_id, deal_id):
        left = stay_just_left(session.query, deal, session.command_id())
        if left:  # a trigger that one command made hold and acted on counts too, or every wait would seem to take time
            _detect_before_handoff(home, session, deal, left)
        if deal.kind == "open":
            _detect_in_current_stay(home, session, deal)


def _detect_before_handoff(home: Home, session: WriteSession, deal: Deal, left: StayLeft) -> None:
    playbook, watched = _watched_handoffs(lambda: load_kept(home, left.playbook, left.content), left.stage)
    if playbook:
        made = [handoff for handoff in watched if handoff.key == left.handoff]
        _detect(home, session, deal, left.id, playbook, made)


def _detect_in_current_stay(home: Home, session: WriteSession, deal: Deal) -> None:
    playbook, watched = _watched_handoffs(lambda: playbook_of(home, deal), deal.stage)
    if playbook:
        detected = _detect(home, session, deal, deal.visit_id, playbook, watched)
        home.notices += [_notice(deal, handoff) for handoff in detected]


def _detect(
    home: Home, session: WriteSession, deal: Deal, visit_id: int, playbook: Playbook, watched: list[Handoff]
) -> list[Handoff]:
    """Records which of these handoffs' triggers hold and were not recorded in this stay before. Returns them."""
    if not watched:
        return []
    settled = settled_handoffs(session.query, visit_id, session.command_id())
    candidates = [handoff for handoff in watched if handoff.key not in settled]
    if not candidates:
        return []
    detected = list(matching_triggers(playbook, candidates, facts_of(session.query, deal), home.clock))
    at = _effective_at(session, home.clock.zone, visit_id)
    for handoff in detected:
        session.add(session.models.Sighting(deal_id=deal.id, visit_id=visit_id, handoff=handoff.key, at=at))
    return detected


def _effective_at(session: WriteSession, zone: Zone, visit_id: int) -> Moment:
    """Returns the moment that the command is about, but no earlier than the stay."""
    began = stay_began_at(session.query, visit_id)
    return began if began and is_before(session.effective_at, began, zone) else session.effective_at


def _notice(deal: Deal, handoff: Handoff) -> Notice:
    trigger = handoff.trigger.says.rstrip(".") if handoff.trigger else ""
    command = shlex.join(["handoffctl", "handoff", deal.ref, "--to", handoff.key])
    return Notice(f"Trigger seen for {deal.called}: {trigger}. Next: {command}", deal.id, handoff.key)


def _watched_handoffs(load: Callable[[], LoadedPlaybook], stage: str) -> tuple[Playbook | None, list[Handoff]]:
    """Returns the playbook and the handoffs to watch in this stage; nothing where the playbook is gone or faulty."""
    try:
        playbook = load().playbook
    except (HandoffError, OSError):
        return None, []
    return playbook, handoffs_with_criteria(playbook, stage)


def handoffs_with_criteria(playbook: Playbook, stage: str) -> list[Handoff]:
    """Returns the handoffs from this stage whose trigger has criteria, and is not just a sentence."""
    return [handoff for handoff in playbook.leaving(stage) if handoff.trigger and handoff.trigger.when]


def matching_triggers(playbook: Playbook, handoffs: Sequence[Handoff], facts: Facts, clock: Clock) -> Iterator[Handoff]:
    """Yields the handoffs whose trigger criteria all hold."""
    deal = DealState(playbook, facts, clock)
    for handoff in handoffs:
        criteria = handoff.trigger.when if handoff.trigger else ()
        if criteria and all(criterion.holds(deal) for criterion in criteria):
            yield handoff


def record_reported_trigger(session: WriteSession, zone: Zone, deal: Deal, handoff: Handoff, at: Moment) -> None:
    """Records that the user saw a trigger at that moment. An earlier moment recorded in this stay is kept.

    Raises Refused for a moment before the deal came to its stage.
    """
    if deal.entered_at and is_before(at, deal.entered_at, zone):
        raise Refused(
            f"{deal.called} came to where it is"
            f" on {format_local(deal.entered_at, zone)}; a trigger seen before that is not "
            "one of this stage.",
            "Leave --trigger out, or give a later --at.",
        )
    recorded = recorded_trigger(session.query, deal.visit_id, handoff.key)
    if recorded is None:
        session.add(
            session.models.Sighting(deal_id=deal.id, visit_id=deal.visit_id, handoff=handoff.key, at=at, told=1)
        )
    elif is_before(at, recorded[1], zone):
        session.change(session.models.Sighting, recorded[0], at=at, told=1)
