"""Data from elsewhere: import."""

from pathlib import Path
from typing import Annotated, Any

import typer

from handoffctl.cli import here
from handoffctl.cli.arguments import Json, Playbook
from handoffctl.cli.commands import command
from handoffctl.cli.screen import note, say, say_json

MOST_REASONS = 20


def register(app: typer.Typer) -> None:
    command(
        app, "import",
        "handoffctl import ./export --from salesforce --make-playbook sales --dry-run\n"
        "handoffctl import ./export --from salesforce --make-playbook sales",
    )(import_)  # fmt: skip


def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder of the export.")],
    kind: Annotated[str, typer.Option("--from", metavar="PROGRAM", help="salesforce")] = "salesforce",
    playbook: Playbook = "",
    make: Annotated[
        str, typer.Option("--make-playbook", metavar="NAME", help="Make a draft playbook from the stages found.")
    ] = "",
    dates: Annotated[str, typer.Option(metavar="ymd|dmy|mdy", help="How the export writes dates.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be recorded.")] = False,
    json: Json = False,
) -> None:
    """Bring in accounts, contacts, deals and their stages from another program, with their true dates.

    The whole export or nothing. Importing again changes nothing, or follows a newer export.
    """
    import gc

    from handoffctl.actions.importing import bring_in

    gc.enable()  # a large export is worth collecting after
    done = bring_in(here.home(), path, kind, playbook or None, make or None, dates or None, dry)
    found = done.as_json()
    if json:
        say_json(found)
        return
    _tell(found, done)


def _tell(found: dict[str, Any], done: Any) -> None:
    if done.dry:
        _tell_before(done)
    say(("Would record" if done.dry else "Recorded") + f" from {found['rows']:,} rows:")
    for name, title in (
        ("accounts_created", "accounts"), ("unnamed", "accounts without a name, called after their deal"),
        ("accounts_updated", "accounts changed"), ("contacts_created", "contacts"),
        ("contacts_updated", "contacts changed"), ("deals_created", "deals"), ("deals_updated", "deals changed"),
        ("deals_unchanged", "deals unchanged"), ("visits", "stays in a stage"),
    ):  # fmt: skip
        if found[name]:
            say(f"  {found[name]:>7,}  {title}")
    for one in found["skipped"][:MOST_REASONS]:
        note(f"Skipped {one['file']}, row {one['row']}: {one['reason']}")
    if len(found["skipped"]) > MOST_REASONS:
        note(f"... and {len(found['skipped']) - MOST_REASONS:,} more; --json lists them all.")
    for remark in found["notes"]:
        note(remark)
    if found["playbook_file"]:
        note(f"Made the draft playbook {found['playbook_file']}. Complete its handoffs before you hand deals off.")
    if not done.dry:
        note(f"Look at it with: handoffctl report throughput --playbook {found['playbook']}")


def _tell_before(done: Any) -> None:
    """The stages in their order, and the first deals as they would be recorded."""
    say("Stages: " + ", ".join(f"{stage.name} ({stage.kind})" for stage in done.history.stages) + ".")
    say("The first deals:")
    for deal in done.history.deals[:3]:
        way = " > ".join(f"{stay.stage} {stay.entered or '(since when is unknown)'}" for stay in deal.stays)
        say(f"  {deal.name}: {way}")
    say()
