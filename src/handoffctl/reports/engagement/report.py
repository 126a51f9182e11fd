"""Works out the engagement report: stays and touches, read once and side by side, counted stage by stage."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from handoffctl.core.moments import Moment
from handoffctl.reports.context import ReportContext
from handoffctl.reports.engagement import query as view
from handoffctl.reports.engagement.figures import DIRECTIONS, KINDS, Engagement, Touches
from handoffctl.reports.engagement.landmark import Group, Landmark, landmark_of
from handoffctl.reports.engagement.touches_by_stay import Look, Stay, Touch, When, accounts, when
from handoffctl.reports.throughput.figures import Stages
from handoffctl.stats.survival import Survival

EVERY = 5_000  # rows, before the bar hears of them

Row = tuple[Any, ...]


@dataclass
class Engaged:
    """What was counted: each stage, each deal over all its stages, and the touches that belong nowhere."""

    stages: dict[str, Engagement]
    deals: Touches = field(default_factory=Touches)
    left_out: int = 0


def look(frame: ReportContext) -> dict[str, Any]:
    """The touches of each open stage, the first response, the silence, and whether more touches go with progress."""
    engaged = _engaged(frame)
    stages = [_stage(frame, stage, found) for stage, found in engaged.stages.items()]
    return frame.head() | {
        "stages": stages,
        "deals": {
            "deals": engaged.deals.count,
            "touched": engaged.deals.touched,
            "touches_per_deal": engaged.deals.mean,
            "by": _by(engaged.deals),
        },
        "touches": engaged.deals.by.total(),
        "left_out": engaged.left_out,
    }


def _engaged(frame: ReportContext) -> Engaged:
    playbook, now = frame.playbook, when(frame.clock.now, frame.clock.zone)
    kinds = {stage: rule.kind for stage, rule in playbook.stages.items()}
    engaged = Engaged({stage: _begun(frame, stage) for stage, kind in kinds.items() if kind == "open"})
    read = _heard(frame)
    chosen = _everything if frame.window.everything else frame.window.has
    about = Look(playbook.playbook, Stages(kinds), frame.clock, chosen)
    for stays, left_out in accounts(read(view.stays(frame.query)), read(view.touches(frame.query)), about):
        engaged.left_out += left_out
        _count(frame, engaged, [stay for stay in stays if stay.counted], now)
    return engaged


def _everything(moment: Moment | None) -> bool:
    return True


def _count(frame: ReportContext, engaged: Engaged, stays: list[Stay], now: When) -> None:
    deals: dict[int, list[Touch]] = {}
    for stay in stays:
        if stay.stage not in engaged.stages:  # one that the playbook no longer has
            engaged.stages[stay.stage] = _begun(frame, stay.stage)
        engaged.stages[stay.stage].add(stay, now)
        deals.setdefault(stay.deal, []).extend(stay.touches)
    for touches in deals.values():
        engaged.deals.add(touches)


def _begun(frame: ReportContext, stage: str) -> Engagement:
    rule = frame.playbook.stages.get(stage)
    return Engagement(landmark_of(rule.target if rule else None))


def _heard(frame: ReportContext) -> Callable[[Iterable[Row]], Iterator[Row]]:
    """Wraps streams of rows so that the bar hears how many of them all were read."""
    size, done = view.size(frame.query), 0

    def read(rows: Iterable[Row]) -> Iterator[Row]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            if done % EVERY == 0:
                frame.tell(done, size)

    return read


def _stage(frame: ReportContext, stage: str, found: Engagement) -> dict[str, Any]:
    response = found.response
    return {
        "stage": stage,
        "title": frame.playbook.title_of(stage),
        "stays": found.touches.count,
        "touched": found.touches.touched,
        "touches_per_stay": found.touches.mean,
        "by": _by(found.touches),
        "first_response": {
            "stays": response.stays,
            "answered": len(response.answered),
            "waiting": len(response.waiting),
            "never": len(response.never),
            **_median(response.survival()),
        },
        "silence": {
            "median_days": found.silence.median,
            "longest_now_days": found.silence.now_days,
            "longest_now": _named(frame, found.silence.now),
        },
        "advance_by_touches": _advance(found.landmark),
    }


def _by(touches: Touches) -> dict[str, dict[str, int]]:
    return {kind: {way: touches.by[kind, way] for way in DIRECTIONS} for kind in KINDS}


def _median(survival: Survival) -> dict[str, float | None]:
    low, high = survival.interval()
    return {"median_days": survival.median, "median_days_low": low, "median_days_high": high}


def _named(frame: ReportContext, stay: Stay | None) -> dict[str, str] | None:
    if stay is None:
        return None
    row = view.names(frame.query, stay.deal)
    ref = row["account"] if stay.alone else f"{row['account']}/{row['deal']}"
    return {"account": row["account"], "name": row["name"], "deal": row["deal"], "ref": ref}


def _advance(landmark: Landmark) -> dict[str, Any]:
    doubt = landmark.doubt()
    return {
        "landmark_days": landmark.days,
        "groups": [_group(name, group) for name, group in landmark.groups.items()],
        "tells": not doubt,
        "says": _says(doubt),
    }


def _group(name: str, group: Group) -> dict[str, Any]:
    return {"touches": name, "stays": group.stays, "advanced": len(group.advanced), **_median(group.survival())}


def _says(doubt: str) -> str:
    if doubt:
        return f"These data do not tell: {doubt}."
    return "More touches went with a faster advance: the intervals do not overlap."
