"""Closes a deal as won, lost, disqualified or nurture, and reopens a closed one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import Moment
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Deal, again
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.stays import Into, move
from handoffctl.dispositions.decide import record_end
from handoffctl.errors import NotFound, NotReady, RulesFault, UsageFault
from handoffctl.follow_up.status import refuse_giving_up_early
from handoffctl.handoffs.attempt import CLOSED, HandoffAttempt, build_attempt, refuse_going_back
from handoffctl.handoffs.handoff import HandoffOutcome, execute
from handoffctl.handoffs.query import open_stages_latest_first
from handoffctl.playbook.library import LoadedPlaybook, archive_revision, refuse_changed
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.reasons import GivenReason, given_reason, reasons_for
from handoffctl.playbook.requirements import requirements_to_close
from handoffctl.trials.missed import record_missed
from handoffctl.workspace.home import Home

KIND_OF = {"won": "won", "lost": "lost", "disqualified": "lost", "nurture": "nurture"}


class ClosedDealJson(NamedTuple):
    """A deal that was closed or reopened, as `--json` prints it."""

    account: str
    deal: str
    stage: str
    disposition: str
    reason: str | None


@dataclass(frozen=True)
class ClosedDeal:
    """A deal that was closed or reopened: the stage it is in now, and the disposition (`open` when reopened).

    `reason` is the name of the reason, if it is from the playbook's list.
    """

    deal: Deal
    stage: str
    title: str
    disposition: str
    remarks: Sequence[str] = ()
    reason: str | None = None

    def as_json(self) -> ClosedDealJson:
        return ClosedDealJson(self.deal.account.slug, self.deal.slug, self.stage, self.disposition, self.reason)


@dataclass(frozen=True)
class _Closing:
    """A deal about to be closed other than as won: into which stage, how, why, and when to look at it again."""

    rules: LoadedPlaybook
    deal: Deal
    stage: str
    disposition: str
    reason: GivenReason
    wakes_on: Moment | None
    missed: Mapping[str, bool]


def reasons_to_close(home: Home, ref: str, disposition: str) -> dict[str, str]:
    """Returns the reasons for which the deal can be closed like this, by name. Raises NotFound for no such deal."""
    with home.reading() as query:
        deal = find_deal(query, ref)
    return reasons_for(disposition, [rules_of(home, deal).playbook]) if deal.kind == "open" else {}


def close(
    home: Home,
    ref: str,
    disposition: str,
    because: str | None,
    to: str | None,
    wakes: str | None,
    missed: Mapping[str, bool] | None = None,
    reason: str = "",
) -> ClosedDeal | HandoffOutcome:
    """Closes a deal. A win goes through the gate and returns its outcome; the other dispositions need a reason.

    `wakes` is the moment at which to look at a nurtured deal again, as typed; `missed` says by name whether what
    handoffs did without was missed; `reason` is from the playbook's list, by name. Raises NotFound, NotReady where the
    deal is closed already or given up too early, UsageFault, Refused for an unknown reason, and RulesFault where the
    playbook has no stage for it.
    """
    wakes_on = _parse_wakes(home, disposition, wakes)
    with home.reading() as query:
        deal = find_deal(query, ref)
        if deal.kind != "open":
            raise NotReady(
                f"{deal.called} is closed already, as {deal.kind}; nothing was changed.",
                f"Take it up again first: handoffctl reopen {deal.ref}",
            )
        deal_rules = rules_of(home, deal)
    stage = _closing_stage(deal_rules, KIND_OF[disposition], to)
    if disposition == "won":
        return _win(home, deal_rules, deal, stage, missed or {})
    given = _reason_to_close(deal_rules.playbook, disposition, reason, (because or "").strip())
    with home.writing() as session:
        closing = _Closing(deal_rules, deal, stage, disposition, given, wakes_on, missed or {})
        remarks = _end(session, home, closing)
    return ClosedDeal(deal, stage, deal_rules.playbook.title_of(stage), disposition, remarks, given.name)


def _reason_to_close(playbook: Playbook, disposition: str, reason: str, because: str) -> GivenReason:
    """Returns the reason. Raises UsageFault without one, Refused for one that is not on the playbook's list."""
    if is_placeholder(because) if because else not reason:
        listed = next((f"--as {name}, or " for name in reasons_for(disposition, [playbook])), "")
        raise UsageFault(
            f"To close as {disposition} needs a reason.", f'Add one: {listed}--because "they chose another firm"'
        )
    return given_reason(disposition, reason, because, [playbook])


def _parse_wakes(home: Home, disposition: str, wakes: str | None) -> Moment | None:
    if wakes and disposition != "nurture":
        raise UsageFault("--wake goes with --nurture.", "As in: handoffctl close acme-corp --nurture --wake +90d ...")
    return home.moment("--wake", wakes, "As in: --wake +90d") if wakes else None


def _stages_of(playbook: Playbook, kind: str) -> list[str]:
    return [name for name, stage in playbook.stages.items() if stage.kind == kind]


