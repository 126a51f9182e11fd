"""The receiver's brief as at most twelve lines of text."""

from collections.abc import Iterator, Sequence
from textwrap import shorten, wrap

from handoffctl.emails.context import EmailContact
from handoffctl.emails.receiver_brief import ClientAnswer, ReceiverBrief

INDENT = 9
MOST_CHARACTERS = 180  # of one line, where there is no width to fold it to
MOST_FOLDS = 2  # a long value takes so many lines of the screen, and is then cut
NEVER_CUT = ("", "NEXT", "ASK")  # what the receiver acts on
UNKNOWN = "not known yet"


def brief_lines(brief: ReceiverBrief, width: int = 0) -> list[str]:
    """Returns the lines. With a width they are folded to it; with 0, as in a mail, each stays one line."""
    rest = [line for label, text in _labelled(brief, width) for line in _folded(label, text, width)]
    return [_first_line(brief, width), *_folded("", _contact_line(brief), width, indent=2), *rest]


def _first_line(brief: ReceiverBrief, width: int) -> str:
    handed = f" (from {brief.giver}, {brief.handed_on})" if brief.giver else ""
    left = f"{brief.called} -> {brief.to}{handed}"
    right = "   ".join(part for part in (brief.amount, f"close {brief.close}" if brief.close else "") if part)
    if not right:
        return left
    space = max(width - len(left) - len(right), 3) if width else 3
    return left + " " * space + right


def _contact_line(brief: ReceiverBrief) -> str:
    main = brief.contact
    if main is None:
        return "no contact known yet"
    who = ", ".join(part for part in (main.name, main.title) if part)
    also = ", ".join(map(_named, brief.others))
    parts = (who, main.phone, main.email, f"also: {also}" if also else "")
    return "   ".join(part for part in parts if part) or "no contact known yet"


def _named(contact: EmailContact) -> str:
    return f"{contact.name} ({contact.title})" if contact.title else contact.name or ""


def _labelled(brief: ReceiverBrief, width: int) -> Iterator[tuple[str, str]]:
    """Yields the label and the text of every line but the first two, which have no label.

    What the playbook never asks has no line.
    """
    yield "NEXT", brief.next or "nothing planned yet"
    if brief.why_now is not None:
        yield "WHY NOW", brief.why_now or UNKNOWN
    if brief.wants is not None:
        yield "WANTS", _numbered(brief.wants) or UNKNOWN
    if brief.decides is not None:
        yield "DECIDES", brief.decides or UNKNOWN
    if brief.has_summary or brief.answer or brief.unanswered:
        yield "CONFIRMED", _confirmed(brief)
    yield from _owed(brief, width)
    if brief.risk is not None:
        yield "RISK", brief.risk or "none noted"
    if brief.confirmed_heads:
        yield "DON'T ASK AGAIN", " " + ", ".join(brief.confirmed_heads)
    if brief.questions:
        yield f"ASK ({len(brief.questions)})", " · ".join(brief.questions)


def _numbered(wants: Sequence[str]) -> str:
    if len(wants) < 2:
        return "".join(wants)
    return "  ".join(f"{number} {want}" for number, want in enumerate(wants, 1))


def _confirmed(brief: ReceiverBrief) -> str:
    answer = brief.answer
    if answer is None:
        return f"not yet; the summary was sent on {brief.unanswered}" if brief.unanswered else "not yet"
    by = f"by {answer.by} " if answer.by else ""
    words = ": " + f'"{" ".join(answer.words.split())}"' if answer.words else _corrected(answer)
    changed = f"; changed since: {', '.join(answer.changed)}" if answer.changed else ""
    return f"{by}on {answer.on}{words}{changed}"


def _corrected(answer: ClientAnswer) -> str:
    """Returns what the client corrected, where their own words were not kept."""
    if not answer.corrected:
        return ""
    count = "one change" if len(answer.corrected) == 1 else f"{len(answer.corrected)} changes"
    return f", with {count}: {'; '.join(answer.corrected)}"


def _owed(brief: ReceiverBrief, width: int) -> Iterator[tuple[str, str]]:
    """Yields what is owed: both sides on one line if they fit, else on a line each; then the milestones, if any."""
    ours, theirs = ("; ".join(owed) or "nothing" for owed in (brief.we_owe, brief.they_owe))
    both = f"{ours}      THEY OWE  {theirs}"
    if len(both) + INDENT <= (width or MOST_CHARACTERS):
        yield "WE OWE", both
    else:
        yield "WE OWE", ours
        yield "THEY OWE", theirs
    if brief.milestones:
        yield "MILESTONES", "; ".join(brief.milestones)


def _folded(label: str, text: str, width: int, indent: int = INDENT) -> list[str]:
    """Returns a line with its label, folded to the width."""
    begin = f"{label} ".ljust(INDENT) if label else ""
    text = text.replace("\n", "; ")
    if not width:
        return [begin + (text if len(text) <= MOST_CHARACTERS else shorten(text, MOST_CHARACTERS, placeholder=" ..."))]
    if len(begin) + len(text) <= width:
        return [begin + text]
    folds = None if label.partition(" ")[0] in NEVER_CUT else MOST_FOLDS
    lines = wrap(
        text, width, initial_indent=begin, subsequent_indent=" " * indent, max_lines=folds, placeholder=" ...",
        break_on_hyphens=False,
    )  # fmt: skip
    return lines or [begin.rstrip()]
