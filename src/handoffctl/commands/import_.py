"""Data from elsewhere: import."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from handoffctl.archive.import_archive import import_archive, is_export
from handoffctl.commands.shared.options import Json, Playbook
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_json
from handoffctl.console.progress import start_bar
from handoffctl.core.moments import format_local
from handoffctl.errors import UsageFault
from handoffctl.imports.files.sheet import SkippedRow
from handoffctl.imports.importer import ImportRequest, ImportResult, ProgressCallback, run_import
from handoffctl.imports.suggest.suggestion import suggest_map

MOST_REASONS = 10
MOST_ROWS = 5
MOST_GROUPS = 10
MOST_ALIKE = 4
WORTH_A_BAR = 2_000_000  # bytes; less is read before a bar could be looked at

# What differs between reasons that are otherwise the same.
_NAMED_IN_IT = re.compile(r'"[^"]*"|\S+@\S+|\d+')

COUNTED = (
    ("accounts_created", "accounts new"), ("unnamed", "accounts without a name, called after their deal"),
    ("accounts_updated", "accounts changed"), ("contacts_created", "contacts new"),
    ("contacts_updated", "contacts changed"), ("deals_created", "deals new"), ("deals_updated", "deals changed"),
    ("deals_unchanged", "deals unchanged"), ("visits", "stays in a stage"), ("touches", "touches"),
)  # fmt: skip


def register(app: typer.Typer) -> None:
    command(
        app, "import",
        "handoffctl import deals.csv --make-playbook sales --dry-run\n"
        "handoffctl import ./export --from salesforce --make-playbook sales\n"
        "handoffctl import --suggest deals.csv > map.yaml\n"
        "handoffctl import deals.csv --map map.yaml --playbook sales\n"
        "handoffctl import export.jsonl --from handoffctl",
    )(import_)  # fmt: skip


def import_(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", readable=False, help="A CSV or .xlsx file, or the folder of an export.")
    ],
    program: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PROGRAM",
            help="hubspot, pipedrive, ...; else recognised by the columns. handoffctl: what `export` gave.",
        ),
    ] = "",
    map: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", readable=False, help="Which column is what.")
    ] = None,
    playbook: Playbook = "",
    make: Annotated[
        str, typer.Option("--make-playbook", metavar="NAME", help="Make a draft playbook from the stages found.")
    ] = "",
    dates: Annotated[str, typer.Option(metavar="ymd|dmy|mdy", help="How the export writes dates.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="Print a map for this file, to complete.")] = False,
    json: Json = False,
) -> None:
    """Bring in accounts, contacts, deals, touches and stages from another program, with their true dates.

    The whole export or nothing. Importing again changes nothing, or follows a newer export.
    """
    if program.casefold() == "handoffctl" or (not program and is_export(path)):
        _whole(path, dry, {"--map": map, "--playbook": playbook, "--make-playbook": make, "--dates": dates,
                           "--suggest": suggest})  # fmt: skip
        return
    if suggest:
        sys.stdout.write(suggest_map(path))
        return

    asked = ImportRequest(path, program, map, playbook or None, make or None, dates or None, dry)
    with _progress(path) as tell:
        done = run_import(context.home(), asked, tell)
    if json:
        echo_json(done.as_json())
        return
    _tell(done)


def _whole(path: Path, dry: bool, others: dict[str, object]) -> None:
    """What `export` gave comes back as it was; there is nothing to choose."""
    for name, value in others.items():
        if value:
            raise UsageFault(
                f"{name} does not go with an export of handoffctl.", "Leave it out: all comes back as it was."
            )

    done = import_archive(context.home(), path, dry)
    if context.options.json:
        echo_json(done)
        return
    told = f"{counted(done.rows, 'rows')} of {counted(sum(map(bool, done.tables.values())), 'tables')}"
    echo(f"{'Would bring back' if dry else 'Brought back'} {told} and {counted(len(done.files), 'files')} of your own:")
    for name, count in [*done.tables.items()]:
        if count:
            echo(f"  {count:>9,}  {name}")
    for file in done.files:
        echo(f"             {file}")


@contextmanager
def _progress(path: Path) -> Iterator[ProgressCallback]:
    """A bar on a terminal while a long file is read and written."""
    if not sys.stderr.isatty() or context.options.json or _size(path) < WORTH_A_BAR:
        yield lambda done, size: None
        return

    with start_bar("Reading") as bar:

        def tell(done: int, size: int) -> None:
            reading = done < size
            # How long the rest takes nobody knows: the bar only moves.
            bar.update(0, completed=done, total=size if reading else None,
                       description="Reading" if reading else "Recording")  # fmt: skip

        yield tell


def _size(path: Path) -> int:
    """The bytes there are to read; 0 for what cannot be read, which is refused in its own words."""
    try:
        return sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]) if file.is_file())
    except (OSError, ValueError):
        return 0


def _tell(done: ImportResult) -> None:
    if done.recognised:
        echo_err(f"This is an export of {done.program}.")
    if done.dry:
        _tell_before(done)
    counts = [(count, title) for name, title in COUNTED if (count := getattr(done.counts, name))]
    rows = counted(done.rows, "rows")
    if not counts:
        echo(f"Nothing to record in {rows}.")
    else:
        echo(("Would record" if done.dry else "Recorded") + f" from {rows}:")
    for count, title in counts:
        echo(f"  {count:>9,}  {title}")
    _tell_skipped(done)
    for remark in done.notes:
        echo_err(remark)
    for group in done.duplicates[:MOST_GROUPS]:
        first, second = (account.slug for account in group[:2])
        names = " and ".join(account.name for account in group[:MOST_ALIKE])
        names += f" and {len(group) - MOST_ALIKE:,} more" if len(group) > MOST_ALIKE else ""
        echo_err(f"Perhaps the same: {names}. If so: handoffctl merge {first} {second}")
    if len(done.duplicates) > MOST_GROUPS:
        echo_err(f"... and {len(done.duplicates) - MOST_GROUPS:,} more: handoffctl list --duplicates")
    if done.playbook_file:
        echo_err(f"Made the draft playbook {done.playbook_file}. Complete its handoffs before you hand deals off.")
    if not done.dry and done.stages:
        echo_err(f"Look at it with: handoffctl report throughput --playbook {done.playbook}")


def _tell_skipped(done: ImportResult) -> None:
    """Each reason once, with its rows: one kind of row may be there a thousand times."""
    groups: dict[tuple[str, str], list[SkippedRow]] = {}
    for one in done.skipped:
        groups.setdefault((one.file, _NAMED_IN_IT.sub("", one.reason)), []).append(one)
    for (file, _), rows in list(groups.items())[:MOST_REASONS]:
        if len(rows) == 1:
            echo_err(f"Skipped {file}, row {rows[0].row}: {rows[0].reason}")
            continue
        named = ", ".join(str(one.row) for one in rows[:MOST_ROWS]) + (", ..." if len(rows) > MOST_ROWS else "")
        first = "" if len({one.reason for one in rows}) == 1 else "the first "
        echo_err(f"Skipped {len(rows):,} rows of {file} (rows {named}): {first}{rows[0].reason}")
    if len(groups) > MOST_REASONS:
        echo_err(f"... and more, for {len(groups) - MOST_REASONS:,} other reasons; --json lists every row.")


def _tell_before(done: ImportResult) -> None:
    """The stages in their order, and the first deals as they would be recorded."""
    zone = context.home().clock.zone
    if done.stages:
        echo("Stages: " + ", ".join(f"{stage.name} ({stage.kind})" for stage in done.stages) + ".")
    if done.preview:
        echo("The first deals:")
    for deal in done.preview:
        echo(f"  {deal.account}: {deal.deal} ({deal.fate})")
        for _, title, at in deal.stays:
            echo(f"      {title}, {f'since {format_local(at, zone)}' if at else 'since when is not known'}")
    if done.preview:
        echo()
