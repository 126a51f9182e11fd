"""Writes files the user asked for, once the records they tell of are committed; refuses the program's own places."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.workspace.files import Prepared, prepare, refusing
from handoffctl.workspace.home import Home

Put = Callable[[Path, bytes], None]


@contextmanager
def putting() -> Iterator[Put]:
    """Publishes the files written within the block at its end, or none of them if it ends with an error.

    Wrap it around a transaction, so that no file tells of something that was not recorded. Raises Refused if a file
    cannot be published.
    """
    waiting: list[Prepared] = []

    def write(path: Path, content: bytes) -> None:
        with refusing(path, "Name a file elsewhere."):
            waiting.append(prepare(path, content))

    try:
        yield write
        for prepared in waiting:
            with refusing(prepared.path, "See what was recorded: handoffctl log"):
                prepared.replace()
    finally:
        for prepared in waiting:
            prepared.discard()


def put(path: Path, content: bytes) -> None:
    """Writes one file."""
    with putting() as write:
        write(path, content)


def refuse_own(home: Home, *paths: Path | None) -> None:
    """Refuses paths where the program keeps files of its own: the database, its journals, the user's playbooks ..."""
    database, folder = home.database.resolve(), home.folder.resolve()
    taken = {_same(Path(f"{database}{end}")) for end in ("", "-journal", "-wal", "-shm")}
    taken |= {_same(folder / name) for name in ("config.yaml", "playbooks", "templates")}
    for path in filter(None, paths):
        at = path.resolve()
        if taken & {_same(at), *map(_same, _folders(at, folder))}:
            raise Refused(f"{path} is where handoffctl keeps files of its own.", "Name a file elsewhere.")


def _folders(path: Path, folder: Path) -> list[Path]:
    """Returns the folders between the home folder and the file, if the file is in there."""
    return [one for one in path.parents if folder in one.parents]


def _same(path: Path) -> str:
    return str(path).casefold()  # on some disks case makes no difference
