"""Creates a playbook from another one, and saves edited ones."""

import re
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from handoffctl.core.yaml.text import UnreadableYaml
from handoffctl.core.yaml.tokens import YamlToken, replace_tokens
from handoffctl.errors import NotFound, Refused, RulesFault, nearest
from handoffctl.playbook.library import load_playbook, playbook_paths
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home
from handoffctl.workspace.own_files import (
    playbooks_folder,
    read_text_file,
    replace,
    with_review_today,
    write_new,
    write_schema,
)

NAMES = "Take up to 60 letters, digits, _ - and . without spaces, as in: my-way"


def create_playbook(home: Home, name: str, source: str) -> Path:
    """Copies a playbook under another name into the home folder; only its name and review date change.

    Raises NotFound or RulesFault for the source, Refused for a bad name or one that is taken.
    """
    name = normalize("NFC", name)
    if not re.fullmatch(r"\w[\w.-]{0,59}", name):
        raise Refused(f'"{name[:60]}" cannot be the name of a playbook.', NAMES)
    _refuse_taken(home, name)
    source_playbook = load_playbook(home, source)

    def new_name(token: YamlToken) -> str | None:
        return name if token.path == ("playbook",) and not token.is_key else None

    try:
        text = replace_tokens(read_text_file(source_playbook.path), new_name)
    except UnreadableYaml as fault:
        hint = "Copy the file by hand and change its first key."
        raise Refused(f"{source_playbook.path}: {fault.sentence}.", hint) from None
    path = playbooks_folder(home) / f"{name}.yaml"
    if not write_new(path, with_review_today(home, text)):
        raise _name_taken(name, path)
    write_schema(path.parent)
    return path


def _refuse_taken(home: Home, name: str) -> None:
    for taken, path in playbook_paths(home).items():
        if taken.casefold() == name.casefold():  # some disks tell no case apart
            raise _name_taken(taken, path)


def _name_taken(name: str, path: Path) -> Refused:
    if path.parent == shipped("playbooks"):
        return Refused(
            f'A playbook called "{name}" came with the program.',
            f"Take another name, or make that one yours: handoffctl init {name}",
        )
    return Refused(f'There is a playbook called "{name}" already: {path}', f"Edit it: handoffctl playbook edit {name}")


@dataclass(frozen=True)
class EditedPlaybook:
    """A playbook opened for editing; for a shipped one, the copy that will be the user's."""

    name: str
    path: Path
    text: str
    is_copy: bool


def open_for_editing(home: Home, name: str) -> EditedPlaybook:
    """Opens a playbook for editing, a faulty one too. Raises NotFound."""
    name = name or home.configuration.playbook
    paths = playbook_paths(home)
    if name not in paths:
        raise NotFound(
            f'No playbook is called "{name[:60]}" {nearest(name, list(paths))}'.rstrip() + ".",
            f"There are: {', '.join(paths)}. A new one: handoffctl playbook new NAME",
        )
    text = read_text_file(paths[name])
    own = home.folder / "playbooks" / f"{name}.yaml"
    if paths[name] == own:
        return EditedPlaybook(name, own, text, False)
    return EditedPlaybook(name, own, with_review_today(home, text), True)


def faults(edited: EditedPlaybook, text: str) -> list[str]:
    """Returns what is wrong with a new text of this playbook; empty if it is valid."""
    try:
        playbook = playbook_from_text(text, f"{edited.name}.yaml")
    except RulesFault as fault:
        return fault.problems or [fault.message]
    if playbook.playbook != edited.name:
        wanted = f'playbook must be "{edited.name}", as the file is called'
        return [f"{edited.name}.yaml: {wanted}; a new one is begun with: handoffctl playbook new NAME"]
    return []


def save(home: Home, edited: EditedPlaybook, text: str) -> None:
    """Replaces the playbook by a valid text. Raises Refused if somebody else changed it meanwhile."""
    playbooks_folder(home)
    if edited.is_copy:
        write_schema(edited.path.parent)
        if not write_new(edited.path, text):
            raise Refused(f"{edited.path} came to be meanwhile.", "It was left as it is.")
        return
    if not edited.path.is_file() or read_text_file(edited.path) != edited.text:
        raise Refused(f"{edited.path} was changed by somebody else meanwhile.", "It was left as it is.")
    replace(edited.path, text)
