"""Numbers and sums of money as people write them, in one written form: plain decimals without grouping."""

import re


class NotANumber(ValueError):
    """The text is no number; the message says so in a sentence."""


class TwoNumbers(NotANumber):
    """The text can be read as two numbers; the message names both."""


_AMOUNT = re.compile(r"([+-]?)(\d{1,18}(?:[.,' \u00a0\u202f]\d+)*)\s*([kKmM]?)\Z")


def plain_number(text: str, money: bool = False) -> str:
    """`12,500`, `12.5`, `1 250 000`, `12k` as a plain decimal.

    Raises NotANumber for anything else; for money also where it can be read in two ways (`12.500`).
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
    """The digits with a point for the decimals and no other mark."""
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


def cents(amount: str) -> int:
    """Integer cents of an amount in the written form."""
    whole, _, decimals = amount.partition(".")
    return int(whole + decimals[:2].ljust(2, "0"))


def from_cents(count: int) -> str:
    """The written form of an amount kept in cents."""
    whole, rest = divmod(abs(count), 100)
    sign = "-" if count < 0 else ""
    return f"{sign}{whole}.{rest:02d}".removesuffix(".00")
