"""The command `doctor`."""

import typer

from handoffctl.commands.shared.options import Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_json
from handoffctl.core.json_record import json_object
from handoffctl.errors import REFUSED
from handoffctl.overview.doctor import examine


def register(app: typer.Typer) -> None:
    command(app, "doctor", "handoffctl doctor")(doctor)


def doctor(json: Json = False) -> None:
    """Show paths, versions and the schema, and check the database and the playbooks. Exit code 6 on trouble."""
    examination = examine(context.home())
    if json:
        echo_json(examination)
    else:
        for name, value in json_object(examination).items():
            if name != "problems":
                echo(f"{name.replace('_', ' '):<18}  {_flat(value)}")
        echo("All is well." if not examination.problems else "Problems:")
        for problem in examination.problems:
            echo(f"  {problem}")
    raise typer.Exit(REFUSED if examination.problems else 0)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part if part is not None else 'none yet'}" for name, part in value.items()) or "none"
    return str(value)
