"""Detects the encoding and the delimiter of a CSV file. Refuses files that are not text, by what they are."""

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

from handoffctl.core.names import escape_controls
from handoffctl.errors import Refused

SAVE_AS = "Export it again, or open it in a spreadsheet and save it as CSV (UTF-8)."

_DELIMITERS = "\t;|,"  # in this order where two score alike: a comma is the likeliest to be part of a text
_SEP_LINE = re.compile(r'"?sep=([,;|:\t])"?\s*\Z', re.IGNORECASE)
_SAMPLE = 64 * 1024
_CHUNK = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
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
_NOT_TEXT = re.compile("[\0-\x08\x0e-\x1f\ufffe\uffff]")
_WORD = re.compile(r"[A-Za-z\u0400-\u04ff]{3,}")


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How the text of a CSV file is written.

    `damaged` is True if bytes may not fit the codec; they decode to lone surrogates. `has_sep_line` is True if the
    first line only names the delimiter (`sep=;`, as Excel writes it).
    """

    codec: str
    damaged: bool
    delimiter: str = ","
    has_sep_line: bool = False

    def open(self, path: Path) -> TextIO:
        """Opens the file as text. UTF-16 and UTF-32 cannot carry a stray byte along, so reading one raises."""
        errors = "strict" if self.codec in _MULTIBYTE else "surrogateescape"
        return path.open(encoding=self.codec, errors=errors, newline="")


def detect_format(path: Path) -> TextFormat:
    """Detects the format from the first rows, and for UTF-8 from all bytes of the file (read in chunks).

    Raises Refused if there is no such file, or it cannot be read, is empty or is not text.
    """
    form = _detect_encoding(path)
    try:
        with form.open(path) as stream:
            sample = stream.read(_SAMPLE)
    except (UnicodeError, OSError):
        raise Refused(f"{escape_controls(path.name)} is no sound {form.codec.upper()} text.", SAVE_AS) from None
    sep_line = _SEP_LINE.match("".join(sample.splitlines()[:1]))
    return replace(form, delimiter=sep_line[1] if sep_line else _detect_delimiter(sample), has_sep_line=bool(sep_line))


def _detect_encoding(path: Path) -> TextFormat:
    """Detects UTF-8, UTF-16 or UTF-32 by their BOM, UTF-16 by its NULs, else UTF-8 or a Windows code page."""
    name = escape_controls(path.name)
    try:
        with _open_binary(path, name) as file:
            start = file.read(_SAMPLE)
            codec = next((codec for bom, codec in _BOMS if start.startswith(bom)), "") or _utf_16_without_bom(start)
            _refuse_binary(start, name, codec)
            sample = b"" if codec in _MULTIBYTE else _sample_around_invalid_utf_8(file)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror or error}.", "Check the path and its rights.") from None
    if codec or not sample:
        return TextFormat(codec or "utf-8", damaged=bool(sample))
    return _format_of_invalid_utf_8(sample)


def _open_binary(path: Path, name: str) -> BinaryIO:
    try:
        mode = path.stat().st_mode
    except ValueError:
        raise Refused(f"{name} is no name a file can have.", "Check the path.") from None
    except FileNotFoundError:
        where = "here" if path.parent == Path() else f"in {escape_controls(str(path.parent))}"
        raise Refused(f"There is no file {name} {where}.", "Check the path.") from None
    if stat.S_ISDIR(mode):
        raise Refused(f"{name} is a folder, not a CSV file.", "Name the file inside it.")
    if not stat.S_ISREG(mode):
        raise Refused(f"{name} is no ordinary file.", "Save the export to a file first: it is read more than once.")
    return path.open("rb")


def _refuse_binary(start: bytes, name: str, codec: str) -> None:
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise Refused(f"{name} is empty.", "Export it again.")
    for signature, description in _SIGNATURES:
        if start.startswith(signature) or start[:200].lstrip().lower().startswith(signature):
            raise Refused(f"{name} is {description}, not a CSV file.", SAVE_AS)
    if codec in _MULTIBYTE:
        return
    control_count = len(start) - len(start.translate(None, _CONTROLS))
    if control_count > 3 and control_count > len(start) / 20:
        raise Refused(f"{name} holds no text that can be read as CSV.", SAVE_AS)


def _utf_16_without_bom(start: bytes) -> str:
    """Detects UTF-16 without a BOM, as some Windows programs write it: every other byte of ASCII letters is a NUL."""
    even_nuls, odd_nuls = start[::2].count(0), start[1::2].count(0)
    fewer, more = sorted((even_nuls, odd_nuls))
    if more < 4 or more < len(start) / 20 or fewer > more / 20:
        return ""
    codec = "utf-16-le" if odd_nuls > even_nuls else "utf-16-be"
    try:
        text = start[: len(start) // 2 * 2].decode(codec)
    except UnicodeDecodeError as error:
        # The sample may end in the middle of a surrogate pair.
        return codec if error.start > len(start) - 4 else ""
    return "" if _NOT_TEXT.search(text) else codec


def _sample_around_invalid_utf_8(file: BinaryIO) -> bytes:
    """Returns up to 64 KiB around the first bytes that are not UTF-8; b"" if the whole file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    while True:
        start = file.tell()
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            file.seek(max(0, start + error.start - _SAMPLE // 2))
            return file.read(_SAMPLE)
        if not chunk:
            return b""


def _format_of_invalid_utf_8(sample: bytes) -> TextFormat:
    text = sample.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in text)
    if sum(c > "\x7f" for c in text) > 5 * broken:
        # Mostly valid UTF-8: a few damaged rows are better than every umlaut of the file misread.
        return TextFormat("utf-8", damaged=True)
    return TextFormat(_windows_code_page(sample), damaged=True)


def _windows_code_page(sample: bytes) -> str:
    """Tells cp1251 from cp1252: read as Cyrillic, Western words mix both alphabets (`Mьller`), Russian ones do not."""
    words = [word for word in _WORD.findall(sample.decode("cp1251", "replace")) if not word.isascii()]
    mixed = sum(any(c.isascii() for c in word) for word in words)
    if 4 * mixed >= 3 * len(words):
        return "cp1252"
    if 4 * mixed <= len(words):
        return "cp1251"
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=["cp1252", "cp1251"]).best()
    return match.encoding if match else "cp1252"


def _detect_delimiter(sample: str) -> str:
    best = max(_DELIMITERS, key=lambda delimiter: _delimiter_score(sample, delimiter))
    return best if _delimiter_score(sample, best) else ","


def _delimiter_score(sample: str, delimiter: str) -> float:
    """Scores a delimiter: the columns of the header beyond the first, times the share of rows that are as wide."""
    try:
        records: Iterable[list[str]] = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        header, *rows = [len(cells) for cells in islice(filter(any, records), 21)] or [0]
    except csv.Error:
        return 0
    return (header - 1) * (1 + rows.count(header)) / (1 + len(rows)) if header else 0
