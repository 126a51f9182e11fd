"""The report on won deals: each signal at the landmark, won against lost."""

from typing import NamedTuple

from handoffctl.playbook.criteria import DealState
from handoffctl.playbook.model import Playbook
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.won import query as won_query
from handoffctl.reports.won.entries import ENDED_SHARE, LANDMARK, Compared, choose
from handoffctl.reports.won.signals import facts_at, is_dated, judge, landmark_clock
from handoffctl.stats.signal_verdict import NO_VERDICT, SignalCounts, SignalVerdict, judge_signals


class WonSignal(NamedTuple):
    """A signal with its counts among the deals for which it was known, and what can be said of it."""

    signal: str
    label: str
    counts: SignalCounts
    verdict: SignalVerdict


class WonReport(NamedTuple):
    """The deals compared and the signals, most telling first. `not_judged` looks at what is kept without its moment.

    `settled` is False while less than 80 % of the old enough entries have ended; then there are no verdicts.
    """

    head: ReportHead
    stage: str
    landmark_days: int
    won: int
    lost: int
    put_aside: int
    closed_early: int
    too_recent: int
    undated: int
    old_after_days: float | None
    ended_share: float | None
    settled: bool
    signals: list[WonSignal]
    not_judged: list[str]


def build(context: ReportContext) -> WonReport:
    """Computes the report."""
    playbook = context.playbook
    stage = landmark_stage(playbook)
    compared = choose(won_query.stays(context.query), playbook.playbook, stage, context.window)
    ends = [entry.end for entry in compared.entries]
    settled = compared.ended_share is not None and compared.ended_share >= ENDED_SHARE
    return WonReport(
        context.head, stage, LANDMARK, ends.count("won"), ends.count("lost"), ends.count("nurture"),
        compared.closed_early, compared.too_recent, compared.undated, compared.old_after, compared.ended_share, settled,
        _signals(context, compared, settled),
        [name for name, signal in playbook.signals.items() if not is_dated(signal, playbook)],
    )  # fmt: skip


def landmark_stage(playbook: Playbook) -> str:
    """Returns the second open stage of the playbook, or the only one."""
    stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
    return (stages[1:] or stages or [""])[0]


def _signals(context: ReportContext, compared: Compared, settled: bool) -> list[WonSignal]:
    playbook = context.playbook
    values, touches = won_query.known_values(context.query), won_query.touches(context.query)
    states = []
    for entry in compared.entries:
        clock = landmark_clock(entry.entered_at, LANDMARK, context.clock)
        facts = facts_at(values[entry.account], touches[entry.deal], entry.deal, clock)
        states.append((entry.end, DealState(playbook, facts, clock)))
    names = [name for name, signal in playbook.signals.items() if is_dated(signal, playbook)]
    counts = []
    for name in names:
        truths = [(end, judge(playbook.signals[name], state)) for end, state in states]
        won, lost = ([truth for end, truth in truths if end == side and truth is not None] for side in ("won", "lost"))
        counts.append(SignalCounts(sum(won), len(won), sum(lost), len(lost)))
    verdicts = judge_signals(counts) if settled else [NO_VERDICT] * len(counts)
    rows = [
        WonSignal(name, playbook.signals[name].label or name, count, verdict)
        for name, count, verdict in zip(names, counts, verdicts, strict=True)
    ]
    return sorted(rows, key=lambda row: -abs(row.verdict.log_odds or 0))
