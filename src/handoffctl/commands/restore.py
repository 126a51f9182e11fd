"""The `restore` command: replaces the database with a backup."""

from pathlib import Path
from typing import Annotated

import typer

from handoffctl.archive.output import describe_contents
from handoffctl.archive.restore import RestorePlan, plan_restore
from handoffctl.commands.shared.options import Json, Yes
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json
from handoffctl.console.prompts import confirm, end_like_ctrl_c
from handoffctl.errors import UsageFault


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    command(app, "restore", "handoffctl restore /media/usb/handoffctl-monday.db")(restore)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="What `backup` wrote.")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Put a copy in the place of the database. The copy is checked first, and the replaced database is kept."""
    with end_like_ctrl_c(), plan_restore(context.home(), file) as plan:
        if not json:
            _show_plan(plan)
        if not yes:
            if not context.prompting():
                raise UsageFault(f"This would replace {plan.database}.", "If you mean it, add --yes.")
            if not confirm("Replace it?"):
                echo_err("Nothing was replaced.")
                raise typer.Exit(0)
        kept = plan.execute()
    if json:
        echo_json(plan.as_json(kept))
        return
    echo_err(f"Restored {plan.database}.")
    if kept:
        echo_err(f"What it held before is kept in {kept}")


def _show_plan(plan: RestorePlan) -> None:
    zone = context.home().clock.zone
    if plan.damaged:
        echo_err(f"In place: {plan.database}, too damaged to be read; it will be moved aside")
    else:
        echo_err(f"In place: {describe_contents(plan.present, zone)}")
    echo_err(f"The copy:  {describe_contents(plan.copy, zone)}")
