"""What the headers of one mail say: who wrote it, when, in answer to what, and whether a person did."""

import re
from dataclasses import dataclass
from datetime import UTC

from handoffctl.core.moments import FIRST_YEAR, LAST_YEAR, instant
from handoffctl.inbox.charsets import decoded

MOST_OF_HEAD = 256 * 1024  # bytes; what stands behind is left unread
MOST_OF_FIELD = 4_000  # characters of a subject or a sender
LONGEST_ID = 998

Fields = dict[str, list[str]]

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_HEADER = re.compile(rb"[!-9;-~]+:|[ \t]")
_KNOWN = frozenset((
    "from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "content-type",
    "mime-version", "reply-to", "in-reply-to", "references", "delivered-to", "sender", "dkim-signature",
    "content-transfer-encoding", "envelope-to",
))  # fmt: skip
_ONCE = ("message-id", "in-reply-to", "references", "from", "date", "subject")
_WORD = r"=\?[^?\s]+\?[bq]\?.*?\?="
_WORDS = re.compile(rf"{_WORD}(?:\s*{_WORD})*", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?", re.IGNORECASE)
_BRACKETED = re.compile(r"<([^<>]*)>")
_IN_BRACKETS = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,128}@[^\s<>,;:\"()\[\]]{1,255}")
_MACHINE = re.compile(r"(?:mailer-daemon|postmaster|(?:[\w.+-]*[.+-])?bounces?(?:[.+=-][^@]*)?)@", re.IGNORECASE)
_YEAR_ZERO = re.compile(r"(?<![\d+-])0\d{3}(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What the headers say. Ids are written `<...>`; `at` is an instant in UTC, None where it is missing or senseless.

    `sender` is the address in small letters, `automatic` true for out-of-office notes, bounces and the like, and
    `remarks` are sentences on what could not be read.
    """

    id: str
    answers: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: str
    sender_name: str
    at: str | None
    automatic: bool
    remarks: tuple[str, ...]


def is_mail(raw: bytes) -> bool:
    """True where this begins with headers, of which at least one is one that mails have."""
    return _are_of_a_mail(_fields(parted(raw)[0]))


def heading(raw: bytes) -> Heading | None:
    """What the headers of this mail say; None where there is no header that mails have."""
    head, rest = parted(raw)
    fields = _fields(head)
    if not _are_of_a_mail(fields):
        return None
    remarks = [f"It has {len(fields[name])} headers {name.title()}; the first counts." for name in _ONCE
               if len(fields.get(name, ())) > 1]  # fmt: skip
    if len(raw) - len(rest) > MOST_OF_HEAD:
        remarks.append(f"Its headers are longer than {MOST_OF_HEAD // 1024} KiB; the rest was left out.")
    ids = _ids(_first(fields, "message-id"))
    if not ids:
        remarks.append("It has no Message-ID.")
    plain, of_subject = _plain(_first(fields, "subject"), "subject")
    subject, of_words = _words(plain, "subject")
    sender, name, of_sender = _sender(_first(fields, "from"))
    at, of_date = _at(_first(fields, "date"))
    return Heading(
        id=ids[0] if ids else "",
        answers=_ids(_first(fields, "in-reply-to")),
        references=_ids(_first(fields, "references")),
        subject=subject,
        sender=sender,
        sender_name=name,
        at=at,
        automatic=_is_automatic(fields, sender),
        remarks=tuple(dict.fromkeys((*remarks, *of_subject, *of_words, *of_sender, *of_date))),
    )


def parted(raw: bytes) -> tuple[bytes, bytes]:
    """The headers, as much of them as is read, and all that follows.

    Lines that are no header are left out: `email` would take all below the first of them for text.
    """
    end = _END_OF_HEAD.search(raw)
    at = end.start() if end else len(raw)
    lines = raw[: min(at, MOST_OF_HEAD)].splitlines()
    return b"\n".join(line for line in lines if _HEADER.match(line)), raw[at:]


def _fields(head: bytes) -> Fields:
    """The values of each header by its name in small letters. Each letter of a value stands for one byte.

    BytesHeaderParser would give those that are not ASCII as Header objects, which tell nothing of what they say.
    """
    from email.parser import HeaderParser

    found: Fields = {}
    for name, value in HeaderParser().parsestr(head.decode("latin-1")).items():
        found.setdefault(name.lower(), []).append(str(value))
    return found


def _are_of_a_mail(fields: Fields) -> bool:
    return any(name in _KNOWN or name.startswith(("x-", "list-")) for name in fields)


def _first(fields: Fields, name: str) -> str:
    return fields[name][0] if name in fields else ""


def _plain(value: str, what: str) -> tuple[str, list[str]]:
    """What the bytes of this value say, on one line and before encoded words are decoded; and remarks."""
    words, remarks = decoded(value[:MOST_OF_FIELD].encode("latin-1"), "utf-8", what)
    if len(value) > MOST_OF_FIELD:
        remarks.append(f"The {what} is longer than {MOST_OF_FIELD:,} characters; the rest was left out.")
    return " ".join(words.split()), remarks


def _ids(value: str) -> tuple[str, ...]:
    """All ids in order, each once. Without brackets, words with an @ are ids; a single word is one without it, too."""
    text = " ".join(decoded(value.encode("latin-1"), "utf-8", "ids")[0].split())
    found = ["".join(one.split()) for one in _BRACKETED.findall(text)]
    if not any(found):
        words = [word.strip("<>,;\"'()") for word in text.split()]
        found = words if len(words) == 1 else [word for word in words if "@" in word]
    return tuple(dict.fromkeys(f"<{one}>" for one in found if one and len(one) <= LONGEST_ID))


def _words(plain: str, what: str) -> tuple[str, list[str]]:
    """The same with its encoded words decoded; one that is broken stays as it is."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    remarks: list[str] = []

    def in_letters(words: re.Match[str]) -> str:
        try:
            # Where a program put letters into them that are not ASCII, they are bytes to decode like the rest.
            pieces = decode_header(words[0].encode().decode("latin-1"))
        except (HeaderParseError, ValueError):
            return words[0]
        told = [decoded(raw, charset or "utf-8", what) for raw, charset in pieces]
        remarks.extend(remark for _, more in told for remark in more)
        return "".join(text for text, _ in told)

    # decode_header() sees runs of encoded words only: what stands between them it would put into other letters.
    text = _WORDS.sub(in_letters, plain)
    if _BROKEN_WORD.search(text):
        remarks.append(f"A part of the {what} could not be decoded.")
    return " ".join(text.split()), remarks


def _sender(value: str) -> tuple[str, str, list[str]]:
    """Address, name, remarks. The address is found before words are decoded: a decoded name may hold one as well.

    Not by email.utils.parseaddr(): for `Doe, Jane <j@acme.example>` it gives "Doe", for `j@acme.example via list
    <l@acme.example>` an address that is nobody's, and for both something else in each version of Python.
    """
    plain, remarks = _plain(value, "sender")
    found = _IN_BRACKETS.search(plain) or _ADDRESS.search(plain)
    if not found:
        name, more = _words(plain, "sender")
        return "", name.strip('" '), [*remarks, *more, "Its sender has no address." if name else "It names no sender."]
    after = plain[found.end() :] if found.re is _ADDRESS else ""
    name, more = _words(f"{plain[: found.start()]} {after}", "sender")
    name = name.strip("\"'() ").replace('\\"', '"').strip()
    return found[found.lastindex or 0].casefold(), name, [*remarks, *more]


def _at(value: str) -> tuple[str | None, list[str]]:
    from email.utils import parsedate_to_datetime

    text, _ = _plain(value[:200], "date")
    if not text:
        return None, ["It has no date."]
    try:
        if _YEAR_ZERO.search(text):  # which the standard library takes for 2000
            raise ValueError
        at = parsedate_to_datetime(text)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)  # "-0000" is UTC of nobody's zone
        if FIRST_YEAR <= at.year <= LAST_YEAR:
            return instant(at), []
    except (ValueError, TypeError, OverflowError, IndexError):
        pass
    return None, [f'Its date "{text[:60]}" is none.']


def _is_automatic(fields: Fields, sender: str) -> bool:
    def said(name: str) -> str:
        return _first(fields, name)[:200].strip().lower()

    if said("auto-submitted").partition(";")[0].partition("(")[0].strip() not in ("", "no"):
        return True
    if any(name in fields and said(name) not in ("no", "false") for name in ("x-autoreply", "x-autorespond")):
        return True
    if said("precedence").replace("-", "_") == "auto_reply":
        return True
    report = said("content-type").startswith("multipart/report") and "delivery-status" in said("content-type")
    return report or said("return-path") == "<>" or bool(_MACHINE.match(sender))
