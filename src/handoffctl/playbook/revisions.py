"""The revisions of a playbook, and the differences between them in words."""

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from handoffctl.errors import HandoffError, NotFound, RulesFault, UsageFault, nearest
from handoffctl.playbook import query as view
from handoffctl.playbook.diff import differences
from handoffctl.playbook.library import load_playbook, own_file, playbook_paths
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.workspace.home import Home

FILE = "file"


@dataclass(frozen=True)
class Content:
    """One revision: by number if it was used, else the file as it is now."""

    number: int | None
    at: str | None
    text: str
    handoffs: int
    deals: int

    @property
    def label(self) -> str:
        return FILE if self.number is None else str(self.number)


class RevisionChanges(NamedTuple):
    """One content of a playbook and what changed in it; `used` is False for a file that no deal has used yet."""

    revision: int | None
    at: str | None
    used: bool
    readable: bool
    handoffs: int
    deals: int
    changes: list[str]


class PlaybookHistory(NamedTuple):
    """Every content of a playbook, newest first."""

    playbook: str
    revisions: list[RevisionChanges]


class RevisionComparison(NamedTuple):
    """What changed in a playbook between two contents, each called by its number or `file`."""

    playbook: str
    from_: str
    to: str
    changes: list[str]


def revision_history(home: Home, name: str) -> PlaybookHistory:
    """Returns every revision, newest first, with what changed in it, and the file if it was not used yet."""
    name = name or home.configuration.playbook
    revisions = []
    before: Playbook | None = None
    for content in _contents(home, name):
        playbook = _readable(name, content)
        changes = differences(before, playbook) if before and playbook else []
        revisions.append(
            RevisionChanges(
                content.number, content.at, content.number is not None, playbook is not None,
                content.handoffs, content.deals, changes,
            )
        )  # fmt: skip
        before = playbook
    return PlaybookHistory(name, revisions[::-1])


def compare_revisions(home: Home, name: str, which: list[str]) -> RevisionComparison:
    """Returns what changed between two revisions; by default from the newest used to the file, or the last two."""
    name = name or home.configuration.playbook
    contents = _contents(home, name)
    if len(which) > 2:
        raise UsageFault("Two contents are compared at a time.", "As in: handoffctl playbook diff solo 1 2")
    if which:
        before = _content_called(name, contents, which[0])
        after = _content_called(name, contents, which[1] if len(which) > 1 else FILE)
    else:
        before, after = contents[-2] if len(contents) > 1 else contents[-1], contents[-1]
    changes = differences(_read(name, before), _read(name, after))
    return RevisionComparison(name, before.label, after.label, changes)


def _contents(home: Home, name: str) -> list[Content]:
    """Returns the used revisions, oldest first, then the file if it differs. Raises NotFound."""
    with home.reading() as query:
        rows = view.revisions(query, name)
    contents = [
        Content(number, row["at"], row["content"], row["handoffs"], row["deals"]) for number, row in enumerate(rows, 1)
    ]
    path = playbook_paths(home).get(name)
    if path is None:
        if not contents:
            load_playbook(home, name)  # raises, with the names there are
        return contents
    text = _text(home, name)
    now = digest(text)
    if own_file(home, name) is None:  # of a shipped playbook an earlier content may have been archived later
        contents = _newest_last(contents, now)
    if not contents or digest(contents[-1].text) != now:
        contents.append(Content(None, None, text, 0, 0))
    return contents


def _newest_last(contents: list[Content], newest: str) -> list[Content]:
    """Returns the contents in the same order, but the one with this hash last."""
    return sorted(contents, key=lambda content: digest(content.text) == newest)


def _text(home: Home, name: str) -> str:
    try:
        return playbook_paths(home)[name].read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesFault(f"{playbook_paths(home)[name]} cannot be read: {error}.", "Save it as UTF-8 text.") from None


def digest(text: str) -> str:
    """Returns the hash that identifies a content."""
    return sha256(text.encode()).hexdigest()


def _content_called(name: str, contents: list[Content], which: str) -> Content:
    """Returns the content with this number, or the newest for `file`. Raises NotFound."""
    matching = [content for content in contents if content.label == which]
    if matching:
        return matching[0]
    if which == FILE and contents:  # the file is the newest of them
        return contents[-1]
    numbers = [content.label for content in contents if content.number is not None]
    raise NotFound(
        f'{name} has no content "{which[:20]}" {nearest(which, numbers)}'.rstrip() + ".",
        f"There are: {', '.join(numbers)}. See them with: handoffctl playbook history {name}"
        if numbers
        else f"{name} was not used yet, so there is only the file.",
    )


def _read(name: str, content: Content) -> Playbook:
    shown = f"{name}.yaml" if content.number is None else f"{name} as kept on {(content.at or '')[:10]}"
    return playbook_from_text(content.text, shown)


def _readable(name: str, content: Content) -> Playbook | None:
    try:
        return _read(name, content)
    except HandoffError:
        return None
