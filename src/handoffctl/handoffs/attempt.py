"""A handoff about to be tried: which one is meant, what the gate says of it now, and why it may not be tried at all."""

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from handoffctl.core.moments import Clock, as_datetime, before, is_date, local_date, shown
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal, deal
from handoffctl.deals.playbook import rules_of
from handoffctl.errors import NotFound, NotReady, Refused, RulesFault, UsageFault
from handoffctl.handoffs.choose import chosen
from handoffctl.handoffs.cover import covering
from handoffctl.handoffs.gate import Gap, Verdict, decide
from handoffctl.handoffs.receiver import taker
from handoffctl.people.query import roles_by_name
from handoffctl.playbook.handoff_names import ahead, kind_entered, names_of
from handoffctl.playbook.library import Rules, rules
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.reader import line_of
from handoffctl.playbook.requirements import Asks, asks
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    pass

SECONDS_TOO_SOON = 60
CLOSED = ("won", "lost", "nurture")


@dataclass(frozen=True)
class HandoffAttempt:
    """A handoff about to be tried: the deal, the playbook's rule for it, and where it leads.

    `person` is who takes it over, where that is settled; else it is the receiver's role.
    """

    deal: Deal
    rules: Rules
    handoff: Handoff
    into: Playbook
    asks: Asks
    person: str = ""

    @property
    def to_stage(self) -> str:
        return self.handoff.to_stage

    @property
    def from_title(self) -> str:
        return self.rules.playbook.title_of(self.deal.stage)

    @property
    def to_title(self) -> str:
        return self.into.title_of(self.to_stage)

    @property
    def unfinished(self) -> str:
        """What a draft's handoff does not say yet: `reason and its benefit`; nothing where it says all."""
        absent = [key for key in ("reason", "benefit") if not getattr(self.handoff, key)]
        return " and its ".join(absent) if self.rules.playbook.draft else ""

    @property
    def takes(self) -> str:
        """The role that takes the deal over."""
        return self.handoff.receiver or self.into.owner_of(self.to_stage)

    @property
    def to_owner(self) -> str:
        return self.person or self.takes


class StageConflict(NotReady):
    """The deal is not where the command takes it to be: there is nothing to decide, and nothing is recorded."""

    def __init__(self, message: str, hint: str, found: Deal, to: str) -> None:
        super().__init__(message, hint)
        self.found = found
        self.to = to

    def as_json(self) -> dict[str, Any]:
        """A verdict without gaps: it is not for want of knowledge that nothing was handed off."""
        at = {"account": self.found.account.slug, "deal": self.found.slug, "from": self.found.stage, "to": self.to}
        nothing = {"clear": False, "missing": [], "nice_to_have": [], "handed_off": False}
        return at | nothing | {"message": self.message, "hint": self.hint}


def resolve_attempt(
    home: Home, query: Query, ref: str, to: str | None, allow_prefix: bool, person: str = "", stay: bool = False
) -> HandoffAttempt:
    """The handoff that is meant by an account and perhaps a stage or a name, to a role or to the person named.

    With `stay` the deal stays where it is, and only the person changes.
    """
    try:
        found = deal(query, ref, allow_prefix)
    except NotFound:
        _not_closed_just_now(home, query, ref, allow_prefix)
        raise
    used = rules_of(home, found)
    if to:
        _not_passed_already(query, used.playbook, found, to)
    try:
        meant = covering(used, found, to, person) if stay else chosen(used, found, to)
    except UsageFault:
        if not to and _came_just_now(found, home.clock):  # one of several that handed it off at once, and not the first
            raise moved_meanwhile(found, used.playbook, found.stage) from None
        raise
    tried = build_attempt(home, query, used, found, meant, person)
    if meant.to is None:
        _not_theirs_already(query, tried)
    return tried


def _not_theirs_already(query: Query, tried: HandoffAttempt) -> None:
    """A handoff that changes only the person must change it: from one to another, or from their role to one of them."""
    found = tried.deal
    theirs = tried.takes in roles_by_name(query).get(found.owner, ())
    if tried.to_owner == found.owner or (theirs and not tried.person):
        said = f"{found.called} is with {found.owner} already; nothing was recorded."
        another = f" To another one: --to {shlex.quote(tried.handoff.key)} --to-person NAME" if theirs else ""
        hint = f"Look at it with: handoffctl show {found.ref}"
        raise StageConflict(said, f"{hint}.{another}" if another else hint, found, tried.to_stage)


def build_attempt(
    home: Home, query: Query, used: Rules, found: Deal, meant: Handoff, person: str = ""
) -> HandoffAttempt:
    """Raises RulesFault where it leads nowhere, NotFound or Refused where the person cannot take it over."""
    into = rules(home, meant.to_playbook).playbook if meant.to_playbook else used.playbook
    if meant.to_stage not in into.stages:
        raise RulesFault(
            f'{used.path}: a handoff leads to "{meant.to}", but the playbook "{into.playbook}" has no stage '
            f'"{meant.to_stage}".',
            f"Its stages: {', '.join(into.stages)}.",
        )
    asked = asks(used.playbook, meant, into if meant.to_playbook else None)
    tried = HandoffAttempt(found, used, meant, into, asked)
    gives = meant.sender or used.playbook.owner_of(found.stage)
    return replace(tried, person=taker(query, person, tried.takes, gives, found.owner))


