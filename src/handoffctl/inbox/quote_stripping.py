"""Strips quoted mail from the text of a reply, wherever it stands, and keeps what the sender wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffctl.inbox.attribution_lines import (
    attribution_length,
    header_block_length,
    introduces_quote,
    is_original_message_line,
    is_quoted,
    is_rule,
)

NO_ANSWER_ABOVE = "Nothing is written above the quoted mail; it could not be told what of this is new."
ONLY_QUOTED = "It holds nothing but quoted mail."
WITHOUT_LIBRARY = "The quoted mail was found by simple rules only."

# Bounds on the text given to mail-parser-reply, whose patterns are slow on odd text.
MOST_CHARACTERS = 20_000
MOST_LINES = 400
LONGEST_LINE = 240  # longer lines are paragraphs, and hold no attribution

_SPACES = str.maketrans({"\xa0": " ", "\u202f": " ", "\u200b": None, "\ufeff": None, "\u2060": None, "\u200e": None,
                         "\u200f": None})  # fmt: skip
_MAILING_LIST_WORDS = ("mailing list", "listinfo", "unsubscribe", "googlegroups.com", "/lists/", "mailingliste")


@dataclass(frozen=True)
class StrippedText:
    """The newest text, and sentences on anything doubtful."""

    text: str
    remarks: tuple[str, ...] = ()


def strip_quotes(text: str) -> StrippedText:
    """Removes quoted mail, the lines that introduce it, and rules at the end.

    Where unmarked quoted mail cannot be told from an answer below it, everything is kept, with a remark.
    """
    lines = [line.rstrip() for line in text.translate(_SPACES).split("\n")]
    library_attributions, remarks = _ask_library(lines)
    own, ended = _own_lines(lines, library_attributions)
    kept = _trimmed(own)
    if kept or not text.strip():
        return StrippedText(kept, remarks)
    if ended:
        unquoted = "\n".join(line for line in lines if not is_quoted(line)).strip()
        return StrippedText(unquoted, (*remarks, NO_ANSWER_ABOVE))
    return StrippedText("", (*remarks, ONLY_QUOTED))


def _own_lines(lines: Sequence[str], library_attributions: dict[int, int]) -> tuple[list[str], bool]:
    """Returns the lines that are not quoted; True if reading stopped at quoted mail that is not marked as such."""
    quote_follows = _quote_follows(lines)
    attributions = _attributions(lines, library_attributions, quote_follows)
    own: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        length = _block_length(lines, at, attributions)
        if length:
            if not quote_follows[at + length - 1]:
                return own, True
        elif at in attributions:
            length = attributions[at]
            if not quote_follows[at + length - 1]:
                return own, True
        elif is_quoted(line):
            length = 1
            if own and own[-1]:
                own.append("")
        else:
            own.append(line)
        at += length or 1
    return own, False


def _block_length(lines: Sequence[str], at: int, attributions: dict[int, int]) -> int:
    """Counts the lines from here on that are headers of a quoted mail, an "Original Message" line included."""
    length = header_block_length(lines, at)
    if length or not is_original_message_line(lines[at]):
        return length
    below = next((row for row in range(at + 1, min(at + 6, len(lines))) if lines[row]), at)
    more = header_block_length(lines, below) or attributions.get(below, 0)
    return below - at + more if more else 1


def _attributions(
    lines: Sequence[str], library_attributions: dict[int, int], quote_follows: Sequence[bool]
) -> dict[int, int]:
    """Returns the index of the first line of each attribution, and its number of lines.

    The library's come second, and only where credible: it also takes the line before one that begins with "On".
    """
    attributions, taken = {}, set[int]()
    for at in range(len(lines)):
        count = attribution_length(lines, at, quote_follows[at])
        if count:
            attributions[at - count + 1] = count
            taken.update(range(at - count + 1, at + 1))
    for at, length in library_attributions.items():
        text = " ".join(line.strip() for line in lines[at : at + length])
        if taken.isdisjoint(range(at, at + length)) and introduces_quote(text, quote_follows[at + length - 1]):
            attributions[at] = length
    return attributions


def _quote_follows(lines: Sequence[str]) -> list[bool]:
    """Returns, for each line, True if the next line that is not empty is a quoted one."""
    quote_follows, quoted = [False] * len(lines), False
    for at in range(len(lines) - 1, -1, -1):
        quote_follows[at] = quoted
        if lines[at]:
            quoted = is_quoted(lines[at])
    return quote_follows


def _trimmed(lines: Sequence[str]) -> str:
    """Joins the lines without empty ones around them, double ones within, and rules at the end."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    kept = _without_list_footer(kept)
    while kept and (not kept[-1] or is_rule(kept[-1]) or is_original_message_line(kept[-1])):
        kept.pop()
    return "\n".join(kept)


def _without_list_footer(lines: list[str]) -> list[str]:
    """Removes the name and address that mailing lists add under a long line of underscores."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 8), -1):
        if lines[at].startswith("_" * 20) and is_rule(lines[at]):
            footer = " ".join(lines[at:])[:2_000].casefold()
            return lines[:at] if any(word in footer for word in _MAILING_LIST_WORDS) else lines
    return lines


def _ask_library(lines: Sequence[str]) -> tuple[dict[int, int], tuple[str, ...]]:
    """Returns the attributions that mail-parser-reply sees, by first line; and a remark if the library failed."""
    shortened, indexes = _shortened(lines)
    if not shortened:
        return {}, ()
    try:
        from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]
        from mailparser_reply.constants import MAIL_LANGUAGES  # type: ignore[import-untyped]

        message = EmailReplyParser(languages=list(MAIL_LANGUAGES)).read("\n".join(shortened))
        headers = [reply.headers or "" for reply in message.replies]
    except Exception:  # whatever a library raises for a stranger's mail: our own rules still work
        return {}, (WITHOUT_LIBRARY,)
    return _located(headers, shortened, indexes), ()


def _shortened(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """Returns the lines that the library gets to see, and the index of each; runs of quoted lines become one."""
    shortened: list[str] = []
    indexes: list[int] = []
    size = 0
    for index, line in enumerate(lines):
        short = ">" if is_quoted(line) else " ".join(line.split()) if len(line) <= LONGEST_LINE else "..."
        if shortened and short == shortened[-1] and short in ("", ">", "..."):
            continue
        size += len(short) + 1
        if len(shortened) >= MOST_LINES or size > MOST_CHARACTERS:
            break
        shortened.append(short)
        indexes.append(index)
    return shortened, indexes


def _located(headers: Sequence[str], shortened: Sequence[str], indexes: Sequence[int]) -> dict[int, int]:
    """Locates the library's attributions: number of lines by index of the first. Parts of a line do not count."""
    attributions: dict[int, int] = {}
    begin = 0
    for header in headers:
        header_lines = header.split("\n")
        for at in range(begin if header else len(shortened), len(shortened) - len(header_lines) + 1):
            if shortened[at] == header_lines[0] and list(shortened[at : at + len(header_lines)]) == header_lines:
                begin = at + len(header_lines)
                attributions[indexes[at]] = indexes[begin - 1] - indexes[at] + 1
                break
    return attributions
