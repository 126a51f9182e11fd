"""Recognises the lines that introduce a quoted mail: "On Monday Jane wrote:", "-----Original Message-----".

All of it is linear in the length of a line, and looks at a few lines only.
"""

import re
from collections.abc import Sequence

from handoffctl.inbox.quote_patterns import FORWARDED, LABELS, OPENERS, ORIGINAL, WROTE

LONGEST = 400  # characters of such a line; a longer one is somebody's paragraph
MOST_LINES = 5
_MOST_OF_BLOCK = 24

_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4})")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h時时시]\s?\d\d(?!\d)")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_WORDS = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(WROTE, key=len, reverse=True)) + r")(?!\w)"
)
_ASIAN_WORDS = re.compile("|".join(word for word in WROTE if word[0] > "\u0590"))
_LABEL = re.compile(r"[\s*_|]{0,6}([^\s:：*<>@][^:：*<>@]{0,28}?)[\s*_]{0,3}[:：]")
_RULE = re.compile(r"[\s>]*(?:[-_=*~#─━—–]\s?){2,}\Z")
_BETWEEN_DASHES = re.compile(r"[\s>]*[-_=*~─━—–]{2,}\s?([^-_=*~─━—–].{0,60}?)\s?[-_=*~─━—–]{2,}\s*:?\Z")
_FIRST_WORD = re.compile(r"[^\w<]*([\w:.]+)")


def is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def is_rule(line: str) -> bool:
    """A line of dashes or underscores only."""
    return len(line) < 1_000 and bool(_RULE.match(line))


def attribution(lines: Sequence[str], start: int, next_is_quoted: bool) -> int:
    """How many lines, ending with the line at `start`, say who wrote the quoted mail; 0 where none does.

    Where no marked quotation follows, it must be plain to see: a verb, a date, and a time or an address.
    """
    last = lines[start].strip()
    if not last or len(last) > LONGEST or is_quoted(last) or not _may_end(last, next_is_quoted):
        return 0
    alone = 0
    joined = ""
    for count in range(1, MOST_LINES + 1):
        at = start - count + 1
        line = lines[at].strip() if at >= 0 else ""
        if not line or is_quoted(line) or len(joined) + len(line) > LONGEST:
            break
        joined = f"{line} {joined}".strip()
        if not introduces(joined, next_is_quoted):
            continue
        if begins(line):
            return count
        alone = alone or count
        if _DATE.search(joined):
            break
    return alone


def _may_end(last: str, next_is_quoted: bool) -> bool:
    return last.endswith((":", "：", "-")) or (next_is_quoted and (last.endswith(">") or _says_wrote(last.casefold())))


def introduces(text: str, next_is_quoted: bool) -> bool:
    """True where these words, taken together, introduce a quotation."""
    dated, timed = bool(_DATE.search(text)), bool(_TIME.search(text))
    address = bool(_ADDRESS.search(text))
    if _says_wrote(text.casefold()):
        if next_is_quoted:
            return dated or timed or address or len(text.split()) <= (8 if begins(text) else 4)
        return dated and (timed or address)
    if not next_is_quoted:
        return False
    if text.endswith((":", "：")):
        return dated and (timed or address)
    return text.endswith(">") and address and bool(_DATE.match(text))  # "2012/4/2 Jane <jane@acme.example>"


def begins(line: str) -> bool:
    """True where a line begins as such introductions do: "On", a weekday, a date, dashes."""
    if line.startswith(("--- ", "---- ")) or line[:1].isdigit():
        return True
    first = _FIRST_WORD.match(line[:60].casefold())
    return bool(first) and first[1].rstrip(".:,") in OPENERS if first else False


def _says_wrote(folded: str) -> bool:
    return bool(_WORDS.search(folded) or _ASIAN_WORDS.search(folded))


def original(line: str) -> bool:
    """`-----Original Message-----` and `Begin forwarded message:` in the languages of mail programs."""
    if len(line) > 100 or is_quoted(line):
        return False
    between = _BETWEEN_DASHES.match(line)
    if between and between[1].strip(" :*").casefold().removesuffix(" follows") in ORIGINAL:
        return True
    text = line.strip(" \t*").casefold()
    return text.endswith((":", "：")) and text.rstrip(":： ") in FORWARDED


def header_block(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` on are the headers of a quoted mail, as Outlook writes them; 0 where none are.

    Such a block names a sender, and a subject or an address or a time: a trip "From: ... To: ..." is none.
    """
    parts: set[str] = set()
    end, strange, seen = start, 0, []
    for at in range(start, min(start + _MOST_OF_BLOCK, len(lines))):
        line = lines[at][:LONGEST]
        part = _part(line)
        if part:
            parts.add(part)
            end, strange = at + 1, 0
            seen.append(line)
        elif line.strip():
            strange += 1
            seen.append(line)
        if strange > (2 if len(parts) < 4 else 0) or (at == start and not part):
            break
    return end - start if _is_block(parts, " ".join(seen[: end - start])) else 0


def _is_block(parts: set[str], text: str) -> bool:
    if "from" not in parts or len(parts) < 2:
        return False
    plain = bool(_ADDRESS.search(text) or _TIME.search(text))
    known = "subject" in parts or "sent" in parts
    return known and (plain or (len(parts) >= 3 and "subject" in parts and "sent" in parts))


def _part(line: str) -> str:
    named = _LABEL.match(line)
    return LABELS.get(" ".join(named[1].casefold().split()), "") if named else ""
