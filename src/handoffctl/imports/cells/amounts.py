"""How an export writes its amounts: which sign is the decimal one, decided over a column, and each one in cents."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from handoffctl.imports.cells.dates import Undecided, Unreadable, quoted

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


class Amounts:
    """One column of amounts. Each text is shown to `see` before the first is read by `cents`.

    Where that has not been done (`decided=False`), amounts that need the others of their column raise Undecided.
    """

    def __init__(self, decided: bool = True) -> None:
        self._is_decided = decided
        self._decimal_signs: set[str] = set()
        self._seen: set[str] = set()
        self._cents: dict[str, int] = {}

    def see(self, text: str) -> None:
        """Takes a text into account; what is no amount decides nothing."""
        if not text or text in self._seen:
            return
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen.add(text)
        try:
            sign = _decimal_sign(_number(text)[0])
        except Unreadable:
            return
        if sign in (".", ","):
            self._decimal_signs.add(sign)

    def cents(self, text: str) -> int | None:
        """The amount in cents, rounded half up; None for blank. Raises Unreadable or Undecided.

        Three digits after a single sign (`1,234`) are thousands, unless the column shows that it is the decimal sign.
        """
        if not text.strip():
            return None
        cents = self._cents.get(text)
        if cents is None:
            cents = self._read(text)
            if len(self._cents) >= MOST_REMEMBERED:
                self._cents.clear()
            self._cents[text] = cents
        return cents

    def _read(self, text: str) -> int:
        number, negative = _number(text)
        mantissa, _, power = number.lower().partition("e")
        sign = _decimal_sign(mantissa)
        whole, _, part = mantissa.partition(self._decided(mantissa, text) if sign == "?" else sign or ".")
        if part and not part.isdigit():
            raise Unreadable(f"{quoted(text)} is no amount")
        value = Decimal(f"{_ungrouped(whole, text)}.{part or 0}e{power or 0}")
        if value >= 10**MOST_DIGITS:
            raise Unreadable(f"{quoted(text)} has more than {MOST_DIGITS} digits")
        cents = int((value * 100).to_integral_value(ROUND_HALF_UP))
        return -cents if negative else cents

    def _decided(self, number: str, text: str) -> str:
        if not self._is_decided:
            raise Undecided(f"{quoted(text)} may be in thousands or not")
        sign, other = (",", ".") if "," in number else (".", ",")
        if self._decimal_signs == {".", ","}:
            raise Unreadable(f"{quoted(text)} may be in thousands or not: its column writes amounts in both ways")
        return sign if self._decimal_signs == {sign} else other


def percent(text: str) -> float | None:
    """A share written in percent, with or without its sign; None for blank and for what is none from 0 to 100."""
    match = _PERCENT.fullmatch(text.strip())
    value = float(f"{match[1]}.{match[2] or 0}") if match else None
    return value if value is not None and value <= 100 else None


def _number(text: str) -> tuple[str, bool]:
    """The number without currency and outer signs, and whether it is negative. Raises Unreadable."""
    plain = " ".join(text[: LONGEST_TEXT + 1].split()).replace("−", "-")
    bracketed = plain.startswith("(") and plain.endswith(")")
    match = _AMOUNT.match(plain[1:-1].strip() if bracketed else plain)
    if not match or len(plain) > LONGEST_TEXT or not (_is_currency(match["before"]) and _is_currency(match["after"])):
        raise Unreadable(f"{quoted(text)} is no amount")
    signs = match["minus"] + match["inner"] + match["last"]
    if len(signs) + bracketed > 1:
        raise Unreadable(f"{quoted(text)} is no amount")
    return match["number"].strip(), bracketed or signs == "-"


def _is_currency(text: str) -> bool:
    letters = text.casefold().rstrip(".")
    return letters not in _NO_CURRENCY and all(c.isalpha() or unicodedata.category(c) == "Sc" for c in letters)


def _decimal_sign(number: str) -> str:
    """The sign that must be the decimal one: "." or ","; "" where there is none, "?" where it may also be grouping."""
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


def _ungrouped(whole: str, text: str) -> str:
    """The digits before the decimal sign, without the signs between groups of three (or two, as in India)."""
    if whole.isdigit() or not whole:
        return whole or "0"
    groups = re.split("[., '’]", whole)
    sizes = [len(group) for group in groups]
    between = {c for c in whole if not c.isdigit()}
    if len(between) > 1 or sizes[-1] != 3 or not 1 <= sizes[0] <= 3 or not set(sizes[1:]) <= {2, 3}:
        raise Unreadable(f"{quoted(text)} is no amount")
    return "".join(groups)
