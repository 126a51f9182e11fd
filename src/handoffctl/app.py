"""The entry point: parses the global options, runs one command, turns errors into a sentence and an exit code."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, suppress
from importlib import import_module
from typing import Annotated

import typer

from handoffctl import __version__
from handoffctl.console import context
from handoffctl.console.output import EscapingStream, echo_err, echo_json
from handoffctl.console.plain_parameters import spare_conversion
from handoffctl.db.session import WriteSession
from handoffctl.errors import DONE, INTERRUPTED, REFUSED, UNEXPECTED, USAGE, HandoffError, Refused
from handoffctl.registry import COMMANDS
from handoffctl.workspace.home import Home

WITH_VALUE = {"--home": "home", "--db": "db", "--now": "now"}
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

SEE_LOG = "What was done stands in: handoffctl log"
BARE = {"--no-color": "no_color", "--no-input": "no_input"}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Prints errors the user can fix; lets bugs through with their
    traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        options, rest = hoisted(words)
        completing = "_HANDOFFCTL_COMPLETE" in os.environ
        context.start(hoisted(_completed())[0] if completing else options, _detect_triggers)
        _refuse_what_is_no_text(rest)
        code = _run(rest or ["--help"])
        _tell_of_triggers()
        return code
    except HandoffError as error:
        _print(error)
        return error.exit_code
    except BrokenPipeError:  # the reader has seen enough
        return DONE
    except OSError as error:
        if error.filename is None:
            echo_err(f"Nothing more could be written: {error.strerror}. {SEE_LOG}")
            return REFUSED
        _print(Refused(f"{error.filename}: {error.strerror}.", "Check that the path is right and that you may use it."))
        return REFUSED
    except Exception:
        refused = _if_the_database_is_at_fault()
        if refused is None:
            raise
        _print(refused)
        return REFUSED
    except KeyboardInterrupt:
        echo_err("Stopped.")
        return INTERRUPTED


def _detect_triggers(home: Home, session: WriteSession) -> None:
    """Records the triggers that hold at the end of a writing command."""
    from handoffctl.handoffs.triggers import detect_triggers

    detect_triggers(home, session)


def _tell_of_triggers() -> None:
    """Prints the triggers that the command set off, which nobody would see before the next report."""
    if not context.options.json:
        for notice in context.home().notices:
            echo_err(notice.sentence)


def _if_the_database_is_at_fault() -> Refused | None:
    """Returns a refusal if the error comes from a file that was edited by hand. Checked only after an error."""
    from handoffctl.db.integrity import integrity_errors

    path = context.home().database
    faults = integrity_errors(path)
    if not faults:
        return None
    return Refused(f"{path} holds what this program did not write.", "Look at it with: handoffctl doctor", faults[:20])


def _completed() -> list[str]:
    """Returns the words that the shell wants completed; shells pass them in different ways."""
    return (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")).split()[1:]


def hoisted(words: Sequence[str]) -> tuple[context.GlobalOptions, list[str]]:
    """Splits off the global options, which may stand before or after the command, and returns the remaining words."""
    options = context.GlobalOptions(words=tuple(words))
    rest: list[str] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *queue]
            break
        if name in WITH_VALUE and (equals or queue):
            setattr(options, WITH_VALUE[name], value if equals else queue.pop(0))
        elif word in BARE:
            setattr(options, BARE[word], True)
        else:
            options.json = options.json or word == "--json"
            rest.append(word)
    return options, rest


def _refuse_what_is_no_text(words: Sequence[str]) -> None:
    """Refuses words that are not UTF-8 (they arrive as lone surrogates, which no database takes). Paths may be any
    bytes."""
    for word in words:
        if any("\ud800" <= c <= "\udfff" for c in word) and not os.path.exists(word):
            raise Refused(f'"{word[:60]}" is not text in UTF-8.', "Check the encoding of your terminal or script.")


def _run(words: list[str]) -> int:
    try:
        with redirect_stderr(EscapingStream(sys.stderr)):  # for usage errors, which repeat what was typed
            command = typer.main.get_command(application(words))
            spare_conversion(command)
            command(args=words, prog_name="handoffctl", obj=main)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else (DONE if left.code is None else UNEXPECTED)
    return DONE


def application(words: Sequence[str]) -> typer.Typer:
    """Builds the program with only the command typed, or with all commands by name for help and completion."""
    app = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog=f"{BEGIN}\n\n{EXIT_CODES}",
    )
    app.callback()(_program)
    if "_HANDOFFCTL_COMPLETE" in os.environ:
        words = hoisted(_completed())[1]
    word = next((word for word in words if not word.startswith("-")), "")
    if word in COMMANDS:
        import_module(f"handoffctl.commands.{COMMANDS[word].module}").register(app)
    else:
        _list_commands(app)
    return app


def _list_commands(app: typer.Typer) -> None:
    """Adds every command by name and summary only: enough for help, completion and suggestions."""
    for word, entry in sorted(COMMANDS.items(), key=lambda item: item[1].group):  # groups come last
        if entry.group:
            app.command(word, help=entry.summary)(_listed)
        else:
            app.command(word, short_help=entry.summary)(_listed)


def _listed() -> None:
    """Placeholder for a command that is only listed."""


def _version(wanted: bool) -> None:
    if wanted:
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


def _print(error: HandoffError) -> None:
    if context.options.json and error.exit_code != USAGE:
        echo_json(error.as_json())
        return
    echo_err(error.message.replace("\n", " "))
    for problem in error.problems:
        echo_err(f"  {problem}")
    if error.hint:
        echo_err(error.hint)


def entry() -> None:
    """The console script: starts without the garbage collector and exits without tearing everything down."""
    gc.disable()  # a short-lived process frees nothing that it needs again
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        getattr(sys, name).reconfigure(errors="backslashreplace")
    code = main()
    with suppress(OSError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as in: handoffctl list | head
        pass
    except OSError as error:
        code = code or UNEXPECTED
        with suppress(OSError):
            os.write(2, f"The output could not be written: {error.strerror}. {SEE_LOG}\n".encode())
    os._exit(code)
