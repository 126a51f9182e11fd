"""Records a touch with all it brings about: values, the next step, a meeting's outcome, a trigger."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from handoffctl.core.moments import Moment, before, shown
from handoffctl.deals.fields import record_rejected_placeholders, save
from handoffctl.deals.lookup_query import Deal, again, deal_or_customer
from handoffctl.deals.next_step import NextStep
from handoffctl.deals.playbook import rules_of
from handoffctl.deals.touches import LONGEST_TEXT, OUTCOMES
from handoffctl.errors import Refused, UsageFault, nearest
from handoffctl.handoffs.triggers import told_of
from handoffctl.meetings.next_step import plan_new_date
from handoffctl.meetings.outcome import apply_touch_outcome
from handoffctl.people import participants as attending
from handoffctl.people.participants import as_criteria_know
from handoffctl.playbook.handoff_names import meant_by
from handoffctl.playbook.library import knowing
from handoffctl.playbook.model import Handoff
from handoffctl.workspace.home import Home

if TYPE_CHECKING:
    from handoffctl.db.models.activity import Touch


def touch(
    home: Home,
    ref: str,
    kind: str,
    text: str,
    direction: str,
    at: str | None,
    outcome: str,
    met: str | None,
    given: Mapping[str, str],
    step: NextStep | None,
    allow_prefix: bool,
    trigger: str = "",
) -> tuple[Deal, Moment, Handoff | None]:
    """Records one interaction, with what came of it, in one transaction. Gives the handoff whose trigger it was."""
    if len(text) > LONGEST_TEXT:
        raise Refused(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} is the most.", "Nothing was recorded.")
    if outcome and outcome not in OUTCOMES:
        raise UsageFault(
            f'"{outcome[:40]}" is no outcome {nearest(outcome, OUTCOMES)}'.rstrip() + ".",
            f"There are: {', '.join(OUTCOMES)}.",
        )
    when = _past(home, at, outcome)
    with home.reading() as query:
        found = deal_or_customer(query, ref, allow_prefix)
    playbook = knowing(home, rules_of(home, found), found.stage, given)
    with record_rejected_placeholders(home, found), home.writing() as session:
        now = again(session.query, found)
        seen = meant_by(playbook, now.stage, trigger) if trigger else None
        whom = as_criteria_know(session.query, playbook, now, attending.whom(session.query, playbook, now, met))
        row = session.models.Touch(
            account_id=now.account.id, deal_id=now.id, kind=kind, direction=direction, outcome=outcome, met=whom,
            text=" ".join(text.split()), at=when,
        )  # fmt: skip
        session.add(row)
        session.effective_at = when
        missed = apply_touch_outcome(session, home, now, row)
        save(session, home.clock, now, playbook, given, step)
        if missed:
            plan_new_date(session, home, now, missed, planned=step is not None)
        if seen:
            told_of(session, home.clock.zone, now, seen, when)
        session.log(_sentence(row, found, home, seen), now.account.id, now.id)
    return found, when, seen


def _past(home: Home, at: str | None, outcome: str) -> Moment:
    when = home.moment("--at", at) if at else home.clock.now
    if before(home.clock.now, when, home.clock.zone):
        instead = "record a step: handoffctl step ACCOUNT TEXT --due WHEN"
        if outcome == "booked":
            instead = "book the meeting: handoffctl meeting book ACCOUNT --at WHEN"
        raise Refused(
            f"{shown(when, home.clock.zone)} is in the future; a touch is something that happened.",
            f"For what is to come, {instead}",
        )
    return when


def _sentence(row: "Touch", found: Deal, home: Home, seen: Handoff | None) -> str:
    between = {"meeting": "with", "note": "on"}.get(row.kind, "from" if row.direction == "in" else "to")
    when = f" on {shown(row.at, home.clock.zone)}" if row.at != home.clock.now else ""
    return (
        f"{row.kind.capitalize()} {between} {found.called}{when}"
        + (f" ({row.outcome})" if row.outcome else "")
        + (f", with {row.met}" if row.met else "")
        + (f": {row.text}" if row.text else ".")
        + (f" The trigger was seen: {seen.key}." if seen else "")
    )
