"""Builds today's action items: what is due, since when, and the command that resolves it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from handoffctl.core.business_time import count_working_days, due_after
from handoffctl.core.moments import Clock, Moment
from handoffctl.core.names import first_name_of
from handoffctl.emails.summary_model import CONFIRM_WITHIN
from handoffctl.follow_up.rules import (
    FollowUpStatus,
    StayAttempts,
    count_attempts,
    follow_up_status,
    too_many_no_shows,
)
from handoffctl.playbook.handoff_names import next_handoffs
from handoffctl.playbook.quantities import length
from handoffctl.today import query as views
from handoffctl.today.broken_promises import broken_promise_items
from handoffctl.today.nurture import signals_begun, wake_up_items
from handoffctl.today.query import DealRow, HandoffToAccept, PromiseRow
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot
from handoffctl.today.value import value_items


def items_of(snapshot: TodaySnapshot) -> Iterator[Item]:
    """Returns all items, unordered."""
    for deal in snapshot.deals.values():
        yield from _step(snapshot, deal)
        yield from _over_target(snapshot, deal)
    yield from _followed_up(snapshot)  # before the meetings: it finds where no new date is to be sought any more
    yield from _meetings(snapshot)
    yield from _promises(snapshot)
    yield from _drafts(snapshot)
    yield from _silent(snapshot)
    yield from _triggers(snapshot)
    yield from _not_accepted(snapshot)
    yield from broken_promise_items(snapshot)
    yield from value_items(snapshot)


def _step(snapshot: TodaySnapshot, deal: DealRow) -> Iterator[Item]:
    """Yields a next step that is due or has no date, or that an open deal has none."""
    if deal.kind == "lost":
        return
    if deal.step_id in snapshot.shown_steps and deal.step_id is not None:
        return
    if deal.promised:
        return
    if deal.step is not None and deal.due is not None:
        if snapshot.by_tonight(deal.due):
            late = snapshot.past(deal.due)
            yield snapshot.item("step", deal, deal.step, "step", "{}", "--done", due=deal.due, overdue=late)
    elif deal.step is not None:
        yield snapshot.item("undated", deal, f"no day yet: {deal.step}", "step", "{}", deal.step, "--due", "+3d")
    elif deal.kind == "open":
        since = deal.step_done or deal.since
        yield snapshot.item("no_step", deal, "no next step", "step", "{}", "TEXT", "--due", "+3d", since=since)


def _over_target(snapshot: TodaySnapshot, deal: DealRow) -> Iterator[Item]:
    stage = snapshot.stage(deal) if deal.kind == "open" and deal.since else None
    if not stage or stage.target is None or deal.since is None:
        return
    if snapshot.longer_than(stage.target, deal.since):
        says = partial(_too_long, stage.title or deal.stage, stage.target)
        yield snapshot.item("target", deal, says, *_onward(snapshot, deal), since=deal.since)


def _too_long(title: str, target: float) -> str:
    return f"in {title} for longer than {length(target)}"


def _onward(snapshot: TodaySnapshot, deal: DealRow) -> tuple[str, ...]:
    """Returns the command that shows what is missing to leave a stage; the first way if there are several."""
    key = deal.stage_key
    command = snapshot.onward.get(key)
    if command is None:
        playbook = snapshot.playbook_of(deal)
        ways = [handoff.key for handoff in next_handoffs(playbook, deal.stage)] if playbook else []
        command = ("check", "{}", *(["--to", ways[0]] if len(ways) > 1 else [])) if ways else ("show", "{}")
        snapshot.onward[key] = command
    return command


def _followed_up(snapshot: TodaySnapshot) -> Iterator[Item]:
    """Yields what the stage's follow-up guideline calls for, and messages from parked deals."""
    touched: dict[int, list[tuple[str, str, str, Moment]]] = defaultdict(list)
    for touch in views.touches(snapshot.query, snapshot.account):
        touched[touch[0]].append(touch[1:])
    begun = signals_begun(snapshot)
    for deal in snapshot.deals.values():
        attempts = count_attempts(deal.since, touched.get(deal.deal_id, ()), snapshot.clock) if deal.since else None
        if deal.kind == "nurture":
            yield from wake_up_items(snapshot, deal, attempts, begun)
        elif deal.kind == "open" and attempts:
            snapshot.attempts[deal.deal_id] = attempts
            yield from _in_touch(snapshot, deal, attempts)


