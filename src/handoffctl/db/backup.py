"""Backups: copies the database while others write, checks copies, and restores them. Needs nothing but sqlite3."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from errno import EEXIST
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp

from handoffctl.db.file import (
    APPLICATION_ID,
    MAGIC,
    ForeignFile,
    check_before_opening,
    is_whole,
    make_ready,
    open_for_writing,
    refusal,
    version_of,
)
from handoffctl.db.integrity import MOST, integrity_errors
from handoffctl.errors import Refused

BEYOND_READING = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


@dataclass(frozen=True)
class DatabaseContents:
    """How much a database holds, and what its newest command did."""

    accounts: int
    deals: int
    at: str | None
    says: str


@contextmanager
def private_folder(path: Path) -> Iterator[Path]:
    """Yields a folder beside the file that only its owner can enter; deletes it with its contents afterwards."""
    made = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f"{path.name}.part-", dir=path.parent))
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        if made:
            with suppress(OSError):  # by now there is something in it
                path.parent.rmdir()


def copy_database(path: Path, copy: Path) -> None:
    """Copies a consistent snapshot of the database into a new file, for its owner only, while others may write."""
    try:
        with closing(_begun(path)) as source, closing(_new(copy)) as target:
            _pour(source, target)
            target.execute("PRAGMA journal_mode = DELETE")  # where somebody chose another one, it came with the copy
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def _begun(path: Path) -> sqlite3.Connection:
    """Opens a connection inside a transaction, so that the copy is a snapshot. Refuses files of other programs."""
    check_before_opening(path)
    connection = open_for_writing(path)
    try:
        connection.execute("BEGIN")
        version_of(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _new(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    return open_for_writing(path)


def _pour(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    source.backup(target)


def publish(part: Path, path: Path) -> None:
    """Gives a finished file its name. Raises FileExistsError if the name is taken."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no links; to claim the name first would leave an empty file after a kill
        if os.path.lexists(path):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path)) from None
        part.rename(path)
        return
    with suppress(OSError):  # the file is in place
        part.unlink()


def faults(path: Path) -> list[str]:
    """Returns what is wrong with a database of this version, a sentence each; empty for a sound one."""
    try:
        with closing(open_for_writing(path)) as connection:
            found = _torn(connection)
    except sqlite3.Error as error:
        return [f"It cannot be read: {error}."]
    if not found and not is_whole(path):
        found.append("It lacks tables or columns that it should have.")
    return found[:MOST] or integrity_errors(path)


def _torn(connection: sqlite3.Connection) -> list[str]:
    found = [f"It is damaged: {row[0]}." for row in connection.execute(f"PRAGMA integrity_check({MOST})")]
    nowhere = connection.execute("SELECT * FROM pragma_foreign_key_check LIMIT ?", (MOST,))
    told = [f"Row {id} of {table} points to a row of {to} that is not there." for table, id, to, _ in nowhere]
    return [fault for fault in found if fault != "It is damaged: ok."] + told


def inspect(path: Path) -> DatabaseContents | None:
    """Returns what a database of ours holds, whatever its version; None if it cannot be read."""
    try:
        with closing(open_for_writing(path)) as connection:
            accounts, deals = connection.execute(
                "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM deal)"
            ).fetchone()
            newest = "SELECT at, iif(says <> '', says, words) FROM command ORDER BY id DESC LIMIT 1"
            at, says = connection.execute(newest).fetchone() or (None, "")
            return DatabaseContents(accounts, deals, at, str(says)[:100])
    except sqlite3.Error:
        return None


def stage_copy(file: Path, folder: Path, author: str) -> Path:
    """Copies a user's file into a private folder, checks it and raises it to this version. Raises Refused.

    `author` is recorded for the commands of a file older than schema 7.
    """
    fresh = folder / "fresh.db"
    check_before_opening(file)
    try:
        at = _at_rest(file, folder)
        with closing(sqlite3.connect(f"{at.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as source:
            source.execute("PRAGMA busy_timeout = 30000")
            source.execute("BEGIN")
            if not version_of(source, file):
                raise Refused(f"{file} is an empty database.", "Is it the right file?")
            with closing(_new(fresh)) as target:
                _pour(source, target)
                target.execute("PRAGMA journal_mode = DELETE")
                found = _torn(target)
        if not found:
            make_ready(fresh, author)
    except sqlite3.Error as error:
        raise refusal(error, file) from error
    if found := found or faults(fresh):
        raise Refused(f"{file} is not sound, so nothing was changed.", "Bring back another copy.", found[:MOST])
    return fresh


def _at_rest(file: Path, folder: Path) -> Path:
    """Returns the file itself, or a copy if SQLite would leave a log and index beside it by merely reading."""
    log, index = Path(f"{file}-wal"), Path(f"{file}-shm")
    with file.open("rb") as opened_file:
        in_wal_mode = opened_file.read(20)[18:] == b"\2\2"
    if not in_wal_mode or index.exists():  # which is there while somebody uses the file
        return file
    copy = folder / "given.db"
    copyfile(file, copy)
    if log.exists():
        copyfile(log, f"{copy}-wal")
    return copy


def is_unreadable(path: Path) -> bool:
    """True for a file so damaged that SQLite cannot copy it. Refuses files of other programs."""
    journal = Path(f"{path}-journal")
    try:
        check_before_opening(path)
    except ForeignFile:
        raise
    except Refused:
        if not (path.is_file() or (journal.exists() and not path.exists())):
            raise
        return True
    if not path.exists():
        return False
    if journal.exists() and path.stat().st_size and not _begins_well(path):
        return True  # SQLite would take the journal away
    try:
        with closing(open_for_writing(path)) as connection:
            mark, parts = connection.execute(
                "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_master)"
            ).fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in BEYOND_READING:
            return True
        raise refusal(error, path) from error
    if parts and mark != APPLICATION_ID:
        raise ForeignFile(path)
    return False


def _begins_well(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def replace(path: Path, fresh: Path, aside: Path) -> Path | None:
    """Replaces the database at `path` with the content of a sound one; the old file is kept as `aside` or near it.

    Returns where it is kept, or None if there was none. All or nothing, even if the process is killed.
    """
    beyond = is_unreadable(path)
    kept = _moved_aside(path, aside) if beyond else None
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(open_for_writing(path)) as present, closing(open_for_writing(fresh)) as source:
            # In this mode the lock outlasts the transaction: nobody writes between the copy and what replaces it.
            present.execute("PRAGMA locking_mode = EXCLUSIVE")
            present.execute("BEGIN EXCLUSIVE")
            present.execute("COMMIT")
            if present.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                kept = _copied_aside(present, fresh.with_name("replaced.db"), aside)
            _pour(source, present)
    except sqlite3.Error as error:
        raise refusal(error, path) from error
    return kept


def _copied_aside(present: sqlite3.Connection, part: Path, aside: Path) -> Path:
    with closing(_new(part)) as copy:
        _pour(present, copy)
    for name in _free(aside):
        with suppress(FileExistsError):
            publish(part, name)
            return name
    raise AssertionError("there is always a free name")


def _moved_aside(path: Path, aside: Path) -> Path:
    """Moves the file with its journal, which SQLite finds by name."""
    name = next(name for name in _free(aside) if not name.exists() and not Path(f"{name}-journal").exists())
    if path.exists():
        path.rename(name)
    if Path(f"{path}-journal").exists():
        Path(f"{path}-journal").rename(f"{name}-journal")
    return name


def _free(aside: Path) -> Iterator[Path]:
    yield aside
    for number in range(2, 10_000):
        yield aside.with_name(f"{aside.name}.{number}")
