"""The command `demo`."""

import typer

from handoffctl.console.command import command
from handoffctl.overview.demo import run_story


def register(app: typer.Typer) -> None:
    command(app, "demo", "handoffctl demo")(demo)


def demo(run: typer.Context) -> None:
    """Tell a short story on a throw-away database: a handoff is blocked, the gaps are filled, it passes."""
    code = run_story(run.obj)
    if code:
        raise typer.Exit(code)
