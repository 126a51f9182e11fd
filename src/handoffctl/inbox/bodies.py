"""The text of a mail out of its parts: plain text where there is some, else HTML made into text."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from handoffctl.inbox.charsets import clean, decoded
from handoffctl.inbox.headers import parted
from handoffctl.inbox.html_to_text import as_text

if TYPE_CHECKING:
    from email.message import Message as Part

MOST_OF_TEXT = 100_000  # characters: the rules that find quoted mail are slow on more

_TEXTS = ("text/plain", "text/html", "text/enriched")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What `email` raises for thousands of parts within parts, and for parameters made to break it.
_RAISED = (RecursionError, ValueError, LookupError, TypeError, AttributeError)


def body(raw: bytes) -> tuple[str, list[str]]:
    """The text of this mail with quoted parts of HTML behind "> ", and sentences on what could not be read."""
    from email.parser import BytesParser

    remarks: list[str] = []
    try:
        texts = _texts(BytesParser().parse(BytesIO(b"".join(parted(raw)))), remarks)
    except _RAISED:
        return "", ["Its parts cannot be read: they are nested too deep, or not marked as they should be."]
    text = "\n\n".join(text for _, text in texts)
    if len(text) > MOST_OF_TEXT:
        remarks.append(f"Only the first {MOST_OF_TEXT:,} characters were read.")
    if not text:
        remarks.append("It holds no text.")
    return text[:MOST_OF_TEXT], remarks


def _texts(part: "Part[Any, Any]", remarks: list[str]) -> list[tuple[str, str]]:
    """Kind and text of each part that is text and stands in the mail itself, not in an attached file or mail.

    Of the parts of an alternative, which say the same, only the plain ones where there are some. (`get_body` of
    `email` gives one text alone, and many programs cut a mail into several, around a picture.)
    """
    kind = part.get_content_type()
    if part.is_multipart():
        if part.get_content_maintype() != "multipart":
            return []
        inner: Any = part.get_payload()
        found = [text for each in inner for text in _texts(each, remarks)]
        plain = [one for one in found if one[0] != "text/html"]
        return plain if plain and kind == "multipart/alternative" else found
    # One that is said to be of many parts and is not holds text all the same.
    if _is_attached(part) or not (kind in _TEXTS or part.get_content_maintype() == "multipart"):
        return []
    text = _text(part, kind, remarks)
    return [(kind, text)] if text.strip() else []


def _is_attached(part: "Part[Any, Any]") -> bool:
    named = part.get_param("filename", header="Content-Disposition")
    return named is not None or part.get_content_disposition() == "attachment"


def _text(part: "Part[Any, Any]", kind: str, remarks: list[str]) -> str:
    charset = part.get_content_charset("")
    del part["Content-Type"]  # some versions of Python decode by the charset first, and raise for a strange one
    content = part.get_payload(decode=True)
    text, more = decoded(content if isinstance(content, bytes) else b"", charset, "text")
    remarks += more
    text = _LINE_END.sub("\n", text)
    return clean(as_text(text)) if kind == "text/html" else text
