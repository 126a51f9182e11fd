"""The missed report: triggers without a handoff, deals moved outside, returns, and how long handoffs waited."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypeVar

from handoffctl.core.moments import Moment, days_between, local_date, sort_key
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal, deal_ref
from handoffctl.handoffs.triggers import handoffs_with_criteria, matching_triggers
from handoffctl.playbook.model import Handoff
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.missed import query as missed_query
from handoffctl.reports.missed.figures import TriggerEvent, TriggerWait, trigger_wait, wait_figures
from handoffctl.reports.missed.lines import (
    DealRef,
    MissedLine,
    OutsideLine,
    ReturnLine,
    WaitingLine,
    WaitLine,
)
from handoffctl.reports.missed.query import DealKey, RecordedTrigger
from handoffctl.stats.stays import Stay, as_of

PROGRESS_STEP = 100  # deals between two calls of the progress callback

HandoffKey = tuple[str, str]  # the stage that a handoff leaves, and its name
PlaybookHandoffs = Mapping[HandoffKey, Handoff]
Line = TypeVar("Line")


class MissedReport(NamedTuple):
    """The lines of each part. `triggers_with_criteria` counts the handoffs whose trigger is detected by criteria."""

    head: ReportHead
    triggers_with_criteria: int
    waiting: list[WaitingLine]
    missed: list[MissedLine]
    outside: list[OutsideLine]
    returns: list[ReturnLine]
    waits: list[WaitLine]


def build(context: ReportContext) -> MissedReport:
    """Computes the report."""
    refs = DealRefs(context)
    handoffs = {(handoff.from_stage, handoff.key): handoff for handoff in context.playbook.handoffs}
    triggers = list(_triggers(context, handoffs))
    waiting = [
        _waiting_line(context, refs.of(trigger.key), _handoff_of(trigger, handoffs), trigger.at, wait.days)
        for trigger, wait in triggers
        if wait.outcome == "waiting"
    ]
    missed = [
        _missed_line(context, refs.of(trigger.key), handoffs, trigger, wait.days)
        for trigger, wait in triggers
        if wait.outcome == "missed"
    ]
    return MissedReport(
        context.head,
        sum(len(handoffs_with_criteria(context.playbook, stage)) for stage in context.playbook.stages),
        sorted([*waiting, *_waiting_since_unknown(context, refs)], key=_longest_first),
        _newest_first(context, missed, lambda line: line.seen_at),
        _newest_first(context, _outside(context, refs), lambda line: line.outside_at),
        _newest_first(context, _returns(context, refs), lambda line: line.returned_at),
        list(_wait_lines(handoffs, triggers)),
    )


class DealRefs:
    """The names by which commands find deals, at the moment of the report.

    Deals that came later are not counted.
    """

    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._several = missed_query.accounts_with_several_deals(context.query)
        self._kinds: dict[int, dict[int, str]] = {}

    def of(self, key: DealKey) -> DealRef:
        """Returns the names of a deal."""
        if key.account_id not in self._several:
            return DealRef(key.account, key.deal, key.account)
        if key.account_id not in self._kinds:
            self._kinds[key.account_id] = dict(self._read_kinds(key.account_id))
        kinds = self._kinds[key.account_id]
        open_deals = list(kinds.values()).count("open")
        ref = deal_ref(key.account, key.deal, kinds.get(key.deal_id, ""), len(kinds), open_deals)
        return DealRef(key.account, key.deal, ref)

    def _read_kinds(self, account: int) -> Iterator[tuple[int, str]]:
        """Yields the deals that the account has by then, with the kind of the stage each is in."""
        stays = missed_query.stays_of_account(self._context.query, account)
        for deal, of_deal in groupby(stays, key=attrgetter("deal")):
            present = _present_stay(self._context, of_deal)
            if present:
                yield deal, present.kind


def _present_stay(context: ReportContext, stays: Iterable[Stay]) -> Stay | None:
    """Returns the stay in which a deal was at the moment of the report, or None if it did not exist yet."""
    known = as_of(stays, context.window)
    return known[-1] if known else None


def _triggers(context: ReportContext, handoffs: PlaybookHandoffs) -> Iterator[tuple[RecordedTrigger, TriggerWait]]:
    """Yields the triggers in the window with their outcome, and adds a remark on handoffs that no longer exist."""
    completed = missed_query.completed_handoffs(context.query)
    gone: dict[str, None] = {}
    for trigger in missed_query.recorded_triggers(context.query, context.playbook.playbook):
        if not context.window.contains(trigger.at):
            continue
        if (trigger.stage, trigger.handoff) in handoffs:
            handed_off = completed.get((trigger.stay, trigger.handoff), [])
            event = TriggerEvent(trigger.at, handed_off, bool(trigger.ended), trigger.left_at)
            yield trigger, trigger_wait(event, context.window)
        else:
            gone[trigger.handoff] = None
    if gone:
        context.remarks.append(f"Left out are triggers of handoffs the playbook no longer has: {', '.join(gone)}.")


def _handoff_of(trigger: RecordedTrigger, handoffs: PlaybookHandoffs) -> Handoff:
    return handoffs[trigger.stage, trigger.handoff]


def _waiting_line(
    context: ReportContext, ref: DealRef, handoff: Handoff, at: Moment | None, days: float | None
) -> WaitingLine:
    return WaitingLine(
        *ref,
        handoff.from_stage,
        context.playbook.title_of(handoff.from_stage),
        handoff.key,
        handoff.trigger.says if handoff.trigger else "",
        at,
        _local_day(context, at),
        days,
        f"handoffctl handoff {ref.ref} --to {shlex.quote(handoff.key)}",
    )


def _missed_line(
    context: ReportContext, ref: DealRef, handoffs: PlaybookHandoffs, trigger: RecordedTrigger, days: float | None
) -> MissedLine:
    handoff = _handoff_of(trigger, handoffs)
    return MissedLine(
        *ref,
        handoff.from_stage,
        context.playbook.title_of(handoff.from_stage),
        handoff.key,
        handoff.trigger.says if handoff.trigger else "",
        trigger.at,
        _local_day(context, trigger.at),
        days,
        _ended(context, trigger),
    )


def _waiting_since_unknown(context: ReportContext, refs: DealRefs) -> Iterator[WaitingLine]:
    """Yields open deals in which a trigger holds now that no command has recorded.

    Such a trigger came with an import, or began to hold as time passed.
    """
    if not context.window.is_unbounded:
        return
    candidates = list(_deals_without_trigger(context))
    newest = missed_query.newest_commands(context.query) if candidates else {}
    changed_later = {
        account for account, moments in newest.items() if not all(context.window.occurred(at) for at in moments)
    }
    if changed_later & {None, *(deal.account.id for deal, _ in candidates)}:
        context.remarks.append("Left out is what held then and was not recorded: what was known then is not kept.")
    for done, (deal, handoffs) in enumerate(candidates):
        if done % PROGRESS_STEP == 0:
            context.progress(done, len(candidates))
        if changed_later & {None, deal.account.id}:
            continue
        key = DealKey(deal.id, deal.account.id, deal.account.slug, deal.slug)
        for handoff in matching_triggers(context.playbook, handoffs, facts(context.query, deal), context.clock):
            yield _waiting_line(context, refs.of(key), handoff, None, None)
    if candidates:
        context.progress(len(candidates), len(candidates))


def _deals_without_trigger(context: ReportContext) -> Iterator[tuple[Deal, list[Handoff]]]:
    """Yields each open deal with the handoffs whose trigger is detected by criteria and not recorded yet."""
    playbook = context.playbook
    for stage in playbook.stages:
        handoffs = handoffs_with_criteria(playbook, stage)
        if handoffs:
            keys = [handoff.key for handoff in handoffs]
            for deal, missing in missed_query.deals_without_trigger(context.query, playbook.playbook, stage, keys):
                yield deal, [handoff for handoff in handoffs if handoff.key in missing]


def _local_day(context: ReportContext, moment: Moment | None) -> str | None:
    return None if moment is None else local_date(moment, context.clock.zone).isoformat()


def _ended(context: ReportContext, trigger: RecordedTrigger) -> str:
    """Returns how the stay ended, in words."""
    playbook = context.playbook
    if trigger.returned_at is not None and trigger.returned_at == trigger.left_at:
        return f"returned to {playbook.title_of(trigger.to_stage or '')}"
    if trigger.next_handoff:
        return f"handed off: {trigger.next_handoff}"
    if trigger.to_kind in ("won", "lost", "nurture"):
        return f"closed as {trigger.disposition or trigger.to_kind}"
    if trigger.to_kind == "moved":
        return f"moved to {trigger.to_playbook}/{trigger.to_stage}"
    return f"moved to {playbook.title_of(trigger.to_stage)}" if trigger.to_stage else "ended"


def _outside(context: ReportContext, refs: DealRefs) -> Iterator[OutsideLine]:
    playbook = context.playbook
    for moved in missed_query.moved_outside(context.query):
        stay = _present_stay(context, moved.stays)
        if stay is None or stay.playbook != playbook.playbook or stay.stage == moved.outside_stage:
            continue
        if context.window.contains(moved.outside_at):
            yield OutsideLine(
                *refs.of(moved.key),
                stay.stage,
                moved.outside_stage,
                moved.outside_at,
                playbook.title_of(stay.stage),
                playbook.title_of(moved.outside_stage),
                _local_day(context, moved.outside_at),
            )


def _returns(context: ReportContext, refs: DealRefs) -> Iterator[ReturnLine]:
    for row in missed_query.returns(context.query, context.playbook.playbook):
        if context.window.contains(row.returned_at):
            yield ReturnLine(
                *refs.of(row.key),
                row.stage,
                row.handoff,
                row.from_owner,
                row.to_owner,
                row.at,
                row.returned_at,
                days_between(row.at, row.returned_at, context.clock.zone),
                row.because,
                row.missing,
                row.reason,
            )


def _wait_lines(
    handoffs: PlaybookHandoffs, triggers: Iterable[tuple[RecordedTrigger, TriggerWait]]
) -> Iterator[WaitLine]:
    """Yields a line for each handoff whose trigger has criteria or ever occurred, in the playbook's order."""
    waits: dict[HandoffKey, list[TriggerWait]] = {}
    for trigger, wait in triggers:
        waits.setdefault((trigger.stage, trigger.handoff), []).append(wait)
    for key, handoff in handoffs.items():
        if key in waits or (handoff.trigger and handoff.trigger.when):
            figures = wait_figures(waits.get(key, []))
            yield WaitLine(
                handoff.key, handoff.from_stage, handoff.to, figures.seen, figures.handed_off, figures.still_waiting,
                figures.median, figures.low, figures.high, figures.p85_completed,
            )  # fmt: skip


def _longest_first(line: WaitingLine) -> tuple[bool, float, str]:
    return line.days is None, -(line.days or 0.0), line.ref


def _newest_first(
    context: ReportContext, lines: Iterable[Line], moment_of: Callable[[Line], Moment | None]
) -> list[Line]:
    """Sorts lines by their moment, newest first; those whose moment is not known come last."""
    dated: list[tuple[Moment, Line]] = []
    undated: list[Line] = []
    for line in lines:
        moment = moment_of(line)
        if moment:
            dated.append((moment, line))
        else:
            undated.append(line)
    dated.sort(key=lambda entry: sort_key(entry[0], context.clock.zone), reverse=True)
    return [line for _, line in dated] + undated
