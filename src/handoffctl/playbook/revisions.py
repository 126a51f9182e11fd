"""The revisions of a playbook, and the differences between them in words."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from handoffctl.errors import HandoffError, NotFound, RulesFault, UsageFault, nearest
from handoffctl.playbook import query as view
from handoffctl.playbook.diff import differences
from handoffctl.playbook.library import files, rules
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
    def called(self) -> str:
        return FILE if self.number is None else str(self.number)


def history(home: Home, name: str) -> dict[str, Any]:
    """Returns every revision, newest first, with what changed in it, and the file if it was not used yet."""
    name = name or home.configuration.playbook
    known = _contents(home, name)
    told = []
    before: Playbook | None = None
    for place, one in enumerate(known):
        playbook = _readable(name, one)
        comparable = place > 0 and before is not None and playbook is not None
        told.append(
            {
                "revision": one.number, "at": one.at, "used": one.number is not None,
                "readable": playbook is not None, "handoffs": one.handoffs, "deals": one.deals,
                "changes": differences(before, playbook) if comparable and before and playbook else [],
            }
        )  # fmt: skip
        before = playbook
    return {"playbook": name, "revisions": told[::-1]}


def compared(home: Home, name: str, which: list[str]) -> dict[str, Any]:
    """Returns what changed between two revisions; by default from the newest used to the file, or the last two."""
    name = name or home.configuration.playbook
    known = _contents(home, name)
    if len(which) > 2:
        raise UsageFault("Two contents are compared at a time.", "As in: handoffctl playbook diff solo 1 2")
    if which:
        one, other = _named(name, known, which[0]), _named(name, known, which[1] if len(which) > 1 else FILE)
    else:
        one, other = known[-2] if len(known) > 1 else known[-1], known[-1]
    told = differences(_read(name, one), _read(name, other))
    return {"playbook": name, "from": one.called, "to": other.called, "changes": told}


def _contents(home: Home, name: str) -> list[Content]:
    """Returns the used revisions, oldest first, then the file if it differs. Raises NotFound."""
    with home.reading() as query:
        rows = view.revisions(query, name)
    known = [
        Content(number, row["at"], row["content"], row["handoffs"], row["deals"]) for number, row in enumerate(rows, 1)
    ]
    path = files(home).get(name)
    if path is None:
        if not known:
            rules(home, name)  # raises, with the names there are
        return known
    text = _text(home, name)
    if not known or digest(text) != rows[-1]["hash"]:
        known.append(Content(None, None, text, 0, 0))
    return known


def _text(home: Home, name: str) -> str:
    try:
        return files(home)[name].read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesFault(f"{files(home)[name]} cannot be read: {error}.", "Save it as UTF-8 text.") from None


def digest(text: str) -> str:
    """Returns the hash that identifies a content."""
    return sha256(text.encode()).hexdigest()


def _named(name: str, known: list[Content], which: str) -> Content:
    fits = [one for one in known if one.called == which]
    if fits:
        return fits[0]
    if which == FILE and known:  # the file is the newest of them
        return known[-1]
    numbers = [one.called for one in known if one.number is not None]
    raise NotFound(
        f'{name} has no content "{which[:20]}" {nearest(which, numbers)}'.rstrip() + ".",
        f"There are: {', '.join(numbers)}. See them with: handoffctl playbook history {name}"
        if numbers
        else f"{name} was not used yet, so there is only the file.",
    )


def _read(name: str, one: Content) -> Playbook:
    called = f"{name}.yaml" if one.number is None else f"{name} as kept on {(one.at or '')[:10]}"
    return playbook_from_text(one.text, called)


def _readable(name: str, one: Content) -> Playbook | None:
    try:
        return _read(name, one)
    except HandoffError:
        return None
