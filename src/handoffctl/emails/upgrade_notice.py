"""Tells once for each playbook which fields mails for clients no longer send, in a home that an older version made.

Since schema 8 a field reaches clients only if the playbook says so. A home is older if it has the copy of its database
that was made when the schema was raised. What was told stands in the file `notices` of the home folder, and not in the
database, which `email` only reads. If that file is lost or cannot be written, the remark comes again.
"""

from collections.abc import Sequence
from contextlib import suppress

from handoffctl.playbook.model import NEXT_STEPS, Playbook
from handoffctl.workspace.files import write
from handoffctl.workspace.home import Home

FILE = "notices"
CLIENT_FACING_SCHEMA = 8  # the first schema with which fields are internal unless the playbook sends them


def upgrade_remarks(home: Home, playbook: Playbook, withheld: Sequence[str]) -> tuple[str, ...]:
    """Returns the remark about fields that are no longer sent, if it is due; from then on it counts as told.

    `withheld` names the internal values that the template asked for, as templates do: `fields.budget`.
    """
    fields = no_longer_sent(playbook, withheld) if _is_older(home) else []
    due = bool(fields) and _record(home, f"no longer sent: {playbook.playbook}")
    return (_remark(playbook, fields),) if due else ()


def no_longer_sent(playbook: Playbook, withheld: Sequence[str]) -> list[str]:
    """Returns the internal fields that stood under next steps until now, or that the template asked for in vain."""
    asked_for = {name.removeprefix("fields.").removeprefix("lines.") for name in withheld}
    return [
        name
        for name, field in playbook.fields.items()
        if not field.client_facing and (name in asked_for or field.summary.casefold() == NEXT_STEPS)
    ]


def _remark(playbook: Playbook, fields: Sequence[str]) -> str:
    labels = ", ".join(playbook.label_of(name) for name in fields)
    return (
        f"Said once: since this version, mails to clients no longer send {labels}. Fields are internal unless the "
        f"playbook {playbook.playbook} sends them: `client: true`, or a head of the summary other than next steps."
    )


def _is_older(home: Home) -> bool:
    copies = home.database.parent.glob(f"{home.database.name}.schema-*")
    versions = (copy.name.partition(".schema-")[2].partition(".")[0] for copy in copies)
    return any(version.isdecimal() and int(version) < CLIENT_FACING_SCHEMA for version in versions)


def _record(home: Home, line: str) -> bool:
    """Adds the line to the file. Returns False if it is there already."""
    path, lines = home.folder / FILE, []
    with suppress(OSError, UnicodeDecodeError):
        lines = path.read_text(encoding="utf-8").splitlines()
    if line in lines:
        return False
    with suppress(OSError):
        write(path, "".join(f"{each}\n" for each in (*lines, line)).encode())
    return True
