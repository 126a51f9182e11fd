"""Keeps and brings back everything: export, backup, restore."""

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from handoffctl.commands.shared.options import Json, Yes
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_json
from handoffctl.console.prompts import confirmed, ending_tidily
from handoffctl.core.moments import shown
from handoffctl.errors import UsageFault

if TYPE_CHECKING:
    from handoffctl.archive.backup import Restoring
    from handoffctl.db.backup import Held

HOLDS = "It holds your customers' data, which `delete` cannot reach there."


def register(app: typer.Typer) -> None:
    command(
        app, "export",
        "handoffctl export everything.jsonl\n"
        "handoffctl export --csv everything\n"
        "handoffctl export | gzip > everything.jsonl.gz",
    )(export)  # fmt: skip
    command(app, "backup", "handoffctl backup /media/usb/handoffctl-monday.db")(backup)
    command(app, "restore", "handoffctl restore /media/usb/handoffctl-monday.db")(restore)


def export(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", readable=False, help="The file to write; else stdout.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FOLDER", readable=False, help="A CSV file for each table instead.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write over an earlier export.")] = False,
) -> None:
    """Write out everything: all records as JSON Lines or CSV, and your configuration, playbooks and templates.

    `handoffctl import PATH --from handoffctl` brings it back whole.
    """
    if path and csv:
        raise UsageFault("Either a PATH or --csv.", "Leave one of them out.")
    from handoffctl.archive.export import everything, export_aside, export_lines, export_sheets
    from handoffctl.workspace.put_files import refuse_own

    home = context.home()
    refuse_own(home, path, csv)
    with ending_tidily(), everything(home) as whole:
        if path:
            export_lines(whole, path, yes)
        elif csv:
            export_sheets(whole, csv, yes)
        else:
            aside = export_aside(whole)
    if not (path or csv):
        _to_stdout(aside)
        return
    rows, files = counted(whole.header.rows, "rows"), counted(whole.header.files, "files")
    echo_err(f"Wrote {rows} and {files} of your own to {path or csv}. {HOLDS}")


def _to_stdout(file: IO[bytes]) -> None:
    """As UTF-8 whatever the terminal's encoding is, so that the bytes are those of a file. Harmless to a terminal."""
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    with file:
        for line in file:
            if stream is None:
                sys.stdout.write(line.decode())
            else:
                stream.write(line)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="The new file.")], json: Json = False
) -> None:
    """Copy the database into a new file, and check the copy. Others may go on writing meanwhile."""
    from handoffctl.archive.backup import backup as keep

    with ending_tidily():
        kept = keep(context.home(), file)
    if json:
        echo_json(kept.as_json())
        return
    accounts, deals = counted(kept.accounts, "accounts"), counted(kept.deals, "deals")
    echo(str(kept.path))
    echo_err(f"A sound copy of {kept.size:,} bytes with {accounts} and {deals}. {HOLDS}")
    echo_err("Your configuration, playbooks and templates are files beside the database; `export` takes them too.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="What `backup` wrote.")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Put a copy in the place of the database. The copy is checked first, and the replaced database is kept."""
    from handoffctl.archive.backup import restoring

    with ending_tidily(), restoring(context.home(), file) as prepared:
        if not json:
            _tell(prepared)
        if not yes:
            if not context.prompting():
                raise UsageFault(f"This would replace {prepared.database}.", "If you mean it, add --yes.")
            if not confirmed("Replace it?"):
                echo_err("Nothing was replaced.")
                raise typer.Exit(0)
        kept = prepared.carry_out()
    if json:
        echo_json({**prepared.as_json(), "kept": str(kept) if kept else None})
        return
    echo_err(f"Restored {prepared.database}.")
    if kept:
        echo_err(f"What it held before is kept in {kept}")


def _tell(prepared: "Restoring") -> None:
    """What would be replaced by what."""
    if prepared.damaged:
        echo_err(f"In place: {prepared.database}, too damaged to be read; it will be moved aside")
    else:
        echo_err(f"In place: {_in_words(prepared.present)}")
    echo_err(f"The copy:  {_in_words(prepared.copy)}")


def _in_words(held: "Held | None") -> str:
    if held is None:
        return "nothing that can be read"
    counts = f"{counted(held.accounts, 'accounts')}, {counted(held.deals, 'deals')}"
    if held.at is None:
        return f"{counts}; nothing was ever done"
    return f"{counts}; newest, {shown(held.at, context.home().clock.zone)}: {held.says}"
