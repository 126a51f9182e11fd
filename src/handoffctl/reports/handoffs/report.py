"""Works out the report on handoffs: by sender, by receiver, and by handoff."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

from handoffctl.core.event_order import Recorded, earliest
from handoffctl.db.query import Row
from handoffctl.playbook.facts import Touch
from handoffctl.playbook.model import NEXT_STEP, Playbook
from handoffctl.reports.attempts_query import contents
from handoffctl.reports.context import ReportContext
from handoffctl.reports.handoffs import query as views
from handoffctl.reports.handoffs.figures import Attempt, Hold, readiness, tally
from handoffctl.reports.handoffs.query import Tried
from handoffctl.reports.handoffs.readiness import Story, Told, still_missing
from handoffctl.reports.requirements import Wanted, items

PARTS = ("name", "email", "phone", "title", "level")
NEVER_WRITTEN = 2**62  # for a return that left no row of its own: it comes last of what happened at its moment

Way = tuple[str, str, str]
T = TypeVar("T", str, Way)


def look(frame: ReportContext) -> dict[str, Any]:
    """How often handoffs were done, blocked, accepted and returned, how soon they were taken up, and how ready."""
    attempts = list(_attempts(frame))
    by_way = _apart(attempts, lambda one: one.way)
    ways = dict.fromkeys([*_ways(frame.playbook), *sorted(by_way)])
    names = [name for name, _, _ in ways]
    return {
        **frame.head(),
        "handoffs": [
            {"handoff": way[0], "from": way[1], "to": way[2], "title": _title(frame.playbook, way, names)}
            | tally(by_way.get(way, []))
            for way in ways
        ],
        "senders": _owners(_apart(attempts, lambda one: one.sender)),
        "receivers": _owners(_apart(attempts, lambda one: one.receiver)),
    }


def _apart(attempts: Sequence[Attempt], by: Callable[[Attempt], T]) -> dict[T, list[Attempt]]:
    apart: dict[T, list[Attempt]] = {}
    for one in attempts:
        apart.setdefault(by(one), []).append(one)
    return apart


def _owners(apart: Mapping[str, Sequence[Attempt]]) -> list[dict[str, Any]]:
    return [{"owner": owner} | tally(apart[owner]) for owner in sorted(apart)]


def _ways(playbook: Playbook) -> list[Way]:
    """The handoffs that the playbook has, in its order, tried or not."""
    return [(one.key, one.from_stage, one.to or one.from_stage) for one in playbook.handoffs]


def _title(playbook: Playbook, way: Way, names: Sequence[str]) -> str:
    """What people call a handoff: its name, or where it leads from and to."""
    name, left, entered = way
    if name == entered:
        return f"{playbook.title_of(left)} to {playbook.title_of(entered) if '/' not in entered else entered}"
    return name if names.count(name) == 1 else f"{name} ({playbook.title_of(left)})"


def _attempts(frame: ReportContext) -> Iterator[Attempt]:
    """Each attempt as it stood at the moment of the report, deal by deal."""
    wanted = Wanted(frame, contents(frame.query, frame.playbook.playbook))
    size, read = views.attempts(frame.query), 0
    for deal, group in groupby(views.tried(frame.query, frame.playbook.playbook), lambda one: one.deal):
        tries = [one for one in group if frame.window.has(one.at)]
        touches = views.touches(frame.query, deal) if any(not one.blocked for one in tries) else []
        touches = [one for one in touches if frame.window.happened(one["at"])]
        for one in tries:
            yield _attempt(frame, one, touches, wanted)
        read += len(tries)
        frame.tell(read, size)


def _attempt(frame: ReportContext, one: Tried, touches: Sequence[Row], wanted: Wanted) -> Attempt:
    to = one.to_stage if one.to_playbook == frame.playbook.playbook else f"{one.to_playbook}/{one.to_stage}"
    way = (one.name, one.from_stage, to)
    if one.blocked:
        return Attempt(way, one.sender, one.receiver)
    hold = _hold(frame, one)
    accepted, returned = (
        Recorded(at, NEVER_WRITTEN) if at and frame.window.happened(at) else None
        for at in (one.accepted_at, one.returned_at)
    )
    talks = [Recorded(row["at"], row["command_id"]) for row in touches if row["kind"] != "note"]
    touch = hold.first(talks, frame.clock)
    return Attempt(
        way, one.sender, one.receiver, hold.until(accepted, frame.clock), hold.until(touch, frame.clock),
        hold.end is None, returned is not None, _ready(frame, one, touches, touch, wanted) if touch else None,
    )  # fmt: skip


def _hold(frame: ReportContext, one: Tried) -> Hold:
    """From the handoff to the first of: the return, the next handoff, the end of the stay."""
    known = ((one.left_at, one.left_by), (one.passed_at, one.passed_by), (one.returned_at, None))
    ends = [Recorded(at, by or NEVER_WRITTEN) for at, by in known if at and frame.window.happened(at)]
    return Hold(Recorded(one.at, one.command), earliest(ends, frame.clock.zone))


def _ready(frame: ReportContext, one: Tried, touches: Sequence[Row], touch: Recorded, wanted: Wanted) -> float | None:
    """The share of what the handoff asked that was known at the touch; None where it cannot be told any more."""
    asks = wanted.then(one.revision, (one.from_stage, one.name), one.to_stage)
    if asks is None:
        return None
    asked = [item for item in items(asks) if item != NEXT_STEP]
    gaps = [item for item in views.wanting(frame.query, one.id) if item in asked]
    done, zone = Recorded(one.at, one.command), frame.clock.zone
    missing = still_missing(gaps, asks.rules, _story(frame, one, touches), done, touch, zone) if gaps else 0
    return readiness(len(asked), missing)


def _story(frame: ReportContext, one: Tried, touches: Sequence[Row]) -> Story:
    values = [
        Told(f"contact.{part}", row[part], Recorded(row["at"], row["command_id"]), standing=True)
        for row in views.people(frame.query, one.account)
        for part in PARTS
        if row[part]
    ]
    values += [
        Told(row["name"], row["value"], Recorded(row["at"], row["command_id"]))
        for row in views.told(frame.query, one.deal, one.account)
    ]
    seen = [(Touch(*tuple(row)[:5]), Recorded(row["at"], row["command_id"])) for row in touches]
    return Story(
        values, seen, [(row["sent_at"], row["confirmed_at"]) for row in views.summaries(frame.query, one.deal)]
    )
