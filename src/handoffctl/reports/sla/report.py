"""The report on promises between teams: each with its share, verdict and open cases, and the breaches."""

from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between
from handoffctl.deals.stays_query import DealName, deal_names
from handoffctl.people.query import absences
from handoffctl.playbook.sections import Agreement
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.sla.cases import SlaHistory
from handoffctl.reports.sla.figures import (
    WITHIN,
    JudgedCase,
    PromiseState,
    count_states,
    judge_case,
    reasons,
    with_absence,
)
from handoffctl.stats.promise_verdict import PromiseCounts, PromiseVerdict, judge_promises


class PromiseLine(NamedTuple):
    """The figures of one promise. `share` is None if none is due; `within_days` is of working time.

    `void_share` is the part of the cases past due that was closed, undone or taken over before. `early` counts those
    that were kept while their due moment is still to come. `to_oneself` counts handoffs that nobody need accept.
    """

    name: str
    giver: str
    taker: str
    promise: str
    measure: str
    within_days: float
    promised: float
    kept: int
    due: int
    share: float | None
    too_many_late: int
    verdict: str
    void: int
    void_share: float | None
    open: int
    early: int
    to_oneself: int
    p: float | None
    adjusted_p: float | None
    broken_at_most: int | None


class OpenPromise(NamedTuple):
    """A case that is not due yet; `days_left` counts calendar days."""

    promise: str
    account: str
    deal: str
    owner: str
    started_at: Moment
    due: Moment
    days_left: float
    command: str


class Breach(NamedTuple):
    """A case that was not kept in time. `late_days` counts calendar days, up to now while it is not done.

    `done_at` is None if it was never done.
    """

    promise: str
    account: str
    deal: str
    owner: str
    started_at: Moment
    due: Moment
    done_at: Moment | None
    late_days: float
    why: list[str]
    command: str


class SlaReport(NamedTuple):
    """The promises in the playbook's order, the open cases by due moment, and the breaches, the newest first.

    Three counts are in no figure: cases on `test` accounts, `undated` ones, and those of stays that were `imported`, in
    which not all that was done may be known.
    """

    head: ReportHead
    promises: list[PromiseLine]
    open: list[OpenPromise]
    breaches: list[Breach]
    test: int
    undated: int
    imported: int


class JudgedPromise(NamedTuple):
    """A promise with all its cases, and what was left out of them."""

    name: str
    agreement: Agreement
    cases: list[JudgedCase]
    to_oneself: int
    test: int
    undated: int
    imported: int


def build(context: ReportContext) -> SlaReport:
    """Computes the report."""
    away = absences(context.query)
    history = SlaHistory(context.query, context.playbook, context.window)
    judged = [judge_agreement(context, history, away, *rule) for rule in context.playbook.sla.items()]
    counts = [_counts(one) for one in judged]
    lines = [_line(one, verdict) for one, verdict in zip(judged, judge_promises(counts), strict=True)]
    listed = [(one.name, case) for one in judged for case in one.cases]
    deals = sorted({case.case.deal for _, case in listed})
    names = deal_names(context.query, deals) if deals else {}
    open_cases = [
        _open(context, name, case, names[case.case.deal]) for name, case in listed if case.state == PromiseState.OPEN
    ]
    breaches = [
        _breach(context, away, name, case, names[case.case.deal])
        for name, case in listed
        if case.state == PromiseState.LATE
    ]
    return SlaReport(
        context.head,
        lines,
        sorted(open_cases, key=lambda case: (case.due, case.account, case.promise)),
        sorted(breaches, key=lambda breach: (breach.due, breach.account, breach.promise), reverse=True),
        sum(one.test for one in judged),
        sum(one.undated for one in judged),
        sum(one.imported for one in judged),
    )


def judge_agreement(
    context: ReportContext, history: SlaHistory, away: dict[str, tuple[str, str]], name: str, agreement: Agreement
) -> JudgedPromise:
    """Returns the cases of one agreement that began in the window, each with what became of it."""
    within = WITHIN if agreement.within is None else agreement.within
    cases: list[JudgedCase] = []
    to_oneself, test, undated, imported = 0, 0, 0, 0
    for found in history.found(agreement):
        if found.start is None:
            undated += not found.stay.test
        elif not context.window.contains(found.start.at):
            continue
        elif found.stay.test:
            test += 1
        elif found.stay.imported and found.handoff is None:
            imported += 1
        elif agreement.measure == "accepted" and (
            found.handoff is None or found.handoff.sender == found.handoff.receiver
        ):
            to_oneself += found.handoff is not None
        else:
            week = with_absence(context.home.week, away.get(found.owner))
            cases.append(judge_case(history.case(agreement, found, found.start), within, week, context.clock))
    return JudgedPromise(name, agreement, cases, to_oneself, test, undated, imported)


def _counts(judged: JudgedPromise) -> PromiseCounts:
    states = count_states(judged.cases)
    kept = states[PromiseState.KEPT]
    promised = 1.0 if judged.agreement.share is None else judged.agreement.share
    return PromiseCounts(kept, kept + states[PromiseState.LATE], promised, states[PromiseState.VOID])


def _line(judged: JudgedPromise, verdict: PromiseVerdict) -> PromiseLine:
    agreement, states = judged.agreement, count_states(judged.cases)
    kept, due, promised, void = _counts(judged)
    return PromiseLine(
        judged.name, agreement.giver, agreement.taker, agreement.promise, agreement.measure,
        WITHIN if agreement.within is None else agreement.within, promised, kept, due, kept / due if due else None,
        verdict.too_many_late, verdict.word.value, void, void / (due + void) if due + void else None,
        states[PromiseState.OPEN], states[PromiseState.EARLY], judged.to_oneself, verdict.p, verdict.adjusted_p,
        verdict.broken_at_most,
    )  # fmt: skip


def _open(context: ReportContext, promise: str, judged: JudgedCase, name: DealName) -> OpenPromise:
    case, clock = judged.case, context.clock
    left = days_between(clock.now, judged.due, clock.zone)
    return OpenPromise(
        promise,
        name.account,
        name.deal,
        case.owner,
        case.start.at,
        judged.due,
        round(left, 4),
        f"handoffctl show {name.ref}",
    )


def _breach(
    context: ReportContext, away: dict[str, tuple[str, str]], promise: str, judged: JudgedCase, name: DealName
) -> Breach:
    case, clock = judged.case, context.clock
    until = case.done.at if case.done else case.end.at if case.end else clock.now
    late = days_between(judged.due, until, clock.zone)
    return Breach(
        promise, name.account, name.deal, case.owner, case.start.at, judged.due, case.done.at if case.done else None,
        round(late, 4), reasons(judged, context.home.week, away.get(case.owner), clock), f"handoffctl show {name.ref}",
    )  # fmt: skip
