"""Meetings with a prospect: book, held, no-show, move."""

import typer


def register(app: typer.Typer) -> None:
    pass
