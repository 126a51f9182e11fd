"""Which summary a mail answers: by the ids it names, by the reference in its subject, by its sender and subject."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from handoffctl.core.names import folded

# What mail programs put before the subject of an answer, in the languages we have seen; also `Re[2]:`.
_ANSWERS = (
    "re|aw|antw|antwort|sv|vs|vá|ref|rif|r|odp|res|resp|ynt|atb|回复|答复|回覆|返信|"
    "fw|fwd|wg|tr|rv|enc|i|doorst|vl|vb|pd|转发|轉寄"
)
_BEFORE = re.compile(rf"(?:\[[^\]]{{0,40}}\]\s*)?(?:{_ANSWERS})\s?(?:[\[(]\d{{1,3}}[\])])?\s?[:：]\s*", re.IGNORECASE)
_REFERENCE = re.compile(r"[\[(#]\s?([0-9a-z]{5})\b", re.IGNORECASE)
MOST_PREFIXES = 20


@dataclass(frozen=True)
class Sent:
    """A summary that was sent, as far as an answer can tell it by: all in lower case."""

    id: int
    sent_as: str
    reference: str
    subject: str
    addresses: frozenset[str]


@dataclass
class Index:
    """Summaries by what an answer may name of them; the newest stands for those that cannot be told apart."""

    by_id: dict[str, int] = field(default_factory=dict)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_subject: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[Sent]) -> "Index":
        """Of summaries in the order in which they were sent."""
        index = cls()
        for one in known:
            if one.sent_as:
                index.by_id[one.sent_as.casefold()] = one.id
            if one.reference:
                index.by_reference[one.reference.casefold()] = one.id
            for address in one.addresses if one.subject else ():
                index.by_subject[address.casefold(), bare_subject(one.subject, one.reference)] = one.id
        return index


def bare_subject(subject: str, reference: str = "") -> str:
    """The subject without what answers and forwards put before it, and without its reference, as it is compared."""
    bare = (
        re.sub(rf"[\[(#]\s?{re.escape(reference)}[\])]?", " ", subject, flags=re.IGNORECASE) if reference else subject
    )
    bare = bare.strip()
    for _ in range(MOST_PREFIXES):
        before = _BEFORE.match(bare)
        if not before:
            break
        bare = bare[before.end() :]
    return folded(bare)


def matched(
    index: Index, answers: Sequence[str], references: Sequence[str], subject: str, sender: str
) -> tuple[int, str] | None:
    """The id of the summary that this mail answers, and by what it was told; None where it answers none."""
    for ids, how in ((answers, "In-Reply-To"), (reversed(references), "References")):
        for one in ids:
            if one.casefold() in index.by_id:
                return index.by_id[one.casefold()], how
    for found in _REFERENCE.findall(subject):
        if found.casefold() in index.by_reference:
            return index.by_reference[found.casefold()], "reference"
    told = index.by_subject.get((sender.casefold(), bare_subject(subject)))
    return None if told is None else (told, "sender and subject")
