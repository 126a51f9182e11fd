"""The report on following up as tables: each stage with its guideline, then the attempts until the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short, share

LONGEST_TITLE = 18
MOST_ATTEMPTS = 12
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


def paper(found: Mapping[str, Any]) -> Report:
    """What `actions.reporting.follow_up` found, on paper."""
    stages, together = found["stages"], found["all"]
    parts = []
    if together["stays"]:
        rows = [_row(cut_short(one["title"], LONGEST_TITLE), one) for one in stages]
        rows += [_row("all", together)] if len(stages) > 1 else []
        parts.append(Part(Table(["stage", *COLUMNS], rows, NOTES, give_way=("lost", "spacing"))))
    if together["answer"]["by_attempt"]:
        parts.append(Part(_attempts(together["answer"]["by_attempt"]), "Answers by attempt"))
    return Report("Follow-up", parts, _figures(found), [_said(found)])


def _said(found: Mapping[str, Any]) -> str:
    together = found["all"]
    if not found["stages"]:
        return (
            f"No stage of the playbook {found['playbook']} says how it is followed up. "
            "Add to one: follow_up: {first_within: 4h, attempts: 5, within: 14d, every: 3d}"
        )
    if not together["stays"]:
        return "Nothing to follow up was begun " + ("in this time." if "since" in found or "until" in found else "yet.")
    if not together["told"]:
        return "It is too early to say how the guidelines are kept."
    wrong = []
    if count := together["given_up"]["too_early"]:
        wrong.append(f"{count:,} given up too early")
    if count := together["decided"]["too_late"]:
        still = together["decided"]["still_open"]
        wrong.append(f"{count:,} decided too late" + (f" ({still:,} still open)" if still else ""))
    of = f"{together['kept']:,} of {together['told']:,}"
    return f"The guideline was kept in {of} stays ({share(together['compliance'])})" + (
        f"; {', '.join(wrong)}." if wrong else "."
    )


def _row(called: str, one: Mapping[str, Any]) -> list[Cell]:
    first, answer = one["first_response"], one["answer"]
    return [
        called, one["stays"], share(one["compliance"]), share(first["share"]), _time(first["median_days"]),
        share(one["spacing"]["share"]), one["given_up"]["stays"], one["given_up"]["too_early"],
        one["decided"]["too_late"], answer["answered"], answer["median"],
    ]  # fmt: skip


def _time(days: float | None) -> str:
    """A length of time in minutes, hours or days, as people say it."""
    if days is None:
        return "-"
    if days < 1 / 24:
        return f"{days * 1440:.0f} min"
    return f"{days * 24:.1f} h" if days < 2 else f"{days:,.1f} days"


def _attempts(rows: Sequence[Mapping[str, Any]]) -> Table:
    more = [f"Further attempts, up to {len(rows)}: --json has them."] if len(rows) > MOST_ATTEMPTS else []
    shown: list[list[Cell]] = [
        [row["attempt"], row["made"], row["answered"], share(row["share"])] for row in rows[:MOST_ATTEMPTS]
    ]
    return Table(["attempt", "made", "answered", "share"], shown, [*ATTEMPT_NOTES, *more])


def _figures(found: Mapping[str, Any]) -> Table:
    """One row a stage and one for all of them, with every figure; for CSV."""
    columns = ["stage", "title", "stays", "told", "kept", "compliance"]
    columns += [f"{group}_{name}" for group, names in GROUPS.items() for name in names]
    rows: list[list[Cell]] = []
    for one in [*found["stages"], {"stage": "all", "title": "all", **found["all"]}]:
        figures = [one[group][name] for group, names in GROUPS.items() for name in names]
        rows.append([*(one[name] for name in columns[:6]), *figures])
    return Table(columns, rows)
