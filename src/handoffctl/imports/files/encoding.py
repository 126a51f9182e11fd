"""In which form a CSV file was written: its encoding and its delimiter. What is no text is refused by its name."""

import codecs
import csv
import io
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from handoffctl.core.names import visible
from handoffctl.errors import Refused

SAVE_AS = "Export it again, or open it in a spreadsheet and save it as CSV (UTF-8)."

_DELIMITERS = "\t;|,"  # in this order where two fit alike: a comma is the likeliest to be part of a text
_SEP_LINE = re.compile(r'"?sep=([,;|:\t])"?\s*\Z', re.IGNORECASE)
_SAMPLE = 64 * 1024
_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRICT = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or one with a password"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_CONTROLS = bytes(n for n in range(32) if n not in b"\t\n\r\x0b\x0c\x1a")
_ODD = re.compile("[\0-\x08\x0e-\x1f\ufffe\uffff]")
_WORD = re.compile(r"[A-Za-z\u0400-\u04ff]{3,}")


@dataclass(frozen=True, slots=True)
class Form:
    """A codec, whether bytes may not fit it (they decode to lone surrogates), the delimiter, and whether the first
    line only names it (`sep=;`, as Excel writes it)."""

    codec: str
    damaged: bool
    delimiter: str = ","
    has_sep_line: bool = False

    def text(self, path: Path) -> TextIO:
        # UTF-16 and UTF-32 have no way to carry a stray byte along: there the reader has to stop.
        errors = "strict" if self.codec in _STRICT else "surrogateescape"
        return path.open(encoding=self.codec, errors=errors, newline="")


def form_of(path: Path) -> Form:
    """How the file was written, from its first rows, and for UTF-8 from all its bytes (read in chunks).

    Raises Refused when there is no such file, it cannot be read, is empty or is no text.
    """
    form = _encoded(path)
    try:
        with form.text(path) as stream:
            sample = stream.read(_SAMPLE)
    except (UnicodeError, OSError):
        raise Refused(f"{visible(path.name)} is no sound {form.codec.upper()} text.", SAVE_AS) from None
    named = _SEP_LINE.match("".join(sample.splitlines()[:1]))
    return replace(form, delimiter=named[1] if named else _delimiter(sample), has_sep_line=bool(named))


def _encoded(path: Path) -> Form:
    """UTF-8, UTF-16 or UTF-32 by their marks, UTF-16 by its NULs, else UTF-8 if all of it is, else an old Windows."""
    name = visible(path.name)
    try:
        with _opened(path, name) as file:
            start = file.read(_SAMPLE)
            marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), "") or _unmarked_utf_16(start)
            _refuse_what_is_no_text(start, name, marked)
            around = b"" if marked in _STRICT else _around_first_fault(file)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror or error}.", "Check the path and its rights.") from None
    if marked or not around:
        return Form(marked or "utf-8", damaged=bool(around))
    return _judged(around)


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        mode = path.stat().st_mode
    except ValueError:
        raise Refused(f"{name} is no name a file can have.", "Check the path.") from None
    except FileNotFoundError:
        where = "here" if path.parent == Path() else f"in {visible(str(path.parent))}"
        raise Refused(f"There is no file {name} {where}.", "Check the path.") from None
    if stat.S_ISDIR(mode):
        raise Refused(f"{name} is a folder, not a CSV file.", "Name the file inside it.")
    if not stat.S_ISREG(mode):
        raise Refused(f"{name} is no ordinary file.", "Save the export to a file first: it is read more than once.")
    return path.open("rb")


def _refuse_what_is_no_text(start: bytes, name: str, codec: str) -> None:
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise Refused(f"{name} is empty.", "Export it again.")
    for signature, what in _SIGNATURES:
        if start.startswith(signature) or start[:200].lstrip().lower().startswith(signature):
            raise Refused(f"{name} is {what}, not a CSV file.", SAVE_AS)
    if codec in _STRICT:
        return
    strange = len(start) - len(start.translate(None, _CONTROLS))
    if strange > 3 and strange > len(start) / 20:
        raise Refused(f"{name} holds no text that can be read as CSV.", SAVE_AS)


def _unmarked_utf_16(start: bytes) -> str:
    """UTF-16 without a mark, as some programs for Windows write it: every other byte of its plain letters is a NUL."""
    first, second = start[::2].count(0), start[1::2].count(0)
    few, many = sorted((first, second))
    if many < 4 or many < len(start) / 20 or few > many / 20:
        return ""
    codec = "utf-16-le" if second > first else "utf-16-be"
    try:
        text = start[: len(start) // 2 * 2].decode(codec)
    except UnicodeDecodeError as error:
        # The sample may end in the middle of a pair.
        return codec if error.start > len(start) - 4 else ""
    return "" if _ODD.search(text) else codec


def _around_first_fault(file: BinaryIO) -> bytes:
    """Up to 64 KiB around the first bytes that are no UTF-8; nothing when the whole file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    while True:
        at = file.tell()
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            file.seek(max(0, at + error.start - _SAMPLE // 2))
            return file.read(_SAMPLE)
        if not chunk:
            return b""


def _judged(sample: bytes) -> Form:
    text = sample.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in text)
    if sum(c > "\x7f" for c in text) > 5 * broken:
        # Mostly sound UTF-8: better a few damaged rows than every umlaut of the file misread.
        return Form("utf-8", damaged=True)
    return Form(_old_windows(sample), damaged=True)


def _old_windows(sample: bytes) -> str:
    """Read as Cyrillic, Western words mix both alphabets (`Mьller`), and Russian ones do not."""
    words = [word for word in _WORD.findall(sample.decode("cp1251", "replace")) if not word.isascii()]
    mixed = sum(any(c.isascii() for c in word) for word in words)
    if 4 * mixed >= 3 * len(words):
        return "cp1252"
    if 4 * mixed <= len(words):
        return "cp1251"
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=["cp1252", "cp1251"]).best()
    return found.encoding if found else "cp1252"


def _delimiter(sample: str) -> str:
    best = max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))
    return best if _fit(sample, best) else ","


def _fit(sample: str, delimiter: str) -> float:
    """How many columns the header has beyond the first, times the share of the first rows that are as wide."""
    try:
        records: Iterable[list[str]] = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        header, *rows = [len(cells) for cells in islice(filter(any, records), 21)] or [0]
    except csv.Error:
        return 0
    return (header - 1) * (1 + rows.count(header)) / (1 + len(rows)) if header else 0
