"""Renders the report on won deals: what was compared, a table of the signals, and the score at the gate."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.reports.won.report import WonReport, WonSignal
from handoffctl.stats.constants import FEWEST_ENDED
from handoffctl.stats.signal_verdict import SignalWord

MOST_NAMED = 3  # deals in one sentence
WORDS = {
    SignalWord.NEARLY_ALL: "nearly all have it, so it tells nothing",
    SignalWord.NEARLY_NONE: "hardly any has it, so it tells nothing",
}
TELLING = (SignalWord.STANDS_OUT, SignalWord.WORTH_WATCHING)


def render(result: WonReport, explain: bool = False) -> Report:
    """Returns the report as sentences and tables; the numbers behind the words with `explain`."""
    parts = []
    if result.signals and (result.won or result.lost):
        parts.append(Part(_table(result, explain) if result.enough else _names_only(result)))
    if result.scores and result.enough:
        parts.append(Part(_scores(result), "Score at the gate"))
    if explain and result.signals and result.enough:
        parts.append(Part(_explained(result), "Why"))
    return Report("What won deals share", parts, _figures(result), _sentences(result))


def _sentences(result: WonReport) -> list[str]:
    if not result.signals and not result.not_judged:
        return [f"The playbook {result.head.playbook} has no signals, so there is nothing to compare."]
    few = [f"{count} of {FEWEST_ENDED} {end}" for count, end in _ends(result) if count < FEWEST_ENDED]
    said = [f"Not enough deals to compare yet: {' and '.join(few)}."] if few else [_compared(result)]
    if few and (result.won or result.lost):
        said.append(f"What each had {result.landmark_days} days after entering {result.stage} is listed here.")
    left_out = [f"{count:,} {words}" for count, words in _left_out(result) if count]
    said += [f"Left out: {', '.join(left_out)}."] if left_out else []
    if result.ended_share is not None and not result.settled:
        said.append(f"Not enough deals have ended yet: {result.ended_share:.0%} of the older ones, and it takes 80%.")
    said += [f"Not judged, kept without its moment: {', '.join(result.not_judged)}."] if result.not_judged else []
    return said


def _compared(result: WonReport) -> str:
    return (
        f"{result.won:,} won and {result.lost:,} lost, each as known {result.landmark_days} days after entering "
        f"{result.stage}. The report does not see deals that never passed the gate."
    )


def _left_out(result: WonReport) -> list[tuple[int, str]]:
    return [
        (result.put_aside, "put aside"),
        (result.closed_early, f"closed within {result.landmark_days} days"),
        (result.still_open, "still open"),
        (result.moved, "moved to another playbook"),
        (result.too_recent, "too recent"),
        (result.same_account, "later of the same account"),
        (result.undated, "without the dates of their stages"),
        (result.test, "on test accounts"),
    ]


def _ends(result: WonReport) -> list[tuple[int, str]]:
    return [(result.won, "won"), (result.lost, "lost")]


def _table(result: WonReport, explain: bool) -> Table:
    rows: list[list[Cell]] = [[row.label, *_known(row), in_points(row), in_words(row)] for row in result.signals]
    notes = ["won, lost: deals that had it, of those for which it is known.", *_unknown(result)]
    named = [row for row in result.signals if explain or row.verdict.word in TELLING]
    notes += _deals(named)
    return Table(["signal", "won", "lost", "points", ""], rows, notes)


def _names_only(result: WonReport) -> Table:
    """Returns the names of the signals and of the deals; too few deals have ended to count what they share."""
    rows: list[list[Cell]] = [[row.label] for row in result.signals]
    deals = [(end, names) for end, names in (("Won", result.won_deals), ("Lost", result.lost_deals)) if names]
    if min(result.won, result.lost) >= FEWEST_ENDED:  # enough of them, but too many are still open
        return Table(["signal"], rows)
    notes = [*(f"{end}: {_named(names)}." for end, names in deals), *_deals(result.signals)]
    return Table(["signal"], rows, notes)


def _known(row: WonSignal) -> list[Cell]:
    return [f"{row.counts.won_with:,} of {row.counts.won:,}", f"{row.counts.lost_with:,} of {row.counts.lost:,}"]


def _unknown(result: WonReport) -> list[str]:
    """Returns a sentence for each signal that was not known for all deals."""
    sentences = []
    for row in result.signals:
        sides = ((row.counts.won, result.won, "won"), (row.counts.lost, result.lost, "lost"))
        known = [f"{count:,} of {total:,} {end}" for count, total, end in sides if count < total]
        sentences += [f"{row.label}: known for {' and '.join(known)}."] if known else []
    return sentences


def _deals(signals: Sequence[WonSignal]) -> list[str]:
    """Returns a sentence for each signal with the deals that had it, and the command that opens one."""
    sentences = []
    for row in signals:
        sides = [("won", row.won_deals), ("lost", row.lost_deals)]
        had = [f"{end} {_named(names)}" for end, names in sides if names]
        sentences += [f"{row.label}: {'; '.join(had)}."] if had else []
    return [*sentences, "Open one with: handoffctl show DEAL"] if sentences else []


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def in_words(row: WonSignal) -> str:
    """Returns what can be said of a signal."""
    return WORDS.get(row.verdict.word, row.verdict.word.value)


def in_points(row: WonSignal) -> str:
    """Returns the difference in points with its interval: `+53 (16 to 74)`."""
    difference, low, high = row.verdict.difference, row.verdict.low, row.verdict.high
    if difference is None or low is None or high is None:
        return "-"
    points, least, most = (round(share * 100) for share in (difference, low, high))
    return f"{f'{points:+d}' if points else '0'} ({least} to {most})"


def _scores(result: WonReport) -> Table:
    rows: list[list[Cell]] = [
        [f"{band.from_} to {band.to}", band.n, band.won, f"{band.share:.0%}", f"{band.low:.0%} to {band.high:.0%}"]
        for band in result.scores
    ]
    notes = [f"points: the score with which a deal entered {result.stage}. Deals that ended early are counted too."]
    notes += [f"{result.without_score:,} entered it without a score."] if result.without_score else []
    return Table(["points", "deals", "won", "share", "95 %"], rows, notes)


def _explained(result: WonReport) -> Table:
    rows: list[list[Cell]] = [
        [row.label, _number(row.verdict.p), _number(row.verdict.q), _number(row.verdict.log_odds)]
        for row in result.signals
    ]
    least = max(result.old_after_days or 0, result.landmark_days)
    notes = [
        "p: Fisher's exact test. q: by Benjamini and Hochberg over the signals here; up to .05 one stands out, up to "
        ".20 it is worth watching. log odds: shrunk towards 0; the table is sorted by it.",
        f"Only entries at least {least:.0f} days old: by then 80% of the deals that ended had done so; of the older "
        f"ones {result.ended_share or 0:.0%} have ended.",
    ]
    return Table(["signal", "p", "q", "log odds"], rows, notes)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _figures(result: WonReport) -> Table:
    """Returns one row for each signal, then one for each band of scores, where won and lost count all its deals."""
    columns = ["row", "signal", "won_with", "won", "lost_with", "lost", "difference", "low", "high", "word", "p", "q",
               "log_odds"]  # fmt: skip
    rows: list[list[Cell]] = [
        ["signal", row.signal, *row.counts, row.verdict.difference, row.verdict.low, row.verdict.high,
         row.verdict.word.value, row.verdict.p, row.verdict.q, row.verdict.log_odds]
        for row in result.signals
    ]  # fmt: skip
    rows += [
        ["score", f"{band.from_} to {band.to}", None, band.won, None, band.n - band.won, None, band.low, band.high,
         None, None, None, None]
        for band in result.scores
    ]  # fmt: skip
    return Table(columns, rows)
