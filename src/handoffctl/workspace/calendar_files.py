"""Guards where a calendar file may be written: never over another kind of file."""

from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import refuse_own_paths

MOST_READ = 256 * 1024
EXAMPLE = "Name a file, as in: --ics meeting.ics"


def refuse_foreign_file(home: Home, path: Path, mark: str) -> None:
    """Refuses to replace a file unless it is one of ours with this mark on a line of its own, such as `UID:...`."""
    refuse_own_paths(home, path)
    if path.is_dir():
        raise Refused(f"{path} is a folder.", EXAMPLE)
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.", "Make it first, or name a file elsewhere.")
    if not path.exists():
        return
    if not path.is_file():
        raise Refused(f"{path} is no ordinary file.", EXAMPLE)
    with path.open("rb") as file:
        lines = file.read(MOST_READ).replace(b"\r\n ", b"").split(b"\r\n")
    if not mark or mark.encode() not in lines:
        raise Refused(f"{path} is there already, and is not this.", "Give another name, or remove it first.")
