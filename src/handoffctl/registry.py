"""Which module holds which command. Only the module of the command that was typed is loaded; help loads all."""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

# In the order in which help lists them.
MODULES = {
    "start": ("demo", "init", "doctor"),
    "records": ("add", "list", "show", "set", "rename"),
    "erasing": ("delete",),
    "merging": ("merge",),
    "people": ("contact",),
    "dealing": ("deal", "close", "reopen"),
    "day": ("today",),
    "work": ("touch", "step", "check"),
    "handoff": ("handoff", "accept", "return"),
    "meetings": ("meeting",),
    "summing_up": ("summary",),
    "words": ("email",),
    "promising": ("promise",),
    "replies": ("inbox",),
    "gathering": ("review",),
    "persons": ("who", "person"),
    "story": ("log",),
    "undoing": ("undo",),
    "reporting": ("report",),
    "drilling": ("drill",),
    "rules": ("playbook",),
    "templating": ("template",),
    "data": ("import",),
    "keeping": ("export", "backup", "restore"),
}

EXIT_CODES = """\b
Exit codes:
  0    done
  1    unexpected
  2    the command line does not fit together
  3    something is missing, or the deal is elsewhere by now
  4    not found, or ambiguous
  5    a playbook, template or the configuration is at fault
  6    refused: a bad value, a placeholder, a bad file or database
  130  interrupted"""

BEGIN = """\b
Begin with:
  handoffctl demo
  handoffctl add "Acme Corp" --contact "Jane Doe <jane@acme.example>"
  handoffctl handoff acme-corp"""


def application(words: Sequence[str]) -> typer.Typer:
    """The program with the command of these words, or with all of them where help or completion needs that."""
    app = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog=f"{BEGIN}\n\n{EXIT_CODES}",
    )
    app.callback()(_program)
    for module in _wanted(words):
        import_module(f"handoffctl.commands.{module}").register(app)
    return app


def _wanted(words: Sequence[str]) -> list[str]:
    if "_HANDOFFCTL_COMPLETE" in os.environ:
        words = os.environ.get("COMP_WORDS", "").split()[1:]
    named = next((word for word in words if not word.startswith("-")), "")
    holding = [module for module, commands in MODULES.items() if named in commands]
    return holding or list(MODULES)


def _version(wanted: bool) -> None:
    if wanted:
        from handoffctl import __version__

        typer.echo(f"handoffctl {__version__}")
        raise typer.Exit


def _program(
    home: Annotated[str, typer.Option(help="The home folder. Else HANDOFFCTL_HOME.", metavar="FOLDER")] = "",
    db: Annotated[str, typer.Option(help="Another database file. Else HANDOFFCTL_DB.", metavar="FILE")] = "",
    now: Annotated[str, typer.Option(help="Take this as the present moment.", metavar="WHEN")] = "",
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours. Also NO_COLOR.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask. Also HANDOFFCTL_NO_INPUT.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    """Make every handoff of a deal a real, checked, measured event. One local file; nothing is sent anywhere.

    The options below work before and after the command.
    """
