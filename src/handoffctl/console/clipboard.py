"""Copies text to the clipboard, if there is one."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

PATIENCE = 3.0  # seconds; a clipboard answers at once, or its screen is far away and gone


def copy_text(text: str) -> bool:
    """Returns True if the text is on the clipboard now; False if there is none, or it fails or does not answer in time.

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
    """The `subprocess` that pyperclip is given: it checks exit codes and times out.

    With the real one a failing program counts as done and a hanging one is waited for; and xclip, which stays alive to
    hold the text, would keep the pipe behind our output open.
    """
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
