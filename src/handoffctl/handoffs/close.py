"""Closes a deal as won, lost, disqualified or nurture, and takes a closed one up again."""

from dataclasses import dataclass

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import Moment
from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Deal, again, deal
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.stays import Into, move
from handoffctl.errors import NotFound, NotReady, RulesFault, UsageFault
from handoffctl.follow_up.status import refuse_giving_up_early
from handoffctl.handoffs.attempt import HandoffAttempt, build_attempt, refuse_going_back
from handoffctl.handoffs.handoff import Outcome, execute
from handoffctl.playbook.library import Rules, refuse_changed, revision
from handoffctl.playbook.model import Handoff
from handoffctl.playbook.requirements import asks_to_close
from handoffctl.workspace.home import Home

KIND_OF = {"won": "won", "lost": "lost", "disqualified": "lost", "nurture": "nurture"}


@dataclass(frozen=True)
class Closed:
    """A deal that was closed: into which stage, and how."""

    deal: Deal
    stage: str
    title: str
    disposition: str


def close(
    home: Home, ref: str, disposition: str, because: str | None, to: str | None, wakes: str | None, allow_prefix: bool
) -> Closed | Outcome:
    """Closes a deal. A win goes through the gate and gives its outcome; the other ways need a reason."""
    wakes_on = _waking(home, disposition, wakes)
    with home.reading() as query:
        found = deal(query, ref, allow_prefix)
        if found.kind != "open":
            raise NotReady(
                f"{found.called} is closed already, as {found.kind}; nothing was changed.",
                f"Take it up again first: handoffctl reopen {found.ref}",
            )
        used = rules_of(home, found)
    stage = _stage(used, KIND_OF[disposition], to)
    if disposition == "won":
        return _win(home, used, found, stage)
    if not because or not because.strip() or is_placeholder(because):
        raise UsageFault(f"To close as {disposition} needs a reason.", 'Add one: --because "they chose another firm"')
    with home.writing() as session:
        _end(session, home, used, found, stage, disposition, because.strip(), wakes_on)
    return Closed(found, stage, used.playbook.title_of(stage), disposition)


def _waking(home: Home, disposition: str, wakes: str | None) -> Moment | None:
    if wakes and disposition != "nurture":
        raise UsageFault("--wake goes with --nurture.", "As in: handoffctl close acme-corp --nurture --wake +90d ...")
    return home.moment("--wake", wakes, "As in: --wake +90d") if wakes else None


def _stage(used: Rules, kind: str, to: str | None) -> str:
    stages = [name for name, stage in used.playbook.stages.items() if stage.kind == kind]
    if to:
        titles = {used.playbook.title_of(name).casefold(): name for name in stages}
        wanted = to if to in stages else titles.get(to.casefold())
        if wanted is None:
            raise NotFound(f'No {kind} stage is called "{to[:60]}".', f"There are: {', '.join(stages) or 'none'}.")
        return wanted
    if not stages:
        raise RulesFault(f"The playbook {used.playbook.playbook} has no stage of kind {kind}.", f"Add one: {used.path}")
    if len(stages) > 1:
        raise UsageFault(f"{len(stages)} stages are of kind {kind}: {', '.join(stages)}.", f"Add --to {stages[0]}")
    return stages[0]


def _win(home: Home, used: Rules, found: Deal, stage: str) -> Outcome:
    meant = [one for one in used.playbook.leaving(found.stage) if one.to == stage]
    if meant:
        with home.reading() as query:
            tried = build_attempt(home, query, used, found, meant[0])
        return execute(home, tried, {})
    # The playbook has no handoff for this way; what the two stages ask holds all the same.
    bare = Handoff.model_validate({"from": found.stage, "to": stage, "reason": "won", "benefit": "won"})
    tried = HandoffAttempt(found, used, bare, used.playbook, asks_to_close(used.playbook, found.stage, stage))
    return execute(home, tried, {})


def _end(
    session: WriteSession,
    home: Home,
    used: Rules,
    found: Deal,
    stage: str,
    disposition: str,
    because: str,
    wakes: Moment | None,
) -> None:
    refuse_changed(home, used)
    now = again(session.query, found)
    if now.visit_id != found.visit_id:
        raise NotReady(f"{found.called} has moved meanwhile; nothing was recorded.", f"handoffctl show {found.ref}")
    refuse_going_back(now, home.clock)
    if disposition == "lost":
        refuse_giving_up_early(home, session.query, now, used.playbook, because)
    revision(session, used)
    kind = used.playbook.stages[stage].kind
    owner = found.owner
    into = Into(found.playbook, stage, kind, owner, because=because, disposition=disposition, wakes_on=wakes)
    move(session, found.visit_id, into, session.at, home.clock.zone)
    until = f" until {wakes}" if wakes else ""
    session.log(f"Closed {found.called} as {disposition}{until}: {because}", found.account.id, found.id)


def reopen(home: Home, ref: str, to: str | None, allow_prefix: bool) -> Closed:
    """Takes a closed deal up again in the open stage it was last in, or in the one named."""
    with home.writing() as session:
        found = deal(session.query, ref, allow_prefix, ("won", "lost", "nurture"))
        if found.kind == "open":
            raise NotReady(f"{found.called} is open.", f"See it with: handoffctl show {found.ref}")
        used = rules_of(home, found)
        stage, owner = _where_it_was(session, used, found, to)
        refuse_going_back(found, home.clock)
        revision(session, used)
        into = Into(found.playbook, stage, "open", owner, because="reopened")
        move(session, found.visit_id, into, session.at, home.clock.zone)
        title = used.playbook.title_of(stage)
        session.log(f"Reopened {found.called} in {title}.", found.account.id, found.id)
    return Closed(found, stage, title, "open")


def _where_it_was(session: WriteSession, used: Rules, found: Deal, to: str | None) -> tuple[str, str]:
    playbook = used.playbook
    open_stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
    if to:
        titles = {playbook.title_of(name).casefold(): name for name in open_stages}
        wanted = to if to in open_stages else titles.get(to.casefold())
        if wanted is None:
            raise NotFound(f'No open stage is called "{to[:60]}".', f"There are: {', '.join(open_stages)}.")
        return wanted, playbook.owner_of(wanted)
    sql = """SELECT stage, owner FROM visit WHERE deal_id = :deal AND kind = 'open' AND playbook = :playbook
             ORDER BY number DESC"""
    for row in session.query(sql, deal=found.id, playbook=found.playbook):
        if row["stage"] in open_stages:
            return row["stage"], row["owner"]
    return playbook.first_stage, playbook.owner_of(playbook.first_stage)
