"""Copies the database into a new file, and checks the copy."""

from pathlib import Path
from typing import NamedTuple

from handoffctl.db.backup import DatabaseContents, copy_database, faults, inspect, private_folder, publish
from handoffctl.db.file import DOCTOR, make_ready
from handoffctl.errors import NotFound, Refused
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import refuse_own_paths


class DatabaseCopy(NamedTuple):
    """A backup that was checked: its path, its size in bytes, and the number of accounts and deals in it."""

    path: str
    bytes: int
    accounts: int
    deals: int


def back_up(home: Home, path: Path) -> DatabaseCopy:
    """Copies the database into a new file while others may go on writing.

    Raises Refused if the path is taken or the database is damaged, NotFound if the folder or the database does not
    exist. Then no file is left behind.
    """
    refuse_own_paths(home, path)
    path = path.absolute()
    taken = Refused(f"{path} is there already.", "Choose another name; an older copy may be the one you need.")
    if path.exists() or path.is_symlink():
        raise taken
    if not path.parent.is_dir():
        raise NotFound(f"There is no folder {path.parent}.", "Make it first, or choose another one.")
    if not home.database.exists() or (home.database.is_file() and not home.database.stat().st_size):
        raise NotFound(f"There is no database yet at {home.database}.", "The first command that records makes it.")
    make_ready(home.database, home.author)
    with private_folder(path) as folder:
        part = folder / "copy.db"
        copy_database(home.database, part)
        if problems := faults(part):
            raise Refused(f"{home.database} is not sound, so no copy of it was kept.", DOCTOR, problems)
        contents, size = inspect(part) or DatabaseContents(0, 0, None, ""), part.stat().st_size
        try:
            publish(part, path)
        except FileExistsError:
            raise taken from None
    return DatabaseCopy(str(path), size, contents.accounts, contents.deals)
