"""The newest text of one mail: what the person wrote, without the mail that was quoted."""

from dataclasses import dataclass
from functools import lru_cache

from handoffctl.core.sandbox import OverLimit, within_limits

TOO_MUCH = "It takes too much time or memory to read."


@dataclass(frozen=True)
class Newest:
    """What the person wrote; a signature may be part of it. Remarks are sentences on what was doubtful."""

    text: str
    remarks: tuple[str, ...]


def newest(raw: bytes) -> Newest:
    """The newest text of this mail, empty with a remark where there is none. Never raises for what the mail holds."""
    _warmed_up()
    try:
        text, remarks = within_limits(lambda: _read(raw))
    except OverLimit:
        return Newest("", (TOO_MUCH,))
    return Newest(text, tuple(dict.fromkeys(remarks)))


@lru_cache
def _warmed_up() -> None:
    """Imports and compiles here, once, what each of the processes that read the mails would begin with."""
    _read(b"Subject: x\nContent-Type: text/html\n\nYes.")


def _read(raw: bytes) -> tuple[str, list[str]]:
    from handoffctl.inbox.bodies import body
    from handoffctl.inbox.quote_stripping import cut

    try:
        text, remarks = body(raw)
        done = cut(text)
    except MemoryError:
        raise
    except Exception as error:  # one mail that nobody foresaw must not hide the others
        return "", [f"Its text cannot be read ({type(error).__name__})."]
    return done.text, [*remarks, *done.remarks]
