"""The receiver's answer to a handoff: accept it, or return it with a reason."""

from collections.abc import Sequence

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import before, shown
from handoffctl.db.query import Query, Row
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import reassign_step
from handoffctl.deals.lookup_query import Deal, deal
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.stays import Into, move
from handoffctl.errors import NotFound, NotReady, Refused, nearest
from handoffctl.handoffs.attempt import refuse_going_back
from handoffctl.playbook.library import rules
from handoffctl.playbook.model import BUILT_IN, NEXT_STEP
from handoffctl.workspace.home import Home

_LAST = """
    SELECT id, visit_id, name, at, state, from_stage, to_stage, to_playbook, from_owner, to_owner
    FROM handoff WHERE deal_id = :deal AND state IN ('completed', 'accepted') ORDER BY id DESC LIMIT 1"""


def _last(query: Query, found: Deal) -> Row:
    """The handoff that brought the deal to where it is. Raises NotReady when something else did."""
    rows = query(_LAST, deal=found.id)
    here = rows and (rows[0]["id"] == found.handoff_id or rows[0]["visit_id"] == found.visit_id)
    if not here:
        raise NotReady(
            f"No handoff brought {found.called} to where it is now.", f"See its story with: handoffctl log {found.ref}"
        )
    return rows[0]


def _stay_before(query: Query, last: Row) -> Row:
    """The stay in which the handoff was made."""
    return query("SELECT playbook, stage FROM visit WHERE id = :id", id=last["visit_id"])[0]


def accept(home: Home, ref: str, allow_prefix: bool) -> tuple[Deal, Row]:
    """Records that the receiver has taken the deal."""
    with home.writing() as session:
        found = deal(session.query, ref, allow_prefix, ("open", "won"))
        last = _last(session.query, found)
        if last["state"] == "accepted":
            raise NotReady(f"{found.called} was accepted already.", f"See: handoffctl log {found.ref}")
        _not_before(last, home)
        session.change(session.models.Handoff, last["id"], state="accepted", accepted_at=session.at)
        session.log(f"{last['to_owner']} accepted {found.called}.", found.account.id, found.id)
    return found, last


def hand_back(home: Home, ref: str, because: str, missing: Sequence[str], allow_prefix: bool) -> tuple[Deal, Row]:
    """Returns the deal to the stage and owner it came from; both stays stay on record."""
    if not because.strip() or is_placeholder(because):
        said = f'"{because.strip()[:40]}" is a placeholder' if because.strip() else "Nothing"
        raise Refused(f"{said}, and a return needs a reason.", 'As in: --because "nobody there knows of the budget"')
    with home.writing() as session:
        found = deal(session.query, ref, allow_prefix, ("open", "won"))
        last = _last(session.query, found)
        _refuse_unknown(home, session.query, found, last, missing)
        _not_before(last, home)
        refuse_going_back(found, home.clock)
        session.change(
            session.models.Handoff, last["id"], state="returned", returned_at=session.at, because=because.strip()
        )
        for name in dict.fromkeys(missing):
            session.add(session.models.Gap(handoff_id=last["id"], name=name, kind="returned"))
        named = f" (missing: {', '.join(dict.fromkeys(missing))})" if missing else ""
        session.detect_triggers = False  # what was returned is not to be handed over again at once
        back = _go_back(session, home, found, last, because.strip())
        session.log(
            f"{last['to_owner']} returned {found.called} to {last['from_owner']} in {back}: {because.strip()}{named}",
            found.account.id,
            found.id,
        )
    return found, last


def _go_back(session: WriteSession, home: Home, found: Deal, last: Row, because: str) -> str:
    came_from = _stay_before(session.query, last)
    playbook = rules(home, came_from["playbook"]).playbook
    reassign_step(session, found.id, last["from_owner"])
    if last["id"] != found.handoff_id:
        session.change(session.models.Visit, found.visit_id, owner=last["from_owner"])
    else:
        into = Into(came_from["playbook"], came_from["stage"], "open", last["from_owner"], because=because)
        move(session, found.visit_id, into, session.at, home.clock.zone)
    return playbook.title_of(came_from["stage"])


def _not_before(last: Row, home: Home) -> None:
    if before(home.clock.now, last["at"], home.clock.zone):
        raise Refused(f"That is before the handoff itself ({shown(last['at'], home.clock.zone)}).", "Check the clock.")


def _refuse_unknown(home: Home, query: Query, found: Deal, last: Row, missing: Sequence[str]) -> None:
    playbook, came_from = rules_of(home, found).playbook, rules(home, _stay_before(query, last)["playbook"]).playbook
    names = {*playbook.fields, *playbook.criteria, *came_from.fields, *came_from.criteria, NEXT_STEP}
    for name in missing:
        if name not in names and name not in BUILT_IN:
            raise NotFound(
                f'No field or criterion is called "{name[:60]}" {nearest(name, sorted(names))}'.rstrip() + ".",
                f"There are: {', '.join(sorted(names))}.",
            )
