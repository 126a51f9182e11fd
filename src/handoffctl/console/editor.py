"""Lets the user change a text in their own editor."""

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handoffctl.errors import Refused

DEFAULTS = ("notepad",) if sys.platform == "win32" else ("nano", "vi")
HOW_TO_SET = 'Name an editor that waits until the file is closed, as in EDITOR=nano or EDITOR="code --wait".'


def edit_text(text: str, name: str = "text.txt") -> str | None:
    """Opens the text in an editor and returns the new text, which may be empty; None if it is unchanged.

    The file is called `name`, so that editors know its type.

    Uses $VISUAL, else $EDITOR, else the first of DEFAULTS that is installed. One more newline at the end is no change,
    because many editors add it. Raises Refused if there is no editor, if it fails, or if it leaves something that is
    not
    UTF-8; in the last two cases the file stays and the hint says where. An editor that returns at once with its window
    still open (`code` without `--wait`) cannot be told from one that changed nothing.
    """
    words = _editor()
    text = text.encode("utf-8", "replace").decode()
    file = _put_down(text, name)
    try:
        code = _run([*words, str(file)])
    except OSError as fault:
        _remove(file)
        raise Refused(f'The editor "{words[0]}" cannot be started: {fault.strerror}.', HOW_TO_SET) from None
    if code:
        raise Refused(f'The editor "{words[0]}" ended with error {code}.', f"{_kept(file)} {HOW_TO_SET}")
    changed = _read(file, text)
    _remove(file)
    return None if changed in (text, text + "\n") else changed


def save_draft(text: str, name: str = "text.txt") -> Path:
    """Saves a text that could not be recorded to a file, so that the user can go on with it."""
    return _put_down(text, name)


def discard_draft(file: Path) -> None:
    """Deletes the saved file once its text is recorded or taken up again."""
    _remove(file)


def _editor() -> list[str]:
    """Returns the words of the editor's command, with the full path of the program. Raises Refused if there is none."""
    for variable in ("VISUAL", "EDITOR"):
        if wanted := os.environ.get(variable, "").strip():
            return _named(variable, wanted)
    for name in DEFAULTS:
        if found := shutil.which(name):
            return [found]
    raise Refused(f"There is no editor: neither {' nor '.join(DEFAULTS)} was found.", HOW_TO_SET)


def _named(variable: str, wanted: str) -> list[str]:
    if whole := shutil.which(wanted):  # a path with spaces that nobody quoted
        return [whole]
    try:
        words = shlex.split(wanted, posix=sys.platform != "win32")
    except ValueError:
        raise Refused(f"{variable} has a quote without its pair: {wanted}", HOW_TO_SET) from None
    words = [word.strip('"') for word in words] if sys.platform == "win32" else words
    found = shutil.which(os.path.expanduser(words[0])) if words else None
    if not found:
        raise Refused(f'The editor in {variable} was not found: "{wanted}".', HOW_TO_SET)
    return [found, *words[1:]]


def _put_down(text: str, name: str) -> Path:
    """Writes the text to a file for this user only, in its own folder, because editors leave backups beside it."""
    import tempfile

    folder = ""
    try:
        folder = tempfile.mkdtemp(prefix="handoffctl-")
        file = Path(folder, name)
        with open(file, "x", encoding="utf-8", newline="", opener=_for_us_only) as opened:
            opened.write(text)
    except OSError as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refused(f"No temporary file can be written: {fault.strerror}.", "Set TMPDIR to another folder.") from None
    return file


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _run(words: list[str]) -> int:
    """Runs the editor on our own terminal and returns its exit code."""
    import subprocess

    sys.stdout.flush()
    sys.stderr.flush()
    with _deaf_to_ctrl_c():
        return subprocess.run(words).returncode


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    # A handler that does nothing, for SIG_IGN would be handed down, and the editor would not hear Ctrl-C either.
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _read(file: Path, before: str) -> str:
    """Reads the file back, without the byte order mark and line ends that editors on Windows add."""
    try:
        text = file.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise Refused("The editor left something that is not UTF-8.", f"{_kept(file)} Save it as UTF-8.") from None
    text = text.removeprefix("\ufeff")
    return text if "\r" in before else text.replace("\r\n", "\n")


def _kept(file: Path) -> str:
    return f"What was typed is in {file}."


def _remove(file: Path) -> None:
    shutil.rmtree(file.parent, ignore_errors=True)