def _named_stage(playbook: Playbook, stages: list[str], name: str) -> str | None:
    """Returns the one of these stages that has this name or title."""
    titles = {playbook.title_of(stage).casefold(): stage for stage in stages}
    return name if name in stages else titles.get(name.casefold())


def _closing_stage(deal_rules: LoadedPlaybook, kind: str, to: str | None) -> str:
    """Returns the stage of this kind that `to` names, or else the only one."""
    playbook = deal_rules.playbook
    stages = _stages_of(playbook, kind)
    if to:
        stage = _named_stage(playbook, stages, to)
        if stage is None:
            raise NotFound(f'No {kind} stage is called "{to[:60]}".', f"There are: {', '.join(stages) or 'none'}.")
        return stage
    if not stages:
        fault = f"The playbook {playbook.playbook} has no stage of kind {kind}."
        raise RulesFault(fault, f"Add one: {deal_rules.path}")
    if len(stages) > 1:
        raise UsageFault(f"{len(stages)} stages are of kind {kind}: {', '.join(stages)}.", f"Add --to {stages[0]}")
    return stages[0]


def _win(home: Home, deal_rules: LoadedPlaybook, deal: Deal, stage: str, missed: Mapping[str, bool]) -> HandoffOutcome:
    playbook = deal_rules.playbook
    handoff = next((handoff for handoff in playbook.leaving(deal.stage) if handoff.to == stage), None)
    if handoff:
        with home.reading() as query:
            attempt = build_attempt(home, query, deal_rules, deal, handoff)
        return execute(home, attempt, {}, missed=missed)
    # The playbook has no handoff for this way; the requirements of the two stages apply all the same.
    bare = Handoff(from_stage=deal.stage, to=stage, reason="won", benefit="won")
    requirements = requirements_to_close(playbook, deal.stage, stage)
    return execute(home, HandoffAttempt(deal, deal_rules, bare, deal_rules, requirements), {}, missed=missed)


def _end(session: WriteSession, home: Home, closing: _Closing) -> list[str]:
    """Ends the deal. Returns remarks on what was missed."""
    deal, playbook, reason = closing.deal, closing.rules.playbook, closing.reason
    refuse_changed(home, closing.rules)
    current = again(session.query, deal)
    if current.visit_id != deal.visit_id:
        raise NotReady(f"{deal.called} has moved meanwhile; nothing was recorded.", f"handoffctl show {deal.ref}")
    refuse_going_back(current, home.clock)
    if closing.disposition == "lost":
        refuse_giving_up_early(home, session.query, current, playbook, f"{reason.name or ''} {reason.sentence}")
    remarks = record_missed(session, home, current, playbook, closing.missed)
    archive_revision(session, closing.rules)
    record_end(session, home, current, playbook, closing.disposition, reason.sentence)
    into = Into(
        deal.playbook, closing.stage, playbook.stages[closing.stage].kind, deal.owner, because=reason.because,
        disposition=closing.disposition, wakes_on=closing.wakes_on, reason=reason.name,
    )  # fmt: skip
    move(session, deal.visit_id, into, session.at, home.clock.zone)
    until = f" until {closing.wakes_on}" if closing.wakes_on else ""
    session.log(f"Closed {deal.called} as {closing.disposition}{until}: {reason.sentence}", deal.account.id, deal.id)
    return remarks


def reopen(home: Home, ref: str, to: str | None) -> ClosedDeal:
    """Reopens a closed deal in the open stage it was last in, or in the one named.

    Raises NotFound for no such deal or stage, NotReady where the deal is open.
    """
    with home.writing() as session:
        deal = find_deal(session.query, ref, CLOSED)
        if deal.kind == "open":
            raise NotReady(f"{deal.called} is open.", f"See it with: handoffctl show {deal.ref}")
        deal_rules = rules_of(home, deal)
        stage, owner = _stage_to_reopen_in(session.query, deal_rules.playbook, deal, to)
        refuse_going_back(deal, home.clock)
        archive_revision(session, deal_rules)
        into = Into(deal.playbook, stage, "open", owner, because="reopened")
        move(session, deal.visit_id, into, session.at, home.clock.zone)
        title = deal_rules.playbook.title_of(stage)
        session.log(f"Reopened {deal.called} in {title}.", deal.account.id, deal.id)
    return ClosedDeal(deal, stage, title, "open")


def _stage_to_reopen_in(query: Query, playbook: Playbook, deal: Deal, to: str | None) -> tuple[str, str]:
    """Returns the stage and its owner: those named, else the last open ones, else the playbook's first."""
    open_stages = _stages_of(playbook, "open")
    if to:
        named = _named_stage(playbook, open_stages, to)
        if named is None:
            raise NotFound(f'No open stage is called "{to[:60]}".', f"There are: {', '.join(open_stages)}.")
        return named, playbook.owner_of(named)
    for stage, owner in open_stages_latest_first(query, deal.id, deal.playbook):
        if stage in open_stages:
            return stage, owner
    return playbook.first_stage, playbook.owner_of(playbook.first_stage)
