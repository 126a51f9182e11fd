"""The fields report: the items of each handoff, how often each is missing, what followed, and whether to keep it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handoffctl.core.moments import days_between
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.requirements import Requirements, item_label, item_why
from handoffctl.reports import attempts_query
from handoffctl.reports.attempts_query import AttemptRow, RejectedPlaceholder
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.fields.figures import Completion, FirstAttempt, count_item
from handoffctl.reports.fields.price import Price, price_of
from handoffctl.reports.fields.verdict import HandoffsAfter, field_verdict, rule_text
from handoffctl.reports.requirements import HandoffKey, RequirementsAtTime, all_items


class AfterFigures(NamedTuple):
    """What followed completed handoffs: how many were returned, and the median days in the next stage."""

    handoffs: int
    returned: int
    returned_share: float | None
    median_days_next: float | None


class FieldLine(NamedTuple):
    """The figures of one item of one handoff."""

    handoff: str
    from_: str
    to: str
    called: str
    item: str
    label: str
    why: str
    level: str
    asked: int
    missing: int
    missing_share: float | None
    filled: int
    blocked: int
    missing_though_completed: int
    placeholders: int
    named_in_returns: int
    median_seconds: float | None
    with_: AfterFigures
    without: AfterFigures
    verdict: str
    because: str
    price: Price | None = None


class FieldsReport(NamedTuple):
    """Every item of every handoff. `verdicts` has the thresholds of the playbook, `rule` the rule in words."""

    head: ReportHead
    verdicts: Mapping[str, float]
    rule: tuple[str, ...]
    fields: list[FieldLine]
    currency: str = ""


def build(context: ReportContext) -> FieldsReport:
    """Computes the report for every handoff of the playbook, tried or not."""
    contents = attempts_query.revision_contents(context.query, context.playbook.playbook)
    requirements = RequirementsAtTime(context, contents)
    recorded = _read(context, requirements)
    lines = [
        _line(context, recorded, requirements, key, handoff, item)
        for key, handoff in _handoffs(context, recorded, requirements).items()
        for item in all_items(handoff.required)
    ]
    _remark_on_others(context, recorded, requirements)
    limits = context.playbook.verdicts
    return FieldsReport(context.head, limits.as_json(), rule_text(limits), lines, context.home.configuration.currency)


@dataclass(frozen=True)
class _AskedHandoff:
    """A handoff that the report is about: the stage it leads to, and what it asks for."""

    to_stage: str
    required: Requirements


@dataclass
class _RecordedHandoff:
    """What was recorded about one handoff: its first attempts, and the names that each of its returns gave."""

    to_stage: str
    attempts: list[FirstAttempt] = field(default_factory=list)
    returns: list[set[str]] = field(default_factory=list)


@dataclass
class _Recorded:
    """What was recorded in the window: by handoff; rejected placeholders by stage and name."""

    handoffs: dict[HandoffKey, _RecordedHandoff] = field(default_factory=dict)
    placeholders: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@dataclass
class _Details:
    """The gaps of each attempt by kind, and the answers and placeholders of each stay, by their ids."""

    gaps: dict[int, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    seconds: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    placeholders: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    rejected: list[RejectedPlaceholder] = field(default_factory=list)


def _read_details(context: ReportContext) -> _Details:
    name, happened, details = context.playbook.playbook, context.window.occurred, _Details()
    for gap in attempts_query.gaps(context.query, name):
        details.gaps[gap.handoff][gap.kind].add(gap.name)
    for answer in attempts_query.timed_answers(context.query, name):
        if happened(answer.at):
            details.seconds[answer.stay][answer.name] += answer.seconds  # type: ignore[assignment]  # tenths count
    for placeholder in attempts_query.rejected_placeholders(context.query, name):
        if happened(placeholder.at):
            details.rejected.append(placeholder)
            details.placeholders[placeholder.stay].add(placeholder.name)
    return details


def _read(context: ReportContext, requirements: RequirementsAtTime) -> _Recorded:
    details, window, recorded = _read_details(context), context.window, _Recorded()
    for placeholder in details.rejected:
        if window.contains(placeholder.at):
            recorded.placeholders[placeholder.stage][placeholder.name] += 1
    by_stay: dict[tuple[int, str], list[AttemptRow]] = defaultdict(list)
    for attempt in attempts_query.attempts(context.query, context.playbook.playbook):
        if window.occurred(attempt.at):
            by_stay[attempt.stay, attempt.name].append(attempt)
    for number, attempts in enumerate(by_stay.values(), 1):
        first = attempts[0]
        if window.contains(first.at):
            handoff = recorded.handoffs.setdefault((first.from_stage, first.name), _RecordedHandoff(first.to_stage))
            handoff.attempts.append(_first_attempt(context, requirements, details, attempts))
            handoff.returns += [
                details.gaps[each.id]["returned"] for each in attempts if window.occurred(each.returned_at)
            ]
        context.progress(number, len(by_stay))
    return recorded


def _required_then(requirements: RequirementsAtTime, attempt: AttemptRow) -> Requirements | None:
    return requirements.at_revision(attempt.revision, (attempt.from_stage, attempt.name), attempt.to_stage)


def _first_attempt(
    context: ReportContext, requirements: RequirementsAtTime, details: _Details, attempts: Sequence[AttemptRow]
) -> FirstAttempt:
    """Returns the first of the attempts at one handoff in one stay, with the completion that followed."""
    first = attempts[0]
    gaps, required = details.gaps[first.id], _required_then(requirements, first)
    asked = set(all_items(required)) - gaps["not_asked"]
    left = gaps["required"] | gaps["nice_to_have"]
    fields = {item: requirements.fields(required, item) for item in {*asked, *left, *gaps["filled"]}}
    placeholders, seconds = details.placeholders[first.stay], details.seconds[first.stay]
    completed = next((attempt for attempt in attempts if attempt.state != "blocked"), None)
    return FirstAttempt(
        asked=fields.keys(),
        filled=gaps["filled"],
        left=left,
        blocked=first.state == "blocked",
        completion=_completion(context, requirements, details, completed) if completed else None,
        placeholders={item for item, names in fields.items() if names & placeholders},
        seconds={
            item: sum(seconds[name] for name in names)
            for item, names in fields.items()
            if not names.isdisjoint(seconds)
        },
    )


def _completion(
    context: ReportContext, requirements: RequirementsAtTime, details: _Details, attempt: AttemptRow
) -> Completion:
    clock, window = context.clock, context.window
    without = details.gaps[attempt.id]["nice_to_have"]
    returned, left = window.occurred(attempt.returned_at), window.occurred(attempt.left_at)
    days = None
    if attempt.kind == "open" and attempt.entered_at:
        end = attempt.left_at if left and attempt.left_at else clock.now
        days = max(days_between(attempt.entered_at, end, clock.zone), 0.0)
    asked = {*all_items(_required_then(requirements, attempt)), *without} - details.gaps[attempt.id]["not_asked"]
    return Completion(asked, without, returned, days, left and not returned)


def _handoffs(
    context: ReportContext, recorded: _Recorded, requirements: RequirementsAtTime
) -> dict[HandoffKey, _AskedHandoff]:
    """Returns the handoffs of the playbook in its order, then direct moves into a won stage that were tried."""
    playbook = context.playbook
    handoffs = {
        (handoff.from_stage, handoff.key): _AskedHandoff(
            handoff.to or handoff.from_stage, requirements.of_handoff(playbook, handoff)
        )
        for handoff in playbook.handoffs
    }
    for key, tried in recorded.handoffs.items():
        if key not in handoffs and (required := requirements.in_playbook(playbook, key, tried.to_stage)):
            handoffs[key] = _AskedHandoff(tried.to_stage, required)
    return handoffs


def _line(
    context: ReportContext,
    recorded: _Recorded,
    requirements: RequirementsAtTime,
    key: HandoffKey,
    handoff: _AskedHandoff,
    item: str,
) -> FieldLine:
    required = item in handoff.required.required
    names = requirements.fields(handoff.required, item)
    tried = recorded.handoffs.get(key) or _RecordedHandoff(handoff.to_stage)
    named = sum(not names.isdisjoint(returned) for returned in tried.returns)
    counts = count_item(item, required, tried.attempts, named)
    judged = field_verdict(counts.evidence, context.playbook.verdicts)
    return FieldLine(
        handoff=key[1],
        from_=key[0],
        to=handoff.to_stage,
        called=handoff_title(context.playbook, key, handoff.to_stage),
        item=item,
        label=item_label(handoff.required.playbook, item),
        why=item_why(handoff.required.playbook, item),
        level="required" if required else "nice_to_have",
        asked=counts.asked,
        missing=counts.missing,
        missing_share=counts.missing_share,
        filled=counts.filled,
        blocked=counts.blocked,
        missing_though_completed=counts.missing_though_completed,
        placeholders=sum(recorded.placeholders[key[0]][name] for name in names),
        named_in_returns=named,
        median_seconds=counts.seconds,
        with_=_after(counts.evidence.known),
        without=_after(counts.evidence.lacking),
        verdict=judged.verdict,
        because=judged.because,
        price=price_of(counts.seconds, counts.filled, context.home.configuration.hourly_rate),
    )


def handoff_title(playbook: Playbook, key: HandoffKey, to_stage: str) -> str:
    """Returns what people call a handoff: `Lead -> Qualified (first call)`; its own name only if it has one."""
    stage, name = key
    same_stage = to_stage == stage
    onward = name if same_stage else playbook.title_of(to_stage) if to_stage in playbook.stages else to_stage
    return f"{playbook.title_of(stage)} -> {onward}" + ("" if same_stage or name == to_stage else f" ({name})")


def _after(after: HandoffsAfter) -> AfterFigures:
    return AfterFigures(after.handoffs, after.returned, after.returned_share, after.stays.median)


def _remark_on_others(context: ReportContext, recorded: _Recorded, requirements: RequirementsAtTime) -> None:
    """Adds remarks on items of earlier contents of the playbook, and on what returns name without being asked for."""
    for key, tried in recorded.handoffs.items():
        title = handoff_title(context.playbook, key, tried.to_stage)
        required = requirements.in_playbook(context.playbook, key, tried.to_stage)
        if required is None:
            tries = f"{len(tried.attempts):,} first {'try' if len(tried.attempts) == 1 else 'tries'}"
            context.remarks.append(f"{title} is no longer in the playbook; its {tries} are left out here.")
            continue
        covered = {name for item in all_items(required) for name in requirements.fields(required, item)}
        dropped = {item for attempt in tried.attempts for item in attempt.asked} - set(all_items(required))
        if dropped:
            context.remarks.append(f"{title} no longer asks, so left out here: {', '.join(sorted(dropped))}.")
        unasked = Counter(name for names in tried.returns for name in names - covered)
        for name, count in unasked.items():
            times = "once" if count == 1 else f"{count} times"
            context.remarks.append(f'Returns of {title} named "{name}" {times}, which it does not ask for.')
