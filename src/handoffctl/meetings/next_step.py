"""The next step that stands for a meeting: made when it is booked, closed with it, replaced after a no-show."""

from handoffctl.core.business_time import due_after
from handoffctl.core.moments import Moment, local_date
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import close_step, open_step
from handoffctl.deals.lookup_query import Deal
from handoffctl.meetings import query as meetings
from handoffctl.meetings.model import Meeting
from handoffctl.meetings.query import OpenStep
from handoffctl.workspace.home import Home


def make_next_step(session: WriteSession, deal: Deal, meeting: Meeting, when: Moment) -> str | None:
    """Makes the meeting the next step if none is open, or only that of finding this date. Returns its text or None."""
    present = meetings.open_step_of(session.query, deal.id)
    missed = [no_show.step_id for no_show in meetings.of_deal(session.query, deal.id, "no-show")]
    if present and present.id in missed:
        session.change(session.models.Step, present.id, done_at=session.at)
    elif present:
        return None
    text = meeting.called if meeting.met else f"meeting with {deal.account.name}"
    open_step(session, deal, text, when, made=True)
    _link_open_step(session, deal, meeting)
    return text


def _link_open_step(session: WriteSession, deal: Deal, meeting: Meeting) -> None:
    step = meetings.open_step_of(session.query, deal.id)
    session.change(session.models.Meeting, meeting.id, step_id=step and step.id)


def close_step_of(session: WriteSession, deal: Deal, meeting: Meeting, column: str) -> None:
    """Closes the step that stands for a meeting if it is still the open one: as done, or as replaced."""
    present = meetings.open_step_of(session.query, deal.id)
    if present is not None and present.id == meeting.step_id:
        session.change(session.models.Step, present.id, **{column: session.at})


def plan_new_date(session: WriteSession, home: Home, deal: Deal, meeting: Meeting, planned: bool) -> None:
    """Makes the step that follows a no-show; `planned` if the user has just made one for that.

    The new step replaces the open one, unless that stands for something else and is not due yet.
    """
    clock = home.clock
    if deal.kind != "open":
        close_step_of(session, deal, meeting, "replaced_at")
        return
    if not planned:
        present = meetings.open_step_of(session.query, deal.id)
        if present and present.id != meeting.step_id and not _is_due(home, present.due):
            return
        text = f"find a new date (no-show on {weekday_and_day(meeting.at, clock)})"
        open_step(session, deal, text, due_after(clock.now, 1.0, home.week, clock.zone), made=True)
    _link_open_step(session, deal, meeting)


def _is_due(home: Home, moment: Moment | None) -> bool:
    return moment is not None and local_date(moment, home.clock.zone) <= home.clock.today


def has_due_step(home: Home, query: Query, deal: Deal) -> bool:
    """Returns True if the open step is due today or overdue."""
    present = meetings.open_step_of(query, deal.id)
    return present is not None and _is_due(home, present.due)


def step_to_ask_about(home: Home, query: Query, deal: Deal, held: Meeting | None) -> OpenStep | None:
    """Returns the open step that a call or meeting may have ended: one that is due, or that was made for `held`."""
    present = meetings.open_step_of(query, deal.id)
    if present is None:
        return None
    made_for_it = held is not None and present.id == held.step_id
    return present if made_for_it or _is_due(home, present.due) else None


def end_step(session: WriteSession, deal: Deal, held: Meeting | None, ended: bool | None) -> str | None:
    """Marks the open step as done after a call or meeting was held. Returns its text, or None if it stays open.

    `ended` is the user's answer: True if the step is done with it, False if not. None if the user was not asked: then
    only the step that stands for the meeting `held` is done.
    """
    present = meetings.open_step_of(session.query, deal.id)
    if present is None or ended is False:
        return None
    if not ended and (held is None or present.id != held.step_id):
        return None
    close_step(session, deal.id, "done_at")
    return present.text
