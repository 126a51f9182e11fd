"""Reads a playbook. The same content is checked once; from then on it is known."""

from pathlib import Path

from handoffctl.core.yaml.text import read_content
from handoffctl.playbook.lint import faults
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.checked import recall, remember

# `checking` is imported where it is called: yaml and pydantic take half of the time of a reading command.


def read_playbook(path: Path) -> Playbook:
    """Reads the playbook in a file. Raises RulesFault with every error, each with file, line and path."""
    try:
        content = read_content(path)
    except OSError:  # which is told in the same way as a fault
        content = None
    known = _known(content) if content else None
    if known and known.playbook == path.stem:
        return known
    from handoffctl.playbook.checking import check_file

    playbook = check_file(path, content)
    if content:
        remember(playbook, content)
    return playbook


def playbook_from_text(text: str, shown: str) -> Playbook:
    """Reads a playbook from text; `shown` is its name in messages. Raises RulesFault."""
    content = text.encode(errors="surrogatepass")
    known = _known(content)
    if known:
        return known
    from handoffctl.playbook.checking import check_text

    playbook = check_text(text, shown)
    remember(playbook, content)
    return playbook


def _known(content: bytes) -> Playbook | None:
    """Returns the playbook of a content that was checked before, if it still makes sense."""
    known = recall(Playbook, content)
    return known if known and not faults(known) else None


def line_of(path: Path, keys: tuple[str | int, ...]) -> str:
    """Returns the place of some keys in the file: `playbooks/sales.yaml:41`."""
    from handoffctl.playbook.checking import place_of

    return place_of(path, keys)
