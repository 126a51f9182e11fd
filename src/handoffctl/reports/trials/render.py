"""Renders the report on trials: a sentence and the deals for each, then what to leave out next."""

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table
from handoffctl.reports.trials.figures import Outcomes
from handoffctl.reports.trials.report import BeforeAfter, TrialLine, TrialsReport

STATES = {"running": "running", "keep_out": "kept out", "put_back": "put back", "stopped": "stopped"}


def render(result: TrialsReport) -> Report:
    """Returns the report as sentences and tables."""
    says = [sentence(line, result.currency) for line in result.trials]
    if not says:
        says.append(f"Nothing was left out on trial {'in this time' if result.head.limited else 'so far'}.")
    parts = [Part(_deals_table(line), f"{line.label}: deals") for line in result.trials if line.deals]
    if result.candidates:
        parts.append(Part(candidates_table(result), "What could be left out next"))
    else:
        says.append(
            "There is nothing to propose for a trial yet: no missing item has been answered and timed at a handoff."
        )
    return Report("Left out on trial", parts, _figures(result), says)


def sentence(line: TrialLine, currency: str) -> str:
    """Returns what a trial shows, in a sentence or two."""
    said = [f"{line.label} ({line.name}), {line.mode}, {STATES[line.state]}: {line.says}."]
    if line.step:
        said.append(_step(line.step))
    if line.saved_seconds:
        money = "" if line.saved_money is None else f" ({line.saved_money:,.2f} {currency})".replace(" )", ")")
        said.append(f"It saved {line.saved_seconds:.0f} seconds{money} in the last 30 days.")
    return " ".join(said)


def _step(step: BeforeAfter) -> str:
    if not step.before.total:
        return "No deal that went this way before has had its 30 days, so there is nothing to compare with."
    if not step.after.total:
        before = f"Before, {_of(step.before)} were returned or lost within 30 days."
        return f"{before} No deal without it has had its 30 days yet."
    return f"Returned or lost within 30 days: {_of(step.before)} before, {_of(step.after)} without it; {step.caution}."


def _of(outcomes: Outcomes) -> str:
    return f"{outcomes.failed} of {outcomes.total}"


def _deals_table(line: TrialLine) -> Table:
    words = {True: "missed", False: "not missed", None: "not known yet"}
    rows: list[list[Cell]] = [[deal.deal, deal.arm, words[deal.missed], deal.command] for deal in line.deals]
    return Table(["deal", "item", "missed", "open it with"], rows)


def candidates_table(result: TrialsReport) -> Table:
    """Returns the items that take the most time, with the command that tries without the first."""
    rows: list[list[Cell]] = [
        [
            each.label,
            each.name,
            None if each.seconds is None else round(each.seconds),
            f"{each.missing} of {each.asked}",
            each.seconds_a_handoff,
        ]
        for each in result.candidates
    ]
    notes = ["seconds: the median to answer. a handoff: seconds times the share of first tries at which it is missing."]
    if result.candidates[0].of_playbook:
        notes.append("The playbook names the first one.")
    notes.append(f"Try without the first: handoffctl trial start {result.candidates[0].name}")
    return Table(["item", "name", "seconds", "missing", "a handoff"], rows, notes)


def _figures(result: TrialsReport) -> Table:
    columns = [
        "name", "label", "mode", "state", "verdict", "asked", "missed", "at_most", "saved_seconds", "saved_money",
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            line.name, line.label, line.mode, line.state, line.verdict, line.asked, line.missed, line.at_most,
            line.saved_seconds, line.saved_money,
        ]
        for line in result.trials
    ]  # fmt: skip
    return Table(columns, rows)
