"""Works out the report on activity: what each owner did in the window, and who does not come to meetings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handoffctl.core.event_order import Recorded
from handoffctl.core.moments import Moment, before
from handoffctl.follow_up.rules import is_answer
from handoffctl.reports.activity import query as views
from handoffctl.reports.activity.figures import Activity, Shown, Turn, by_criterion, by_source, rate, turn_of
from handoffctl.reports.context import ReportContext

NEVER_WRITTEN = 2**62  # for a return that left no row of its own: it comes last of what happened at its moment

Turns = Mapping[int, Sequence[Turn]]


def look(frame: ReportContext) -> dict[str, Any]:
    """Touches, conversations and meetings by owner; no-shows over all, by source and by criteria met at booking."""
    turns = _turns(frame)
    owners: dict[str, Activity] = {}
    _count_touches(frame, turns, owners)
    marked = list(_count_meetings(frame, turns, owners))
    return {
        **frame.head(),
        "owners": [{"owner": owner} | owners[owner].as_json() for owner in sorted(owners)],
        "no_shows": rate(marked),
        "sources": [{"source": source or None} | found for source, found in by_source(marked).items()],
        "criteria": [
            {"criterion": name, "label": frame.playbook.label_of(name)} | found
            for name, found in by_criterion(marked).items()
        ],
    }


def _turns(frame: ReportContext) -> Turns:
    found: dict[int, list[Turn]] = {}
    for deal, at, command, owner, playbook in views.turns(frame.query):
        begun = Recorded(at, command or NEVER_WRITTEN) if at else None
        found.setdefault(deal, []).append(Turn(begun, owner, playbook))
    return found


def _owner(frame: ReportContext, turns: Turns, deal: int, event: Recorded) -> str | None:
    """Who owned the deal then; None where it was in another playbook."""
    turn = turn_of(turns.get(deal, ()), event, frame.clock.zone)
    return turn.owner if turn and turn.playbook == frame.playbook.playbook else None


def _count_touches(frame: ReportContext, turns: Turns, owners: dict[str, Activity]) -> None:
    for deal, at, command, kind, direction, outcome in views.touches(frame.query):
        if not frame.window.has(at):
            continue
        owner = _owner(frame, turns, deal, Recorded(at, command))
        if owner is not None:
            owners.setdefault(owner, Activity()).touched(kind, direction, is_answer(kind, direction, outcome))


def _count_meetings(frame: ReportContext, turns: Turns, owners: dict[str, Activity]) -> Iterator[Shown]:
    """Counts what happened to meetings in the window; gives those that were marked by the moment of the report."""
    met = _criteria(frame)
    for deal, number, at, command, state, booked_at, marked_at, touched_at, marking, source in views.meetings(
        frame.query
    ):
        fell = _fell(frame, at, state, marked_at, touched_at)
        events = [] if state == "moved" else [("booked", booked_at, command)]
        events += (
            [("no_shows" if state == "no-show" else state, fell, marking or command)]
            if frame.window.happened(marked_at)
            else []
        )
        for what, moment, by in events:
            if moment is None or not frame.window.has(moment):
                continue
            owner = _owner(frame, turns, deal, Recorded(moment, by))
            if owner is None:
                continue
            owners.setdefault(owner, Activity()).meetings[what] += 1
            if what in ("held", "no_shows"):
                yield Shown(what == "no_shows", source or "", met.get(number, {}))


def _fell(
    frame: ReportContext, at: Moment, state: str, marked_at: Moment | None, touched_at: Moment | None
) -> Moment | None:
    """When what became of a meeting happened: at its own time, but for what was decided before."""
    if state in ("cancelled", "moved"):
        return marked_at
    if touched_at or marked_at is None:
        return touched_at or at
    return marked_at if before(marked_at, at, frame.clock.zone) else at


def _criteria(frame: ReportContext) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    for meeting, name, held in views.criteria(frame.query):
        found.setdefault(meeting, {})[name] = bool(held)
    return found
