"""A handoff attempt before it is committed: which rule applies, what the gate says, and why it may be refused."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Clock, as_datetime, format_local, is_before, is_date, local_date
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.outside_stage import OutsideStage, outside_stage
from handoffctl.deals.playbook import playbook_of, rules_of
from handoffctl.errors import NotFound, NotReady, Refused, RulesFault, UsageFault
from handoffctl.handoffs.choose import choose_handoff, several_handoffs
from handoffctl.handoffs.cover import cover_handoff
from handoffctl.handoffs.gate import MissingItem, NotAskedItem, Verdict, decide
from handoffctl.handoffs.query import stages_left
from handoffctl.handoffs.receiver import resolve_new_owner
from handoffctl.people.query import roles_by_name
from handoffctl.playbook.handoff_names import destination_kind, names_of, unnamed_handoffs
from handoffctl.playbook.library import LoadedPlaybook, load_with_stage
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.reader import line_of
from handoffctl.playbook.requirements import Requirements, requirements_of
from handoffctl.trials.left_out import TriedStay, items_left_out
from handoffctl.trials.query import trials_of
from handoffctl.workspace.home import Home

SECONDS_TOO_SOON = 60
CLOSED = ("won", "lost", "nurture")


class AttemptJson(NamedTuple):
    """What `check --json` and `handoff --json` share."""

    account: str
    deal: str
    from_: str
    to: str
    to_playbook: str
    name: str
    clear: bool
    missing: Sequence[MissingItem]
    nice_to_have: Sequence[MissingItem]
    outside: OutsideStage | None
    not_asked: Sequence[NotAskedItem] | Omitted = OMITTED


class ConflictJson(NamedTuple):
    """A handoff that was not decided, as `--json` prints it."""

    account: str
    deal: str
    from_: str
    to: str
    clear: bool
    missing: Sequence[MissingItem]
    nice_to_have: Sequence[MissingItem]
    handed_off: bool
    message: str
    hint: str


@dataclass(frozen=True)
class HandoffAttempt:
    """A handoff about to be tried: the deal, the playbook's rule for it, and the playbook it leads to.

    `person` is the one who takes the deal over, where that is settled; otherwise the receiving role does.
    """

    deal: Deal
    rules: LoadedPlaybook
    handoff: Handoff
    target_rules: LoadedPlaybook
    requirements: Requirements
    person: str = ""

    @property
    def target_playbook(self) -> Playbook:
        return self.target_rules.playbook

    @property
    def to_stage(self) -> str:
        return self.handoff.to_stage

    @property
    def from_title(self) -> str:
        return self.rules.playbook.title_of(self.deal.stage)

    @property
    def to_title(self) -> str:
        return self.target_playbook.title_of(self.to_stage)

    @property
    def unfinished(self) -> str:
        """What the handoff of a draft playbook still lacks: `reason and its benefit`; empty where it lacks nothing."""
        absent = [key for key in ("reason", "benefit") if not getattr(self.handoff, key)]
        return " and its ".join(absent) if self.rules.playbook.draft else ""

    def command(self, named: bool = False) -> str:
        """Returns the command for this handoff. It names the handoff if `named`, or if another one could be meant."""
        command = f"handoffctl handoff {self.deal.ref}"
        if named or unnamed_handoffs(self.rules.playbook, self.deal.stage) != [self.handoff]:
            command += f" --to {shlex.quote(self.handoff.key)}"
        return command

    @property
    def receiving_role(self) -> str:
        """The role that takes the deal over."""
        return self.handoff.receiver or self.target_playbook.owner_of(self.to_stage)

    @property
    def to_owner(self) -> str:
        """The person who takes the deal over, else the role."""
        return self.person or self.receiving_role

    def as_json(self, verdict: Verdict) -> AttemptJson:
        """Returns the attempt with what the gate says of it."""
        deal = self.deal
        return AttemptJson(
            deal.account.slug,
            deal.slug,
            deal.stage,
            self.to_stage,
            self.target_playbook.playbook,
            self.handoff.key,
            verdict.clear,
            verdict.missing,
            verdict.nice_to_have,
            outside_stage(deal),
            verdict.not_asked or OMITTED,
        )


class StageConflict(NotReady):
    """The deal is not where the command takes it to be, so nothing is decided and nothing is recorded."""

    def __init__(self, message: str, hint: str, deal: Deal, to: str) -> None:
        super().__init__(message, hint)
        self.deal = deal
        self.to = to

    def as_json(self) -> ConflictJson:
        """Returns a verdict without missing items, for none of them kept the deal from being handed off."""
        names = (self.deal.account.slug, self.deal.slug, self.deal.stage)
        return ConflictJson(*names, self.to, False, (), (), False, self.message, self.hint)


def resolve_attempt(
    home: Home, query: Query, ref: str, to: str | None, person: str = "", stay: bool = False
) -> HandoffAttempt:
    """Returns the handoff that is meant by an account and perhaps a stage or a name, to a role or to the person named.

    With `stay` the deal keeps its stage, and only its owner changes. Raises NotFound, UsageFault, Refused, RulesFault;
    StageConflict where the deal has moved meanwhile or is with that owner already.
    """
    try:
        deal = find_deal(query, ref)
    except NotFound:
        _refuse_closed_just_now(home, query, ref)
        raise
    deal_rules = rules_of(home, deal)
    playbook = deal_rules.playbook
    if to:
        _refuse_passed_already(query, playbook, deal, to)
    try:
        handoff = cover_handoff(playbook, deal, to, person) if stay else choose_handoff(playbook, deal.stage, to)
    except UsageFault:
        if not to and _came_just_now(deal, home.clock):  # another command handed it off at the same time
            raise moved_meanwhile(deal, playbook, deal.stage) from None
        raise
    attempt = build_attempt(home, query, deal_rules, deal, handoff, person)
    if handoff.to is None:
        _refuse_same_owner(query, attempt)
    return attempt


def _refuse_same_owner(query: Query, attempt: HandoffAttempt) -> None:
    """Refuses a handoff that changes only the owner where it would change nothing."""
    deal = attempt.deal
    has_role = attempt.receiving_role in roles_by_name(query).get(deal.owner, ())
    if attempt.to_owner == deal.owner or (has_role and not attempt.person):
        message = f"{deal.called} is with {deal.owner} already; nothing was recorded."
        another = f" To another one: --to {shlex.quote(attempt.handoff.key)} --to-person NAME" if has_role else ""
        hint = f"Look at it with: handoffctl show {deal.ref}"
        raise StageConflict(message, f"{hint}.{another}" if another else hint, deal, attempt.to_stage)


def build_attempt(
    home: Home, query: Query, deal_rules: LoadedPlaybook, deal: Deal, handoff: Handoff, person: str = ""
) -> HandoffAttempt:
    """Returns the attempt at this handoff of the deal.

    Raises RulesFault where the handoff leads nowhere, NotFound or Refused where the person cannot take the deal over.
    """
    playbook = deal_rules.playbook
    entered = load_with_stage(home, handoff.to_playbook, handoff.to_stage) if handoff.to_playbook else deal_rules
    target = entered.playbook
    if handoff.to_stage not in target.stages:
        raise RulesFault(
            f'{deal_rules.path}: a handoff leads to "{handoff.to}", but the playbook "{target.playbook}" has no stage '
            f'"{handoff.to_stage}".',
            f"Its stages: {', '.join(target.stages)}.",
        )
    requirements = requirements_of(playbook, handoff, target if handoff.to_playbook else None)
    requirements = without_items_on_trial(home, query, requirements, deal, handoff.key)
    attempt = HandoffAttempt(deal, deal_rules, handoff, entered, requirements)
    sending_role = handoff.sender or playbook.owner_of(deal.stage)
    new_owner = resolve_new_owner(query, person, attempt.receiving_role, sending_role, deal.owner)
    return replace(attempt, person=new_owner)


def without_items_on_trial(
    home: Home, query: Query, requirements: Requirements, deal: Deal, handoff: str
) -> Requirements:
    """Returns the requirements with what trials leave out for this deal at this handoff."""
    asked = (*requirements.required, *requirements.nice_to_have)
    trials = trials_of(query, deal.playbook)
    return replace(requirements, not_asked=items_left_out(trials, tried_stay(deal), handoff, asked, home.clock))


def tried_stay(deal: Deal) -> TriedStay:
    """Returns what decides over the deal in a trial."""
    return TriedStay(deal.playbook, deal.account.id, deal.account.test, deal.stage, deal.entered_at)


def _refuse_passed_already(query: Query, playbook: Playbook, deal: Deal, to: str) -> None:
    """Refuses a handoff that leaves a stage which the deal has left already: it happened meanwhile, and is no typo."""
    wanted = to.casefold()
    named = [
        handoff for handoff in playbook.handoffs if wanted in (handoff.key.casefold(), *names_of(playbook, handoff))
    ]
    if any(handoff.from_stage == deal.stage for handoff in named):
        return
    left = stages_left(query, deal.id, deal.playbook)
    passed = next((handoff for handoff in named if handoff.from_stage in left), None)
    if passed:
        raise moved_meanwhile(deal, playbook, passed.to_stage)


def _refuse_closed_just_now(home: Home, query: Query, ref: str) -> None:
    """Raises StageConflict where a handoff closed the deal a moment ago; that differs from having no open deal."""
    try:
        deal = find_deal(query, ref, CLOSED)
    except NotFound:
        return
    if _came_just_now(deal, home.clock):
        raise moved_meanwhile(deal, playbook_of(home, deal).playbook, deal.stage)


def moved_meanwhile(deal: Deal, playbook: Playbook, to: str) -> StageConflict:
    """Returns the refusal for a deal that is no longer in the stage it was to leave. `to` is where it was to go."""
    message = f"{deal.called} is already in {playbook.title_of(deal.stage)}; nothing was recorded."
    return StageConflict(message, f"Look at it with: handoffctl show {deal.ref}", deal, to)


def preview(
    home: Home, ref: str, to: str | None, person: str = "", stay: bool = False
) -> tuple[HandoffAttempt, Verdict]:
    """Returns the attempt and the gate's answer as things are now. Changes nothing. Raises as `resolve_attempt`."""
    with home.reading() as query:
        attempt = resolve_attempt(home, query, ref, to, person, stay)
        return attempt, decide(attempt.requirements, facts(query, attempt.deal), home.clock)