def _in_touch(snapshot: TodaySnapshot, deal: DealRow, attempts: StayAttempts) -> Iterator[Item]:
    """Yields the next attempt, or an answer to their message; a first response is both."""
    rule = snapshot.follow_up(deal)
    if rule and too_many_no_shows(rule, attempts):
        snapshot.given_up_meeting.add(deal.deal_id)
    due = None
    if rule:
        agreed = _agreed_for_later(snapshot, deal)
        status = follow_up_status(rule, attempts, snapshot.clock, snapshot.week, agreed)
        due = _attempt(snapshot, deal, status, attempts)
    if due:
        yield due
    if attempts.unanswered_at and not (due and due.kind in ("hot", "first")):
        yield snapshot.item("reply", deal, "they wrote, and nobody has answered", "touch", "{}", "email", "TEXT",
                            since=attempts.unanswered_at)  # fmt: skip


def _attempt(snapshot: TodaySnapshot, deal: DealRow, status: FollowUpStatus, attempts: StayAttempts) -> Item | None:
    if status.decide:
        command = ("close", "{}", "--lost", "--because", "TEXT")
        return snapshot.item("decide", deal, f"decide: {status.decide}; lost, later or once more?", *command,
                             since=attempts.last_at)  # fmt: skip
    if not status.due_today(snapshot.clock):
        return None
    kind = "attempt" if not status.first else "hot" if status.hot else "first"
    says = partial(_attempted, status, snapshot.clock, bool(status.first and attempts.unanswered_at))
    return snapshot.item(kind, deal, says, "touch", "{}", "call", "TEXT", since=deal.since, due=status.next_due,
                         overdue=status.overdue(snapshot.clock))  # fmt: skip


def _agreed_for_later(snapshot: TodaySnapshot, deal: DealRow) -> bool:
    """True if a meeting or step is still to come."""
    return deal.deal_id in snapshot.booked or (deal.due is not None and not snapshot.by_tonight(deal.due))


def _attempted(status: FollowUpStatus, clock: Clock, wrote: bool) -> str:
    called = "they wrote; first response" if wrote else "first response" if status.first else "next attempt"
    return f"{called}: {status.describe(clock)}"


def _meetings(snapshot: TodaySnapshot) -> Iterator[Item]:
    for meeting, deal in snapshot.meetings:
        called = f"meeting with {meeting.met}" if meeting.met else "meeting"
        if meeting.state == "no-show" and deal.deal_id in snapshot.given_up_meeting:
            continue  # it is time to decide, which another item says
        if meeting.state == "no-show":
            what = f"no new date since they did not come ({called})"
            due = deal.due if meeting.step == deal.step_id else None
            yield snapshot.item("no_show", deal, what, "meeting", "book", "{}", "--at", "WHEN", since=meeting.at,
                                due=due, overdue=bool(due and snapshot.past(due)))  # fmt: skip
        elif snapshot.over(meeting):
            yield snapshot.item("unmarked", deal, f"{called}: what became of it?", "meeting", "held", "{}",
                                since=meeting.at, due=meeting.at, overdue=True)  # fmt: skip
        elif snapshot.by_tonight(meeting.at):
            booked = snapshot.item("meeting", deal, called, "meeting", "held", "{}", due=meeting.at)
            yield booked._replace(uid=meeting.uid, minutes=meeting.minutes)