def _not_passed_already(query: Query, playbook: Playbook, found: Deal, to: str) -> None:
    """A handoff that leaves from a stage the deal was in before has happened meanwhile; that is no misspelling."""
    meant = [one for one in playbook.handoffs if to.casefold() in (one.key.casefold(), *names_of(playbook, one))]
    if any(one.from_stage == found.stage for one in meant):
        return
    sql = "SELECT DISTINCT stage FROM visit WHERE deal_id = :deal AND ended = 1 AND playbook = :playbook"
    left = {row[0] for row in query(sql, deal=found.id, playbook=found.playbook)}
    passed = next((one for one in meant if one.from_stage in left), None)
    if passed:
        raise moved_meanwhile(found, playbook, passed.to_stage)


def _not_closed_just_now(home: Home, query: Query, ref: str, allow_prefix: bool) -> None:
    """A deal that a handoff closed a moment ago has moved meanwhile; that is another thing than having none open."""
    try:
        found = deal(query, ref, allow_prefix, CLOSED)
    except NotFound:
        return
    if _came_just_now(found, home.clock):
        raise moved_meanwhile(found, rules(home, found.playbook).playbook, found.stage)


def moved_meanwhile(found: Deal, playbook: Playbook, to: str) -> StageConflict:
    here = playbook.title_of(found.stage)
    said = f"{found.called} is already in {here}; nothing was recorded."
    return StageConflict(said, f"Look at it with: handoffctl show {found.ref}", found, to)


def preview(
    home: Home, ref: str, to: str | None, allow_prefix: bool, person: str = "", stay: bool = False
) -> tuple[HandoffAttempt, Verdict]:
    """The gate's answer as things are now; changes nothing."""
    with home.reading() as query:
        tried = resolve_attempt(home, query, ref, to, allow_prefix, person, stay)
        return tried, decide(tried.asks, facts(query, tried.deal), home.clock)


def ways(home: Home, ref: str, allow_prefix: bool) -> tuple[Deal, list[tuple[str, str]]]:
    """The handoffs that can be meant without naming one: name and where it leads."""
    with home.reading() as query:
        found = deal(query, ref, allow_prefix)
    playbook = rules_of(home, found).playbook
    return found, [(one.key, one.to or one.receiver) for one in ahead(playbook, found.stage)]


def refuse_in_haste(tried: HandoffAttempt, clock: Clock) -> None:
    """Refuses a second handoff within a minute of the first, where nobody said which one is meant."""
    if _came_just_now(tried.deal, clock):
        name = shlex.quote(tried.handoff.key)
        raise StageConflict(
            f"{tried.deal.called} has only just come to {tried.from_title}; nothing was recorded.",
            f"If you mean the next handoff too, name it: handoffctl handoff {tried.deal.ref} --to {name}",
            tried.deal, tried.to_stage,
        )  # fmt: skip


def _came_just_now(found: Deal, clock: Clock) -> bool:
    """Whether a handoff brought the deal to its stage within the last minute, or today where only days are told."""
    entered = found.entered_at
    if found.handoff_id is None or entered is None:
        return False
    if is_date(entered) or is_date(clock.now):
        return local_date(entered, clock.zone) == clock.today
    # A clock that was set back a little does not make it later.
    return abs((as_datetime(clock.now) - as_datetime(entered)).total_seconds()) < SECONDS_TOO_SOON


def refuse_unfinished(tried: HandoffAttempt) -> None:
    """A draft's handoff must say why it happens and what the prospect gains, before it happens."""
    if not tried.unfinished:
        return

    number = tried.rules.playbook.handoffs.index(tried.handoff)
    where = line_of(tried.rules.path, ("handoffs", number))
    raise RulesFault(
        f"{where}: handoffs[{number}]: this draft does not yet say its {tried.unfinished}.",
        "Write them there, then hand off again.",
    )


def refuse_closing(tried: HandoffAttempt) -> None:
    """Ways into lost and nurture ask for a reason, not for items."""
    kind = kind_entered(tried.rules.playbook, tried.handoff)
    if kind in ("lost", "nurture"):
        raise UsageFault(
            f"{tried.to_title} is entered with a reason.",
            f'Use: handoffctl close {tried.deal.ref} --{kind} --because "..."',
        )


def refuse_going_back(found: Deal, clock: Clock) -> None:
    """A stay cannot end before it began."""
    if found.entered_at and before(clock.now, found.entered_at, clock.zone):
        raise Refused(
            f"{found.called} came to its stage on {shown(found.entered_at, clock.zone)}, which is later than "
            f"{shown(clock.now, clock.zone)}.",
            "Check the clock, or the moment given with --now or --at.",
        )


def verdict_as_json(tried: HandoffAttempt, verdict: Verdict) -> dict[str, Any]:
    """What `check --json` and `handoff --json` share."""
    return {
        "account": tried.deal.account.slug,
        "deal": tried.deal.slug,
        "from": tried.deal.stage,
        "to": tried.to_stage,
        "to_playbook": tried.into.playbook,
        "name": tried.handoff.key,
        "clear": verdict.clear,
        "missing": [_gap(gap) for gap in verdict.missing],
        "nice_to_have": [_gap(gap) for gap in verdict.nice_to_have],
        "outside": {"stage": tried.deal.outside_stage, "at": tried.deal.outside_at}
        if tried.deal.outside_stage
        else None,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {"name": gap.name, "label": gap.label, "why": gap.why, "fix": str(gap.fix)} | (
        {"or": [str(other) for other in gap.others]} if gap.others else {}
    )
