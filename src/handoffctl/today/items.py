"""Builds today's action items: what is due, since when, and the command that resolves it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from handoffctl.core.business_time import count_working_days, due_after
from handoffctl.core.moments import Clock, Moment
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
from handoffctl.today.nurture import wake_up_items
from handoffctl.today.query import DealRow, UnacceptedHandoff
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot


def items_of(board: TodaySnapshot) -> Iterator[Item]:
    """Returns all items, unordered."""
    for place in board.places.values():
        yield from _step(board, place)
        yield from _over_target(board, place)
    yield from _followed_up(board)  # before the meetings: it finds where no new date is to be sought any more
    yield from _meetings(board)
    yield from _promises(board)
    yield from _drafts(board)
    yield from _silent(board)
    yield from _triggers(board)
    yield from _not_accepted(board)


def _step(board: TodaySnapshot, place: DealRow) -> Iterator[Item]:
    """Yields a next step that is due or has no date, or that an open deal has none."""
    if place.kind == "lost":
        return
    if place.step_id in board.told and place.step_id is not None:
        return
    if place.step is not None and place.due is not None:
        if board.by_tonight(place.due):
            late = board.past(place.due)
            yield board.item("step", place, place.step, "step", "{}", "--done", due=place.due, overdue=late)
    elif place.step is not None:
        yield board.item("undated", place, f"no day yet: {place.step}", "step", "{}", place.step, "--due", "+3d")
    elif place.kind == "open":
        since = place.step_done or place.since
        yield board.item("no_step", place, "no next step", "step", "{}", "TEXT", "--due", "+3d", since=since)


def _over_target(board: TodaySnapshot, place: DealRow) -> Iterator[Item]:
    stage = board.stage(place) if place.kind == "open" and place.since else None
    if not stage or stage.target is None or place.since is None:
        return
    if board.longer_than(stage.target, place.since):
        says = partial(_too_long, stage.title or place.stage, stage.target)
        yield board.item("target", place, says, *_onward(board, place.playbook, place.stage), since=place.since)


def _too_long(title: str, target: float) -> str:
    return f"in {title} for longer than {length(target)}"


def _onward(board: TodaySnapshot, name: str, stage: str) -> tuple[str, ...]:
    """Returns the command that shows what is missing to leave a stage; the first way if there are several."""
    known = board.onward.get((name, stage))
    if known is None:
        playbook = board.playbook(name)
        ways = [handoff.key for handoff in next_handoffs(playbook, stage)] if playbook else []
        known = ("check", "{}", *(["--to", ways[0]] if len(ways) > 1 else [])) if ways else ("show", "{}")
        board.onward[name, stage] = known
    return known


def _followed_up(board: TodaySnapshot) -> Iterator[Item]:
    """Yields what the stage's follow-up guideline calls for, and messages from parked deals."""
    touched: dict[int, list[tuple[str, str, str, Moment]]] = defaultdict(list)
    for deal, *touch in views.touches(board.ask, board.account):
        touched[deal].append(touch)  # type: ignore[arg-type]
    for place in board.places.values():
        done = count_attempts(place.since, touched.get(place.deal, ()), board.clock) if place.since else None
        if place.kind == "nurture":
            yield from wake_up_items(board, place, done.answered_at if done else None)
        elif place.kind == "open" and done:
            yield from _in_touch(board, place, done)


def _in_touch(board: TodaySnapshot, place: DealRow, done: StayAttempts) -> Iterator[Item]:
    """Yields the next attempt, or an answer to their message; a first response is both."""
    rule = board.follow_up(place)
    if rule and too_many_no_shows(rule, done):
        board.given_up_meeting.add(place.deal)
    where = follow_up_status(rule, done, board.clock, board.week, _agreed_for_later(board, place)) if rule else None
    due = _attempt(board, place, where, done) if where else None
    if due:
        yield due
    if done.unanswered_at and not (due and due.kind in ("hot", "first")):
        yield board.item("reply", place, "they wrote, and nobody has answered", "touch", "{}", "email", "TEXT",
                         since=done.unanswered_at)  # fmt: skip


