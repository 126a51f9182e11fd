"""Renders the report on promises between teams: a sentence for each, then the breaches and what is still open."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.core.moments import Moment
from handoffctl.playbook.describe_rules import share
from handoffctl.reports.sla.report import Breach, PromiseLine, SlaReport
from handoffctl.stats.constants import FEWEST_DUE
from handoffctl.stats.promise_verdict import PromiseWord

MOST_LISTED = 10  # in each table for people, without --breaches


def render(result: SlaReport, breaches: bool = False, explain: bool = False) -> Report:
    """Returns the report as sentences and tables; all breaches with `breaches`, the numbers with `explain`."""
    says = _sentences(result)
    parts = [Part(_breaches(result, breaches), "Breaches, the newest first")] if result.breaches else []
    parts += [Part(_open(result), "Not due yet")] if result.open and not breaches else []
    parts += [Part(_explained(result), "Why")] if explain and result.promises else []
    return Report("Promises between teams", parts, _figures(result), [*says, *_left_out(result)])


def _sentences(result: SlaReport) -> list[str]:
    """Returns a sentence for each promise, or one if there is none, or nothing to keep it by."""
    if not result.promises:
        return [
            f"The playbook {result.head.playbook} has no promises between teams (sla), so there is nothing to keep."
        ]
    if not any(line.due or line.open or line.void for line in result.promises):
        number = len(result.promises)
        which = f"any of the {number} promises" if number > 1 else "the promise"
        when = "in this time" if result.head.limited else "yet"
        return [f"No deal has come under {which} of {result.head.playbook} {when}."]
    return [sentence(line) for line in result.promises]


def sentence(line: PromiseLine) -> str:
    """Returns the fact, then the word for the habit: `picked-up: 85% (17 of 20), promised 90%: 1 too many late.`"""
    if line.share is None:
        return f"{line.name}: nothing is due yet, promised {share(line.promised)}{_others(line)}."
    fact = f"{line.name}: {line.share:.0%} ({line.kept:,} of {line.due:,}), promised {share(line.promised)}"
    if line.verdict == PromiseWord.NOT_ENOUGH:
        return f"{fact}; {line.verdict}: {line.due} of {FEWEST_DUE}{_others(line)}."
    if line.verdict == PromiseWord.MOSTLY_VOID:
        return f"{fact}; no verdict, {line.verdict}{_others(line)}."
    late = f": {line.too_many_late:,} too many late" if line.too_many_late else ""
    return f"{fact}{late}; {line.verdict}{_others(line)}."


def _others(line: PromiseLine) -> str:
    void = f"; void {line.void:,} ({line.void_share:.0%})" if line.void and line.void_share is not None else ""
    return void + (f"; {line.open:,} open" if line.open else "")


def _left_out(result: SlaReport) -> list[str]:
    to_oneself = sum(line.to_oneself for line in result.promises)
    counts = [
        (result.test, "on test accounts"),
        (result.undated, "without the date of their stage"),
        (result.imported, "imported, whose touches may be unknown"),
        (to_oneself, "where both sides are the same person"),
    ]
    said = [f"{count:,} {words}" for count, words in counts if count]
    return [f"Left out: {', '.join(said)}."] if said else []


def _breaches(result: SlaReport, every: bool) -> Table:
    shown = result.breaches if every else result.breaches[:MOST_LISTED]
    rows: list[list[Cell]] = [[breach.account, breach.promise, breach.owner, _late(breach)] for breach in shown]
    more = len(result.breaches) - len(shown)
    below = ["See one with: handoffctl show ACCOUNT"]
    below += [f"{more:,} more with: handoffctl report sla --breaches"] if more else []
    return Table(["account", "promise", "owner then", "late by"], rows, below)


def _late(breach: Breach) -> str:
    """Returns how late it was, and what may explain it: `3 d, not done; a weekend`."""
    return "; ".join([f"{_time(breach.late_days)}{_never(breach.done_at)}", *breach.why])


def _open(result: SlaReport) -> Table:
    rows: list[list[Cell]] = [
        [case.promise, case.account, case.owner, _time(case.days_left), case.command]
        for case in result.open[:MOST_LISTED]
    ]
    more = len(result.open) - MOST_LISTED
    return Table(
        ["promise", "account", "owner", "time left", "command"],
        rows,
        [f"{more:,} more are in --csv."] if more > 0 else [],
    )


def _explained(result: SlaReport) -> Table:
    rows: list[list[Cell]] = [
        [line.name, f"{line.kept:,} of {line.due:,}", _p(line.p), _p(line.adjusted_p),
         "-" if line.broken_at_most is None else line.broken_at_most, line.void]
        for line in result.promises
    ]  # fmt: skip
    below = [
        "p: how often so few are kept by chance, if the promise itself is kept (exact binomial); then by Holm.",
        "broken at: at most this many kept, if it were the only promise.",
    ]
    return Table(["promise", "kept", "p", "p by Holm", "broken at", "void"], rows, below)


def _figures(result: SlaReport) -> Table:
    """Returns one row per promise, breach and open case."""
    columns = ["row", "promise", "account", "owner", "kept", "due", "share", "promised", "verdict", "void", "open",
               "due_at", "done_at", "days", "why"]  # fmt: skip
    rows: list[list[Cell]] = [
        ["promise", line.name, None, None, line.kept, line.due, line.share, line.promised, line.verdict, line.void,
         line.open, None, None, None, None]
        for line in result.promises
    ]  # fmt: skip
    rows += [
        ["breach", breach.promise, breach.account, breach.owner, None, None, None, None, None, None, None, breach.due,
         breach.done_at, breach.late_days, ", ".join(breach.why)]
        for breach in result.breaches
    ]  # fmt: skip
    rows += [
        ["open", case.promise, case.account, case.owner, None, None, None, None, None, None, None, case.due, None,
         case.days_left, None]
        for case in result.open
    ]  # fmt: skip
    return Table(columns, rows)


def _never(done_at: Moment | None) -> str:
    return "" if done_at else ", not done"


def _time(days: float) -> str:
    """Returns a length of time in its two largest units: `1 d 3 h`, `40 min`."""
    minutes = round(days * 1440)
    hours, rest = divmod(minutes, 60)
    if hours >= 24:
        return f"{hours // 24} d" + (f" {hours % 24} h" if hours % 24 else "")
    return f"{hours} h" + (f" {rest} min" if rest else "") if hours else f"{rest} min"


def _p(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
