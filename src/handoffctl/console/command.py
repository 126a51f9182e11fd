"""Adds commands and groups of commands to the typer application."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

import typer

from handoffctl.console import context
from handoffctl.errors import Interrupted


def command(
    app: typer.Typer, name: str, example: str, settings: dict[str, Any] | None = None, one_undo: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds a command with its example and click's settings for it. Ctrl-C inside it becomes our own exit code.

    With `one_undo` everything that a run of it records is taken back by one undo, also what is asked for in between.
    """
    kind = f"{app.info.name} {name}" if isinstance(app.info.name, str) else name  # only groups have a name

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*given: Any, **named: Any) -> Any:
            context.options.kind = kind
            try:
                with context.home().as_one_command() if one_undo else nullcontext():
                    return function(*given, **named)
            except KeyboardInterrupt:
                raise Interrupted("Stopped.") from None
            except BrokenPipeError:  # the reader has seen enough, as in: handoffctl log | head
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

        lines = "\n".join(f"  {line}" for line in example.strip().splitlines())
        short = (function.__doc__ or "").partition("\n")[0]
        app.command(name, epilog=f"\b\nExample:\n{lines}", short_help=short, context_settings=settings)(run)
        return function

    return add


def group(app: typer.Typer, name: str, says: str) -> typer.Typer:
    """Adds a command with sub-commands, such as `contact add`."""
    inner = typer.Typer(name=name, help=says, rich_markup_mode=None, no_args_is_help=True)
    app.add_typer(inner, name=name)
    return inner
