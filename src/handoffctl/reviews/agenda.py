"""The agenda of the meeting with the receivers: what was handed to them, what came back, what is often missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from handoffctl.core.moments import Moment, before, days_between, local_date, order, shown
from handoffctl.core.names import folded
from handoffctl.core.windows import Window
from handoffctl.db.query import Query, Row
from handoffctl.deals.stays_query import deal_names
from handoffctl.errors import NotFound, Refused, nearest
from handoffctl.people import query as persons
from handoffctl.people.members import readable, roles_in_use
from handoffctl.people.query import Person
from handoffctl.playbook.model import NEXT_STEP, Playbook, in_words
from handoffctl.playbook.requirements import label
from handoffctl.reviews import query as views
from handoffctl.reviews.history import ALL, last_review
from handoffctl.workspace.home import Home

USUAL_DAYS = 7  # how far the first review looks back
MOST_MISSING = 5


@dataclass(frozen=True)
class Agenda:
    """What is to be gone through, and under whose name the review is remembered."""

    receiver: str
    found: dict[str, Any]


@dataclass
class _Part:
    """What concerns one receiver."""

    handed: list[dict[str, Any]] = field(default_factory=list)
    returned: list[dict[str, Any]] = field(default_factory=list)
    tries: list[Row] = field(default_factory=list)


def agenda(home: Home, whom: str, since: str) -> Agenda:
    """The agenda for one receiver, a role with its people, or everybody.

    It looks back to what was asked, else to the last review on an earlier day, else seven days.
    """
    clock = home.clock
    with home.reading() as query:
        team = persons.people(query)
        name, among = _meant(home, query, team, whom)
        last = last_review(query, clock, _covering(name, team))
        begin = _given(home, since) or last or (clock.today - timedelta(days=USUAL_DAYS)).isoformat()
        seen = _Seen(home, query, Window(clock, begin))
        parts = seen.parts()
        named = among if among is not None else sorted(parts, key=folded)
        people = {one.name for one in team}
        return Agenda(
            name,
            {
                "as_of": clock.now,
                "since": begin,
                "last_review": last,
                "for": name or None,
                "receivers": [
                    {"receiver": one, "kind": "person" if one in people else "role"}
                    | seen.told(parts.get(one) or _Part())
                    for one in named
                ],
            },
        )


def _given(home: Home, since: str) -> Moment | None:
    clock = home.clock
    when = home.moment("--since", since) if since else None
    if when and before(clock.now, when, clock.zone):
        raise Refused(f"{shown(when, clock.zone)} is still to come; a review looks back.", "As in: --since -14d")
    return when


def _meant(home: Home, query: Query, team: Sequence[Person], whom: str) -> tuple[str, list[str] | None]:
    """The receiver as it is written on record, and everybody who is meant by it; None for all there are."""
    if not whom:
        return ALL, None
    person = persons.named(team, whom)
    if person:
        return person.name, [person.name]
    names = dict.fromkeys([*roles_in_use(home, query), *views.receivers(query)])
    found = next((one for one in names if folded(one) == folded(whom)), None)
    if found is None:
        known = [*(one.name for one in team), *names]
        raise NotFound(
            f'Nobody receives under the name "{whom[:60]}" {nearest(whom, known)}'.rstrip() + ".",
            f"There are: {', '.join(dict.fromkeys(known))}.",
        )
    return found, [found, *(one.name for one in team if found in one.roles)]


def _covering(name: str, team: Sequence[Person]) -> set[str]:
    """The reviews in which this receiver was gone through: their own, those of their role, those with everybody."""
    roles = next((one.roles for one in team if one.name == name), ())
    return {ALL, name, *roles}


class _Seen:
    """What is on record since then, and what is left from before; put together by a fixed number of questions."""

    def __init__(self, home: Home, query: Query, window: Window) -> None:
        assert window.since is not None
        floor = (local_date(window.since, home.clock.zone) - timedelta(days=1)).isoformat()  # UTC may be a day behind
        self._home, self._window = home, window
        self._playbook = cache(lambda name: readable(home, query, name))
        self._rows = views.handed(query, floor)
        until, late = ((day + timedelta(days=2)).isoformat() for day in (
            local_date(window.since, home.clock.zone), home.clock.today))  # fmt: skip
        self._earlier = views.carried(query, until, late)
        self._called = deal_names(query, sorted({row["deal_id"] for row in (*self._rows, *self._earlier)}))
        self._tries = [row for row in views.first_tries(query, floor) if window.has(row["at"])]
        self._lacked: dict[int, set[str]] = defaultdict(set)
        for row in views.missing_at_first(query, floor):
            if row["returned_at"] is None or window.happened(row["returned_at"]):
                self._lacked[row["first"]].add(row["name"])
        self._named: dict[int, list[str]] = defaultdict(list)
        for row in views.named_in_returns(query, floor):
            self._named[row["handoff_id"]].append(row["name"])

    def parts(self) -> dict[str, _Part]:
        """By receiver: the deals handed to them that are still theirs, the returns, and the first tries.

        A deal handed to them before is carried over where nobody accepted it, or its next step is missing or late.
        """
        found: dict[str, _Part] = defaultdict(_Part)
        newest = {row["deal_id"]: row for row in self._rows if self._is_theirs(row)}
        for row in newest.values():
            found[row["to_owner"]].handed.append(self._handed(row))
        carried = {row["deal_id"]: row for row in self._earlier if self._is_carried(row)}
        for deal, row in carried.items():
            if deal not in newest:
                found[row["to_owner"]].handed.append(self._handed(row, carried=True))
        for row in self._rows:
            if row["returned_at"] and self._window.has(row["returned_at"]):
                found[row["to_owner"]].returned.append(self._returned(row))
        for row in self._tries:
            if self._counts(row):
                found[row["to_owner"]].tries.append(row)
        return dict(found)

    def _is_theirs(self, row: Row) -> bool:
        still = row["owner"] == row["to_owner"] and row["kind"] in ("open", "won") and row["state"] != "returned"
        return still and self._window.has(row["at"]) and self._counts(row)

    def _is_carried(self, row: Row) -> bool:
        """Whether it was handed over before, and is still to be talked about."""
        zone, since = self._home.clock.zone, self._window.since
        earlier = since is not None and before(row["at"], since, zone) and row["kind"] in ("open", "won")
        waits = row["unaccepted"] or row["step"] is None or self._is_late(row)
        return bool(earlier and waits and self._counts(row))

    def _is_late(self, row: Row) -> bool:
        clock = self._home.clock
        return row["due"] is not None and before(row["due"], clock.now, clock.zone)

    def _counts(self, row: Row) -> bool:
        """Whether it went from one to another; where one role does all the selling, everything handed on counts."""
        if row["from_owner"] != row["to_owner"]:
            return True
        playbook = self._playbook(row["rules"])
        return playbook is not None and _sold_alone(playbook)

    def _handed(self, row: Row, carried: bool = False) -> dict[str, Any]:
        clock = self._home.clock
        return self._of(row) | {
            "stage": row["stage"],
            "title": _title(self._playbook(row["playbook"]), row["stage"]),
            "accepted_at": row["accepted_at"],
            "days": days_between(row["at"], clock.now, clock.zone),
            "step": {"text": row["step"], "due": row["due"]} if row["step"] else None,
            "overdue": self._is_late(row),
            "carried": carried,
        }

    def _returned(self, row: Row) -> dict[str, Any]:
        playbook = self._playbook(row["rules"])
        missing = [{"name": name, "label": _label(playbook, name)} for name in self._named[row["id"]]]
        return self._of(row) | {"returned_at": row["returned_at"], "because": row["because"], "missing": missing}

    def _of(self, row: Row) -> dict[str, Any]:
        name = self._called[row["deal_id"]]
        return {
            "account": name.account, "deal": name.deal, "ref": name.ref, "name": name.name,
            "deal_name": row["deal_name"], "from": row["from_owner"], "from_stage": row["from_stage"],
            "handoff": row["handoff"], "handed_at": row["at"],
        }  # fmt: skip

    def told(self, part: _Part) -> dict[str, Any]:
        """What `--json` says of one receiver, the most urgent first."""
        zone = self._home.clock.zone

        def urgency(one: Mapping[str, Any]) -> tuple[object, ...]:
            due = one["step"] and one["step"]["due"]
            return (one["carried"], one["step"] is not None, not one["overdue"], due is None,
                    order(due, zone) if due else (), order(one["handed_at"], zone), one["ref"])  # fmt: skip

        return {
            "handed": sorted(part.handed, key=urgency),
            "returned": part.returned,
            "usually_missing": self._usually_missing(part.tries),
        }

    def _usually_missing(self, tries: Iterable[Row]) -> list[dict[str, Any]]:
        """The items that first tries lacked most often. `of` are the tries of those handoffs that lacked it once."""
        missing: Counter[str] = Counter()
        ways: Counter[tuple[str, ...]] = Counter()
        lacking: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
        for row in tries:
            way = (row["rules"], row["from_stage"], row["handoff"])
            ways[way] += 1
            for name in self._lacked[row["id"]]:
                missing[name] += 1
                lacking[name][way] = row["rules"]
        asked = {name: sum(ways[way] for way in lacking[name]) for name in missing}
        worst = sorted(missing, key=lambda name: (-missing[name], asked[name], name))[:MOST_MISSING]
        return [
            {
                "name": name,
                "label": _label(self._playbook(next(iter(lacking[name].values()))), name),
                "missing": missing[name],
                "of": asked[name],
            }
            for name in worst
        ]


def _sold_alone(playbook: Playbook) -> bool:
    """Whether one role drives a deal through all open stages."""
    return len({playbook.owner_of(name) for name, stage in playbook.stages.items() if stage.kind == "open"}) == 1


def _label(playbook: Playbook | None, name: str) -> str:
    if playbook is None:
        return "Next step" if name == NEXT_STEP else in_words(name)
    return label(playbook, name)


def _title(playbook: Playbook | None, stage: str) -> str:
    return playbook.title_of(stage) if playbook else in_words(stage)
