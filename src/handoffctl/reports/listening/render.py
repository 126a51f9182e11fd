"""Renders the report on listening: who answers in time, what clients correct and are asked again, what felt ready."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.reports.listening.felt import FeltReadiness
from handoffctl.reports.listening.figures import ANSWERED_WITHIN, AnswerCounts
from handoffctl.reports.listening.report import ListeningReport

MAX_REF = 20
MAX_LACKED = 40
MOST_LISTED = 10  # deals on which gate and receiver disagree
MOST_NAMED = 3  # deals of a field that was asked again
IN_TIME = f"in {ANSWERED_WITHIN} days"


def render(result: ListeningReport) -> Report:
    """Returns the report as a sentence and tables."""
    parts = []
    if result.total.sent:
        parts.append(Part(_answers_table(result)))
    if any(item.corrected for item in result.corrections):
        parts.append(Part(_corrections_table(result), "What clients corrected"))
    if result.felt.said:
        parts.append(Part(_felt_table(result.felt), "What the gate said, and what the receiver said"))
    if result.felt.ready_but_not_enough or result.felt.open_but_enough:
        parts.append(Part(_disagreements(result.felt), "Where gate and receiver disagree"))
    if result.asked_twice:
        parts.append(Part(_asked_twice_table(result), "Asked again, although it was known"))
    return Report(
        "Listening",
        parts,
        _figures(result),
        [_intro(result), *_uncorrected(result), *_announced(result), *_left_out(result)],
    )


def _intro(result: ListeningReport) -> str:
    total = result.total
    if not total.sent:
        return f"No summary {'was sent in this time' if result.head.limited else 'has been sent yet'}."
    if not total.due:
        return f"{total.sent:,} sent, all of them less than {ANSWERED_WITHIN} working days ago."
    in_time = (
        f"{total.within_five_days:,} of {total.due:,} summaries were answered within {ANSWERED_WITHIN} working days"
    )
    return f"{in_time} ({_percent(total.share)})."


def _uncorrected(result: ListeningReport) -> list[str]:
    corrected = any(item.corrected for item in result.corrections)
    return ["No client has corrected anything."] if result.total.answered and not corrected else []


def _announced(result: ListeningReport) -> list[str]:
    """Returns how many of those due were answered in time, announced against not announced."""
    yes, no = result.announced, result.not_announced
    if not (yes.due and no.due):
        return []
    return [
        f"Answered within {ANSWERED_WITHIN} working days: announced {yes.due:,}, answered {yes.within_five_days:,}; "
        f"not announced {no.due:,}, answered {no.within_five_days:,}."
    ]


def _left_out(result: ListeningReport) -> list[str]:
    counts = [(result.felt.test, "answer"), (result.asked_twice_test, "report of a field asked again")]
    said = [_counted(count, words) for count, words in counts if count]
    return [f"Left out on test accounts: {', '.join(said)}."] if said else []


def _felt_table(felt: FeltReadiness) -> Table:
    rows: list[list[Cell]] = [
        ["nothing was missing", felt.ready_enough, felt.ready_not_enough],
        ["something was missing", felt.open_enough, felt.open_not_enough],
    ]
    unsaid = [f"The receiver has not said it of {_counted(felt.unsaid, 'more handoff')}."] if felt.unsaid else []
    below = ["missing: an item that the handoff asks for. The next step is not counted.", *unsaid]
    return Table(["by the gate", "enough to begin", "not enough"], rows, below)


def _disagreements(felt: FeltReadiness) -> Table:
    """Returns the newest deals that were ready and not enough, then those that were enough with something open."""
    cases = [("not enough", deal) for deal in felt.ready_but_not_enough]
    cases += [("enough, with something missing", deal) for deal in felt.open_but_enough]
    rows: list[list[Cell]] = [
        [cut_short(deal.ref, MAX_REF), felt_as, cut_short(deal.lacked, MAX_LACKED) or "-"]
        for felt_as, deal in cases[:MOST_LISTED]
    ]
    more = len(cases) - MOST_LISTED
    below = ["See one with: handoffctl show ACCOUNT", *([f"{more:,} more are in --csv."] if more > 0 else [])]
    return Table(["deal", "the receiver said", "what was missing"], rows, below)


def _asked_twice_table(result: ListeningReport) -> Table:
    rows: list[list[Cell]] = [
        [cut_short(item.label, MAX_REF), item.times, _deals(item.deals)] for item in result.asked_twice
    ]
    below = ["Counted is what people report with accept and touch --asked-twice. See one with: handoffctl show ACCOUNT"]
    return Table(["field", "times", "deals"], rows, below)


def _deals(refs: Sequence[str]) -> str:
    shown = ", ".join(cut_short(ref, MAX_REF) for ref in refs[:MOST_NAMED])
    return shown + (f" and {len(refs) - MOST_NAMED:,} more" if len(refs) > MOST_NAMED else "")


def _groups(result: ListeningReport) -> list[tuple[str, AnswerCounts]]:
    """Returns the groups that summaries were sent in, each under its name."""
    named = [("yes", result.announced), ("no", result.not_announced), ("not recorded", result.unknown)]
    return [(name, counts) for name, counts in named if counts.sent]


def _answers_table(result: ListeningReport) -> Table:
    rows: list[list[Cell]] = [
        [name, counts.sent, counts.answered, counts.within_five_days, _percent(counts.share)]
        for name, counts in _groups(result)
    ]
    below = [
        "announced: the client agreed at the end of the call to answer it. share: of those that were answered, "
        f"or sent more than {ANSWERED_WITHIN} working days ago."
    ]
    return Table(["announced", "sent", "answered", IN_TIME, "share"], rows, below)


def _corrections_table(result: ListeningReport) -> Table:
    rows: list[list[Cell]] = [
        [item.head, item.corrected, _percent(item.share), _deals(item.deals) or "-"] for item in result.corrections
    ]
    below = ["share: of the summaries that were answered. See one with: handoffctl show ACCOUNT"]
    return Table(["head", "corrected", "share", "deals"], rows, below)


def _figures(result: ListeningReport) -> Table:
    """Returns one row per group, per head, per cell of felt readiness, per disagreement, and per field asked again."""
    columns = ["kind", "name", "sent", "answered", "within_five_days", "due", "corrected", "share", "count", "deals",
               "lacked"]  # fmt: skip
    groups = [("total", result.total), *_groups(result)]
    rows: list[list[Cell]] = [
        ["announced", name, counts.sent, counts.answered, counts.within_five_days, counts.due, None, counts.share]
        for name, counts in groups
    ]
    rows += [
        ["head", item.head, None, None, None, None, item.corrected, item.share, None, ", ".join(item.deals)]
        for item in result.corrections
    ]
    felt, empty = result.felt, [None] * 6
    cells = [
        ("ready, enough", felt.ready_enough), ("ready, not enough", felt.ready_not_enough),
        ("open, enough", felt.open_enough), ("open, not enough", felt.open_not_enough), ("not said", felt.unsaid),
    ]  # fmt: skip
    rows += [["felt", name, *empty, count] for name, count in cells if felt.said]
    for name, deals in (("ready, not enough", felt.ready_but_not_enough), ("open, enough", felt.open_but_enough)):
        rows += [["felt deal", name, *empty, None, deal.ref, deal.lacked] for deal in deals]
    rows += [["asked twice", item.field, *empty, item.times, ", ".join(item.deals)] for item in result.asked_twice]
    return Table(columns, [[*row, *[None] * (len(columns) - len(row))] for row in rows])


def _counted(count: int, one: str) -> str:
    first, space, rest = one.partition(" of ")
    return f"{count:,} {first}{'' if count == 1 else 's'}{space}{rest}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
