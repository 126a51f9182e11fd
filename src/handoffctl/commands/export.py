"""The `export` command: writes all records and the user's files."""

import sys
from pathlib import Path
from typing import IO, Annotated

import typer

from handoffctl.archive.export import open_export, spool_json_lines, write_csv_folder, write_json_lines
from handoffctl.archive.output import CUSTOMER_DATA_WARNING
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo_err
from handoffctl.console.prompts import end_like_ctrl_c
from handoffctl.errors import UsageFault
from handoffctl.workspace.put_files import refuse_own_paths


def register(app: typer.Typer) -> None:
    """Adds the command to the program."""
    command(
        app, "export",
        "handoffctl export everything.jsonl\n"
        "handoffctl export --csv everything\n"
        "handoffctl export | gzip > everything.jsonl.gz",
    )(export)  # fmt: skip


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
    home = context.home()
    refuse_own_paths(home, path, csv)
    with end_like_ctrl_c(), open_export(home) as content:
        if path:
            write_json_lines(content, path, yes)
        elif csv:
            write_csv_folder(content, csv, yes)
        else:
            spooled = spool_json_lines(content)
    if not (path or csv):
        _copy_to_stdout(spooled)
        return
    rows, files = counted(content.header.rows, "rows"), counted(content.header.files, "files")
    echo_err(f"Wrote {rows} and {files} of your own to {path or csv}. {CUSTOMER_DATA_WARNING}")


def _copy_to_stdout(file: IO[bytes]) -> None:
    """Writes UTF-8 whatever the terminal's encoding is, so that the bytes are those of a file. Closes the file."""
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    with file:
        for line in file:
            if stream is None:
                sys.stdout.write(line.decode())
            else:
                stream.write(line)
