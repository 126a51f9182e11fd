"""Files in the home folder that the user owns: written whole or not at all, and for nobody else to read."""

import re
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.resources import shipped
from handoffctl.workspace.files import refusing, write
from handoffctl.workspace.home import Home

SCHEMA = "playbook.schema.json"
ELSEWHERE = "Choose another folder with --home."


def text_of(path: Path) -> str:
    """The text as it stands, line ends included, a mark of its encoding left out. Raises Refused."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}.", "Save it as UTF-8 text.") from None


def write_new(path: Path, text: str) -> bool:
    """Writes a file that was not there; False where it was. Raises Refused."""
    with refusing(path, ELSEWHERE):
        try:
            write(path, text.encode(), new=True)
        except FileExistsError:
            return False
    return True


def replace(path: Path, text: str) -> None:
    """Puts the text in the place of the file in one step. Where it is a link, what it leads to. Raises Refused."""
    path = path.resolve()
    with refusing(path, ELSEWHERE):
        write(path, text.encode())


def playbooks_folder(home: Home) -> Path:
    """The folder of the user's own playbooks, made where there is none."""
    home.make()
    folder = home.folder / "playbooks"
    with refusing(folder, ELSEWHERE):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def lay_schema(folder: Path) -> None:
    """Puts the schema of this version beside the playbooks: their first line leads editors to it."""
    text, beside = text_of(shipped("playbooks") / SCHEMA), folder / SCHEMA
    if not beside.exists() or text_of(beside) != text:
        replace(beside, text)


def reviewed_today(home: Home, text: str) -> str:
    """The text of a playbook with today for the day of its review, if it has one."""
    return re.sub(r"(?m)^reviewed:[^\S\r\n]+\S+", f"reviewed: {home.clock.today.isoformat()}", text, count=1)