def handoffs_ahead(home: Home, ref: str) -> tuple[Deal, list[str]]:
    """Returns the deal and the names of the handoffs that a command without `--to` can mean."""
    with home.reading() as query:
        deal = find_deal(query, ref)
    return deal, [handoff.key for handoff in unnamed_handoffs(rules_of(home, deal).playbook, deal.stage)]


def refuse_in_haste(attempt: HandoffAttempt, clock: Clock) -> None:
    """Raises StageConflict for a second handoff within a minute of the first. Call it where no handoff was named."""
    if _came_just_now(attempt.deal, clock):
        name = shlex.quote(attempt.handoff.key)
        raise StageConflict(
            f"{attempt.deal.called} has only just come to {attempt.from_title}; nothing was recorded.",
            f"If you mean the next handoff too, name it: handoffctl handoff {attempt.deal.ref} --to {name}",
            attempt.deal, attempt.to_stage,
        )  # fmt: skip


def refuse_unnamed(home: Home, ref: str) -> None:
    """Raises UsageFault if several handoffs could be meant. Call it where no handoff was named, before `preview`.

    Leaves it to `preview` to refuse a deal that there is not, and to `refuse_in_haste` one that has only just moved.
    """
    try:
        deal, names = handoffs_ahead(home, ref)
    except NotFound:
        return
    if len(names) > 1 and not _came_just_now(deal, home.clock):
        raise several_handoffs(rules_of(home, deal).playbook.title_of(deal.stage), names)


