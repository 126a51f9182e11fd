"""Notices triggers: once a command has written what it had to, which handoffs does what is known by now call for?

The moment at which a trigger's criteria first hold is recorded, once for each stay and handoff. It is recorded in the
transaction of the command that made them hold, and never keeps that command from doing its work.
"""

import shlex
from collections.abc import Iterator

from handoffctl.core.moments import Clock, Moment, Zone, before, shown
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import HandoffError, Refused
from handoffctl.handoffs import triggers_query as sightings
from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import rules
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.workspace.home import Home, Noticed


def notice(home: Home, session: WriteSession) -> None:
    """Records the triggers seen in the deals that the command was about: the one it names, else all of its account.

    Those that call for a handoff now are left in `home.noticed`, for whoever is there to read.
    """
    if session.command.account_id is None:
        return
    whole = sightings.tells_of_account(
        session.query, session.command_id()
    )  # what is true of it is true in all its deals
    for found in sightings.deals(session.query, session.command.account_id, None if whole else session.command.deal_id):
        left = sightings.stay_just_left(session.query, found, session.command_id())
        if left:  # what one command tells and hands off was seen, too; else every wait would seem to take some time
            _notice_in(home, session, found, left["visit_id"], left["playbook"], left["stage"], left["name"])
        if found.kind == "open":
            seen = _notice_in(home, session, found, found.visit_id, found.playbook, found.stage)
            home.noticed += [_told(found, handoff) for handoff in seen]


def _notice_in(
    home: Home, session: WriteSession, found: Deal, visit_id: int, name: str, stage: str, only: str = ""
) -> list[Handoff]:
    playbook, watched = watching(home, name, stage)
    if playbook is None or not watched:
        return []
    known = sightings.settled(session.query, visit_id, session.command_id())
    open_ones = [handoff for handoff in watched if handoff.key not in known and only in ("", handoff.key)]
    if not open_ones:
        return []
    seen = list(called_for(playbook, open_ones, facts(session.query, found), home.clock))
    at = _since(session, home.clock.zone, visit_id)
    for handoff in seen:
        record(session, found.id, visit_id, handoff.key, at)
    return seen


def _since(session: WriteSession, zone: Zone, visit_id: int) -> Moment:
    """The moment of which the command tells; no earlier than the stay."""
    begun = sightings.begun(session.query, visit_id)
    return begun if begun and before(session.effective_at, begun, zone) else session.effective_at


def _told(found: Deal, handoff: Handoff) -> Noticed:
    says = handoff.trigger.says.rstrip(".") if handoff.trigger else ""
    command = shlex.join(["handoffctl", "handoff", found.ref, "--to", handoff.key])
    return Noticed(f"Trigger seen for {found.called}: {says}. Next: {command}", found.id, handoff.key)


def watching(home: Home, name: str, stage: str) -> tuple[Playbook | None, list[Handoff]]:
    """The handoffs from this stage whose trigger has criteria; none where the playbook is gone or faulty."""
    try:
        playbook = rules(home, name).playbook
    except (HandoffError, OSError):
        return None, []
    return playbook, with_criteria(playbook, stage)


def with_criteria(playbook: Playbook, stage: str) -> list[Handoff]:
    """The handoffs from this stage whose trigger is more than a sentence."""
    return [handoff for handoff in playbook.leaving(stage) if handoff.trigger and handoff.trigger.when]


def called_for(playbook: Playbook, handoffs: list[Handoff], known: Facts, clock: Clock) -> Iterator[Handoff]:
    """Those of the handoffs whose trigger's criteria all hold."""
    deal = DealState(playbook, known, clock)
    for handoff in handoffs:
        when = handoff.trigger.when if handoff.trigger else ()
        if when and all(criterion.holds(deal) for criterion in when):
            yield handoff


def record(session: WriteSession, deal_id: int, visit_id: int, handoff: str, at: Moment) -> None:
    """Writes down that a trigger was seen then."""
    session.add(session.models.Sighting(deal_id=deal_id, visit_id=visit_id, handoff=handoff, at=at))


def told_of(session: WriteSession, zone: Zone, found: Deal, handoff: Handoff, at: Moment) -> None:
    """Writes down that somebody saw a trigger then. What was seen in this stay before keeps its moment if earlier.

    Raises Refused for a moment before the deal came to this stage.
    """
    if found.entered_at and before(at, found.entered_at, zone):
        raise Refused(
            f"{found.called} came to where it is on {shown(found.entered_at, zone)}; a trigger seen before that is not "
            "one of this stage.",
            "Leave --trigger out, or give a later --at.",
        )
    known = sightings.first_seen(session.query, found.visit_id, handoff.key)
    if known is None:
        session.add(
            session.models.Sighting(deal_id=found.id, visit_id=found.visit_id, handoff=handoff.key, at=at, told=1)
        )
    elif before(at, known[1], zone):
        session.change(session.models.Sighting, known[0], at=at, told=1)
