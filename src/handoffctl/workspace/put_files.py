"""Writes a file beside and moves it into place: a full disk leaves the one that was there. Where one must not stand."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.workspace.home import Home

Put = Callable[[Path, bytes], None]


@contextmanager
def putting() -> Iterator[Put]:
    """Files that are written within the block get their place at its end, and none of them where it ends in an error.

    Around a transaction: so no file tells of what was not recorded. Raises Refused where one cannot get its place.
    """
    parts: list[tuple[Path, Path]] = []
    try:
        yield lambda path, content: parts.append((_beside(path.resolve(), content), path.resolve()))
        for part, path in parts:
            try:
                os.replace(part, path)
            except OSError as error:
                what = f"{path} cannot be written: {error.strerror}."
                raise Refused(what, "See what was recorded: handoffctl log") from None
    finally:
        for part, _ in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def put(path: Path, content: bytes) -> None:
    """Writes one file."""
    with putting() as write:
        write(path, content)


def _beside(path: Path, content: bytes) -> Path:
    """A new file in the same folder, under a name that nobody can know before."""
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        number, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.", "Name a file elsewhere.") from None
    try:
        with open(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def refuse_own(home: Home, *paths: Path | None) -> None:
    """Refuses to write where the program looks for files of its own: the database with its journals, the owner's."""
    database, folder = home.database.resolve(), home.folder.resolve()
    taken = {_same(Path(f"{database}{end}")) for end in ("", "-journal", "-wal", "-shm")}
    taken |= {_same(folder / name) for name in ("config.yaml", "playbooks", "templates")}
    for path in filter(None, paths):
        at = path.resolve()
        if taken & {_same(at), *map(_same, _folders(at, folder))}:
            raise Refused(f"{path} is where handoffctl keeps files of its own.", "Name a file elsewhere.")


def _folders(path: Path, folder: Path) -> list[Path]:
    """The folders that lead from the home to the file, where it is in there."""
    return [one for one in path.parents if folder in one.parents]


def _same(path: Path) -> str:
    return str(path).casefold()  # on some disks case makes no difference
