"""Matches a mail to the summary it answers: by Message-ID, by the reference in its subject, by sender and subject."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from handoffctl.core.names import fold

# Prefixes that mail programs put before the subject of a reply or a forwarded mail, by language; also `Re[2]:`.
_PREFIXES = (
    "re|aw|antw|antwort|sv|vs|vá|ref|rif|r|odp|res|resp|ynt|atb|回复|答复|回覆|返信|"
    "fw|fwd|wg|tr|rv|enc|i|doorst|vl|vb|pd|转发|轉寄"
)
_PREFIX = re.compile(rf"(?:\[[^\]]{{0,40}}\]\s*)?(?:{_PREFIXES})\s?(?:[\[(]\d{{1,3}}[\])])?\s?[:：]\s*", re.IGNORECASE)
_REFERENCE = re.compile(r"[\[(#]\s?([0-9a-z]{5})\b", re.IGNORECASE)
MOST_PREFIXES = 20


@dataclass(frozen=True)
class SummaryKeys:
    """What identifies a sent summary in a reply: Message-ID, reference, subject, and the client's addresses."""

    summary_id: int
    message_id: str
    reference: str
    subject: str
    addresses: frozenset[str]


@dataclass(frozen=True)
class Match:
    """The summary that a mail answers, and the evidence for it: a header, "reference" or "sender and subject"."""

    summary_id: int
    evidence: str


@dataclass
class SummaryIndex:
    """Sent summaries by their keys. Where two share a key, the one sent last wins."""

    by_message_id: dict[str, int] = field(default_factory=dict)
    by_reference: dict[str, int] = field(default_factory=dict)
    by_subject: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def build(cls, summaries: Iterable[SummaryKeys]) -> "SummaryIndex":
        """Builds the index of summaries, which must come in the order in which they were sent."""
        index = cls()
        for keys in summaries:
            if keys.message_id:
                index.by_message_id[keys.message_id.casefold()] = keys.summary_id
            if keys.reference:
                index.by_reference[keys.reference.casefold()] = keys.summary_id
            for address in keys.addresses if keys.subject else ():
                index.by_subject[address.casefold(), bare_subject(keys.subject, keys.reference)] = keys.summary_id
        return index

    def match(self, answers: Sequence[str], references: Sequence[str], subject: str, sender: str) -> Match | None:
        """Returns the summary that a mail answers; None if it answers none.

        `answers` are the ids of In-Reply-To, `references` those of References, whose last one is the nearest.
        """
        for ids, header in ((answers, "In-Reply-To"), (reversed(references), "References")):
            for message_id in ids:
                if message_id.casefold() in self.by_message_id:
                    return Match(self.by_message_id[message_id.casefold()], header)
        for reference in _REFERENCE.findall(subject):
            if reference.casefold() in self.by_reference:
                return Match(self.by_reference[reference.casefold()], "reference")
        summary_id = self.by_subject.get((sender.casefold(), bare_subject(subject)))
        return None if summary_id is None else Match(summary_id, "sender and subject")


def bare_subject(subject: str, reference: str = "") -> str:
    """Returns the subject in the form used for comparison: without reply prefixes, and without its reference."""
    bare = (
        re.sub(rf"[\[(#]\s?{re.escape(reference)}[\])]?", " ", subject, flags=re.IGNORECASE) if reference else subject
    )
    bare = bare.strip()
    for _ in range(MOST_PREFIXES):
        prefix = _PREFIX.match(bare)
        if not prefix:
            break
        bare = bare[prefix.end() :]
    return fold(bare)