def _came_just_now(deal: Deal, clock: Clock) -> bool:
    """True if a handoff brought the deal to its stage within the last minute, or today where only the day is known."""
    entered = deal.entered_at
    if deal.handoff_id is None or entered is None:
        return False
    if is_date(entered) or is_date(clock.now):
        return local_date(entered, clock.zone) == clock.today
    # A clock that was set back a little does not make it later.
    return abs((as_datetime(clock.now) - as_datetime(entered)).total_seconds()) < SECONDS_TOO_SOON


def refuse_unfinished(attempt: HandoffAttempt) -> None:
    """Raises RulesFault where a draft playbook does not say why the handoff happens, or what the prospect gains."""
    if not attempt.unfinished:
        return
    number = attempt.rules.playbook.handoffs.index(attempt.handoff)
    line = line_of(attempt.rules.path, ("handoffs", number))
    raise RulesFault(
        f"{line}: handoffs[{number}]: this draft does not yet say its {attempt.unfinished}.",
        "Write them there, then hand off again.",
    )


def refuse_closing(attempt: HandoffAttempt) -> None:
    """Raises UsageFault for a handoff to a lost or nurture stage: `close` leads there, and asks for a reason."""
    kind = destination_kind(attempt.rules.playbook, attempt.handoff)
    if kind in ("lost", "nurture"):
        raise UsageFault(
            f"{attempt.to_title} is entered with a reason.",
            f'Use: handoffctl close {attempt.deal.ref} --{kind} --because "..."',
        )


def refuse_going_back(deal: Deal, clock: Clock) -> None:
    """Raises Refused where now is before the deal's stay began: a stay cannot end before that."""
    if deal.entered_at and is_before(clock.now, deal.entered_at, clock.zone):
        raise Refused(
            f"{deal.called} came to its stage on {format_local(deal.entered_at, clock.zone)}, which is later than "
            f"{format_local(clock.now, clock.zone)}.",
            "Check the clock, or the moment given with --now or --at.",
        )
