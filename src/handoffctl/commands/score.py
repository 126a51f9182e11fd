"""The command `score`."""

from typing import NamedTuple

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_heading, echo_json, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.names import Abbreviation
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
    echo_table(Table(["holds", "points", "signal", "ask"], [_row(signal) for signal in scored.signals]))


def _row(signal: ScoredSignal) -> list[Cell]:
    gives = signal.points if signal.holds else f"+{signal.would_add}"
    return ["yes" if signal.holds else "no", gives, signal.label, " ".join(signal.ask)]
