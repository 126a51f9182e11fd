"""The report on won deals: each signal at the landmark, won against lost, and the score at the gate."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.deals.stays_query import deal_names
from handoffctl.playbook.criteria import DealState, Truth
from handoffctl.playbook.criteria.score import most_points
from handoffctl.reports.context import ReportContext, ReportHead
from handoffctl.reports.won import query as won_query
from handoffctl.reports.won.bands import ScoreBand, ScoredEnd, score_bands
from handoffctl.reports.won.entries import ENDED_SHARE, LANDMARK, Compared, Entry, choose
from handoffctl.reports.won.known import History, clock_after, facts_at
from handoffctl.reports.won.landmark import landmark_stage
from handoffctl.reports.won.signals import is_dated, judge, names_used
from handoffctl.stats.constants import FEWEST_ENDED
from handoffctl.stats.signal_verdict import NO_VERDICT, SignalCounts, SignalVerdict, judge_signals


class WonSignal(NamedTuple):
    """A signal with its counts among the deals for which it was known, and what can be said of it.

    `won_deals` and `lost_deals` name the deals that had it.
    """

    signal: str
    label: str
    counts: SignalCounts
    verdict: SignalVerdict
    won_deals: list[str]
    lost_deals: list[str]


class WonReport(NamedTuple):
    """The deals compared and the signals, most telling first. `not_judged` looks at what is kept without its moment.

    `settled` is False while less than 80 % of the old enough entries have ended; then there are no verdicts.
    `scores` covers all old enough entries that were won or lost, also before the landmark; `without_score` of them were
    not handed into the stage with a score.
    """

    head: ReportHead
    stage: str
    landmark_days: int
    won: int
    lost: int
    put_aside: int
    still_open: int
    moved: int
    closed_early: int
    too_recent: int
    undated: int
    test: int
    same_account: int
    old_after_days: float | None
    ended_share: float | None
    settled: bool
    signals: list[WonSignal]
    not_judged: list[str]
    scores: list[ScoreBand]
    without_score: int
    won_deals: list[str]
    lost_deals: list[str]

    @property
    def enough(self) -> bool:
        """True if enough deals ended to compare them; below that the report names deals and counts nothing."""
        return self.settled and min(self.won, self.lost) >= FEWEST_ENDED


class _Judged(NamedTuple):
    """A compared entry, and for each signal whether it held at the landmark."""

    entry: Entry
    truths: dict[str, Truth]


def build(context: ReportContext, stage: str = "") -> WonReport:
    """Computes the report for a stage by its name or title, else for the default. Raises NotFound for the stage."""
    playbook = context.playbook
    stage = landmark_stage(playbook, stage)
    compared = choose(won_query.stays(context.query), playbook.playbook, stage, context.window)
    ends = [entry.end for entry in compared.entries]
    settled = compared.ended_share is not None and compared.ended_share >= ENDED_SHARE
    names = _names(context, compared.entries)
    scores, without_score = _scores(context, compared, stage)
    return WonReport(
        context.head, stage, LANDMARK, ends.count("won"), ends.count("lost"), ends.count("nurture"), ends.count("open"),
        ends.count("moved"),
        compared.closed_early, compared.too_recent, compared.undated, compared.test, compared.same_account,
        compared.old_after, compared.ended_share, settled,
        _signals(context, compared, settled, names),
        [name for name, signal in playbook.signals.items() if not is_dated(signal, playbook)],
        scores, without_score, _named(names, compared.entries, "won"), _named(names, compared.entries, "lost"),
    )  # fmt: skip


def _scores(context: ReportContext, compared: Compared, stage: str) -> tuple[list[ScoreBand], int]:
    """Returns the bands of the score at the gate, and how many deals were not handed into the stage with one."""
    scores = won_query.scores(context.query, context.playbook.playbook, stage)
    ended = [entry for entry in compared.old if entry.end in ("won", "lost")]
    scored = [ScoredEnd(scores[one.left], one.end == "won") for one in ended if one.left in scores]
    return score_bands(scored, most_points(context.playbook.signals)), len(ended) - len(scored)


def _named(names: dict[int, str], entries: Iterable[Entry], end: str) -> list[str]:
    return [names[entry.deal] for entry in entries if entry.end == end]


def _names(context: ReportContext, entries: list[Entry]) -> dict[int, str]:
    deals = [entry.deal for entry in entries if entry.end in ("won", "lost")]
    return {deal: name.ref for deal, name in deal_names(context.query, deals).items()} if deals else {}


def _signals(context: ReportContext, compared: Compared, settled: bool, names: dict[int, str]) -> list[WonSignal]:
    signals = {name: signal for name, signal in context.playbook.signals.items() if is_dated(signal, context.playbook)}
    judged = _judge(context, compared)
    counts = [_counts(judged, name) for name in signals]
    verdicts = judge_signals(counts) if settled else [NO_VERDICT] * len(counts)
    rows = []
    for name, count, verdict in zip(signals, counts, verdicts, strict=True):
        had = [one.entry for one in judged if one.truths[name]]
        won, lost = _named(names, had, "won"), _named(names, had, "lost")
        rows.append(WonSignal(name, signals[name].label or name, count, verdict, won, lost))
    return sorted(rows, key=lambda row: -abs(row.verdict.log_odds or 0))


def _judge(context: ReportContext, compared: Compared) -> list[_Judged]:
    """Returns each won or lost entry with its signals as of the landmark."""
    playbook = context.playbook
    signals = {name: signal for name, signal in playbook.signals.items() if is_dated(signal, playbook)}
    ended = [entry for entry in compared.entries if entry.end in ("won", "lost")]
    history = _history(context) if signals and ended else History((), {}, {})
    judged = []
    for entry in ended:
        clock = clock_after(entry.entered_at, LANDMARK, context.clock)
        state = DealState(playbook, facts_at(history, entry.account, entry.deal, clock), clock)
        judged.append(_Judged(entry, {name: judge(signal, state) for name, signal in signals.items()}))
    return judged


def _history(context: ReportContext) -> History:
    """Reads all that was ever known; what no signal looks at is left out, because it takes long to read."""
    query, names = context.query, names_used(context.playbook.signals.values(), context.playbook)
    built_in = any(name.startswith(("deal.", "account.")) for name in names)
    contacts = any(name.startswith("contact.") for name in names)
    return History(
        (won_query.known_values(query), *([won_query.built_in_values(query)] if built_in else [])),
        won_query.contact_versions(query) if contacts else {},
        won_query.touches(query),
    )


def _counts(judged: list[_Judged], name: str) -> SignalCounts:
    won, lost = (
        [one.truths[name] for one in judged if one.entry.end == end and one.truths[name] is not None]
        for end in ("won", "lost")
    )
    return SignalCounts(sum(map(bool, won)), len(won), sum(map(bool, lost)), len(lost))
