"""Parses amounts to cents. The decimal sign is decided from all amounts of a column."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from handoffctl.imports.cells.dates import AmbiguousFormat, CellParseError, quoted

MOST_DIGITS = 15
LONGEST_TEXT = 40
MOST_REMEMBERED = 20_000

_AMOUNT = re.compile(
    r"(?P<minus>[-+]?)\s*(?P<before>[^\d\s.,()'+-]{0,4}\.?)\s*(?P<inner>[-+]?)\s*"
    r"(?P<number>(?:\d[\d.,'’ ]*|[.,]\d+)(?:[eE]\+?\d{1,2})?)\s*"
    r"(?P<last>-?)\s*(?P<after>[^\d\s.,()'+-]{0,4}\.?)\Z",
    re.ASCII,
)
_PERCENT = re.compile(r"\+?([0-9]{1,3})(?:[.,]([0-9]{1,20}))?\s*%?", re.ASCII)
_NO_CURRENCY = {"%", "#", "k", "m", "t", "b", "mn", "mm", "bn", "mio", "mrd", "tsd", "pct", "nan", "inf", "тыс", "млн"}


class AmountParser:
    """Parses one column of amounts. Each text goes to `observe` before the first is parsed by `cents`.

    If that has not been done (`decided=False`), amounts that need the others of their column raise AmbiguousFormat.
    """

    def __init__(self, decided: bool = True) -> None:
        self._is_decided = decided
        self._decimal_signs: set[str] = set()
        self._observed: set[str] = set()
        self._cents: dict[str, int] = {}

    def observe(self, text: str) -> None:
        """Takes a text into account for the decimal sign. Text that is not an amount is ignored."""
        if not text or text in self._observed:
            return
        if len(self._observed) >= MOST_REMEMBERED:
            self._observed.clear()
        self._observed.add(text)
        try:
            sign = _decimal_sign(_split_number(text)[0])
        except CellParseError:
            return
        if sign in (".", ","):
            self._decimal_signs.add(sign)

    def cents(self, text: str) -> int | None:
        """Returns the amount in cents, rounded half up; None for blank. Raises CellParseError or AmbiguousFormat.

        Three digits after a single sign (`1,234`) are thousands, unless the column shows that it is the decimal sign.
        """
        if not text.strip():
            return None
        cents = self._cents.get(text)
        if cents is None:
            cents = self._parse(text)
            if len(self._cents) >= MOST_REMEMBERED:
                self._cents.clear()
            self._cents[text] = cents
        return cents

    def _parse(self, text: str) -> int:
        number, negative = _split_number(text)
        mantissa, _, power = number.lower().partition("e")
        sign = _decimal_sign(mantissa)
        whole, _, part = mantissa.partition(self._resolve_sign(mantissa, text) if sign == "?" else sign or ".")
        if part and not part.isdigit():
            raise CellParseError(f"{quoted(text)} is no amount")
        value = Decimal(f"{_strip_grouping(whole, text)}.{part or 0}e{power or 0}")
        if value >= 10**MOST_DIGITS:
            raise CellParseError(f"{quoted(text)} has more than {MOST_DIGITS} digits")
        cents = int((value * 100).to_integral_value(ROUND_HALF_UP))
        return -cents if negative else cents

    def _resolve_sign(self, number: str, text: str) -> str:
        if not self._is_decided:
            raise AmbiguousFormat(f"{quoted(text)} may be in thousands or not")
        sign, other = (",", ".") if "," in number else (".", ",")
        if self._decimal_signs == {".", ","}:
            raise CellParseError(f"{quoted(text)} may be in thousands or not: its column writes amounts in both ways")
        return sign if self._decimal_signs == {sign} else other


def parse_percent(text: str) -> float | None:
    """Parses a percentage, with or without its sign; None for blank text and anything that is not from 0 to 100."""
    match = _PERCENT.fullmatch(text.strip())
    value = float(f"{match[1]}.{match[2] or 0}") if match else None
    return value if value is not None and value <= 100 else None


def _split_number(text: str) -> tuple[str, bool]:
    """Returns the number without currency and outer signs, and True if it is negative. Raises CellParseError."""
    plain = " ".join(text[: LONGEST_TEXT + 1].split()).replace("−", "-")
    bracketed = plain.startswith("(") and plain.endswith(")")
    match = _AMOUNT.match(plain[1:-1].strip() if bracketed else plain)
    if not match or len(plain) > LONGEST_TEXT or not (_is_currency(match["before"]) and _is_currency(match["after"])):
        raise CellParseError(f"{quoted(text)} is no amount")
    signs = match["minus"] + match["inner"] + match["last"]
    if len(signs) + bracketed > 1:
        raise CellParseError(f"{quoted(text)} is no amount")
    return match["number"].strip(), bracketed or signs == "-"


def _is_currency(text: str) -> bool:
    letters = text.casefold().rstrip(".")
    return letters not in _NO_CURRENCY and all(c.isalpha() or unicodedata.category(c) == "Sc" for c in letters)


def _decimal_sign(number: str) -> str:
    """Returns the decimal sign, "." or ","; "" if there is none, "?" if it may group thousands instead."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    if points > 1 or commas > 1:
        return "," if points else "."
    if not points and not commas:
        return ""
    sign = "." if points else ","
    whole, part = number.strip().split(sign)
    return "?" if len(part) == 3 and whole.isdigit() and len(whole) <= 3 and whole[0] != "0" else sign


def _strip_grouping(whole: str, text: str) -> str:
    """Returns the digits before the decimal sign, without the signs between groups of three (or two, as in India)."""
    if whole.isdigit() or not whole:
        return whole or "0"
    groups = re.split("[., '’]", whole)
    sizes = [len(group) for group in groups]
    between = {c for c in whole if not c.isdigit()}
    if len(between) > 1 or sizes[-1] != 3 or not 1 <= sizes[0] <= 3 or not set(sizes[1:]) <= {2, 3}:
        raise CellParseError(f"{quoted(text)} is no amount")
    return "".join(groups)
