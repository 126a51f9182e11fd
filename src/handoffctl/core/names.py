"""Names of accounts, contacts and deals: cleans them, folds them for look-up, makes slugs, and escapes them."""

import re
import unicodedata

LONGEST_NAME = 200
LONGEST_SLUG = 60

_SPACE = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^\w]+|_+")
_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>\s*\Z")


class Abbreviation(str):
    """What somebody typed to name an account or a deal, of which the beginning is enough where it fits one alone.

    Other text names it in full: a script says what it means, and so does the program itself.
    """


def part_of(ref: str, part: str) -> str:
    """Returns a part of such a text: an abbreviation if the whole is one."""
    return Abbreviation(part) if isinstance(ref, Abbreviation) else part


class NotAName(ValueError):
    """Raised for text that cannot be a name. The message says why in a sentence."""


def clean_name(text: str, what: str = "name") -> str:
    """Collapses runs of white space to one space. Raises NotAName if the name is empty, too long or not Unicode."""
    name = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if not name or not any(c.isprintable() and not c.isspace() for c in name):
        raise NotAName(f"The {what} is empty.")
    if len(name) > LONGEST_NAME:
        raise NotAName(f"The {what} has {len(name):,} characters; {LONGEST_NAME} is the most.")
    if "\0" in name or any("\ud800" <= c <= "\udfff" for c in name):
        raise NotAName(f"The {what} holds characters that are no text.")
    return name


def fold(name: str) -> str:
    """Returns the form in which names are compared, regardless of case, compatibility forms and runs of space."""
    if name.isalnum() and name.isascii():  # most ids are, and an import may have a million
        return name.lower()
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def slugify(name: str) -> str:
    """Returns a short name to type: `muller-sohne-gmbh` for `Müller & Söhne GmbH`. Other scripts keep their letters."""
    if name.isalnum() and name.isascii():
        return name.lower()[:LONGEST_SLUG]
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = _NOT_SLUG.sub("-", unicodedata.normalize("NFC", plain)).strip("-")
    return words[:LONGEST_SLUG].rstrip("-") or "account"


def next_free_slug(wanted: str, taken: set[str]) -> str:
    """Returns the slug itself, or the first of `slug-2`, `slug-3` ... that is free."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def split_name_and_email(text: str) -> tuple[str, str]:
    """Splits `Jane Doe <jane@acme.example>` into name and address; either may be empty."""
    match = _ADDRESS.match(text.strip())
    if match:
        return match["name"].strip().strip('"').strip(), match["email"].strip()
    name, _, last = text.strip().rpartition(" ")
    return (name.strip(), last) if "@" in last else (text.strip(), "")


def escape_controls(text: str) -> str:
    """Escapes everything that could steer a terminal, as in `\\x1b` or `\\u202e`. New lines stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _harmless(c) else _written_out(c) for c in text)


_JOINERS = "\u200c\u200d"  # within emoji and words of some scripts; they do not steer a terminal


def _harmless(c: str) -> bool:
    return c == "\n" or c in _JOINERS or c.isprintable() or unicodedata.category(c) == "Zs"


def _written_out(c: str) -> str:
    code = ord(c)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


TITLES = ("dr", "prof", "mr", "mrs", "ms", "herr", "frau", "sir", "dame", "madame", "monsieur")


def first_name_of(name: str) -> str:
    """Returns the first word of a name, or the whole name if that word is a title or a last name."""
    first = name.partition(" ")[0]
    return name if first.endswith((".", ",")) or first.casefold() in TITLES else first
