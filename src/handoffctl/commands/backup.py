"""The `backup` command: copies the database into a new file."""

from pathlib import Path
from typing import Annotated

import typer

from handoffctl.archive.backup import back_up
from handoffctl.archive.output import CUSTOMER_DATA_WARNING
from handoffctl.commands.shared.options import Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_json
from handoffctl.console.prompts import end_like_ctrl_c


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    command(app, "backup", "handoffctl backup /media/usb/handoffctl-monday.db")(backup)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="The new file.")], json: Json = False
) -> None:
    """Copy the database into a new file, and check the copy. Others may go on writing meanwhile."""
    with end_like_ctrl_c():
        copy = back_up(context.home(), file)
    if json:
        echo_json(copy)
        return
    accounts, deals = counted(copy.accounts, "accounts"), counted(copy.deals, "deals")
    echo(copy.path)
    echo_err(f"A sound copy of {copy.bytes:,} bytes with {accounts} and {deals}. {CUSTOMER_DATA_WARNING}")
    echo_err("Your configuration, playbooks and templates are files beside the database; `export` takes them too.")
