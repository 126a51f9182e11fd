"""Parses the headers of a mail: sender, date, ids, subject, and whether a machine sent it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from email.errors import HeaderParseError
from email.header import decode_header
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime

from handoffctl.core.moments import FIRST_YEAR, LAST_YEAR, Moment, to_instant
from handoffctl.inbox.charsets import decode

LONGEST_HEAD = 256 * 1024  # bytes; the rest is left unread
LONGEST_FIELD = 4_000  # characters of a subject or a sender
LONGEST_ID = 998

HeaderFields = dict[str, list[str]]

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_HEADER = re.compile(rb"[!-9;-~]+:|[ \t]")
_MAIL_HEADERS = frozenset((
    "from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "content-type",
    "mime-version", "reply-to", "in-reply-to", "references", "delivered-to", "sender", "dkim-signature",
    "content-transfer-encoding", "envelope-to",
))  # fmt: skip
_UNIQUE_HEADERS = ("message-id", "in-reply-to", "references", "from", "date", "subject")
_ENCODED_WORD = r"=\?[^?\s]+\?[bq]\?.*?\?="
_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD}(?:\s*{_ENCODED_WORD})*", re.IGNORECASE)
_BROKEN_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?", re.IGNORECASE)
_BRACKETED = re.compile(r"<([^<>]*)>")
_BRACKETED_ADDRESS = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,128}@[^\s<>,;:\"()\[\]]{1,255}")
_MACHINE_SENDER = re.compile(r"(?:mailer-daemon|postmaster|(?:[\w.+-]*[.+-])?bounces?(?:[.+=-][^@]*)?)@", re.IGNORECASE)
_YEAR_ZERO = re.compile(r"(?<![\d+-])0\d{3}(?!\d)")


@dataclass(frozen=True, kw_only=True)
class MailHeaders:
    """The headers of a mail. Ids are written `<...>`; `at` is an instant in UTC, None if missing or senseless.

    `sender` is the address in lower case, `automatic` true for out-of-office notes, bounces and the like, and
    `remarks` are sentences on anything that could not be read.
    """

    id: str
    answers: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: str
    sender_name: str
    at: Moment | None
    automatic: bool
    remarks: tuple[str, ...]


def is_mail(raw: bytes) -> bool:
    """Returns True if the bytes begin with headers, of which at least one is usual in mails."""
    return _has_mail_header(_fields(split_headers(raw)[0]))


def parse_headers(raw: bytes) -> MailHeaders | None:
    """Parses the headers of a mail; returns None where none of them is usual in mails."""
    head, rest = split_headers(raw)
    fields = _fields(head)
    if not _has_mail_header(fields):
        return None
    ids = _ids(_first(fields, "message-id"))
    text, subject_remarks = _unfold(_first(fields, "subject"), "subject")
    subject, word_remarks = _decode_words(text, "subject")
    sender, sender_name, sender_remarks = _sender(_first(fields, "from"))
    at, date_remarks = _date(_first(fields, "date"))
    remarks = [*_head_remarks(fields, len(raw) - len(rest), ids), *subject_remarks, *word_remarks, *sender_remarks,
               *date_remarks]  # fmt: skip
    return MailHeaders(
        id=ids[0] if ids else "",
        answers=_ids(_first(fields, "in-reply-to")),
        references=_ids(_first(fields, "references")),
        subject=subject,
        sender=sender,
        sender_name=sender_name,
        at=at,
        automatic=_is_automatic(fields, sender),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _head_remarks(fields: HeaderFields, size: int, ids: Sequence[str]) -> list[str]:
    remarks = [f"It has {len(fields[name])} headers {name.title()}; the first counts." for name in _UNIQUE_HEADERS
               if len(fields.get(name, ())) > 1]  # fmt: skip
    if size > LONGEST_HEAD:
        remarks.append(f"Its headers are longer than {LONGEST_HEAD // 1024} KiB; the rest was left out.")
    if not ids:
        remarks.append("It has no Message-ID.")
    return remarks


def split_headers(raw: bytes) -> tuple[bytes, bytes]:
    """Splits a mail into its headers, up to 256 KiB of them, and everything that follows.

    Lines that are not headers are dropped: `email` would take everything below the first of them for text.
    """
    end = _END_OF_HEAD.search(raw)
    at = end.start() if end else len(raw)
    lines = raw[: min(at, LONGEST_HEAD)].splitlines()
    return b"\n".join(line for line in lines if _HEADER.match(line)), raw[at:]


def _fields(head: bytes) -> HeaderFields:
    """Returns the values of each header by its name in lower case. Each character of a value stands for one byte.

    BytesHeaderParser would return values that are not ASCII as Header objects, which hide their content.
    """
    fields: HeaderFields = {}
    for name, value in HeaderParser().parsestr(head.decode("latin-1")).items():
        fields.setdefault(name.lower(), []).append(str(value))
    return fields


def _has_mail_header(fields: HeaderFields) -> bool:
    return any(name in _MAIL_HEADERS or name.startswith(("x-", "list-")) for name in fields)


def _first(fields: HeaderFields, name: str) -> str:
    return fields[name][0] if name in fields else ""


def _unfold(value: str, name: str) -> tuple[str, list[str]]:
    """Decodes the bytes of a value to one line, with its encoded words still encoded; and remarks."""
    text, remarks = decode(value[:LONGEST_FIELD].encode("latin-1"), "utf-8", name)
    if len(value) > LONGEST_FIELD:
        remarks.append(f"The {name} is longer than {LONGEST_FIELD:,} characters; the rest was left out.")
    return " ".join(text.split()), remarks


def _ids(value: str) -> tuple[str, ...]:
    """Returns all ids in order, each once. Without brackets, words with an @ count, or a word on its own."""
    text = " ".join(decode(value.encode("latin-1"), "utf-8", "ids")[0].split())
    ids = ["".join(bracketed.split()) for bracketed in _BRACKETED.findall(text)]
    if not any(ids):
        words = [word.strip("<>,;\"'()") for word in text.split()]
        ids = words if len(words) == 1 else [word for word in words if "@" in word]
    return tuple(dict.fromkeys(f"<{id}>" for id in ids if id and len(id) <= LONGEST_ID))


def _decode_words(text: str, name: str) -> tuple[str, list[str]]:
    """Decodes the encoded words of a header; one that is broken stays as it is."""
    remarks: list[str] = []

    def decode_match(words: re.Match[str]) -> str:
        try:
            # Some programs put characters into encoded words that are not ASCII: these are bytes to decode, too.
            pieces = decode_header(words[0].encode().decode("latin-1"))
        except (HeaderParseError, ValueError):
            return words[0]
        decoded = [decode(raw, charset or "utf-8", name) for raw, charset in pieces]
        remarks.extend(remark for _, piece_remarks in decoded for remark in piece_remarks)
        return "".join(piece for piece, _ in decoded)

    # decode_header() gets runs of encoded words only: it would garble the text between them.
    text = _ENCODED_WORDS.sub(decode_match, text)
    if _BROKEN_ENCODED_WORD.search(text):
        remarks.append(f"A part of the {name} could not be decoded.")
    return " ".join(text.split()), remarks


def _sender(value: str) -> tuple[str, str, list[str]]:
    """Returns address, name and remarks. Finds the address before decoding words: a decoded name may hold one, too.

    Does not use email.utils.parseaddr(): for `Doe, Jane <j@acme.example>` it returns "Doe", for `j@acme.example via
    list <l@acme.example>` an address that does not exist, and for both it differs between versions of Python.
    """
    text, remarks = _unfold(value, "sender")
    address = _BRACKETED_ADDRESS.search(text) or _ADDRESS.search(text)
    if not address:
        name, more = _decode_words(text, "sender")
        return "", name.strip('" '), [*remarks, *more, "Its sender has no address." if name else "It names no sender."]
    after = text[address.end() :] if address.re is _ADDRESS else ""
    name, more = _decode_words(f"{text[: address.start()]} {after}", "sender")
    name = name.strip("\"'() ").replace('\\"', '"').strip()
    return address[address.lastindex or 0].casefold(), name, [*remarks, *more]


def _date(value: str) -> tuple[Moment | None, list[str]]:
    text, _ = _unfold(value[:200], "date")
    if not text:
        return None, ["It has no date."]
    try:
        if _YEAR_ZERO.search(text):  # the standard library would take it for 2000
            raise ValueError
        at = parsedate_to_datetime(text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)  # "-0000" is UTC in an unknown zone
        if FIRST_YEAR <= at.year <= LAST_YEAR:
            return to_instant(at), []
    except (ValueError, TypeError, OverflowError, IndexError):
        pass
    return None, [f'Its date "{text[:60]}" is none.']


def _is_automatic(fields: HeaderFields, sender: str) -> bool:
    """Returns True for out-of-office notes, bounces and the like (RFC 3834 and what mail programs do instead)."""

    def header(name: str) -> str:
        return _first(fields, name)[:200].strip().lower()

    if header("auto-submitted").partition(";")[0].partition("(")[0].strip() not in ("", "no"):
        return True
    if any(name in fields and header(name) not in ("no", "false") for name in ("x-autoreply", "x-autorespond")):
        return True
    if header("precedence").replace("-", "_") == "auto_reply":
        return True
    report = header("content-type").startswith("multipart/report") and "delivery-status" in header("content-type")
    return report or header("return-path") == "<>" or bool(_MACHINE_SENDER.match(sender))
