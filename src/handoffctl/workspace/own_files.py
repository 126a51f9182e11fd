"""The user's own files in the home folder: written atomically, readable by their owner only."""

import re
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.resources import shipped
from handoffctl.workspace.files import refuse_os_errors, write
from handoffctl.workspace.home import Home

SCHEMA = "playbook.schema.json"
OTHER_HOME = "Choose another folder with --home."


def read_text_file(path: Path) -> str:
    """Returns the text of a file with its line ends, without a byte order mark. Raises Refused."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}.", "Save it as UTF-8 text.") from None


def write_new(path: Path, text: str) -> bool:
    """Writes a file that does not exist yet. Returns False if it does. Raises Refused."""
    with refuse_os_errors(path, OTHER_HOME):
        try:
            write(path, text.encode(), new=True)
        except FileExistsError:
            return False
    return True


def replace(path: Path, text: str) -> None:
    """Replaces the file, or the file a link points to, atomically. Raises Refused."""
    path = path.resolve()
    with refuse_os_errors(path, OTHER_HOME):
        write(path, text.encode())


def playbooks_folder(home: Home) -> Path:
    """Returns the folder of the user's own playbooks, and creates it if need be."""
    home.create_folder()
    folder = home.folder / "playbooks"
    with refuse_os_errors(folder, OTHER_HOME):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_schema(folder: Path) -> None:
    """Writes this version's JSON Schema beside the playbooks, where their first line points editors to it."""
    text, schema_file = read_text_file(shipped("playbooks") / SCHEMA), folder / SCHEMA
    if not schema_file.exists() or read_text_file(schema_file) != text:
        replace(schema_file, text)


def with_review_today(home: Home, text: str) -> str:
    """Returns the text of a playbook with today as its review date, if it has one."""
    return re.sub(r"(?m)^reviewed:[^\S\r\n]+\S+", f"reviewed: {home.clock.today.isoformat()}", text, count=1)
