"""Takes back what was done: undo."""

import typer


def register(app: typer.Typer) -> None:
    pass
