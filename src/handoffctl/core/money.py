"""Parses numbers and amounts of money as people write them. The result is a plain decimal without grouping."""

import re


class NotANumber(ValueError):
    """Raised for text that is not a number. The message is a sentence."""


class TwoNumbers(NotANumber):
    """Raised for text that can be read as two numbers. The message names both."""


_AMOUNT = re.compile(r"([+-]?)(\d{1,18}(?:[.,' \u00a0\u202f]\d+)*)\s*([kKmM]?)\Z")


def parse_number(text: str, money: bool = False) -> str:
    """Parses `12,500`, `12.5`, `1 250 000` or `12k`. Returns a plain decimal.

    Raises NotANumber for anything else, and TwoNumbers for money that can be read in two ways (`12.500`).
    """
    match = _AMOUNT.match(text.strip())
    if not match or re.search(r"[^\W0-9]", match[2]):  # digits of other scripts
        raise NotANumber(f'"{text}" is not a number; write one like 12500 or 12,500.')
    digits = _without_grouping(match[2], text, money)
    whole, _, decimals = digits.partition(".")
    shift = {"": 0, "k": 3, "m": 6}[match[3].casefold()]
    whole, decimals = whole + decimals[:shift].ljust(shift, "0"), decimals[shift:]
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    if len(whole) > 15 or len(decimals) > 9:
        raise NotANumber(f'"{text}" has more digits than any sum or count needs.')
    number = f"{whole}.{decimals}" if decimals else whole
    return f"-{number}" if match[1] == "-" and number != "0" else number


def _without_grouping(digits: str, text: str, money: bool) -> str:
    """Returns the digits with a decimal point and without any other mark."""
    marks = re.findall(r"\D", digits)
    groups = re.split(r"\D", digits)
    in_threes = len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
    if marks == ["."]:
        if in_threes and money:
            small = digits.rstrip("0").rstrip(".")
            raise TwoNumbers(f'"{text}" can be read as {"".join(groups)} or as {small}; write the one you mean.')
        return digits
    if len(set(marks)) <= 1 and (in_threes or not marks):
        return "".join(groups)
    if marks == [","]:  # 12,50 as half of Europe writes it
        return ".".join(groups)
    grouped, last = marks[:-1], marks[-1]
    before = groups[:-1]
    if last in ".," and last not in grouped and len(set(grouped)) == 1 and all(len(group) == 3 for group in before[1:]):
        return "".join(before) + "." + groups[-1]
    raise NotANumber(f'"{text}" is not a number; write one like 12500 or 12,500.')


def to_cents(amount: str) -> int:
    """Returns a plain decimal amount in cents; further decimals are cut off."""
    whole, _, decimals = amount.partition(".")
    return int(whole + decimals[:2].ljust(2, "0"))


def from_cents(count: int) -> str:
    """Returns an amount in cents as a plain decimal."""
    whole, rest = divmod(abs(count), 100)
    sign = "-" if count < 0 else ""
    return f"{sign}{whole}.{rest:02d}".removesuffix(".00")
