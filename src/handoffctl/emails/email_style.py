"""Style of an e-mail: counts its words and the time to say it, and finds phrases that pitch."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

MOST_WORDS = 150  # of a summary, without its greeting and its signature
WORDS_A_MINUTE = 150  # a calm speaking pace
MOST_SECONDS = 30  # for the three key points of a live handoff

# Phrases that turn a summary into a brochure. A playbook may define its own list.
PITCHING = (
    "award-winning", "best-in-class", "best of breed", "bleeding-edge", "cutting-edge", "delighted to offer",
    "don't miss", "exclusive offer", "game changer", "game-changer", "game-changing", "guaranteed", "industry-leading",
    "leading provider", "limited time", "limited-time", "market leader", "money-back", "next-generation", "no-brainer",
    "number one", "one-stop shop", "our product", "our platform", "our solution", "revolutionary", "risk-free",
    "seamless", "special offer", "state of the art", "state-of-the-art", "synergy", "turnkey", "unique opportunity",
    "unparalleled", "unrivalled", "we are proud", "we are the leading", "we offer", "world-class",
)  # fmt: skip


def count_words(text: str) -> int:
    """Counts the words; punctuation that stands alone is none."""
    return sum(any(c.isalnum() for c in word) for word in text.split())


_GREETING = re.compile(r"[^\n]{1,60}[,!:]\s*\n\s*\n")
_CLOSING = re.compile(r"\n\s*\n[^\n.?!]{2,40},[ \t]*(?:\n[^\n]*){0,8}\Z")


def without_greeting_and_signature(body: str) -> str:
    """Returns what a mail says between a first line like "Hi Jane," and a closing like "Thanks," with the signature."""
    text = body.strip()
    greeting = _GREETING.match(text)
    closing = _CLOSING.search(text)
    return text[greeting.end() if greeting else 0 : closing.start() if closing else None]


def words_under_heads(body: str, titles: Sequence[str]) -> Mapping[str, int]:
    """Returns the number of words under each head of a summary: what follows a line that begins with its title.

    A head ends where the next one begins, or at the second blank line.
    """
    counts: Counter[str] = Counter()
    head, blank_lines = "", 0
    for line in body.splitlines():
        found = next((title for title in titles if re.match(rf"{re.escape(title)}\s*(?::|$)", line)), "")
        head, blank_lines = (found, 0) if found else (head, blank_lines + (not line.strip()))
        if blank_lines > 1 or (blank_lines and counts[head]):
            head = ""
        if head:
            counts[head] += count_words(line.removeprefix(found) if found else line)
    return counts


def pitches_in(text: str, phrases: Iterable[str] = PITCHING) -> list[str]:
    """Returns the phrases that occur in the text as whole words, in any case."""
    plain = " ".join(text.replace("’", "'").split()).casefold()
    return [phrase for phrase in phrases if re.search(rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)", plain)]


def spoken_in(text: str) -> str:
    """Returns what a card says to speak aloud: the passages in quotation marks that have lines of their own."""
    return " ".join(re.findall(r'^"(.*?)"$', text, re.MULTILINE | re.DOTALL))


def seconds_to_say(text: str) -> float:
    """Returns the seconds that it takes to say this, at 150 words a minute."""
    return count_words(text) / WORDS_A_MINUTE * 60
