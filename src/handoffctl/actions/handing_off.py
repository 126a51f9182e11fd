"""Passes a deal on: fetch the facts, let the gate decide, write the handoff or the blocked attempt and its gaps."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from handoffctl.actions.answering import Answer, save
from handoffctl.actions.home import Home
from handoffctl.actions.rules import Rules, chosen, kind_entered, names_of, revision, rules, rules_of
from handoffctl.domain.facts import Facts
from handoffctl.domain.gate import Asks, Verdict, asks, asks_to_close, decide
from handoffctl.domain.moments import Clock, Moment, as_datetime, before, is_date, local_date, shown
from handoffctl.domain.playbook import Handoff, Playbook
from handoffctl.errors import NotReady, RulesFault, UsageFault
from handoffctl.views.ask import Ask
from handoffctl.views.finding import Deal, deal
from handoffctl.views.knowing import facts

if TYPE_CHECKING:
    from handoffctl.store.writing import Pen

SECONDS_TOO_SOON = 60


@dataclass(frozen=True)
class Passage:
    """A handoff about to be tried: the deal, the playbook's rule for it, and where it leads."""

    deal: Deal
    rules: Rules
    handoff: Handoff
    into: Playbook
    asks: Asks

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
    def to_owner(self) -> str:
        return self.handoff.receiver or self.into.owner_of(self.to_stage)


class Elsewhere(NotReady):
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


@dataclass(frozen=True)
class Outcome:
    """What came of it. `seconds` is None when nothing was asked."""

    passage: Passage
    verdict: Verdict
    handed_off: bool
    at: Moment
    handoff_id: int | None = None
    seconds: float | None = None
    facts: Facts = field(default_factory=lambda: Facts(""))


def passage(home: Home, ask: Ask, ref: str, to: str | None, beginnings: bool) -> Passage:
    """The handoff that is meant by an account and perhaps a stage or a name."""
    found = deal(ask, ref, beginnings)
    used = rules_of(home, found)
    if to:
        _not_passed_already(ask, used.playbook, found, to)
    meant = chosen(used, found, to)
    if meant.to is None and meant.receiver == found.owner:
        said = f"{found.called} is with {found.owner} already; nothing was recorded."
        raise Elsewhere(said, f"Look at it with: handoffctl show {found.ref}", found, meant.to_stage)
    return passage_of(home, used, found, meant)


def passage_of(home: Home, used: Rules, found: Deal, meant: Handoff) -> Passage:
    into = rules(home, meant.to_playbook).playbook if meant.to_playbook else used.playbook
    if meant.to_stage not in into.stages:
        raise RulesFault(
            f'{used.path}: a handoff leads to "{meant.to}", but the playbook "{into.playbook}" has no stage '
            f'"{meant.to_stage}".',
            f"Its stages: {', '.join(into.stages)}.",
        )
    return Passage(found, used, meant, into, asks(used.playbook, meant, into if meant.to_playbook else None))


def _not_passed_already(ask: Ask, playbook: Playbook, found: Deal, to: str) -> None:
    """A handoff that leaves from a stage the deal was in before has happened meanwhile; that is no misspelling."""
    meant = [one for one in playbook.handoffs if to.casefold() in (one.key.casefold(), *names_of(playbook, one))]
    if any(one.from_stage == found.stage for one in meant):
        return
    sql = "SELECT DISTINCT stage FROM visit WHERE deal_id = :deal AND ended = 1 AND playbook = :playbook"
    left = {row[0] for row in ask(sql, deal=found.id, playbook=found.playbook)}
    passed = next((one for one in meant if one.from_stage in left), None)
    if passed:
        raise moved_meanwhile(found, playbook, passed.to_stage)


def moved_meanwhile(found: Deal, playbook: Playbook, to: str) -> Elsewhere:
    here = playbook.title_of(found.stage)
    said = f"{found.called} is already in {here}; nothing was recorded."
    return Elsewhere(said, f"Look at it with: handoffctl show {found.ref}", found, to)


def look(home: Home, ref: str, to: str | None, beginnings: bool) -> tuple[Passage, Verdict]:
    """The gate's answer as things are now; changes nothing."""
    with home.reading() as ask:
        tried = passage(home, ask, ref, to, beginnings)
        return tried, decide(tried.asks, facts(ask, tried.deal), home.clock)


def ways(home: Home, ref: str, beginnings: bool) -> tuple[Deal, list[tuple[str, str]]]:
    """The handoffs that can be meant without naming one: name and where it leads."""
    from handoffctl.actions.rules import ahead

    with home.reading() as ask:
        found = deal(ask, ref, beginnings)
    playbook = rules_of(home, found).playbook
    return found, [(one.key, one.to or one.receiver) for one in ahead(playbook, found.stage)]


def refuse_in_haste(tried: Passage, clock: Clock) -> None:
    """Refuses a second handoff within a minute of the first, where nobody said which one is meant."""
    entered = tried.deal.entered_at
    if tried.deal.handoff_id is None or entered is None:
        return
    if is_date(entered) or is_date(clock.now):
        soon = local_date(entered, clock.zone) == clock.today
    else:  # a clock that was set back a little does not make it later
        soon = abs((as_datetime(clock.now) - as_datetime(entered)).total_seconds()) < SECONDS_TOO_SOON
    if soon:
        name = shlex.quote(tried.handoff.key)
        raise Elsewhere(
            f"{tried.deal.called} has only just come to {tried.from_title}; nothing was recorded.",
            f"If you mean the next handoff too, name it: handoffctl handoff {tried.deal.ref} --to {name}",
            tried.deal, tried.to_stage,
        )  # fmt: skip