def _promises(snapshot: TodaySnapshot) -> Iterator[Item]:
    """Yields our promises that are due, and those of the client and milestones once they are overdue."""
    for promise, deal in snapshot.due(views.promises(snapshot.query), "open", "won", "nurture"):
        overdue = snapshot.past(promise.at)
        if overdue or (promise.whose == "ours" and snapshot.by_tonight(promise.at)):
            yield snapshot.item("promise", deal, _promised(promise), "promise", "kept", "{}", str(promise.number),
                                due=promise.at, overdue=overdue)  # fmt: skip


def _promised(promise: PromiseRow) -> str:
    owner = f" ({promise.owner})" if promise.owner else ""
    if promise.whose == "milestone":
        return f"milestone not reached: {promise.what}{owner}"
    return f"{'they promised' if promise.whose == 'theirs' else 'promised'}: {promise.what}{owner}"


def _drafts(snapshot: TodaySnapshot) -> Iterator[Item]:
    for draft, deal in snapshot.due(views.drafts(snapshot.query), "open"):
        if snapshot.clock.day_of(draft.at) < snapshot.clock.today:
            yield snapshot.item("draft", deal, "the summary was drafted and not sent", "summary", "sent", "{}",
                                since=draft.at)  # fmt: skip


def _silent(snapshot: TodaySnapshot) -> Iterator[Item]:
    for summary, deal in snapshot.due(views.summaries(snapshot.query), "open"):
        playbook = snapshot.playbook_of(deal)
        days = count_working_days(snapshot.clock.day_of(summary.at), snapshot.clock.today, snapshot.week)
        if summary.nudged_at and snapshot.clock.day_of(summary.nudged_at) == snapshot.clock.today:
            continue  # they were reminded today
        if summary.nudged_at:
            called = first_name_of(summary.contact) if summary.contact else deal.name
            what = f"call {called}: they have not answered the summary"
            yield snapshot.item("silent", deal, what, "touch", "{}", "call", since=summary.at, overdue=True)
        elif days > (playbook.confirm_within if playbook else CONFIRM_WITHIN):
            what = f"no answer to the summary for {days} working days"
            yield snapshot.item("silent", deal, what, "email", "nudge", "{}", since=summary.at, overdue=True)


def _triggers(snapshot: TodaySnapshot) -> Iterator[Item]:
    for row, deal in snapshot.due(views.triggers(snapshot.query), "open"):
        playbook = snapshot.playbook_of(deal)
        handoffs = [handoff for handoff in playbook.leaving(deal.stage) if handoff.key == row.what] if playbook else []
        if handoffs or not playbook:
            trigger = handoffs[0].trigger.says.rstrip(".") if handoffs and handoffs[0].trigger else row.what
            yield snapshot.item("trigger", deal, f"trigger seen: {trigger}", "handoff", "{}", "--to", row.what,
                                since=row.at)  # fmt: skip


def _not_accepted(snapshot: TodaySnapshot) -> Iterator[Item]:
    for handoff, deal in snapshot.due(views.not_accepted(snapshot.query), "open", "won"):
        due = _to_accept_by(snapshot, handoff)
        yield snapshot.item("accept", deal, f"from {handoff.sender}, not accepted yet", "accept", "{}",
                            since=handoff.at, due=due, overdue=bool(due and snapshot.past(due)))  # fmt: skip


def _to_accept_by(snapshot: TodaySnapshot, handoff: HandoffToAccept) -> Moment | None:
    """Returns the deadline to accept by the playbook's SLA, if it has one."""
    playbook = snapshot.playbook(handoff.playbook, "", handoff.content)
    within = [
        agreed.within
        for agreed in (playbook.sla.values() if playbook else ())
        if agreed.measure == "accepted" and agreed.handoff == handoff.handoff and agreed.within is not None
    ]
    return due_after(handoff.at, min(within), snapshot.week, snapshot.clock.zone) if within else None
