"""Opens a .eml file, an mbox file or a Maildir folder and yields its messages; of each only the headers are read."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from handoffctl.core.names import visible
from handoffctl.errors import Refused
from handoffctl.inbox.headers import Heading, heading, is_mail

LARGEST = 50 * 1024 * 1024  # bytes of one message

_HINT = "Name a .eml file, an mbox file or a Maildir folder (one with new/ and cur/)."
_LINE = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}:")
_CLOCK = re.compile(rb"\d{1,2}:\d\d")
_DATED = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{1,2}:\d\d.* (?:19|20)\d\d")
_MASKED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True)
class Message(Heading):
    """One message: what its headers say (see Heading), `place`, which is how a person finds it ("message 3" in an
    mbox, else the name of its file), and `raw`, the whole of it."""

    place: str
    raw: bytes


@dataclass(frozen=True)
class Unreadable:
    """What stands at this place could not be read; the reason is a plain sentence."""

    place: str
    reason: str


def messages(path: Path) -> Iterator[Message | Unreadable]:
    """The messages of a .eml file, an mbox, a Maildir or a folder of .eml files, in a stable order; none is changed.

    Raises Refused where the path is none of them or cannot be read.
    """
    name = visible(path.name or str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return _told_twice(_of_files(_files(path, name)))
        if not stat.S_ISREG(mode):
            raise Refused(f"{name} is no ordinary file.", _HINT)
        return _of_file(path, name)
    except FileNotFoundError:
        raise Refused(f"There is no file or folder {name}.", "Check the path.") from None
    except ValueError:
        raise Refused(f"{name} is no name a file can have.", "Check the path.") from None
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror or error}.", "Check the path and its rights.") from None


def _of_file(path: Path, name: str) -> Iterator[Message | Unreadable]:
    with path.open("rb") as file:
        start = file.read(_LINE)
        if not start.strip():
            return iter(())
        if path.suffix.lower() != ".eml" and start.lstrip(b"\xef\xbb\xbf\r\n").startswith(b"From "):
            return _told_twice(_of_mbox(path))
        if not is_mail(start.removeprefix(_BOM).lstrip(b"\r\n")):
            raise Refused(f"{name} is not a mail file.", _HINT)
    return _of_files([path])


def _files(folder: Path, name: str) -> list[Path]:
    """The files of a Maildir by their names, else the .eml files. What is no ordinary file is passed over."""
    parts = [folder / part for part in ("new", "cur") if (folder / part).is_dir()]
    found = [Path(entry.path) for part in parts or [folder] for entry in os.scandir(part) if _is_file(entry)]
    if parts:
        return sorted((one for one in found if not one.name.startswith(".")), key=lambda one: (one.name, one.parent))
    mails = sorted(one for one in found if one.suffix.lower() == ".eml")
    if not mails and any(folder.iterdir()):
        raise Refused(f"The folder {name} holds no mail.", _HINT)
    return mails


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads in circles
        return False


def _of_files(files: list[Path]) -> Iterator[Message | Unreadable]:
    for path in files:
        place = visible(path.name)
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
        except OSError as error:
            yield Unreadable(place, f"It cannot be read: {error.strerror or error}.")
            continue
        yield _message(place, raw.removeprefix(_BOM).lstrip(b"\r\n"))


def _of_mbox(path: Path) -> Iterator[Message | Unreadable]:
    number = 0
    try:
        for number, raw in enumerate(_cut(path), 1):
            place = f"message {number}"
            # A line of the text that began with "From " was masked, and would pass for a quoted one.
            yield _message(place, _MASKED.sub(rb"\1", raw) if b"\n>" in raw and b">From " in raw else raw)
    except OSError as error:
        yield Unreadable(f"message {number + 1}", f"The file cannot be read on: {error.strerror or error}.")


def _cut(path: Path) -> Iterator[bytes]:
    """The messages of an mbox without their `From ` lines; of one that is too large as much as shows that it is.

    The standard library's `mailbox` opens a file for writing, fails at a `From ` line that is not ASCII, and takes a
    line of somebody's text for one.
    """
    lines: list[bytes] | None = None
    size, before = 0, b"\n"
    with path.open("rb") as file:
        while line := file.readline(_LINE):
            first = lines is None and line.removeprefix(_BOM).startswith(b"From ")
            if first or (line.startswith(b"From ") and _is_envelope(line, before, _next(file))):
                if lines is not None:
                    yield b"".join(lines)
                lines, size, line = [], 0, b"\n"
            elif lines is not None and size <= LARGEST:
                lines.append(line)
                size += len(line)
            before = line
    if lines is not None:
        yield b"".join(lines)


def _next(file: BinaryIO) -> bytes:
    line = file.readline(_LINE)
    file.seek(-len(line), os.SEEK_CUR)
    return line


def _is_envelope(line: bytes, before: bytes, after: bytes) -> bool:
    """A line of somebody's text may begin with "From ", too: an envelope is dated, or stands alone after a gap."""
    is_header = bool(_HEADER_LINE.match(after))
    if _DATED.search(line, 0, 500):
        return is_header or not after.strip()
    rest = line[5:].strip()
    return is_header and not before.strip() and (not rest or b" " not in rest or bool(_CLOCK.search(rest, 0, 500)))


def _message(place: str, raw: bytes) -> Message | Unreadable:
    if len(raw) > LARGEST:
        return Unreadable(place, f"It is larger than {LARGEST // 1024 // 1024} MiB.")
    try:
        found = heading(raw)
    except Exception as error:  # mail is written by everybody: one that nobody foresaw must not hide the others
        return Unreadable(place, f"Its headers cannot be read ({type(error).__name__}).")
    if found is None:
        return Unreadable(place, "It has no headers of a mail." if raw.strip() else "It is empty.")
    return Message(**vars(found), place=place, raw=raw)


def _told_twice(found: Iterator[Message | Unreadable]) -> Iterator[Message | Unreadable]:
    """The same, with a remark on a message whose id another one had before."""
    seen: dict[str, str] = {}
    for one in found:
        if isinstance(one, Message) and one.id:
            before = seen.setdefault(one.id, one.place)
            if before != one.place:
                one = replace(one, remarks=(*one.remarks, f"It has the same Message-ID as {before}."))
        yield one
