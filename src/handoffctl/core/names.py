"""Names of accounts, contacts and deals: how they are folded for look-up, turned into slugs, and shown."""

import re
import unicodedata

LONGEST_NAME = 200
LONGEST_SLUG = 60

_SPACE = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^\w]+|_+")
_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>\s*\Z")


class NotAName(ValueError):
    """The text cannot be a name; the message says why in a sentence."""


def cleaned(text: str, what: str = "name") -> str:
    """The name with runs of white space made one space. Raises NotAName when empty, too long or not Unicode."""
    name = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not name or not any(c.isprintable() and not c.isspace() for c in name):
        raise NotAName(f"The {what} is empty.")
    if len(name) > LONGEST_NAME:
        raise NotAName(f"The {what} has {len(name):,} characters; {LONGEST_NAME} is the most.")
    if "\0" in name or any("\ud800" <= c <= "\udfff" for c in name):
        raise NotAName(f"The {what} holds characters that are no text.")
    return name


def folded(name: str) -> str:
    """The form in which names are compared: compatibility forms, case and runs of space make no difference."""
    if name.isalnum() and name.isascii():  # most ids, of which an import may have a million
        return name.lower()
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def slug(name: str) -> str:
    """A short name to type: `Müller & Söhne GmbH` is `muller-sohne-gmbh`. Other scripts keep their letters."""
    if name.isalnum() and name.isascii():
        return name.lower()[:LONGEST_SLUG]
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = _NOT_SLUG.sub("-", unicodedata.normalize("NFC", plain)).strip("-")
    return words[:LONGEST_SLUG].rstrip("-") or "account"


def numbered(wanted: str, taken: set[str]) -> str:
    """The slug itself, or the first of `slug-2`, `slug-3` ... that is free."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def name_and_email(text: str) -> tuple[str, str]:
    """`Jane Doe <jane@acme.example>` in its two parts; either may be empty."""
    match = _ADDRESS.match(text.strip())
    if match:
        return match["name"].strip().strip('"').strip(), match["email"].strip()
    name, _, last = text.strip().rpartition(" ")
    return (name.strip(), last) if "@" in last else (text.strip(), "")


def visible(text: str) -> str:
    """The text with everything that could steer a terminal written out: `\\x1b`, `\\u202e`. New lines stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _harmless(c) else _written_out(c) for c in text)


_JOINERS = "\u200c\u200d"  # within emoji and within words of some scripts; they steer nothing


def _harmless(c: str) -> bool:
    return c == "\n" or c in _JOINERS or c.isprintable() or unicodedata.category(c) == "Zs"


def _written_out(c: str) -> str:
    code = ord(c)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
