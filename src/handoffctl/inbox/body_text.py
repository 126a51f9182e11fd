"""Extracts the text of a mail from its MIME parts: plain text if there is any, else HTML converted to text."""

import re
from email.message import Message as Part
from email.parser import BytesParser
from io import BytesIO
from typing import Any, NamedTuple

from handoffctl.inbox.charsets import clean, decode
from handoffctl.inbox.headers import split_headers
from handoffctl.inbox.html_to_text import html_to_text

LONGEST_BODY = 100_000  # characters: the rules that find quoted mail are slow on more

_TEXT_TYPES = ("text/plain", "text/html", "text/enriched")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# `email` raises these for thousands of nested parts, and for parameters made to break it.
_PARSER_ERRORS = (RecursionError, ValueError, LookupError, TypeError, AttributeError)


class _TextPart(NamedTuple):
    """The text of one MIME part and its content type."""

    content_type: str
    text: str


def body_text(raw: bytes) -> tuple[str, list[str]]:
    """Returns the text of a mail, HTML quotations behind "> ", and remarks on anything that could not be read."""
    remarks: list[str] = []
    try:
        parts = _text_parts(BytesParser().parse(BytesIO(b"".join(split_headers(raw)))), remarks)
    except _PARSER_ERRORS:
        return "", ["Its parts cannot be read: they are nested too deep, or not marked as they should be."]
    text = "\n\n".join(part.text for part in parts)
    if len(text) > LONGEST_BODY:
        remarks.append(f"Only the first {LONGEST_BODY:,} characters were read.")
    if not text:
        remarks.append("It holds no text.")
    return text[:LONGEST_BODY], remarks


def _text_parts(part: "Part[Any, Any]", remarks: list[str]) -> list[_TextPart]:
    """Returns the text parts that belong to the mail itself, not those of attached files or mails.

    The parts of an alternative say the same, so only the plain ones count where there are any. (`get_body` of
    `email` returns one text only, but many programs split a mail into several, around a picture.)
    """
    content_type = part.get_content_type()
    if part.is_multipart():
        if part.get_content_maintype() != "multipart":
            return []
        inner: Any = part.get_payload()
        texts = [text for subpart in inner for text in _text_parts(subpart, remarks)]
        plain = [text for text in texts if text.content_type != "text/html"]
        return plain if plain and content_type == "multipart/alternative" else texts
    # A part that claims to be multipart but is not still holds text.
    if _is_attached(part) or not (content_type in _TEXT_TYPES or part.get_content_maintype() == "multipart"):
        return []
    text = _text(part, content_type, remarks)
    return [_TextPart(content_type, text)] if text.strip() else []


def _is_attached(part: "Part[Any, Any]") -> bool:
    file_name = part.get_param("filename", header="Content-Disposition")
    return file_name is not None or part.get_content_disposition() == "attachment"


def _text(part: "Part[Any, Any]", content_type: str, remarks: list[str]) -> str:
    charset = part.get_content_charset("")
    del part["Content-Type"]  # some versions of Python decode by the charset first, and raise for a strange one
    content = part.get_payload(decode=True)
    text, charset_remarks = decode(content if isinstance(content, bytes) else b"", charset, "text")
    remarks += charset_remarks
    text = _LINE_END.sub("\n", text)
    return clean(html_to_text(text)) if content_type == "text/html" else text
