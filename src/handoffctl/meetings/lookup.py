"""Which booked meeting is meant, what its step is, and the list of meetings."""

from typing import TYPE_CHECKING

from handoffctl.core.business_time import due
from handoffctl.core.moments import Moment, local_date, shown
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import open_step
from handoffctl.deals.lookup_query import Deal, deal_or
from handoffctl.errors import NotFound, NotReady
from handoffctl.meetings import query as views
from handoffctl.meetings.model import Meeting, in_order, named
from handoffctl.workspace.home import Home, Noticed

if TYPE_CHECKING:
    from handoffctl.db.models.activity import Touch

EVERY_KIND = ("open", "won", "lost", "nurture")


def meant(home: Home, query: Query, found: Deal, which: str, option: str = "--at") -> Meeting:
    """The earliest booked meeting of the deal, or the booked one at the moment that was named. Raises NotReady."""
    booked = in_order(views.of_deal(query, found.id, "booked"), home.clock.zone)
    if not booked:
        raise NotReady(
            f"{found.called} has no booked meeting.",
            f"Book one with: handoffctl meeting book {found.ref} --at WHEN. One that was never booked is recorded "
            f"with: handoffctl touch {found.ref} meeting --outcome held",
        )
    if not which:
        return booked[0]
    when = home.moment(option, which)
    fits = named(booked, when, home.clock.zone)
    if len(fits) == 1:
        return fits[0]
    lines = [f"{shown(one.at, home.clock.zone)}  {one.called}" for one in fits or booked]
    said = "has several meetings" if fits else "has no booked meeting"
    raise NotFound(f"{found.called} {said} at {shown(when, home.clock.zone)}.", f"Name one with {option}.", lines)


def having_meetings(query: Query, ref: str, allow_prefix: bool) -> Deal:
    """The deal that is meant; one that was closed meanwhile too, for its meetings are still marked."""
    return deal_or(query, ref, allow_prefix, ("open", "won"), EVERY_KIND)


def end_step_of(session: WriteSession, found: Deal, one: Meeting, column: str) -> bool:
    """Ends the step that stands for a meeting, if it is still the open one: as done, or as replaced."""
    present = views.open_step(session.query, found.id)
    if present is None or present[0] != one.step_id:
        return False
    session.change(session.models.Step, present[0], **{column: session.at})
    return True


BECOMES = {"held": "held", "no-show": "no-show", "cancelled": "cancelled"}  # of a meeting, by the outcome of a touch


def settle_by(session: WriteSession, home: Home, found: Deal, touch: "Touch") -> Meeting | None:
    """A touch that says how a meeting went says it of the one that was booked for that day, too; else of the latest
    before. Gives that one where nobody came: a new date is to be found."""
    zone = home.clock.zone
    if touch.kind != "meeting" or touch.outcome not in BECOMES:
        return None
    day = local_date(touch.at, zone)
    booked = in_order(views.of_deal(session.query, found.id, "booked"), zone)
    of_the_day = [one for one in booked if local_date(one.at, zone) == day]
    earlier = [one for one in booked if local_date(one.at, zone) < day]
    if not of_the_day and not earlier:
        return None
    one = of_the_day[0] if of_the_day else earlier[-1]
    if touch.outcome != "no-show":
        end_step_of(session, found, one, "done_at" if touch.outcome == "held" else "replaced_at")
    session.change(
        session.models.Meeting, one.id, state=BECOMES[touch.outcome], marked_at=session.at, touch_id=touch.id
    )
    home.noticed.append(Noticed(f"The {one.called} booked for {shown(one.at, zone)} is marked: {touch.outcome}."))
    return one if touch.outcome == "no-show" else None


def find_new_date(session: WriteSession, home: Home, found: Deal, one: Meeting, planned: bool) -> None:
    """Makes the step that follows a no-show; `planned` where the user has just made one for that.

    It takes the place of the open step, unless that is another one than the meeting's own and its day is still to come.
    """
    clock = home.clock
    if found.kind != "open":
        end_step_of(session, found, one, "replaced_at")
        return
    if not planned:
        present = views.open_step(session.query, found.id)
        if present and present[0] != one.step_id and not _is_due(home, present[1]):
            return
        what = f"find a new date: they did not come on {shown(one.at, clock.zone)}"
        open_step(session, found, what, due(clock.now, 1.0, home.week, clock.zone))
    made = views.open_step(session.query, found.id)
    session.change(session.models.Meeting, one.id, step_id=made and made[0])


def _is_due(home: Home, moment: Moment | None) -> bool:
    return moment is not None and local_date(moment, home.clock.zone) <= home.clock.today


def still_due(home: Home, query: Query, found: Deal) -> bool:
    """Whether the step that is open is due today, or was before."""
    present = views.open_step(query, found.id)
    return present is not None and _is_due(home, present[1])
