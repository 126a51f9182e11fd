"""Values of fields: parses them by type into one stored form, rejects placeholders, compares them.

The stored form is text: numbers and money as plain decimals (`12500`, `99.5`), dates as ISO dates, yes_no as `yes`
or `no`, lists as items joined by `; `.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from handoffctl.core.moments import HOW_TO_WRITE, Clock, NotAMoment, local_date, parse_user
from handoffctl.core.money import NotANumber, TwoNumbers, parse_number, to_cents
from handoffctl.core.names import fold

TYPES = ("text", "choice", "number", "money", "date", "email", "phone", "url", "yes_no", "list")
ORDERED = ("choice", "number", "money", "date")
LONGEST_VALUE = 10_000
LONGEST_QUOTED = 80

Comparable = float | int | str


class FieldSpec(Protocol):
    """The properties of a field that parsing its values needs."""

    @property
    def type(self) -> str: ...
    @property
    def choices(self) -> Sequence[str]: ...
    @property
    def min_words(self) -> int: ...


class BadValue(ValueError):
    """Raised for text that is not a value of the field's type. The message says what would be."""


class Placeholder(BadValue):
    """Raised for text that is typed instead of an answer, like "tbd"."""


# Texts that people type to get past a required field. A bare "none" is not one: it answers "Competition?".
PLACEHOLDERS = frozenset(
    """n/a|na|n.a|n.a.|n\\a|not applicable|tbd|t.b.d|t.b.d.|tba|tbc|to be defined|to be determined|to be decided
    |to be confirmed|to be announced|to do|todo|unknown|not known|unclear|not sure|unsure|not yet|none yet|nothing yet
    |not yet known|no idea|no clue|don't know|dont know|do not know|idk|dunno|later|ask later|pending|empty|blank|null
    |nil|undefined|placeholder|asdf|asdfgh|qwerty|test|lorem ipsum|k.a.|k.a""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)


_STOPS = re.compile(r"[.\s]+(?=;|$)")


def same_value(one: str, other: str) -> bool:
    """Returns True if two stored values differ in nothing but case, blanks and final full stops, also of list items."""
    return one == other or _STOPS.sub("", fold(one)) == _STOPS.sub("", fold(other))


def is_placeholder(text: str) -> bool:
    """Returns True for `n/a`, `tbd`, `?`, `x`, `none yet`, one character repeated, or nothing but marks."""
    word = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    if word in PLACEHOLDERS or word.strip("()[]<>{}\"'.!?*-_ ") in PLACEHOLDERS:
        return True
    if not any(c.isalnum() for c in word):
        return True
    characters = word.replace(" ", "")
    if len(characters) == 1:  # one digit or one ideograph can be an answer; one letter is not
        return characters.isascii() and characters.isalpha()
    return len(set(characters)) == 1


def parse_value(field: FieldSpec, text: str, clock: Clock) -> str:
    """Parses what the user typed. Returns the stored form. Raises Placeholder or BadValue with a whole sentence."""
    text = unicodedata.normalize("NFC", text).strip()
    try:
        return _parsed(field, text, clock)
    except BadValue as fault:
        if len(text) <= LONGEST_QUOTED:
            raise
        raise type(fault)(str(fault).replace(text, f"{text[:LONGEST_QUOTED]}...")) from None


def _parsed(field: FieldSpec, text: str, clock: Clock) -> str:
    if not text:
        raise BadValue("The value is empty.")
    if len(text) > LONGEST_VALUE:
        raise BadValue(f"The value has {len(text):,} characters; {LONGEST_VALUE:,} is the most.")
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadValue("The value holds characters that are no text.")
    if field.type == "choice":
        return _choice(text, field.choices)
    if field.type == "yes_no":
        return _yes_no(text)
    numeric = field.type in ("number", "money")
    if is_placeholder(text) and not (numeric and any(c.isdigit() for c in text)):
        raise Placeholder(f'"{text}" is a placeholder, not an answer.')
    return _PARSERS[field.type](text, field, clock)


def _text(text: str, field: FieldSpec, clock: Clock) -> str:
    words = len(text.split())
    if words < field.min_words:
        raise BadValue(f'"{text}" is too short: at least {field.min_words} words are asked for.')
    return text


def _choice(text: str, choices: Sequence[str]) -> str:
    word = text.casefold()
    exact = [c for c in choices if c.casefold() == word]
    fits = exact or [c for c in choices if c.casefold().startswith(word)]
    if len(fits) == 1:
        return fits[0]
    if is_placeholder(text):
        raise Placeholder(f'"{text}" is a placeholder, not an answer.')
    raise BadValue(f'"{text}" is not one of: {", ".join(choices)}.')


_CURRENCY = re.compile(r"\A(?:[A-Z]{3}(?=[\s\d])|[A-Z]{0,2}[€$£¥₹])\s*|\s*(?:(?<=[\s\d])[A-Za-z]{3}|[€$£¥₹])\Z")


def _number(text: str, field: FieldSpec, clock: Clock) -> str:
    try:
        return parse_number(text)
    except NotANumber as fault:
        raise BadValue(str(fault)) from None


def _money(text: str, field: FieldSpec, clock: Clock) -> str:
    try:
        amount = parse_number(_CURRENCY.sub("", text), money=True)
    except TwoNumbers as fault:
        raise BadValue(str(fault)) from None
    except NotANumber:
        raise BadValue(f'"{text}" is not an amount of money; write one like 12500 or 12,500.') from None
    if amount.startswith("-"):
        raise BadValue(f'"{text}" is less than nothing; write an amount like 12500.')
    if len(amount.partition(".")[2]) > 2:
        raise BadValue(f'"{text}" has more than two decimals.')
    return amount


def _date(text: str, field: FieldSpec, clock: Clock) -> str:
    try:
        return local_date(parse_user(text, clock), clock.zone).isoformat()
    except NotAMoment as fault:
        raise BadValue(f"{fault} {HOW_TO_WRITE}") from None


_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\\x00-\x1f]+@[^\W_](?:[\w-]*\.)+[^\W\d_][\w-]*\Z")


def _email(text: str, field: FieldSpec, clock: Clock) -> str:
    if not _EMAIL.match(text) or len(text) > 254 or ".." in text:
        raise BadValue(f'"{text}" is not an e-mail address; write one like jane@acme.example.')
    return text


def _phone(text: str, field: FieldSpec, clock: Clock) -> str:
    digits = [c for c in text if c.isdigit()]
    if len(digits) < 5 or len(text) > 40 or not re.match(r"[+\d(]", text) or len(set(digits)) == 1:
        raise BadValue(f'"{text}" is not a phone number; write one like +49 30 1234567.')
    return text


_URL = re.compile(r"(?:https?://)?[^\W_](?:[\w-]*\.)+[^\W\d_][\w-]*(?::\d+)?(?:[/?#]\S*)?\Z", re.IGNORECASE)


def _url(text: str, field: FieldSpec, clock: Clock) -> str:
    if not _URL.match(text):
        raise BadValue(f'"{text}" is not a web address; write one like https://acme.example.')
    return text


def _yes_no(text: str) -> str:
    word = text.casefold()
    if word in ("yes", "y", "true", "1", "on"):
        return "yes"
    if word in ("no", "n", "false", "0", "off"):
        return "no"
    if is_placeholder(text):
        raise Placeholder(f'"{text}" is a placeholder, not an answer.')
    raise BadValue(f'"{text}" is neither yes nor no.')


def _list(text: str, field: FieldSpec, clock: Clock) -> str:
    parts = re.split(r"[;\n]", text) if ";" in text or "\n" in text else text.split(",")
    items = [
        item for part in parts if (item := " ".join(part.split())) and (len(item) == 1 or not is_placeholder(item))
    ]
    if not items:
        raise Placeholder(f'"{text}" holds no item that says anything.')
    return "; ".join(dict.fromkeys(items))


_PARSERS = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "list": _list,
}


def to_comparable(field: FieldSpec, value: str) -> Comparable | None:
    """Returns a value that sorts: money in cents, a choice by its position; None for a choice that does not exist."""
    if field.type == "money":
        return to_cents(value)
    if field.type == "number":
        return float(value)
    if field.type == "choice":
        return list(field.choices).index(value) if value in field.choices else None
    return value


def to_json_value(kind: str, value: str) -> str | int | float | bool | list[str]:
    """Converts the stored form for JSON: numbers to numbers, yes_no to a boolean, lists to lists."""
    if kind in ("number", "money"):
        return float(value) if "." in value else int(value)
    if kind == "yes_no":
        return value == "yes"
    return value.split("; ") if kind == "list" else value


def value_hint(field: FieldSpec) -> str:
    """Returns the word that stands for a value in a suggested command: `AMOUNT`, `yes`, `small|large`."""
    if field.type == "choice":
        return "|".join(field.choices)
    shapes = {
        "money": "AMOUNT", "number": "NUMBER", "date": "DATE", "yes_no": "yes", "email": "ADDRESS", "list": "ITEM, ITEM"
    }  # fmt: skip
    return shapes.get(field.type, "TEXT")
