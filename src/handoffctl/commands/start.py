"""To begin with: demo, init, doctor."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_err, echo_json
from handoffctl.errors import REFUSED


def register(app: typer.Typer) -> None:
    command(app, "demo", "handoffctl demo")(demo)
    command(app, "init", 'handoffctl init --me "Sam Seller" --email sam@seller.example')(init)
    command(app, "doctor", "handoffctl doctor")(doctor)


def demo(run: typer.Context) -> None:
    """Tell a short story on a throw-away database: a handoff is blocked, the gaps are filled, it passes."""
    from handoffctl.commands.demo_story import tell

    code = tell(run.obj)
    if code:
        raise typer.Exit(code)


def init(
    playbooks: Annotated[list[str], typer.Argument(metavar="PLAYBOOK", help="Which to copy; solo.")] = [],  # noqa: B006
    me: Annotated[str, typer.Option(metavar="NAME", help="Your name, for e-mails.")] = "",
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="Your e-mail address.")] = "",
) -> None:
    """Make the home folder with a configuration and playbooks of your own. Overwrites nothing; nothing needs it."""
    from handoffctl.overview.setup import init as begin

    made = begin(context.home(), playbooks, me, email)
    for path in made:
        echo(str(path))
    echo_err("These files are yours to change." if made else "Everything was there already; nothing was changed.")


def doctor(json: Json = False) -> None:
    """Show paths, versions and the schema, and check the database and the playbooks. Exit code 6 on trouble."""
    from handoffctl.overview.setup import examination

    found = examination(context.home())
    if json:
        echo_json(found)
    else:
        for name, value in found.items():
            if name != "problems":
                echo(f"{name.replace('_', ' '):<18}  {_flat(value)}")
        echo("All is well." if not found["problems"] else "Problems:")
        for problem in found["problems"]:
            echo(f"  {problem}")
    raise typer.Exit(REFUSED if found["problems"] else 0)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part if part is not None else 'none yet'}" for name, part in value.items()) or "none"
    return str(value)
