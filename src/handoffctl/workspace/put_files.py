"""Writes files the user asked for, once the records they tell of are committed; refuses the program's own places."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from handoffctl.errors import Refused
from handoffctl.workspace.files import Prepared, prepare, refuse_os_errors
from handoffctl.workspace.home import Home

WriteFile = Callable[[Path, bytes], None]


@contextmanager
def publish_at_end() -> Iterator[WriteFile]:
    """Publishes the files written within the block at its end, or none of them if it ends with an error.

    Wrap it around a transaction, so that no file tells of something that was not recorded. Raises Refused if a file
    cannot be published.
    """
    prepared_files: list[Prepared] = []

    def write(path: Path, content: bytes) -> None:
        with refuse_os_errors(path, "Name a file elsewhere."):
            prepared_files.append(prepare(path, content))

    try:
        yield write
        for prepared in prepared_files:
            with refuse_os_errors(prepared.path, "See what was recorded: handoffctl log"):
                prepared.replace()
    finally:
        for prepared in prepared_files:
            prepared.discard()


def publish_file(path: Path, content: bytes) -> None:
    """Writes one file."""
    with publish_at_end() as write:
        write(path, content)


def refuse_own_paths(home: Home, *paths: Path | None) -> None:
    """Refuses paths where the program keeps files of its own: the database, its journals, the user's playbooks ..."""
    database, folder = home.database.resolve(), home.folder.resolve()
    own_paths = {_comparable(Path(f"{database}{end}")) for end in ("", "-journal", "-wal", "-shm")}
    own_paths |= {_comparable(folder / name) for name in ("config.yaml", "playbooks", "templates")}
    for path in filter(None, paths):
        resolved = path.resolve()
        if own_paths & {_comparable(resolved), *map(_comparable, _folders(resolved, folder))}:
            raise Refused(f"{path} is where handoffctl keeps files of its own.", "Name a file elsewhere.")


def _folders(path: Path, folder: Path) -> list[Path]:
    """Returns the folders between the home folder and the file, if the file is in there."""
    return [parent for parent in path.parents if folder in parent.parents]


def _comparable(path: Path) -> str:
    return str(path).casefold()  # on some disks case makes no difference
