"""Passes a deal on: fetch the facts, let the gate decide, write the handoff or the blocked attempt and its gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handoffctl.core.moments import Moment
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import facts
from handoffctl.deals.fields import reassign_step, save
from handoffctl.deals.lookup_query import again
from handoffctl.deals.next_step import NextStep
from handoffctl.deals.stays import Into, move
from handoffctl.handoffs.attempt import (
    HandoffAttempt,
    build_attempt,
    moved_meanwhile,
    refuse_closing,
    refuse_going_back,
    refuse_unfinished,
)
from handoffctl.handoffs.emails import drafted
from handoffctl.handoffs.gate import Verdict, decide
from handoffctl.handoffs.receiver import away
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import refuse_changed, revision, rules
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    from handoffctl.emails.email import Email


@dataclass(frozen=True)
class Outcome:
    """What came of it. `seconds` is None when nothing was asked."""

    passage: HandoffAttempt
    verdict: Verdict
    handed_off: bool
    at: Moment
    handoff_id: int | None = None
    seconds: float | None = None
    facts: Facts = field(default_factory=lambda: Facts(""))
    emails: "Sequence[Email]" = ()
    remarks: Sequence[str] = ()


def execute(
    home: Home,
    seen: HandoffAttempt,
    given: Mapping[str, str],
    step: NextStep | None = None,
    seconds: float | None = None,
    first: Verdict | None = None,
) -> Outcome:
    """Decides anew inside one transaction, and writes what was decided.

    `seconds` is what answers took so far. `first` is what the gate said before anybody was asked: what was missing then
    and no longer is counts as filled on the spot. What is given with the command was known when it was tried.
    """
    refuse_unfinished(seen)
    refuse_closing(seen)
    with home.writing() as session:
        refuse_changed(home, seen.rules)
        now = again(session.query, seen.deal)
        if now.visit_id != seen.deal.visit_id or now.owner != seen.deal.owner:
            raise moved_meanwhile(now, rules(home, now.playbook).playbook, seen.to_stage)
        tried = build_attempt(home, session.query, seen.rules, now, seen.handoff, seen.person)
        save(session, home.clock, tried.deal, tried.asks.rules, given, step)
        now = again(session.query, seen.deal)
        known = facts(session.query, now)
        verdict = decide(tried.asks, known, home.clock)
        if verdict.clear:
            refuse_going_back(now, home.clock)
        row = _attempt(session, tried, verdict, seconds, first)
        emails: tuple[Sequence[Email], Sequence[str]] = ((), ())
        if verdict.clear:
            _pass_on(session, home, tried, row)
            emails = _drafted(session, home, tried, known, row)
            emails = emails[0], [*away(home, session.query, tried.to_owner), *emails[1]]
        _say(session, tried, verdict)
    return Outcome(tried, verdict, verdict.clear, home.clock.now, row, seconds, known, *emails)


def _drafted(
    session: WriteSession, home: Home, tried: HandoffAttempt, known: Facts, handoff_id: int
) -> "tuple[Sequence[Email], Sequence[str]]":
    if not tried.handoff.emails:
        return (), ()

    return drafted(session, home, tried, known, handoff_id)


def _attempt(
    session: WriteSession, tried: HandoffAttempt, verdict: Verdict, seconds: float | None, first: Verdict | None
) -> int:
    row = session.add(
        session.models.Handoff(
            deal_id=tried.deal.id, visit_id=tried.deal.visit_id, revision_id=revision(session, tried.rules),
            name=tried.handoff.key, at=session.at, state="completed" if verdict.clear else "blocked",
            from_stage=tried.deal.stage, to_playbook=tried.into.playbook, to_stage=tried.to_stage,
            from_owner=tried.deal.owner, to_owner=tried.to_owner, seconds=seconds,
        )
    )  # fmt: skip
    assert row.id is not None
    kinds = {
        "required": [gap.name for gap in verdict.missing],
        "nice_to_have": [gap.name for gap in verdict.nice_to_have],
        "filled": _filled(tried, verdict, first),
    }
    for kind, names in kinds.items():
        for name in names:
            session.add(session.models.Gap(handoff_id=row.id, name=name, kind=kind))
    return row.id


def _filled(tried: HandoffAttempt, verdict: Verdict, first: Verdict | None) -> list[str]:
    """What was missing at first, is still asked, and is no longer missing."""
    if first is None:
        return []
    asked = {*tried.asks.required, *tried.asks.nice_to_have}
    missing = {gap.name for gap in (*verdict.missing, *verdict.nice_to_have)}
    return [gap.name for gap in (*first.missing, *first.nice_to_have) if gap.name in asked - missing]


def _pass_on(session: WriteSession, home: Home, tried: HandoffAttempt, handoff_id: int) -> None:
    reassign_step(session, tried.deal.id, tried.to_owner)
    if tried.handoff.to is None:
        session.change(session.models.Visit, tried.deal.visit_id, owner=tried.to_owner)
        return
    kind = tried.into.stages[tried.to_stage].kind
    into = Into(
        tried.into.playbook, tried.to_stage, kind, tried.to_owner, handoff_id,
        disposition=kind if kind != "open" else None,
    )  # fmt: skip
    move(session, tried.deal.visit_id, into, session.at, home.clock.zone)


def _say(session: WriteSession, tried: HandoffAttempt, verdict: Verdict) -> None:
    if not verdict.clear:
        names = ", ".join(gap.label for gap in verdict.missing)
        done = f"Handoff of {tried.deal.called} to {tried.to_title} blocked: {names} missing."
    elif tried.handoff.to is None:
        done = f"Handed {tried.deal.called} in {tried.from_title} from {tried.deal.owner} to {tried.to_owner}."
    else:
        done = f"Handed {tried.deal.called} from {tried.from_title} to {tried.to_title}; {tried.to_owner} has it now."
    session.log(done, tried.deal.account.id, tried.deal.id)
