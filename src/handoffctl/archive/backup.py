"""Keeps a checked copy of the database elsewhere, and puts such a copy in its place again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoffctl.db.backup import Held, copy_out, faults, held, is_beyond_use, private_folder, publish, replace, taken_in
from handoffctl.db.file import DOCTOR, make_ready
from handoffctl.errors import NotFound, Refused
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import refuse_own


@dataclass(frozen=True)
class Kept:
    """A copy that was made and found to be sound; its size in bytes."""

    path: Path
    size: int
    accounts: int
    deals: int

    def as_json(self) -> dict[str, Any]:
        return {"path": str(self.path), "bytes": self.size, "accounts": self.accounts, "deals": self.deals}


def backup(home: Home, path: Path) -> Kept:
    """Copies the database into a new file; others may go on writing. Raises Refused or NotFound; then there is none."""
    refuse_own(home, path)
    path = path.absolute()
    taken = Refused(f"{path} is there already.", "Choose another name; an older copy may be the one you need.")
    if path.exists() or path.is_symlink():
        raise taken
    if not path.parent.is_dir():
        raise NotFound(f"There is no folder {path.parent}.", "Make it first, or choose another one.")
    if not home.database.exists() or (home.database.is_file() and not home.database.stat().st_size):
        raise NotFound(f"There is no database yet at {home.database}.", "The first command that records makes it.")
    make_ready(home.database)
    with private_folder(path) as folder:
        part = folder / "copy.db"
        copy_out(home.database, part)
        if found := faults(part):
            raise Refused(f"{home.database} is not sound, so no copy of it was kept.", DOCTOR, found)
        holds, size = held(part) or Held(0, 0, None, ""), part.stat().st_size
        try:
            publish(part, path)
        except FileExistsError:
            raise taken from None
    return Kept(path, size, holds.accounts, holds.deals)


class Restoring:
    """A copy that was found to be sound, and what it would replace; None where that is nothing, or unreadable."""

    def __init__(self, home: Home, fresh: Path) -> None:
        self._home, self._fresh = home, fresh
        self.database = home.database
        self.damaged = is_beyond_use(home.database)
        present = home.database.exists() and not self.damaged
        self.present: Held | None = held(home.database) if present else None
        self.copy = held(fresh)

    def as_json(self) -> dict[str, Any]:
        sides = (("replaced", self.present), ("copy", self.copy))
        return {
            "database": str(self.database), "damaged": self.damaged,
            **{name: held and {"accounts": held.accounts, "deals": held.deals, "newest": held.at}
               for name, held in sides},
        }  # fmt: skip

    def carry_out(self) -> Path | None:
        """Replaces the database; gives where the replaced one is kept, None where there was none."""
        self._home.make()
        stamp = re.sub(r"[-:Z]", "", self._home.clock.now.partition(".")[0]).replace("T", "-")
        return replace(self.database, self._fresh, self.database.with_name(f"{self.database.name}.replaced-{stamp}"))


@contextmanager
def restoring(home: Home, path: Path) -> Iterator[Restoring]:
    """Looks through a copy before anything is replaced. Raises Refused or NotFound."""
    if not path.exists():
        raise NotFound(f"{path} is not there.", "Name a file that `handoffctl backup` wrote.")
    if home.database.exists() and path.samefile(home.database):
        raise Refused(f"{path} is the database itself.", "Name the copy that is to take its place.")
    with private_folder(home.database) as folder:
        yield Restoring(home, _looked_through(path, folder))


def _looked_through(path: Path, folder: Path) -> Path:
    try:
        return taken_in(path, folder)
    except Refused as refused:
        if "--db" in refused.hint:  # that is for the database in use; this is another file
            raise Refused(refused.message, "Name a file that `handoffctl backup` wrote.", refused.problems) from None
        raise
