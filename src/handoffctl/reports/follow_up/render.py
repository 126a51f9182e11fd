"""Renders the follow-up report: each stage with a guideline, then the answers by attempt."""

from collections.abc import Sequence

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share
from handoffctl.core.json_record import json_object
from handoffctl.reports.follow_up.figures import AttemptFigures, FollowUpFigures
from handoffctl.reports.follow_up.report import FollowUpReport

MAX_WIDTH = 18
MAX_ATTEMPTS = 12
COLUMNS = ("stays", "kept", "in time", "first", "spacing", "lost", "early", "late", "answered", "attempts")
NOTES = (
    "kept: the share of stays in which nothing was done against the guideline. in time: first responses in time. "
    "first: the median time to the first response; those that wait count.",
    "spacing: attempts that came no later after the last touch than agreed. lost: closed as lost, unanswered.",
    "early: lost with fewer attempts than agreed, for no reason that waives them. late: decided, or still "
    "open, more than one interval after everything was tried.",
    "answered: stays with an answer after an attempt. attempts: the median until the answer; those without one count.",
)
ATTEMPT_NOTES = ("share: of those who were tried so often, how many answered then, before the next attempt.",)
GROUPS = {
    "first_response": ("told", "in_time", "share", "responded", "waiting", "median_days", "median_days_low",
                       "median_days_high"),
    "spacing": ("told", "kept", "share"),
    "given_up": ("stays", "enough", "waived", "too_early"),
    "decided": ("told", "too_late", "still_open"),
    "answer": ("answered", "by_themselves", "unanswered", "median", "low", "high"),
}  # fmt: skip


def render(result: FollowUpReport) -> Report:
    """Returns the report as a sentence and tables."""
    parts = []
    if result.all.stays:
        rows = [_row(cut_short(stage.title, MAX_WIDTH), stage.figures) for stage in result.stages]
        rows += [_row("all", result.all)] if len(result.stages) > 1 else []
        parts.append(Part(Table(["stage", *COLUMNS], rows, NOTES, give_way=("lost", "spacing"))))
    if result.all.answer.by_attempt:
        parts.append(Part(_attempts_table(result.all.answer.by_attempt), "Answers by attempt"))
    return Report("Follow-up", parts, _csv_table(result), [_intro(result)])


def _intro(result: FollowUpReport) -> str:
    figures = result.all
    if not result.stages:
        return (
            f"No stage of the playbook {result.head.playbook} says how it is followed up. "
            "Add to one: follow_up: {first_within: 4h, attempts: 5, within: 14d, every: 3d}"
        )
    if not figures.stays:
        return "No deal has been in a stage with follow_up " + ("in this time." if result.head.limited else "yet.")
    if not figures.told:
        return "It is too early to say if deals are followed up in time."
    faults = []
    if count := figures.given_up.too_early:
        faults.append(f"{count:,} given up too early")
    if count := figures.decided.too_late:
        still_open = figures.decided.still_open
        faults.append(f"{count:,} decided too late" + (f" ({still_open:,} still open)" if still_open else ""))
    kept = f"{figures.kept:,} of {figures.told:,}"
    return f"The guideline was kept in {kept} stays ({share(figures.compliance)})" + (
        f"; {', '.join(faults)}." if faults else "."
    )


def _row(name: str, figures: FollowUpFigures) -> list[Cell]:
    first, answer = figures.first_response, figures.answer
    return [
        name, figures.stays, share(figures.compliance), share(first.share), _duration(first.median_days),
        share(figures.spacing.share), figures.given_up.stays, figures.given_up.too_early,
        figures.decided.too_late, answer.answered, answer.median,
    ]  # fmt: skip


def _duration(days: float | None) -> str:
    """Returns a length of time in minutes, hours or days."""
    if days is None:
        return "-"
    if days < 1 / 24:
        return f"{days * 1440:.0f} min"
    return f"{days * 24:.1f} h" if days < 2 else f"{days:,.1f} days"


def _attempts_table(attempts: Sequence[AttemptFigures]) -> Table:
    total = len(attempts)
    more = [f"Further attempts, up to {total}: --json has them."] if total > MAX_ATTEMPTS else []
    rows: list[list[Cell]] = [
        [row.attempt, row.made, row.answered, share(row.share)] for row in attempts[:MAX_ATTEMPTS]
    ]
    return Table(["attempt", "made", "answered", "share"], rows, [*ATTEMPT_NOTES, *more])


def _csv_table(result: FollowUpReport) -> Table:
    """Returns one row per stage and one for all of them, with every figure."""
    columns = ["stage", "title", "stays", "told", "kept", "compliance"]
    columns += [f"{group}_{name}" for group, names in GROUPS.items() for name in names]
    rows = [_csv_row(stage.stage, stage.title, stage.figures) for stage in result.stages]
    return Table(columns, [*rows, _csv_row("all", "all", result.all)])


def _csv_row(stage: str, title: str, figures: FollowUpFigures) -> list[Cell]:
    values = json_object(figures)
    grouped = [values[group][name] for group, names in GROUPS.items() for name in names]
    return [stage, title, figures.stays, figures.told, figures.kept, figures.compliance, *grouped]
