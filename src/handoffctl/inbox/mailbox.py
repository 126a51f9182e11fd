"""Reads the messages of a .eml file, an mbox file or a Maildir folder. Parses only the headers of each."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused
from handoffctl.inbox.headers import MailHeaders, is_mail, parse_headers

LARGEST_MAIL = 50 * 1024 * 1024  # bytes of one message

_HINT = "Name a .eml file, an mbox file or a Maildir folder (one with new/ and cur/)."
_LONGEST_LINE = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}:")
_TIME = re.compile(rb"\d{1,2}:\d\d")
_DATED = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{1,2}:\d\d.* (?:19|20)\d\d")
_MASKED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True)
class MailMessage(MailHeaders):
    """One message: its headers, its `place` for people ("message 3" of an mbox, else the file name), and all of it."""

    place: str
    raw: bytes


class UnreadableMail(NamedTuple):
    """A message that could not be read; the reason is a plain sentence."""

    place: str
    reason: str


def read_messages(path: Path) -> Iterator[MailMessage | UnreadableMail]:
    """Yields the messages of a .eml file, an mbox, a Maildir or a folder of .eml files in a stable order.

    Changes none of them. Raises Refused if the path is none of these or cannot be read.
    """
    name = escape_controls(path.name or str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return _mark_duplicates(_read_files(_mail_files(path, name)))
        if not stat.S_ISREG(mode):
            raise Refused(f"{name} is no ordinary file.", _HINT)
        return _read_file(path, name)
    except FileNotFoundError:
        raise Refused(f"There is no file or folder {name}.", "Check the path.") from None
    except ValueError:
        raise Refused(f"{name} is no name a file can have.", "Check the path.") from None
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror or error}.", "Check the path and its rights.") from None


def _read_file(path: Path, name: str) -> Iterator[MailMessage | UnreadableMail]:
    with path.open("rb") as file:
        start = file.read(_LONGEST_LINE)
        if not start.strip():
            return iter(())
        if path.suffix.lower() != ".eml" and start.lstrip(b"\xef\xbb\xbf\r\n").startswith(b"From "):
            return _mark_duplicates(_read_mbox(path))
        if not is_mail(start.removeprefix(_BOM).lstrip(b"\r\n")):
            raise Refused(f"{name} is not a mail file.", _HINT)
    return _read_files([path])


def _mail_files(folder: Path, name: str) -> list[Path]:
    """Lists the files of a Maildir by name, else the .eml files. Skips anything that is not an ordinary file."""
    parts = [folder / part for part in ("new", "cur") if (folder / part).is_dir()]
    files = [Path(entry.path) for part in parts or [folder] for entry in os.scandir(part) if _is_file(entry)]
    if parts:
        visible_files = (file for file in files if not file.name.startswith("."))
        return sorted(visible_files, key=lambda file: (file.name, file.parent))
    mails = sorted(file for file in files if file.suffix.lower() == ".eml")
    if not mails and any(folder.iterdir()):
        raise Refused(f"The folder {name} holds no mail.", _HINT)
    return mails


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads in circles
        return False


def _read_files(files: list[Path]) -> Iterator[MailMessage | UnreadableMail]:
    for path in files:
        place = escape_controls(path.name)
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST_MAIL + 1)
        except OSError as error:
            yield UnreadableMail(place, f"It cannot be read: {error.strerror or error}.")
            continue
        yield _message(place, raw.removeprefix(_BOM).lstrip(b"\r\n"))


def _read_mbox(path: Path) -> Iterator[MailMessage | UnreadableMail]:
    number = 0
    try:
        for number, raw in enumerate(_split_mbox(path), 1):
            place = f"message {number}"
            # Mbox writers mask a text line that begins with "From " by a ">", which would pass for a quotation.
            yield _message(place, _MASKED_FROM.sub(rb"\1", raw) if b"\n>" in raw and b">From " in raw else raw)
    except OSError as error:
        yield UnreadableMail(f"message {number + 1}", f"The file cannot be read on: {error.strerror or error}.")


def _split_mbox(path: Path) -> Iterator[bytes]:
    """Yields the messages of an mbox without their `From ` lines; of one that is too large, just more than allowed.

    The standard library's `mailbox` opens a file for writing, fails at a `From ` line that is not ASCII, and mistakes
    a line of text for one.
    """
    lines: list[bytes] | None = None
    size, previous = 0, b"\n"
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            first = lines is None and line.removeprefix(_BOM).startswith(b"From ")
            if first or (line.startswith(b"From ") and _is_envelope(line, previous, _peek_line(file))):
                if lines is not None:
                    yield b"".join(lines)
                lines, size, line = [], 0, b"\n"
            elif lines is not None and size <= LARGEST_MAIL:
                lines.append(line)
                size += len(line)
            previous = line
    if lines is not None:
        yield b"".join(lines)


def _peek_line(file: BinaryIO) -> bytes:
    line = file.readline(_LONGEST_LINE)
    file.seek(-len(line), os.SEEK_CUR)
    return line


def _is_envelope(line: bytes, previous: bytes, following: bytes) -> bool:
    """Returns True for the `From ` line of a message: it has a date, or follows a gap. Text may begin with it, too."""
    is_header = bool(_HEADER_LINE.match(following))
    if _DATED.search(line, 0, 500):
        return is_header or not following.strip()
    rest = line[5:].strip()
    return is_header and not previous.strip() and (not rest or b" " not in rest or bool(_TIME.search(rest, 0, 500)))


def _message(place: str, raw: bytes) -> MailMessage | UnreadableMail:
    if len(raw) > LARGEST_MAIL:
        return UnreadableMail(place, f"It is larger than {LARGEST_MAIL // 1024 // 1024} MiB.")
    try:
        headers = parse_headers(raw)
    except Exception as error:  # a mail that breaks the parser must not hide the others
        return UnreadableMail(place, f"Its headers cannot be read ({type(error).__name__}).")
    if headers is None:
        return UnreadableMail(place, "It has no headers of a mail." if raw.strip() else "It is empty.")
    return MailMessage(**vars(headers), place=place, raw=raw)


def _mark_duplicates(messages: Iterator[MailMessage | UnreadableMail]) -> Iterator[MailMessage | UnreadableMail]:
    """Yields the messages, with a remark on each whose id an earlier one had."""
    places: dict[str, str] = {}
    for message in messages:
        if isinstance(message, MailMessage) and message.id:
            earlier = places.setdefault(message.id, message.place)
            if earlier != message.place:
                message = replace(message, remarks=(*message.remarks, f"It has the same Message-ID as {earlier}."))
        yield message
