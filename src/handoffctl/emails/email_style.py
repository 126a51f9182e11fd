"""Whether a mail is short and about the client: its words counted, the pitching ones found."""

import re
from collections.abc import Iterable

MOST_WORDS = 200
WORDS_A_MINUTE = 150  # a calm speaking pace
MOST_SECONDS = 30  # for the three key points of a live handoff

# What turns a summary of what the client said into a brochure. A playbook may have a list of its own.
PITCHING = (
    "award-winning", "best-in-class", "best of breed", "bleeding-edge", "cutting-edge", "delighted to offer",
    "don't miss", "exclusive offer", "game changer", "game-changer", "game-changing", "guaranteed", "industry-leading",
    "leading provider", "limited time", "limited-time", "market leader", "money-back", "next-generation", "no-brainer",
    "number one", "one-stop shop", "our product", "our platform", "our solution", "revolutionary", "risk-free",
    "seamless", "special offer", "state of the art", "state-of-the-art", "synergy", "turnkey", "unique opportunity",
    "unparalleled", "unrivalled", "we are proud", "we are the leading", "we offer", "world-class",
)  # fmt: skip


def words(text: str) -> int:
    """How many words; marks that stand alone are none."""
    return sum(any(c.isalnum() for c in word) for word in text.split())


def pitching(text: str, phrases: Iterable[str] = PITCHING) -> list[str]:
    """The phrases that are in the text as whole words, in any case."""
    plain = " ".join(text.replace("’", "'").split()).casefold()
    return [one for one in phrases if re.search(rf"(?<!\w){re.escape(one.casefold())}(?!\w)", plain)]


def seconds_to_say(text: str) -> float:
    """How long it takes to say this, in seconds, at 150 words a minute."""
    return words(text) / WORDS_A_MINUTE * 60
