"""Proposes what a reply to a summary is: a plain yes, a correction, or something else. The user decides."""

import re
import unicodedata
from typing import Literal

from handoffctl.inbox.reply_words import (
    AGREEING,
    CHANGING,
    FILLING,
    FILLING_STARTS,
    FILLING_WITH_NAME,
    GREETINGS,
    LIMITING,
    NEUTRAL,
    NO,
    SOFTENING,
    UNDECIDED,
)

ReplyKind = Literal["confirmed", "corrected", "other"]

LONGEST_YES = 40  # words; a longer mail says more than yes
WORDS_SEARCHED = 120  # from the start of a mail, for a correction
CHARACTERS_READ = 5_000

_SIGNATURE = re.compile(r"^--\s*$", re.MULTILINE)
_FROM_PHONE = re.compile(
    r"^[^\w\n]*(?:sent (?:from|with|via)|get outlook|gesendet (?:von|mit)|von meinem|envoye (?:de|depuis|avec)|"
    r"enviado (?:desde|con)|inviato (?:da|con)|verzonden (?:vanaf|met|vanuit))\b.*$",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"^[^\w\n]*(?:(?:best|kind|warm|many|with kind)?\s*(?:regards|wishes)|best|cheers|sincerely|yours|all the best|"
    r"(?:mit )?(?:freundliche\w*|liebe\w*|viele\w*|beste\w*|schone\w*|herzliche\w*) grusse?n?|gruss|grusse|vg|lg|mfg|"
    r"(?:bien )?cordialement|bien a (?:vous|toi)|(?:un )?saludo\w*|(?:un )?abrazo|atentamente|(?:cordiali |"
    r"distinti )?saluti|"
    r"(?:met )?(?:vriendelijke|hartelijke) groet\w*|groet\w*|mvg)\b[^\n]{0,30}$",
    re.MULTILINE,
)
_NAME_LAST = re.compile(r"\n\s*(?!(?:But|Not|Except|Only|No|Nur|Aber|Mais|Pas|Pero|Ma|Maar)\b)[^\W\d_a-z][\w'.-]{1,20}"
                        r"(?: [^\W\d_a-z][\w'.-]{0,20})?\s*\Z")  # fmt: skip
_CLAUSES = re.compile(r"[.!,;:()\n…]+|\s[-–—]+\s|[–—]")
_APPROVING_SIGNS = re.compile(
    "(?:\U0001f44d|\u2705|\u2714|\u2611|\U0001f44c|\U0001f197|:\\+1:|:thumbsup:)[\U0001f3fb-\U0001f3ff\ufe0f]*"
)
_OTHER_SIGNS = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]|[:;]-?[)d]", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?\n])\s*")


def propose_kind(text: str, automatic: bool) -> ReplyKind:
    """Classifies the newest text of a reply; `automatic` is true for out-of-office notes and the like.

    Returns "confirmed" only if every word of a short mail is part of a yes, a greeting or thanks; "corrected" if it
    says that something is different; "other" for everything else and whenever in doubt.
    """
    if automatic:
        return "other"
    plain = _plain(text)
    words = plain.split()
    if not words:
        return "other"
    if len(words) <= LONGEST_YES and "?" not in plain and _is_plain_yes(plain):
        return "confirmed"
    return "corrected" if _is_change(" ".join(words[:WORDS_SEARCHED])) else "other"


def _plain(text: str) -> str:
    """Returns the text in lower case without accents, signature and closing."""
    text = _APPROVING_SIGNS.sub(". yes. ", text[:CHARACTERS_READ].replace("\r\n", "\n"))
    text = _NAME_LAST.sub("", _SIGNATURE.split(text)[0].rstrip())
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("´", "'").replace("`", "'"))
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = _FROM_PHONE.sub("", folded)
    closing = _CLOSING.search(folded)
    if closing and folded[: closing.start()].strip() and folded.count("\n", closing.end()) <= 8:
        folded = folded[: closing.start()]
    return _OTHER_SIGNS.sub(" ", _without_greeting(folded.strip())).strip()


def _without_greeting(text: str) -> str:
    """Removes a first line like "Hi Jane,", whose name is not part of the answer."""
    greeting = GREETINGS.match(text)
    return text[greeting.end() :] if greeting else text


def _is_plain_yes(text: str) -> bool:
    agrees = False
    for clause in _CLAUSES.split(text):
        clause = " ".join(clause.strip(" -*\"'").split())
        if not clause or clause in FILLING or clause.startswith(FILLING_STARTS) or FILLING_WITH_NAME.fullmatch(clause):
            continue
        if not _agrees(clause):
            return False
        agrees = True
    return agrees


def _agrees(clause: str) -> bool:
    """Returns True for a yes: as a whole, without the words that only strengthen it, or two in a row."""
    bare = " ".join(NEUTRAL.sub(" ", f" {clause} ").split())
    if clause in AGREEING or bare in AGREEING:
        return True
    words = bare.split()
    return any(
        (" ".join(words[:at]) in AGREEING or " ".join(words[:at]) in FILLING)
        and (" ".join(words[at:]) in AGREEING or (at > 0 and " ".join(words[at:]) in FILLING))
        for at in range(1, len(words))
        if " ".join(words[:at]) in AGREEING or " ".join(words[at:]) in AGREEING
    )


def _is_change(start: str) -> bool:
    """Returns True if a sentence says no, names a difference, or says yes and then but. Questions do not count."""
    start = SOFTENING.sub(" ", start)
    if UNDECIDED.search(start):
        return False
    if NO.match(start) and not start.startswith(("no?", "nein?")):
        return "?" not in start or bool(CHANGING.search(start.replace("?", "")))
    for sentence in _SENTENCES.split(start):
        if sentence.endswith("?") or not sentence:
            continue
        if CHANGING.search(sentence) or (LIMITING.search(sentence) and _begins_with_yes(start)):
            return True
    return False


def _begins_with_yes(text: str) -> bool:
    first = next((clause.strip() for clause in _CLAUSES.split(text) if clause.strip()), "")
    before = LIMITING.split(first)[0].strip()
    return _agrees(first) or _agrees(before) or first in FILLING or before in FILLING
