"""Style of an e-mail: counts its words and the time to say it, and finds phrases that pitch."""

import re
from collections.abc import Iterable

MOST_WORDS = 200
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


def pitches_in(text: str, phrases: Iterable[str] = PITCHING) -> list[str]:
    """Returns the phrases that occur in the text as whole words, in any case."""
    plain = " ".join(text.replace("’", "'").split()).casefold()
    return [phrase for phrase in phrases if re.search(rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)", plain)]


def seconds_to_say(text: str) -> float:
    """Returns the seconds that it takes to say this, at 150 words a minute."""
    return count_words(text) / WORDS_A_MINUTE * 60
