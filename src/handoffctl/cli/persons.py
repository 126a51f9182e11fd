"""Who drives: who, person."""

import typer


def register(app: typer.Typer) -> None:
    pass
