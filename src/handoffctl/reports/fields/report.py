"""The report on fields: what each handoff asks, how often it is missing, what followed, and whether to keep it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoffctl.core.moments import days_between
from handoffctl.db.query import Row
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import Asks, label, why
from handoffctl.reports import attempts_query as views
from handoffctl.reports.context import ReportContext
from handoffctl.reports.fields.figures import Completion, Tried, counted
from handoffctl.reports.fields.verdicts import Followed, judged, rule
from handoffctl.reports.requirements import Wanted, Way, items


def look(frame: ReportContext) -> dict[str, Any]:
    """Every item of every handoff of the playbook, tried or not."""
    asks = Wanted(frame, views.contents(frame.query, frame.playbook.playbook))
    seen = _seen(frame, asks)
    limits = frame.playbook.verdicts
    rows = [
        _row(frame, seen, asks, way, to, wanted, item)
        for way, (to, wanted) in _ways(frame, seen, asks).items()
        for item in items(wanted)
    ]
    _remark_on_others(frame, seen, asks)
    return frame.head() | {"verdicts": limits.model_dump(), "rule": list(rule(limits)), "fields": rows}


@dataclass
class _Way:
    """What was recorded about one handoff: its tries, and the names that each return of it gave."""

    to_stage: str
    tries: list[Tried] = field(default_factory=list)
    returns: list[set[str]] = field(default_factory=list)


@dataclass
class _Seen:
    """What was recorded: by handoff; the placeholders by stage and name."""

    ways: dict[Way, _Way] = field(default_factory=dict)
    refused: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


class _Notes:
    """What was noted at each try and during each stay, by their ids."""

    def __init__(self, frame: ReportContext) -> None:
        name, happened = frame.playbook.playbook, frame.window.happened
        self.gaps: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.seconds: dict[int, Counter[str]] = defaultdict(Counter)
        self.placeholders: dict[int, set[str]] = defaultdict(set)
        self.refusals = [row for row in views.refusals(frame.query, name) if happened(row["at"])]
        for row in views.gaps(frame.query, name):
            self.gaps[row["handoff_id"]][row["kind"]].add(row["name"])
        for row in views.answers(frame.query, name):
            if happened(row["at"]):
                self.seconds[row["visit_id"]][row["name"]] += row["seconds"]
        for row in self.refusals:
            self.placeholders[row["visit_id"]].add(row["name"])


def _seen(frame: ReportContext, asks: Wanted) -> _Seen:
    notes, window, seen = _Notes(frame), frame.window, _Seen()
    for row in notes.refusals:
        if window.has(row["at"]):
            seen.refused[row["stage"]][row["name"]] += 1
    together: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in views.attempts(frame.query, frame.playbook.playbook):
        if window.happened(row["at"]):
            together[row["visit_id"], row["name"]].append(row)
    for number, tries in enumerate(together.values(), 1):
        first = tries[0]
        if window.has(first["at"]):
            way = seen.ways.setdefault((first["from_stage"], first["name"]), _Way(first["to_stage"]))
            way.tries.append(_tried(frame, asks, notes, tries))
            way.returns += [notes.gaps[row["id"]]["returned"] for row in tries if window.happened(row["returned_at"])]
        frame.tell(number, len(together))
    return seen


def _then(asks: Wanted, row: Row) -> Asks | None:
    return asks.then(row["revision_id"], (row["from_stage"], row["name"]), row["to_stage"])


def _tried(frame: ReportContext, asks: Wanted, notes: _Notes, rows: Sequence[Row]) -> Tried:
    """The tries of one handoff in one stay."""
    first = rows[0]
    gaps, wanted = notes.gaps[first["id"]], _then(asks, first)
    left = gaps["required"] | gaps["nice_to_have"]
    inside = {item: asks.fields(wanted, item) for item in {*items(wanted), *left, *gaps["filled"]}}
    typed, seconds = notes.placeholders[first["visit_id"]], notes.seconds[first["visit_id"]]
    return Tried(
        asked=inside.keys(),
        filled=gaps["filled"],
        left=left,
        blocked=first["state"] == "blocked",
        completion=next((_completion(frame, asks, notes, row) for row in rows if row["state"] != "blocked"), None),
        placeholders={item for item, names in inside.items() if names & typed},
        seconds={
            item: sum(seconds[name] for name in names)
            for item, names in inside.items()
            if not names.isdisjoint(seconds)
        },
    )


def _completion(frame: ReportContext, asks: Wanted, notes: _Notes, row: Row) -> Completion:
    clock, window = frame.clock, frame.window
    without = notes.gaps[row["id"]]["nice_to_have"]
    returned, left = window.happened(row["returned_at"]), window.happened(row["left_at"])
    days = None
    if row["kind"] == "open" and row["entered_at"]:
        days = max(days_between(row["entered_at"], row["left_at"] if left else clock.now, clock.zone), 0.0)
    return Completion({*items(_then(asks, row)), *without}, without, returned, days, left and not returned)


def _ways(frame: ReportContext, seen: _Seen, asks: Wanted) -> dict[Way, tuple[str, Asks]]:
    """The handoffs of the playbook and where they lead, in its order; then bare ways into won that were tried."""
    playbook = frame.playbook
    found = {(one.from_stage, one.key): (one.to or one.from_stage, asks.of(playbook, one)) for one in playbook.handoffs}
    for way, tried in seen.ways.items():
        if way not in found and (bare := asks.by(playbook, way, tried.to_stage)):
            found[way] = (tried.to_stage, bare)
    return found


def _row(frame: ReportContext, seen: _Seen, asks: Wanted, way: Way, to: str, wanted: Asks, item: str) -> dict[str, Any]:
    required, inside = item in wanted.required, asks.fields(wanted, item)
    tried = seen.ways.get(way) or _Way(to)
    named = sum(not inside.isdisjoint(names) for names in tried.returns)
    count = counted(item, required, tried.tries, named)
    verdict, because = judged(count.evidence, frame.playbook.verdicts)
    return {
        "handoff": way[1],
        "from": way[0],
        "to": to,
        "called": called(frame.playbook, way, to),
        "item": item,
        "label": label(wanted.rules, item),
        "why": why(wanted.rules, item),
        "level": "required" if required else "nice_to_have",
        "asked": count.asked,
        "missing": count.missing,
        "missing_share": count.missing_share,
        "filled": count.filled,
        "blocked": count.blocked,
        "missing_though_completed": count.missing_though_completed,
        "placeholders": sum(seen.refused[way[0]][name] for name in inside),
        "named_in_returns": named,
        "median_seconds": count.seconds,
        "with": _followed(count.evidence.known),
        "without": _followed(count.evidence.lacking),
        "verdict": verdict,
        "because": because,
    }


def called(playbook: Playbook, way: Way, to: str) -> str:
    """What people call a handoff: `Lead -> Qualified (first call)`; by its own name only where it has one."""
    stage, name = way
    person = to == stage
    onward = name if person else playbook.title_of(to) if to in playbook.stages else to
    return f"{playbook.title_of(stage)} -> {onward}" + ("" if person or name == to else f" ({name})")


def _followed(found: Followed) -> dict[str, Any]:
    return {
        "handoffs": found.handoffs,
        "returned": found.returned,
        "returned_share": found.returned_share,
        "median_days_next": found.stays.median,
    }


def _remark_on_others(frame: ReportContext, seen: _Seen, asks: Wanted) -> None:
    """Says what an earlier content of the playbook asked, and what returns named although nobody is asked for it."""
    for (stage, name), way in seen.ways.items():
        title = called(frame.playbook, (stage, name), way.to_stage)
        wanted = asks.by(frame.playbook, (stage, name), way.to_stage)
        if wanted is None:
            tries = f"{len(way.tries):,} first {'try' if len(way.tries) == 1 else 'tries'}"
            frame.remarks.append(f"{title} is no longer in the playbook; its {tries} are left out here.")
            continue
        covered = {one for item in items(wanted) for one in asks.fields(wanted, item)}
        before = {item for tried in way.tries for item in tried.asked} - set(items(wanted))
        if before:
            frame.remarks.append(f"{title} no longer asks, so left out here: {', '.join(sorted(before))}.")
        unasked: Mapping[str, int] = Counter(one for names in way.returns for one in names - covered)
        for one, count in unasked.items():
            times = "once" if count == 1 else f"{count} times"
            frame.remarks.append(f'Returns of {title} named "{one}" {times}, which it does not ask for.')
