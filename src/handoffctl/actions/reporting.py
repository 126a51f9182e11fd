"""Works out a report: asks for the counted stays, lets the figures be computed, gives plain values."""

from datetime import datetime, timedelta
from math import floor
from typing import Any

from handoffctl.actions.home import Home
from handoffctl.actions.rules import kept, rules
from handoffctl.domain.moments import Clock, Moment, as_datetime, at_local, days_between, instant, is_date
from handoffctl.domain.playbook import Playbook
from handoffctl.errors import NotFound, RulesFault
from handoffctl.figures.percentiles import percentile
from handoffctl.figures.throughput import ELSEWHERE, WAYS_OUT, Flow, flows
from handoffctl.views.ask import Ask
from handoffctl.views.visits import Stays, playbooks_used


def throughput(home: Home, name: str | None) -> tuple[dict[str, Any], list[str]]:
    """Counts and completed figures of each stage of a playbook, and remarks on what they rest on."""
    with home.reading() as ask:
        playbook, remarks = _playbook(home, ask, name)
        stays = Stays(ask, playbook.playbook)
        kinds = {stage: rule.kind for stage, rule in playbook.stages.items()}
        paths = stays.paths()
        unknown = dict.fromkeys(stage for path, _ in paths for stage in path if stage not in (ELSEWHERE, *kinds))
        gone = {stage: stays.kind(stage) for stage in unknown}
        counted = flows(kinds, paths, gone)
        used = [one for one in playbooks_used(ask) if one != playbook.playbook]
        if used and not any(any(path) for path, _ in paths):
            remarks.append(f"Deals are in: {', '.join(used)}. As in: handoffctl report throughput --playbook {used[0]}")
        if gone:
            remarks.append(f"The playbook no longer has: {', '.join(gone)}.")
        stages = [
            _stage(playbook, stage, kind, counted.get(stage, Flow()), stays, home.clock)
            for stage, kind in (kinds | gone).items()
        ]
    return {"playbook": playbook.playbook, "as_of": home.clock.now, "stages": stages}, remarks


def _playbook(home: Home, ask: Ask, name: str | None) -> tuple[Playbook, list[str]]:
    name = name or usual(home, ask)
    try:
        return rules(home, name).playbook, []
    except (NotFound, RulesFault) as fault:
        old = kept(ask, name)
        if old is None:
            raise
        return old, [f"{fault.message} The content kept when it was last used stands in for it."]


def usual(home: Home, ask: Ask) -> str:
    """The playbook that is meant when none is named: the usual one, or the only one that deals are in."""
    used = playbooks_used(ask)
    return used[0] if len(used) == 1 else home.configuration.playbook


def _stage(playbook: Playbook, stage: str, kind: str, flow: Flow, stays: Stays, clock: Clock) -> dict[str, Any]:
    rule = playbook.stages.get(stage)
    lengths = stays.lengths(stage)
    target = rule.target if rule else None
    return {
        "stage": stage,
        "title": playbook.title_of(stage),
        "kind": kind,
        "deals": flow.deals,
        "entered": flow.entered,
        **{way: flow.out[way] for way in WAYS_OUT},
        "now": flow.now,
        "conversion": flow.conversion,
        "mean_days_completed": lengths.total / lengths.count if lengths.count else None,
        "median_days_completed": percentile(0.5, lengths.count, lengths.at),
        "p85_days_completed": percentile(0.85, lengths.count, lengths.at),
        "oldest_now_days": _oldest(stays, stage, clock),
        "target_days": target,
        "within_target": _within(stays, stage, target, lengths.count, clock) if target is not None else None,
    }


def _oldest(stays: Stays, stage: str, clock: Clock) -> float | None:
    ages = [days_between(began, clock.now, clock.zone) for began in stays.oldest(stage)]
    return max(ages, default=None)


def _within(stays: Stays, stage: str, target: float, finished: int, clock: Clock) -> float | None:
    """Of the stays that have ended or are past the target, the share that ended within it."""
    late = stays.there_since_before(stage, *latest_in_time(target, clock))
    return stays.within(stage, target) / (finished + late) if finished + late else None


def latest_in_time(target: float, clock: Clock) -> tuple[Moment, Moment]:
    """The day and the instant from which on what is still there is not past the target of so many days."""
    day = clock.today - timedelta(days=floor(target))
    if is_date(clock.now):
        moment = at_local(datetime(day.year, day.month, day.day), clock.zone)
    else:
        moment = instant(as_datetime(clock.now) - timedelta(days=target))
    return day.isoformat(), moment