def _attempt(board: TodaySnapshot, place: DealRow, where: FollowUpStatus, done: StayAttempts) -> Item | None:
    if where.decide:
        command = ("close", "{}", "--lost", "--because", "TEXT")
        return board.item("decide", place, f"decide: {where.decide}; lost, later or once more?", *command,
                          since=done.last_at)  # fmt: skip
    if not where.due_today(board.clock):
        return None
    kind = "attempt" if not where.first else "hot" if where.hot else "first"
    says = partial(_attempted, where, board.clock, bool(where.first and done.unanswered_at))
    return board.item(kind, place, says, "touch", "{}", "call", "TEXT", since=place.since, due=where.next_due,
                      overdue=where.overdue(board.clock))  # fmt: skip


def _agreed_for_later(board: TodaySnapshot, place: DealRow) -> bool:
    """True if a meeting or step is still to come."""
    return place.deal in board.booked or (place.due is not None and not board.by_tonight(place.due))


def _attempted(where: FollowUpStatus, clock: Clock, wrote: bool) -> str:
    called = "they wrote; first response" if wrote else "first response" if where.first else "next attempt"
    return f"{called}: {where.describe(clock)}"


def _meetings(board: TodaySnapshot) -> Iterator[Item]:
    for one, place in board.meetings:
        called = f"meeting with {one.met}" if one.met else "meeting"
        if one.state == "no-show" and place.deal in board.given_up_meeting:
            continue  # it is time to decide, which is told already
        if one.state == "no-show":
            what = f"no new date since they did not come ({called})"
            due = place.due if one.step == place.step_id else None
            yield board.item("no_show", place, what, "meeting", "book", "{}", "--at", "WHEN", since=one.at, due=due,
                             overdue=bool(due and board.past(due)))  # fmt: skip
        elif board.over(one):
            yield board.item("unmarked", place, f"{called}: what became of it?", "meeting", "held", "{}", since=one.at,
                             due=one.at, overdue=True)  # fmt: skip
        elif board.by_tonight(one.at):
            booked = board.item("meeting", place, called, "meeting", "held", "{}", due=one.at)
            yield booked._replace(uid=one.uid, minutes=one.minutes)


def _promises(board: TodaySnapshot) -> Iterator[Item]:
    for one, place in board.due(views.promises(board.ask), "open", "won", "nurture"):
        if board.by_tonight(one.at):
            yield board.item("promise", place, f"promised: {one.what}", "promise", "kept", "{}", str(one.number),
                             due=one.at, overdue=board.past(one.at))  # fmt: skip


def _drafts(board: TodaySnapshot) -> Iterator[Item]:
    for one, place in board.due(views.drafts(board.ask), "open"):
        if board.clock.day_of(one.at) < board.clock.today:
            yield board.item("draft", place, "the summary was drafted and not sent", "summary", "sent", "{}",
                             since=one.at)  # fmt: skip


def _silent(board: TodaySnapshot) -> Iterator[Item]:
    for one, place in board.due(views.summaries(board.ask), "open"):
        playbook = board.playbook(place.playbook)
        days = count_working_days(board.clock.day_of(one.at), board.clock.today, board.week)
        if days > (playbook.confirm_within if playbook else CONFIRM_WITHIN):
            what = f"no answer to the summary for {days} working days"
            yield board.item("silent", place, what, "email", "nudge", "{}", since=one.at, overdue=True)


def _triggers(board: TodaySnapshot) -> Iterator[Item]:
    for one, place in board.due(views.triggers(board.ask), "open"):
        playbook = board.playbook(place.playbook)
        meant = [each for each in playbook.leaving(place.stage) if each.key == one.what] if playbook else []
        if meant or not playbook:
            said = meant[0].trigger.says.rstrip(".") if meant and meant[0].trigger else one.what
            yield board.item("trigger", place, f"trigger seen: {said}", "handoff", "{}", "--to", one.what,
                             since=one.at)  # fmt: skip


def _not_accepted(board: TodaySnapshot) -> Iterator[Item]:
    for one, place in board.due(views.not_accepted(board.ask), "open", "won"):
        due = _to_accept_by(board, one)
        yield board.item("accept", place, f"from {one.sender}, not accepted yet", "accept", "{}", since=one.at, due=due,
                         overdue=bool(due and board.past(due)))  # fmt: skip


def _to_accept_by(board: TodaySnapshot, one: UnacceptedHandoff) -> Moment | None:
    """Returns the deadline to accept by the playbook's SLA, if it has one."""
    playbook = board.playbook(one.playbook)
    within = [
        agreed.within
        for agreed in (playbook.sla.values() if playbook else ())
        if agreed.measure == "accepted" and agreed.handoff == one.handoff and agreed.within is not None
    ]
    return due_after(one.at, min(within), board.week, board.clock.zone) if within else None
