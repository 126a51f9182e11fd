"""Takes the line out of a reply that says what the client thinks of the summary, to be kept as evidence."""

import unicodedata
from itertools import dropwhile, takewhile

from handoffctl.inbox.reply_words import GREETINGS

LONGEST_LINE = 300


def client_line(text: str) -> str:
    """Returns the first paragraph of a reply that is no greeting, as one line; an empty string if there is none.

    A greeting that begins the paragraph is left out. More than 300 characters end in "...".
    """
    lines = list(dropwhile(lambda line: not line or _is_greeting(line), (line.strip() for line in text.splitlines())))
    paragraph = " ".join(takewhile(bool, lines))
    line = " ".join("".join(c for c in paragraph if unicodedata.category(c) not in ("Cc", "Cs")).split())
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE].rsplit(' ', 1)[0]} ..."


def _is_greeting(line: str) -> bool:
    """Returns True for a line like "Hi Sam,"."""
    folded = unicodedata.normalize("NFKD", line.casefold())
    greeting = GREETINGS.match("".join(c for c in folded if not unicodedata.combining(c)))
    return bool(greeting and not folded[greeting.end() :].strip())
