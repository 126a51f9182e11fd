"""Extracts what the sender of a mail wrote, without the mail they quoted. Runs in a sandbox."""

from dataclasses import dataclass
from functools import lru_cache

from handoffctl.core.sandbox import OverLimit, within_limits
from handoffctl.inbox.body_text import body_text
from handoffctl.inbox.quote_stripping import strip_quotes

TOO_MUCH = "It takes too much time or memory to read."


@dataclass(frozen=True)
class NewestText:
    """What the sender wrote, possibly with a signature. Remarks are sentences on anything doubtful."""

    text: str
    remarks: tuple[str, ...]


def newest_text(raw: bytes) -> NewestText:
    """Returns the newest text of a mail; empty, with a remark, where there is none. Never raises for bad mail."""
    _warm_up()
    try:
        text, remarks = within_limits(lambda: _extract(raw))
    except OverLimit:
        return NewestText("", (TOO_MUCH,))
    return NewestText(text, tuple(dict.fromkeys(remarks)))


@lru_cache
def _warm_up() -> None:
    """Does the imports and compiles the patterns once, before each mail gets a process of its own."""
    _extract(b"Subject: x\nContent-Type: text/html\n\nYes.")


def _extract(raw: bytes) -> tuple[str, list[str]]:
    try:
        body, remarks = body_text(raw)
        stripped = strip_quotes(body)
    except MemoryError:
        raise
    except Exception as error:  # a mail that breaks the parser must not hide the others
        return "", [f"Its text cannot be read ({type(error).__name__})."]
    return stripped.text, [*remarks, *stripped.remarks]
