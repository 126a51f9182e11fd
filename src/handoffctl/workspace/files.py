"""Writes files whole or not at all.

The content goes to a hidden file in the same folder, is flushed to the disk, and is then moved into place in one step.
So a reader, a full disk, a kill or a power cut finds the whole former file or the whole new one. The functions raise
OSError with the name of the file that was asked for. Only a kill leaves the hidden `.NAME.XXXXXXXX.part` behind.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp, mkstemp

from handoffctl.db.backup import publish
from handoffctl.errors import Refused

OWNER_ONLY = 0o600
Content = bytes | Iterable[bytes]


def write(path: Path, content: Content, *, new: bool = False, mode: int | None = None) -> None:
    """Writes the file, in place of the one that is there; with `new` only where none is, else FileExistsError.

    A link stays a link, and the file it leads to is replaced; with `new` a link counts as a file that is there. Without
    a `mode` a replaced file keeps its permissions, and a new one is for its owner only.
    """
    prepared = prepare(path, content, follow=not new, mode=mode)
    try:
        if new:
            prepared.publish()
        else:
            prepared.replace()
    finally:
        prepared.discard()


def write_unsynced(path: Path, content: bytes) -> None:
    """Writes a file for its owner only that can be made anew, in place of what has this name, be it a link.

    It is whole for every reader, but not flushed to the disk: after a power cut a part of it may be there.
    """
    descriptor, part = mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


@dataclass(frozen=True)
class Prepared:
    """A file whose content is on the disk, under another name in its folder, and that waits to be moved into place."""

    part: Path
    path: Path

    def replace(self) -> None:
        """Moves it into place, over the file that is there."""
        with _name_in_errors(self.path):
            self.part.replace(self.path)
        _sync(self.path.parent)

    def publish(self) -> None:
        """Moves it into place. Raises FileExistsError if something is there."""
        with _name_in_errors(self.path):
            publish(self.part, self.path)
        _sync(self.path.parent)

    def discard(self) -> None:
        """Removes it, unless it was moved into place."""
        with suppress(OSError):
            self.part.unlink(missing_ok=True)


def prepare(path: Path, content: Content, *, follow: bool = True, mode: int | None = None) -> Prepared:
    """Writes the content to the disk beside the file; with `follow`, beside the file that a link leads to."""
    target = Path(os.path.realpath(path)) if follow else path
    with _name_in_errors(path):
        permissions = _mode_of(target) if mode is None else mode
        # Nobody can know this name before: the file is made anew, never through a link.
        descriptor, name = mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
        prepared = Prepared(Path(name), target)
        try:
            _write_to_disk(descriptor, content)
            if permissions != OWNER_ONLY:
                prepared.part.chmod(permissions)
        except BaseException:
            prepared.discard()
            raise
    return prepared


def write_folder(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]], check: Callable[[], None]) -> None:
    """Writes a folder of files for its owner only, in place of the one that is there. Calls `check` before it moves it.

    No system call replaces a folder that holds files: a kill between the two moves leaves none in place, and the former
    folder and the new one, both whole, beside it.
    """
    with _name_in_errors(folder):
        part = Path(mkdtemp(prefix=f".{folder.name[:40]}.", suffix=".part", dir=folder.parent))
        try:
            for name, content in files:
                _write_to_disk(os.open(part / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY), content)
            _sync(part)
            check()
            _swap(part, folder)
        finally:
            rmtree(part, ignore_errors=True)
    _sync(folder.parent)


def _swap(part: Path, folder: Path) -> None:
    old_folder = part.with_name(f"{part.name}.former")
    if folder.exists():
        folder.rename(old_folder)
    try:
        part.rename(folder)
    except BaseException:
        if old_folder.exists():
            old_folder.rename(folder)
        raise
    rmtree(old_folder, ignore_errors=True)


def is_empty_file(path: Path) -> bool:
    """True for an ordinary file, not a link, that holds nothing; a write that broke off may have left it."""
    return path.is_file() and not path.is_symlink() and path.stat().st_size == 0


@contextmanager
def refuse_os_errors(path: Path, hint: str) -> Iterator[None]:
    """Turns an OSError within the block into a Refused that names the file."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.", hint) from None


def _mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777 if path.exists() else OWNER_ONLY


def _write_to_disk(descriptor: int, content: Content) -> None:
    with open(descriptor, "wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Makes names in the folder outlast a power cut, on systems that can. The files are in place whole either way."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _name_in_errors(path: Path) -> Iterator[None]:
    """Lets an OSError name the file that was asked for rather than the one beside it."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
