"""The command `score`."""

from collections.abc import Sequence
from typing import NamedTuple

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_heading, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.names import Abbreviation
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.overview.score import ScoredSignal, score_of


class ScoreJson(NamedTuple):
    """The score of a deal as `--json` prints it."""

    account: str
    deal: str
    points: int
    signals: list[ScoredSignal]


def register(app: typer.Typer) -> None:
    command(app, "score", "handoffctl score acme-corp")(score)


def score(account: Account, json: Json = False) -> None:
    """Show the points that a deal has by the buying signals of its playbook, and what to ask for more."""
    scored = score_of(context.home(), Abbreviation(account))
    if json:
        echo_json(ScoreJson(scored.deal.account.slug, scored.deal.slug, scored.points, scored.signals))
        return
    if not scored.signals:
        echo(f"The playbook {scored.deal.playbook} has no signals, so there is no score.")
        return
    echo_heading(f"{scored.deal.called}: {scored.points} {'point' if scored.points == 1 else 'points'}")
    rows = [_row(signal) for signal in scored.signals]
    echo_table(Table(["holds", "points", "signal", "since", "ask"], rows, _lasting(scored.signals)))


def _row(signal: ScoredSignal) -> list[Cell]:
    gives = signal.points if signal.holds else f"+{signal.would_add}"
    since = weekday_and_day(signal.since, context.home().clock) if signal.since else ""
    return ["yes" if signal.holds else "no", gives, signal.label, since, " ".join(signal.ask)]


def _lasting(signals: Sequence[ScoredSignal]) -> list[str]:
    """Returns a sentence for each signal that should fade and does not, because its beginning is not known."""
    return [
        f"{signal.label}: since when it holds is not known, so its points do not fade."
        for signal in signals
        if signal.holds and signal.fades is not None and signal.since is None
    ]
