"""Finds the booked meeting that a command refers to, and lists meetings."""

from handoffctl.core.moments import Zone, format_local, sort_key
from handoffctl.db.query import Query
from handoffctl.deals.lookup_query import Deal, account_or_deal, deal_or
from handoffctl.errors import NotFound, NotReady
from handoffctl.meetings import query as meetings
from handoffctl.meetings.model import DealMeeting, Meeting, earliest_first, meetings_at
from handoffctl.workspace.home import Home

ANY_KIND = ("open", "won", "lost", "nurture")


def booked_meetings(query: Query, deal: Deal, zone: Zone) -> list[Meeting]:
    """Returns the booked meetings of a deal, the earliest first."""
    return earliest_first(meetings.of_deal(query, deal.id, "booked"), zone)


def find_booked(home: Home, query: Query, deal: Deal, which: str, option: str = "--at") -> Meeting:
    """Returns the earliest booked meeting of the deal, or the one booked for the moment `which`.

    Raises NotReady if none is booked, NotFound if none or several are booked for that moment.
    """
    booked = booked_meetings(query, deal, home.clock.zone)
    if not booked:
        raise NotReady(
            f"{deal.called} has no booked meeting.",
            f"Book one with: handoffctl meeting book {deal.ref} --at WHEN. One that was never booked is recorded "
            f"with: handoffctl touch {deal.ref} meeting --outcome held",
        )
    if not which:
        return booked[0]
    when = home.moment(option, which)
    matches = meetings_at(booked, when, home.clock.zone)
    if len(matches) == 1:
        return matches[0]
    lines = [f"{format_local(meeting.at, home.clock.zone)}  {meeting.called}" for meeting in matches or booked]
    reason = "has several meetings" if matches else "has no booked meeting"
    raise NotFound(
        f"{deal.called} {reason} at {format_local(when, home.clock.zone)}.", f"Name one with {option}.", lines
    )


def deal_with_meetings(query: Query, ref: str) -> Deal:
    """Returns the deal named, preferring open ones; closed deals count too, because their meetings are still marked.

    Raises NotFound.
    """
    return deal_or(query, ref, ("open", "won"), ANY_KIND)


def list_meetings(home: Home, ref: str, marked_too: bool) -> list[DealMeeting]:
    """Returns the booked meetings, unmarked past ones first; with `marked_too` all others after them."""
    with home.reading() as query:
        account, deal_id = account_or_deal(query, ref) if ref else (None, None)
        rows = meetings.of_every_deal(query, marked_too, account.id if account else None, deal_id)
    clock = home.clock
    return sorted(
        rows,
        key=lambda row: (
            row.meeting.state != "booked",
            not row.is_unmarked(clock),
            sort_key(row.meeting.at, clock.zone),
        ),
    )
