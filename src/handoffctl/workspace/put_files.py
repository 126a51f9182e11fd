"""Writes files that the user asked for once what they tell of is recorded. Where one must not stand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.workspace.files import Prepared, prepare, refusing
from handoffctl.workspace.home import Home

Put = Callable[[Path, bytes], None]


@contextmanager
def putting() -> Iterator[Put]:
    """Files that are written within the block get their place at its end, and none of them where it ends in an error.

    Around a transaction: so no file tells of what was not recorded. Raises Refused where one cannot get its place.
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
