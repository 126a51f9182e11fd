"""The regular meeting with the receivers: review."""

import typer


def register(app: typer.Typer) -> None:
    pass
