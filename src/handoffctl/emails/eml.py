"""Formats an e-mail as the .eml file of a draft, which the user checks, changes and sends with a mail program.

The headers are folded here, from words that `email.charset` encodes: `email.message` loses or doubles spaces where it
folds encoded words, and raises on some text. The form is that of RFC 5322, with RFC 2047 for what is not ASCII.
"""

import re
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, groupby, repeat
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote

from handoffctl.core.names import split_name_and_email

if TYPE_CHECKING:
    from email.charset import Charset

LONGEST_LINE = 998
NOWHERE = "handoffctl.invalid"  # RFC 2606: a domain that nobody will ever have

_WIDTH, _ENCODED = 76, 75  # RFC 2047: a line with encoded words, and one such word
_LONGEST_WORD = 900  # of what is not encoded; with the header's name it stays below LONGEST_LINE
_LONGEST_ADDRESS = 254
_LONGEST_REFERENCE = 200

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_TEXT = re.compile("[\ud800-\udfff]")
_ATEXT = r"[\w!#$%&'*+/=?^`{|}~-]"
_ATOM = re.compile(_ATEXT, re.ASCII)
_PLAIN_WORD = re.compile(rf"{_ATEXT}{{1,{_LONGEST_WORD}}}", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490 takes them all for a full stop
_KEPT_SINCE_2010 = re.compile("[\xdf\u1e9e\u03c2\u200c\u200d]")
_MESSAGE_ID = re.compile(rf"<{_ATEXT}+(?:\.{_ATEXT}+)*@{_DOMAIN.pattern}>", re.ASCII)
_UNPRINTED = re.compile(r"[^\t -~]")


def eml_draft(
    to: tuple[str, str],
    cc: Sequence[str],
    sender: tuple[str, str],
    subject: str,
    body: str,
    at: datetime,
    message_id: str,
    references: Sequence[str] = (),
) -> bytes:
    """Returns the message as an .eml file, with CRLF line ends and `X-Unsent: 1`, which makes it a draft.

    `to` and `sender` are (name, address); each of `cc` is an address or `Name <address>`. Invalid addresses are left
    out, as are headers without an address and invalid message ids. `references` are the ids of the earlier mails of the
    thread, oldest first; it answers the last of them. A time without a zone is the machine's local
    time. Line breaks and control characters become one space in a name or the subject and nothing in an address; half
    a surrogate pair becomes U+FFFD. Never raises on text. Headers are ASCII, but for an address whose part before
    the @ is not: that one is UTF-8 (RFC 6532). Sources: RFC 5322, 2045, 2047; X-Unsent: [MS-OXCMAIL].
    """
    headers = [
        *_addresses("From", [sender]),
        *_addresses("To", [to]),
        *_addresses("Cc", [split_name_and_email(copy) if "<" in copy else ("", copy) for copy in cc]),
        _header("Subject", _subject(_one_line(subject))),
        _header("Date", [_date(at)]),
        *([_header("Message-ID", [message_id])] if _is_message_id(message_id) else []),
        *_thread_headers(references),
        _header("X-Unsent", ["1"]),
        _header("MIME-Version", ["1.0"]),
        _header("Content-Type", ["text/plain;", "charset=utf-8"]),
    ]
    encoding, content = _content(body)
    headers.append(_header("Content-Transfer-Encoding", [encoding]))
    return "".join(headers).encode() + b"\r\n" + content


def message_id(reference: str, address: str) -> str:
    """Returns `<handoffctl.REFERENCE@DOMAIN>`, a pure function that maps different inputs to different ids.

    The domain is that of the address, as IDNA in lower case, or `handoffctl.invalid` if there is none. Characters that
    a message id may not contain become %XX; a reference too long for a line is replaced by its SHA-256.
    """
    safe = quote(reference, safe="", errors="replace").replace("~", "%7E")
    if not re.fullmatch(r"[^.]+(\.[^.]+)*", safe):
        safe = safe.replace(".", "%2E")
    if len(safe) > _LONGEST_REFERENCE:
        safe = sha256(safe.encode()).hexdigest()
    domain = _address(address).rpartition("@")[2].lower() or NOWHERE
    return f"<handoffctl.{safe or '%00'}@{domain}>"


def _thread_headers(references: Sequence[str]) -> list[str]:
    """Returns In-Reply-To and References, or nothing for a mail that begins a thread."""
    ids = [reference for reference in references if _is_message_id(reference)]
    return [_header("In-Reply-To", ids[-1:]), _header("References", ids)] if ids else []


def _is_message_id(text: str) -> bool:
    return bool(_MESSAGE_ID.fullmatch(text)) and len(text) <= _LONGEST_WORD


def _text(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", text)


def _one_line(text: str) -> str:
    return _STEERING.sub(" ", _text(text))


def _header(name: str, words: Iterable[str]) -> str:
    """Returns the header, folded before a word that would make a line too long; the first stays beside the name."""
    lines = [f"{name}:"]
    for place, word in enumerate(words):
        if place and len(lines[-1]) + 1 + len(word) > _WIDTH:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"


def _date(at: datetime) -> str:
    from email.utils import format_datetime

    zoned = at if at.tzinfo else at.astimezone()
    offset = zoned.utcoffset()
    # Offsets before the introduction of time zones have seconds; RFC 5322 allows minutes only.
    return format_datetime(zoned.astimezone(UTC) if offset is None or offset.seconds % 60 else zoned)


def _charset() -> "Charset":
    from email.charset import Charset

    return Charset("utf-8")


def _encoded(text: str, first: int) -> list[str]:
    words = _charset().header_encode_lines(text, chain((first,), repeat(_ENCODED)))
    return [word for word in words if word]


def _subject(subject: str) -> list[str]:
    words = subject.split(" ")
    if all(re.fullmatch(rf"[!-~]{{1,{_LONGEST_WORD}}}", word) and "=?" not in word for word in words):
        return words
    return _encoded(subject, _WIDTH - len("Subject: ")) if subject else []


def _addresses(header: str, people: Iterable[tuple[str, str]]) -> list[str]:
    """Returns the header with everybody who has an address, or no line if nobody has one."""
    known = [(_one_line(name), _address(address)) for name, address in people]
    each = [[*_phrase(name), f"<{address}>"] if name else [address] for name, address in known if address]
    for words in each[:-1]:
        words[-1] += ","
    return [_header(header, chain.from_iterable(each))] if each else []


def _phrase(name: str) -> list[str]:
    """Returns the words of a display name, quoted or encoded if they must be."""
    words = name.split(" ")
    if all(_is_plain(word) for word in words):
        return words
    if name.isascii() and "=?" not in name:
        quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        parts = re.split(r"(?<=\S) (?=\S)", quoted)
        if all(len(part) <= _LONGEST_WORD for part in parts):
            return parts
    # Nothing, in quotes, keeps two spaces apart: within an encoded word of a name Python reads them as one.
    runs = [(plain, list(run)) for plain, run in groupby(words, lambda word: not word or _is_plain(word))]
    return [word or '""' for plain, run in runs for word in (run if plain else _encoded_word(" ".join(run)))]


def _is_plain(word: str) -> bool:
    return bool(_PLAIN_WORD.fullmatch(word)) and "=?" not in word


def _encoded_word(text: str) -> list[str]:
    """Returns one encoded word, even if it is longer than RFC 2047 allows, or several if a line cannot hold it.

    Between two encoded words of a name, Python before 3.12.9 and 3.13.2 reads a space (gh-128110); every mail program
    reads a long word.
    """
    word = _charset().header_encode(text)
    return [word] if len(word) <= LONGEST_LINE - len("From: ") else _encoded(text, _ENCODED - len("From: "))


def _address(text: str) -> str:
    """Returns the address as a header may contain it, its domain as IDNA, or an empty string if it is invalid."""
    local, _, domain = _STEERING.sub("", _text(text)).strip().rpartition("@")
    address = f"{local}@{_ascii_domain(domain)}"
    fits = all(map(_is_local_atom, local.split("."))) and "=?" not in local and not address.endswith("@")
    return address if fits and len(address.encode()) <= _LONGEST_ADDRESS else ""


def _is_local_atom(atom: str) -> bool:
    return bool(atom) and all(_ATOM.match(c) if c.isascii() else c.isprintable() and not c.isspace() for c in atom)


def _ascii_domain(domain: str) -> str:
    try:
        ascii_only = ".".join(_ascii_label(label) for label in _DOTS.split(domain))
    except UnicodeError:
        return ""
    return ascii_only if _DOMAIN.fullmatch(ascii_only) else ""


def _ascii_label(label: str) -> str:
    if _KEPT_SINCE_2010.search(label):
        # Python has IDNA 2003 only, which maps `straße` to `strasse`: today the domain of somebody else.
        fits = _DOMAIN.fullmatch(_ascii_label(_KEPT_SINCE_2010.sub("s", label)))
        return "xn--" + normalize("NFC", label.lower()).encode("punycode").decode() if fits else ""
    return label.encode("idna").decode()


def _content(body: str) -> tuple[str, bytes]:
    """Returns the transfer encoding and the body: 7bit for short lines of ASCII, else quoted-printable."""
    lines = _text(body).replace("\r\n", "\n").removesuffix("\n").split("\n")
    if all(len(line) <= 78 and not _UNPRINTED.search(line) for line in lines):
        return "7bit", "".join(f"{line}\r\n" for line in lines).encode()
    # Line by line: a lone \r, or another line separator, is text and must survive unchanged.
    quoted = (b2a_qp(line.encode(), istext=False).replace(b"\n", b"\r\n") for line in lines)
    return "quoted-printable", b"".join(line + b"\r\n" for line in quoted)
