"""Takes back what was done: undo."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, Yes
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json, echo_prose
from handoffctl.console.prompts import confirm
from handoffctl.core.moments import format_local
from handoffctl.errors import UsageFault
from handoffctl.overview.undo import carry_out, plan_undo, question


def register(app: typer.Typer) -> None:
    command(app, "undo", "handoffctl undo\nhandoffctl undo --further --yes")(undo)


def undo(
    further: Annotated[
        bool, typer.Option("--further", help="Go further back: the last command that was not taken back yet.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Take back the last command, an import as a whole. Typed again, it does that again.

    The records are what they were before it; the log tells both. What was taken back is kept, so that it can be done
    again, until an account is erased with delete, which cannot be undone. E-mails that were sent stay sent.
    """
    plan = plan_undo(context.home(), further)
    when = format_local(plan.about.at, context.home().clock.zone)
    if not yes:
        what, verb = question(plan), "do again" if plan.again else "take back"
        if not context.prompting():
            raise UsageFault(f"This would {verb}, from {when}: {what}", "If you mean it, add --yes.")
        if not confirm(f"From {when}: {what} {verb.capitalize()}?"):
            echo_err("Nothing was changed.")
            raise typer.Exit(0)
    result = carry_out(context.home(), plan, further)
    if json:
        echo_json(result)
        return
    echo_prose(result.says.replace("\n", " "))
    for note in result.notes:
        echo_err(note)
