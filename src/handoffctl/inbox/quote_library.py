"""Asks mail-parser-reply where quoted mails begin. What it is given is bounded: its patterns are slow on odd text."""

from collections.abc import Sequence

from handoffctl.inbox.attribution_lines import is_quoted

MOST_CHARACTERS = 20_000
MOST_LINES = 400
LONGEST_LINE = 240  # longer lines are paragraphs, and hold no introduction

WITHOUT_LIBRARY = "The quoted mail was found by simple rules only."


def found_by_library(lines: Sequence[str]) -> tuple[dict[int, int], tuple[str, ...]]:
    """Where an introduction begins, with its number of lines; and a remark where the library failed."""
    shown, places = _shown(lines)
    if not shown:
        return {}, ()
    try:
        from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]
        from mailparser_reply.constants import MAIL_LANGUAGES  # type: ignore[import-untyped]

        message = EmailReplyParser(languages=list(MAIL_LANGUAGES)).read("\n".join(shown))
        found = [reply.headers or "" for reply in message.replies]
    except Exception:  # whatever a library raises for the mail of strangers: there are rules of our own
        return {}, (WITHOUT_LIBRARY,)
    return _placed(found, shown, places), ()


def _shown(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """What the library gets to see, with the place of each line: one line for many that are empty or quoted."""
    shown: list[str] = []
    places: list[int] = []
    size = 0
    for place, line in enumerate(lines):
        short = ">" if is_quoted(line) else " ".join(line.split()) if len(line) <= LONGEST_LINE else "..."
        if shown and short == shown[-1] and short in ("", ">", "..."):
            continue
        size += len(short) + 1
        if len(shown) >= MOST_LINES or size > MOST_CHARACTERS:
            break
        shown.append(short)
        places.append(place)
    return shown, places


def _placed(found: Sequence[str], shown: Sequence[str], places: Sequence[int]) -> dict[int, int]:
    """The introductions by the place of their first line. What is no whole line is none."""
    placed: dict[int, int] = {}
    begin = 0
    for header in found:
        wanted = header.split("\n")
        for at in range(begin if header else len(shown), len(shown) - len(wanted) + 1):
            if shown[at] == wanted[0] and list(shown[at : at + len(wanted)]) == wanted:
                begin = at + len(wanted)
                placed[places[at]] = places[begin - 1] - places[at] + 1
                break
    return placed
