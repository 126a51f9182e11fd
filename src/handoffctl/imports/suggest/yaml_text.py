"""Writes YAML text, and remarks that can harm neither the file nor a terminal."""

import unicodedata
from collections.abc import Iterable

from handoffctl.core.names import escape_controls

LONGEST_SHOWN = 40
LONGEST_NAMED = 300  # characters of a column's name; a longer one is left out
MARGIN = 34  # the column where remarks begin, if there is room

_SAFE_SIGNS = set(" _-./()%&+")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_YAML_WORDS = {"y", "n", "yes", "no", "true", "false", "on", "off", "null", "none", "nan", "inf"}
_UNWRITABLE_CATEGORIES = ("Cc", "Zl", "Zp", "Cs")


def is_writable(text: str) -> bool:
    """True if the reader of maps accepts this text."""
    if not text or len(text) > LONGEST_NAMED:
        return False
    return not any(
        c in "\ufeff\ufffe\uffff" or (c not in "\t\n\r" and unicodedata.category(c) in _UNWRITABLE_CATEGORIES)
        for c in text
    )


def yaml_text(text: str) -> str:
    """Returns the text as a YAML scalar: as it is if that is safe, else in double quotes.

    The reader normalises files (NFC); characters that this would change are written as escapes.
    """
    is_nfc = unicodedata.is_normalized("NFC", text)
    is_plain = all(c.isalnum() or c in _SAFE_SIGNS for c in text)
    if text[:1].isalpha() and is_plain and is_nfc and text.casefold() not in _YAML_WORDS and text == text.strip():
        return text
    return '"' + "".join(_ESCAPED.get(c) or (c if c.isascii() or (is_nfc and c.isprintable()) else _escape(c))
                         for c in text) + '"'  # fmt: skip


def yaml_list(texts: Iterable[str]) -> str:
    """Returns a YAML list on one line."""
    return "[" + ", ".join(map(yaml_text, texts)) + "]"


def shortened(text: str) -> str:
    """Returns the text for a remark: on one line, harmless and short."""
    line = escape_controls(" ".join(text[:250].split()))
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def with_remark(line: str, remark: str) -> str:
    """Returns the line with a remark after it."""
    return f"{line.ljust(MARGIN)} # {remark}" if remark else line


def _escape(c: str) -> str:
    code = ord(c)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def example_remark(value: str, reason: str = "") -> str:
    """Returns a remark with a value of a column, and the reason why the column was chosen."""
    text = f'e.g. "{shortened(value)}"' if value else "always empty"
    return f"{text}; {reason}" if reason else text
