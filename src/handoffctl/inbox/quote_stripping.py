"""Takes the newest text out of a mail: what is quoted goes, what the person wrote stays, wherever it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffctl.inbox import attribution_lines as introductions
from handoffctl.inbox.attribution_lines import is_quoted, is_rule
from handoffctl.inbox.quote_library import found_by_library

_SPACES = str.maketrans({"\xa0": " ", "\u202f": " ", "\u200b": None, "\ufeff": None, "\u2060": None, "\u200e": None,
                         "\u200f": None})  # fmt: skip

_OF_LISTS = ("mailing list", "listinfo", "unsubscribe", "googlegroups.com", "/lists/", "mailingliste")
NO_ANSWER_ABOVE = "Nothing is written above the quoted mail; it could not be told what of this is new."
ONLY_QUOTED = "It holds nothing but quoted mail."


@dataclass(frozen=True)
class Cut:
    """The newest text and sentences on what was doubtful."""

    text: str
    remarks: tuple[str, ...] = ()


def cut(text: str) -> Cut:
    """The text without quoted mail, the lines that introduce it, and rules at the end.

    Where unmarked quoted mail cannot be told from an answer below it, all is kept, with a remark.
    """
    lines = [line.rstrip() for line in text.translate(_SPACES).split("\n")]
    known, remarks = found_by_library(lines)
    own, ended = _own(lines, known)
    kept = _trimmed(own)
    if kept or not text.strip():
        return Cut(kept, remarks)
    if ended:
        everything = "\n".join(line for line in lines if not is_quoted(line)).strip()
        return Cut(everything, (*remarks, NO_ANSWER_ABOVE))
    return Cut("", (*remarks, ONLY_QUOTED))


def _own(lines: Sequence[str], known: dict[int, int]) -> tuple[list[str], bool]:
    """The lines that are not quoted, and whether the reading ended at quoted mail that is not marked as such."""
    following = _next_is_quoted(lines)
    ends = _attributions(lines, known, following)
    own: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        length = _block(lines, at, ends)
        if length:
            if not following[at + length - 1]:
                return own, True
        elif at in ends:
            length = ends[at]
            if not following[at + length - 1]:
                return own, True
        elif is_quoted(line):
            length = 1
            if own and own[-1]:
                own.append("")
        else:
            own.append(line)
        at += length or 1
    return own, False


def _block(lines: Sequence[str], at: int, ends: dict[int, int]) -> int:
    """How many lines from here on are headers of a quoted mail, with "Original Message" and what belongs to it."""
    length = introductions.header_block(lines, at)
    if length or not introductions.original(lines[at]):
        return length
    below = next((one for one in range(at + 1, min(at + 6, len(lines))) if lines[one]), at)
    more = introductions.header_block(lines, below) or ends.get(below, 0)
    return below - at + more if more else 1


def _attributions(lines: Sequence[str], known: dict[int, int], following: Sequence[bool]) -> dict[int, int]:
    """Where an attribution begins, and its number of lines.

    The library comes second, and only where it is credible: it also takes the line before where that begins with "On".
    """
    found, taken = {}, set[int]()
    for at in range(len(lines)):
        count = introductions.attribution(lines, at, following[at])
        if count:
            found[at - count + 1] = count
            taken.update(range(at - count + 1, at + 1))
    for at, length in known.items():
        text = " ".join(line.strip() for line in lines[at : at + length])
        if taken.isdisjoint(range(at, at + length)) and introductions.introduces(text, following[at + length - 1]):
            found[at] = length
    return found


def _next_is_quoted(lines: Sequence[str]) -> list[bool]:
    """For each line, whether the next line that is not empty is a quoted one."""
    following, quoted = [False] * len(lines), False
    for at in range(len(lines) - 1, -1, -1):
        following[at] = quoted
        if lines[at]:
            quoted = is_quoted(lines[at])
    return following


def _trimmed(lines: Sequence[str]) -> str:
    """Without empty lines around, double ones within, and rules at the end."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    kept = _without_list_footer(kept)
    while kept and (not kept[-1] or is_rule(kept[-1]) or introductions.original(kept[-1])):
        kept.pop()
    return "\n".join(kept)


def _without_list_footer(lines: list[str]) -> list[str]:
    """Mailing lists put their name and address under a long line of underscores; nobody wrote that."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 8), -1):
        if lines[at].startswith("_" * 20) and is_rule(lines[at]):
            footer = " ".join(lines[at:])[:2_000].casefold()
            return lines[:at] if any(word in footer for word in _OF_LISTS) else lines
    return lines
