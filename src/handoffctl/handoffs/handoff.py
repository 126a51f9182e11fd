"""Passes a deal on: fetch the facts, let the gate decide, write the handoff or the blocked attempt and its gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handoffctl.core.moments import Moment
from handoffctl.deals.facts_query import facts
from handoffctl.deals.fields import Answer, pass_step_on, save
from handoffctl.deals.lookup_query import again
from handoffctl.handoffs.attempt import (
    Passage,
    moved_meanwhile,
    passage_of,
    refuse_closing,
    refuse_going_back,
    refuse_unfinished,
)
from handoffctl.handoffs.gate import Verdict, decide
from handoffctl.handoffs.receiver import away
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import refuse_changed, revision, rules
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    from handoffctl.db.session import Pen
    from handoffctl.emails.email import Email


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
    emails: "Sequence[Email]" = ()
    remarks: Sequence[str] = ()


def settle(
    home: Home,
    seen: Passage,
    given: Mapping[str, str],
    step: Answer | None = None,
    seconds: float | None = None,
    first: Verdict | None = None,
) -> Outcome:
    """Decides anew inside one transaction, and writes what was decided.

    `seconds` is what answers took so far. `first` is what the gate said before anybody was asked: what was missing then
    and no longer is counts as filled on the spot. What is given with the command was known when it was tried.
    """
    refuse_unfinished(seen)
    refuse_closing(seen)
    with home.writing() as pen:
        refuse_changed(home, seen.rules)
        now = again(pen.ask, seen.deal)
        if now.visit_id != seen.deal.visit_id or now.owner != seen.deal.owner:
            raise moved_meanwhile(now, rules(home, now.playbook).playbook, seen.to_stage)
        tried = passage_of(home, pen.ask, seen.rules, now, seen.handoff, seen.person)
        save(pen, home.clock, tried.deal, tried.asks.rules, given, step)
        now = again(pen.ask, seen.deal)
        known = facts(pen.ask, now)
        verdict = decide(tried.asks, known, home.clock)
        if verdict.clear:
            refuse_going_back(now, home.clock)
        row = _attempt(pen, tried, verdict, seconds, first)
        emails: tuple[Sequence[Email], Sequence[str]] = ((), ())
        if verdict.clear:
            _pass_on(pen, home, tried, row)
            emails = _drafted(pen, home, tried, known, row)
            emails = emails[0], [*away(home, pen.ask, tried.to_owner), *emails[1]]
        _say(pen, tried, verdict)
    return Outcome(tried, verdict, verdict.clear, home.clock.now, row, seconds, known, *emails)


def _drafted(
    pen: "Pen", home: Home, tried: Passage, known: Facts, handoff_id: int
) -> "tuple[Sequence[Email], Sequence[str]]":
    if not tried.handoff.emails:
        return (), ()
    from handoffctl.handoffs.emails import drafted  # what it needs takes a while to load

    return drafted(pen, home, tried, known, handoff_id)


def _attempt(pen: "Pen", tried: Passage, verdict: Verdict, seconds: float | None, first: Verdict | None) -> int:
    from handoffctl.db.models.handing import Gap
    from handoffctl.db.models.handing import Handoff as Row

    row = pen.add(
        Row(
            deal_id=tried.deal.id, visit_id=tried.deal.visit_id, revision_id=revision(pen, tried.rules),
            name=tried.handoff.key, at=pen.at, state="completed" if verdict.clear else "blocked",
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
            pen.add(Gap(handoff_id=row.id, name=name, kind=kind))
    return row.id


def _filled(tried: Passage, verdict: Verdict, first: Verdict | None) -> list[str]:
    """What was missing at first, is still asked, and is no longer missing."""
    if first is None:
        return []
    asked = {*tried.asks.required, *tried.asks.nice_to_have}
    missing = {gap.name for gap in (*verdict.missing, *verdict.nice_to_have)}
    return [gap.name for gap in (*first.missing, *first.nice_to_have) if gap.name in asked - missing]


def _pass_on(pen: "Pen", home: Home, tried: Passage, handoff_id: int) -> None:
    from handoffctl.db.models.staying import Visit
    from handoffctl.deals.stays import Into, move

    pass_step_on(pen, tried.deal.id, tried.to_owner)
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
