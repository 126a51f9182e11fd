"""Replaces the database with a backup that was checked first."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.backup import DatabaseContents, inspect, is_unreadable, private_folder, replace, stage_copy
from handoffctl.db.file import UnusableFile
from handoffctl.errors import NotFound, Refused
from handoffctl.workspace.home import Home


class ContentsJson(NamedTuple):
    """How much a database holds, and the moment of its newest command."""

    accounts: int
    deals: int
    newest: Moment | None


class RestoreJson(NamedTuple):
    """A restored database as `restore --json` prints it; `kept` is the path of the database that it replaced."""

    database: str
    damaged: bool
    replaced: ContentsJson | None
    copy: ContentsJson | None
    kept: str | None


class RestorePlan:
    """A checked backup, and the database that it would replace.

    `copy` and `present` are their contents; None if there is no database yet, or it cannot be read.
    """

    def __init__(self, home: Home, fresh: Path) -> None:
        self._home, self._fresh = home, fresh
        self.database = home.database
        self.damaged = is_unreadable(home.database)
        readable = home.database.exists() and not self.damaged
        self.present: DatabaseContents | None = inspect(home.database) if readable else None
        self.copy = inspect(fresh)

    def as_json(self, kept: Path | None) -> RestoreJson:
        """Returns the plan as it was executed. `kept` is what `execute` returned."""
        replaced, copy = _contents_json(self.present), _contents_json(self.copy)
        return RestoreJson(str(self.database), self.damaged, replaced, copy, str(kept) if kept else None)

    def execute(self) -> Path | None:
        """Replaces the database. Returns the path at which the old one is kept; None if there was none."""
        self._home.create_folder()
        stamp = re.sub(r"[-:Z]", "", self._home.clock.now.partition(".")[0]).replace("T", "-")
        return replace(self.database, self._fresh, self.database.with_name(f"{self.database.name}.replaced-{stamp}"))


def _contents_json(contents: DatabaseContents | None) -> ContentsJson | None:
    return ContentsJson(contents.accounts, contents.deals, contents.at) if contents else None


@contextmanager
def plan_restore(home: Home, path: Path) -> Iterator[RestorePlan]:
    """Checks a backup before anything is replaced. Its working copy is gone once the block ends.

    Raises NotFound if the file does not exist, Refused if it is damaged or the database itself.
    """
    if not path.exists():
        raise NotFound(f"{path} is not there.", "Name a file that `handoffctl backup` wrote.")
    if home.database.exists() and path.samefile(home.database):
        raise Refused(f"{path} is the database itself.", "Name the copy that is to take its place.")
    with private_folder(home.database) as folder:
        yield RestorePlan(home, _checked_copy(home, path, folder))


def _checked_copy(home: Home, path: Path, folder: Path) -> Path:
    try:
        return stage_copy(path, folder, home.author)
    except UnusableFile as refused:  # its hint is for the database in use; this is another file
        raise Refused(refused.message, "Name a file that `handoffctl backup` wrote.", refused.problems) from None
