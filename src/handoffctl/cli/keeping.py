"""Keeps and brings back everything: export, backup, restore."""

import typer


def register(app: typer.Typer) -> None:
    pass
