"""Puts text on the clipboard, where there is one."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

PATIENCE = 3.0  # seconds; a clipboard answers at once, or its screen is far away and gone


def copied(text: str) -> bool:
    """Whether the text is on the clipboard now. False where there is none, or it fails or does not answer in time.

    Never raises, and prints nothing. Source of what is tried: `pyperclip.determine_clipboard`.
    """
    import pyperclip  # type: ignore[import-untyped,unused-ignore]

    try:
        text.encode()
        # Qt kills the program where its screen is not there, and its clipboard is empty once the program ends.
        pyperclip.init_qt_clipboard = pyperclip.init_no_clipboard
        pyperclip.subprocess = _checked_programs()
        # Not pyperclip.copy: that one looks only once for what there is.
        copy, _ = pyperclip.determine_clipboard()
        copy(text)
    except Exception:  # by pyperclip itself, the system's own calls, and programs of all kinds
        return False
    return True


def _checked_programs() -> SimpleNamespace:
    """What pyperclip takes for `subprocess`. With the real one a program that fails counts as done, one that hangs is
    waited for, and xclip, which stays to hold the text, holds the pipe behind our output open for as long."""
    import subprocess

    def run(words: Sequence[str], text: bytes | None = None) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run(words, input=text or b"", stdout=quiet, stderr=quiet, timeout=PATIENCE, check=True)

    class Program:
        def __init__(self, words: Sequence[str], **how: Any) -> None:
            self._words = words

        def communicate(self, input: bytes | None = None) -> tuple[None, None]:
            run(self._words, input)
            return None, None

    return SimpleNamespace(Popen=Program, PIPE=subprocess.PIPE, check_call=lambda words, **how: run(words))
