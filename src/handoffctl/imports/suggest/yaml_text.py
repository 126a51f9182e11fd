"""Words as YAML has them, and remarks that can harm neither the file nor a terminal."""

import unicodedata
from collections.abc import Iterable

from handoffctl.core.names import visible

LONGEST_SHOWN = 40
LONGEST_NAMED = 300  # characters of a column's name; a longer one is left out
MARGIN = 34  # where remarks begin, if there is room

_BESIDE_LETTERS = set(" _-./()%&+")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MEANS_ELSE = {"y", "n", "yes", "no", "true", "false", "on", "off", "null", "none", "nan", "inf"}
_NO_TEXT = ("Cc", "Zl", "Zp", "Cs")


def can_be_written(text: str) -> bool:
    """Whether the reader of maps takes this text at all."""
    if not text or len(text) > LONGEST_NAMED:
        return False
    return not any(
        c in "\ufeff\ufffe\uffff" or (c not in "\t\n\r" and unicodedata.category(c) in _NO_TEXT) for c in text
    )


def quoted(text: str) -> str:
    """The text as it is where that is safe, else in double quotes.

    The reader brings a file into normal form (NFC); what would be changed by it is written by its numbers.
    """
    normal = unicodedata.is_normalized("NFC", text)
    harmless = all(c.isalnum() or c in _BESIDE_LETTERS for c in text)
    if text[:1].isalpha() and harmless and normal and text.casefold() not in _MEANS_ELSE and text == text.strip():
        return text
    return '"' + "".join(_ESCAPED.get(c) or (c if c.isascii() or (normal and c.isprintable()) else _by_number(c))
                         for c in text) + '"'  # fmt: skip


def listed(texts: Iterable[str]) -> str:
    """A list on one line."""
    return "[" + ", ".join(map(quoted, texts)) + "]"


def shown(text: str) -> str:
    """The text on one line, harmless and short, for a remark."""
    line = visible(" ".join(text[:250].split()))
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def remarked(line: str, remark: str) -> str:
    """The line with a remark behind it."""
    return f"{line.ljust(MARGIN)} # {remark}" if remark else line


def _by_number(c: str) -> str:
    code = ord(c)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def example(value: str, why: str = "") -> str:
    """A remark that shows what is in a column, and why it was chosen."""
    said = f'e.g. "{shown(value)}"' if value else "always empty"
    return f"{said}; {why}" if why else said