def refuse_unfinished(tried: Passage) -> None:
    """A draft's handoff must say why it happens and what the prospect gains, before it happens."""
    if not tried.rules.playbook.draft or (tried.handoff.reason and tried.handoff.benefit):
        return
    from handoffctl.playbook_file import line_of

    absent = [key for key in ("reason", "benefit") if not getattr(tried.handoff, key)]
    number = tried.rules.playbook.handoffs.index(tried.handoff)
    where = line_of(tried.rules.path, ("handoffs", number))
    raise RulesFault(
        f"{where}: handoffs[{number}]: this draft does not yet say its {' and its '.join(absent)}.",
        "Write them there, then hand off again.",
    )


def settle(
    home: Home,
    seen: Passage,
    given: Mapping[str, str],
    step: Answer | None = None,
    seconds: float | None = None,
) -> Outcome:
    """Decides anew inside one transaction, and writes what was decided. `seconds` is what answers took so far."""
    refuse_unfinished(seen)
    refuse_closing(seen)
    with home.writing() as pen:
        now = deal(pen.ask, f"{seen.deal.account.slug}/{seen.deal.slug}", False)
        if now.visit_id != seen.deal.visit_id or now.owner != seen.deal.owner:
            raise moved_meanwhile(now, rules(home, now.playbook).playbook, seen.to_stage)
        tried = passage_of(home, seen.rules, now, seen.handoff)
        save(pen, home.clock, tried.deal, tried.asks.rules, given, step)
        now = deal(pen.ask, f"{seen.deal.account.slug}/{seen.deal.slug}", False)
        known = facts(pen.ask, now)
        verdict = decide(tried.asks, known, home.clock)
        if verdict.clear:
            refuse_going_back(now, home.clock)
        row = _attempt(pen, tried, verdict, seconds)
        if verdict.clear:
            _pass_on(pen, home, tried, row)
        _say(pen, tried, verdict)
    return Outcome(tried, verdict, verdict.clear, home.clock.now, row, seconds, known)


def refuse_closing(tried: Passage) -> None:
    """Ways into lost and nurture ask for a reason, not for items."""
    kind = kind_entered(tried.rules.playbook, tried.handoff)
    if kind in ("lost", "nurture"):
        raise UsageFault(
            f"{tried.to_title} is entered with a reason.",
            f'Use: handoffctl close {tried.deal.ref} --{kind} --because "..."',
        )


def refuse_going_back(found: Deal, clock: Clock) -> None:
    """A stay cannot end before it began."""
    from handoffctl.errors import Refused

    if found.entered_at and before(clock.now, found.entered_at, clock.zone):
        raise Refused(
            f"{found.called} came to its stage on {shown(found.entered_at, clock.zone)}, which is later than "
            f"{shown(clock.now, clock.zone)}.",
            "Check the clock, or the moment given with --now or --at.",
        )


def _attempt(pen: "Pen", tried: Passage, verdict: Verdict, seconds: float | None) -> int:
    from handoffctl.store.tables.handing import Gap
    from handoffctl.store.tables.handing import Handoff as Row

    row = pen.add(
        Row(
            deal_id=tried.deal.id, visit_id=tried.deal.visit_id, revision_id=revision(pen, tried.rules),
            name=tried.handoff.key, at=pen.at, state="completed" if verdict.clear else "blocked",
            from_stage=tried.deal.stage, to_playbook=tried.into.playbook, to_stage=tried.to_stage,
            from_owner=tried.deal.owner, to_owner=tried.to_owner, seconds=seconds,
        )
    )  # fmt: skip
    assert row.id is not None
    for kind, gaps in (("required", verdict.missing), ("nice_to_have", verdict.nice_to_have)):
        for gap in gaps:
            pen.add(Gap(handoff_id=row.id, name=gap.name, kind=kind))
    return row.id


def _pass_on(pen: "Pen", home: Home, tried: Passage, handoff_id: int) -> None:
    from handoffctl.store.stays import Into, move
    from handoffctl.store.tables.staying import Visit

    if tried.handoff.to is None:
        pen.change(Visit, tried.deal.visit_id, owner=tried.to_owner)
        return
    kind = tried.into.stages[tried.to_stage].kind
    into = Into(
        tried.into.playbook, tried.to_stage, kind, tried.to_owner, handoff_id,
        disposition=kind if kind != "open" else None,
    )  # fmt: skip
    move(pen, tried.deal.visit_id, into, pen.at, home.clock.zone)


def _say(pen: "Pen", tried: Passage, verdict: Verdict) -> None:
    if not verdict.clear:
        names = ", ".join(gap.label for gap in verdict.missing)
        done = f"Handoff of {tried.deal.called} to {tried.to_title} blocked: {names} missing."
    elif tried.handoff.to is None:
        done = f"Handed {tried.deal.called} in {tried.from_title} from {tried.deal.owner} to {tried.to_owner}."
    else:
        done = f"Handed {tried.deal.called} from {tried.from_title} to {tried.to_title}; {tried.to_owner} has it now."
    pen.says(done, tried.deal.account.id, tried.deal.id)


def verdict_as_json(tried: Passage, verdict: Verdict) -> dict[str, Any]:
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


def _gap(gap: Any) -> dict[str, str]:
    return {"name": gap.name, "label": gap.label, "why": gap.why, "fix": gap.fix}


__all__ = ["Outcome", "Passage", "asks_to_close", "look", "passage", "settle", "ways"]
