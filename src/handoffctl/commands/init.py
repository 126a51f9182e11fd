"""The command `init`."""

from typing import Annotated

import typer

from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err
from handoffctl.overview.init import init as begin


def register(app: typer.Typer) -> None:
    command(app, "init", 'handoffctl init --me "Sam Seller" --email sam@seller.example')(init)


def init(
    playbooks: Annotated[list[str], typer.Argument(metavar="PLAYBOOK", help="Which to copy; solo.")] = [],  # noqa: B006
    me: Annotated[str, typer.Option(metavar="NAME", help="Your name, for e-mails.")] = "",
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="Your e-mail address.")] = "",
) -> None:
    """Make the home folder with a configuration and playbooks of your own. Overwrites nothing; nothing needs it."""
    made = begin(context.home(), playbooks, me, email)
    for path in made:
        echo(str(path))
    echo_err("These files are yours to change." if made else "Everything was there already; nothing was changed.")
