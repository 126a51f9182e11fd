"""The throughput report: what is asked of it, and what it finds. How stays are counted is told in `counting`."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from handoffctl.core.moments import Moment, local_date
from handoffctl.deals.stays_query import deal_names
from handoffctl.errors import NotFound, UsageFault, nearest
from handoffctl.reports.context import ReportContext
from handoffctl.reports.throughput.counts import Counted, Cut, all_stays, counted, cutting
from handoffctl.reports.throughput.durations import NOT_RECKONED, against_target, by_way, completed, with_those_there
from handoffctl.reports.throughput.figures import WAYS_OUT, Flow
from handoffctl.reports.throughput.history import There
from handoffctl.reports.throughput.periods import PERIODS, UNKNOWN, flows, period_of

BY = (*PERIODS, "owner", "source")
MOST_PAST_TARGET = 20

__all__ = ["BY", "Cut", "curves", "flow", "look"]


def look(frame: ReportContext, cut: Cut | None = None) -> dict[str, Any]:
    """Counts and lengths of each stage. Raises NotFound for a stage, UsageFault for a way to cut that there is not."""
    cut = cut or Cut()
    if cut.by and cut.by not in BY:
        raise UsageFault(f"--by {cut.by[:40]} is none of {', '.join(BY)}.", "As in: --by month")
    if cut.by and cut.compare:
        raise UsageFault("--by and --compare do not go together.", "Leave one of them out.")
    found = counted(frame, cut)
    stages = _stages_shown(frame, found, cut.stage)
    if found.gone:
        frame.remarks.append(f"The playbook no longer has: {', '.join(found.gone)}.")
    if cut.compare:
        return frame.head() | _compared(frame, found, stages, cut)
    told = []
    for number, stage in enumerate(stages, 1):
        told.append(_stage(frame, found, stage, ""))
        frame.tell(number, len(stages))
    if cut.by:
        for one in told:
            one["by"] = {
                group: _figures(frame, found, one["stage"], group)
                for group in sorted(found.groups, key=lambda group: (group == UNKNOWN, group))
                if group and one["stage"] in found.flows.get(group, {})
            }
    if cut.by in PERIODS:
        over_time = _over_time(frame, cut.by)
        for one in told:
            one["flow"] = over_time.get(one["stage"], [])
    return frame.head() | {
        "stages": told,
        "bottleneck": _bottleneck(frame, found),
        "past_target": _past_target(frame, found, stages),
    }


def _stages_shown(frame: ReportContext, found: Counted, wanted: str) -> list[str]:
    if not wanted:
        return list(found.kinds)
    titles = {frame.playbook.title_of(stage).casefold(): stage for stage in found.kinds}
    meant = wanted if wanted in found.kinds else titles.get(wanted.casefold())
    if meant is None:
        known = list(found.kinds)
        raise NotFound(
            f'{frame.playbook.playbook} has no stage "{wanted[:60]}" {nearest(wanted, known)}'.rstrip() + ".",
            f"Its stages: {', '.join(known)}.",
        )
    return [meant]


def _stage(frame: ReportContext, found: Counted, stage: str, group: str) -> dict[str, Any]:
    return {
        "stage": stage,
        "title": frame.playbook.title_of(stage),
        "kind": found.kinds[stage],
        **_figures(frame, found, stage, group),
    }


def _figures(frame: ReportContext, found: Counted, stage: str, group: str) -> dict[str, Any]:
    """The figures of one stage, in one group of its stays."""
    passed = found.flows.get(group, {}).get(stage, Flow())
    held = found.held(group, stage)
    rule = frame.playbook.stages.get(stage)
    lasting = with_those_there(held) if found.kinds[stage] == "open" else NOT_RECKONED
    return {
        "deals": passed.deals,
        "entered": passed.entered,
        **{way: passed.out[way] for way in WAYS_OUT},
        "now": passed.now,
        "conversion": passed.conversion,
        "win_rate": passed.win_rate,
        **lasting,
        **completed(held.finished),
        "ways": by_way(held),
        "oldest_now_days": held.ages[-1] if len(held.ages) else None,
        **against_target(held, rule.target if rule else None),
    }


def _compared(frame: ReportContext, found: Counted, stages: list[str], cut: Cut) -> dict[str, Any]:
    at, revision = cutting(frame, cut.compare)
    sides = {side: {"stages": [_stage(frame, found, stage, side) for stage in stages]} for side in ("before", "after")}
    return {"compare": {"at": at, "revision": revision}, **sides}


def _bottleneck(frame: ReportContext, found: Counted) -> str | None:
    """The stage that holds most deal-days over target, if any does; of all stages, also where only one is shown."""
    over = {
        stage: against_target(found.held("", stage), rule.target)["days_over_target"]
        for stage, rule in frame.playbook.stages.items()
        if rule.kind == "open" and rule.target is not None
    }
    slowest = max(over, key=lambda stage: over[stage], default=None)
    return slowest if slowest and over[slowest] > 0 else None


def _past_target(frame: ReportContext, found: Counted, stages: list[str]) -> dict[str, Any]:
    """The deals that are past the target of their stage, the one furthest past it first; how many in all."""
    targets = {
        stage: rule.target
        for stage, rule in frame.playbook.stages.items()
        if stage in stages and rule.kind == "open" and rule.target is not None
    }
    count = sum(against_target(found.held("", stage), target)["past_target"] for stage, target in targets.items())
    late = [one for stage, target in targets.items() for one in found.longest_there(stage, target, MOST_PAST_TARGET)]
    late = sorted(late, key=lambda one: one.days - targets[one.stage], reverse=True)[:MOST_PAST_TARGET]
    return {"count": count, "deals": _named(frame, late, targets)}


def _named(frame: ReportContext, late: list[There], targets: Mapping[str, float]) -> list[dict[str, Any]]:
    names = deal_names(frame.query, [one.deal for one in late])
    return [
        {
            "account": names[one.deal].account,
            "deal": names[one.deal].deal,
            "ref": names[one.deal].ref,
            "name": names[one.deal].name,
            "stage": one.stage,
            "title": frame.playbook.title_of(one.stage),
            "days": one.days,
            "target_days": targets[one.stage],
            "command": f"handoffctl handoff {names[one.deal].ref}",
        }
        for one in late
    ]


def flow(frame: ReportContext, length: str) -> list[dict[str, Any]]:
    """How many entered, left and were there at the end of each week or month, for each stage that was entered.

    All begin with the first period of any of them, so that pictures of them can be laid side by side.
    """
    over_time = _over_time(frame, length)
    longest = max(over_time.values(), key=len, default=[])
    for stage, periods in over_time.items():
        earlier = [one["period"] for one in longest[: len(longest) - len(periods)]]
        over_time[stage] = [{"period": name, "entered": 0, "left": 0, "there": 0} for name in earlier] + periods
    return [
        {"stage": stage, "title": frame.playbook.title_of(stage), "periods": over_time[stage]}
        for stage in frame.playbook.stages
        if stage in over_time
    ]


def _over_time(frame: ReportContext, length: str) -> dict[str, list[dict[str, Any]]]:
    since, until = (_day(frame, end) for end in (frame.window.since, frame.window.until))
    found = flows(_lasting(frame), length, frame.clock, since)
    if until is None:
        return found
    return {stage: [one for one in told if str(one["period"]) <= period_of(until, length)]
            for stage, told in found.items()}  # fmt: skip


def _lasting(frame: ReportContext) -> Iterator[tuple[str, Moment, Moment | None]]:
    """The stays of which it is known when they began and, if they have ended, when."""
    happened = frame.window.happened
    for stay in all_stays(frame):
        if stay.playbook == frame.playbook.playbook and stay.entered and happened(stay.entered):
            if not stay.ended:
                yield stay.stage, stay.entered, None
            elif stay.left:
                yield stay.stage, stay.entered, stay.left if happened(stay.left) else None


def _day(frame: ReportContext, moment: str | None) -> date | None:
    return local_date(moment, frame.clock.zone) if moment else None


def curves(frame: ReportContext) -> list[dict[str, Any]]:
    """The share of stays that still went on after so many days, for each open stage that any deal entered."""
    found = counted(frame, Cut())
    known = {stage: held for stage in found.kinds if (held := found.held("", stage)).finished or held.ages}
    return [
        {
            "stage": stage,
            "title": frame.playbook.title_of(stage),
            "points": known[stage].survival.curve(),
            "median_days": known[stage].survival.median,
            "target_days": rule.target,
        }
        for stage, rule in frame.playbook.stages.items()
        if rule.kind == "open" and stage in known
    ]
