"""Lists playbooks, and finds handoffs that lead to playbooks or stages that do not exist."""

from typing import NamedTuple

from handoffctl.errors import HandoffError, NotFound, RulesFault, nearest
from handoffctl.playbook.library import LoadedPlaybook, load_playbook, playbook_paths
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.reader import line_of, read_playbook
from handoffctl.workspace.home import Home


class PlaybookSummary(NamedTuple):
    """A playbook in the list of playbooks; `state` is "in order", "draft" or the number of its faults."""

    name: str
    title: str
    state: str
    path: str


def list_playbooks(home: Home) -> list[PlaybookSummary]:
    """Returns every playbook, a faulty one too."""
    playbooks = []
    for name, path in playbook_paths(home).items():
        try:
            playbook = read_playbook(path)
            title, state = playbook.title or name, "draft" if playbook.draft else "in order"
        except HandoffError as fault:
            count = max(len(fault.problems), 1)
            title, state = name, f"{count} fault{'s' if count > 1 else ''}"
        playbooks.append(PlaybookSummary(name, title, state, str(path)))
    return playbooks


def destination_playbook(home: Home, loaded: LoadedPlaybook, handoff: Handoff) -> Playbook | None:
    """Returns the other playbook a handoff leads to. Raises RulesFault if it or its stage does not exist."""
    if not handoff.to_playbook:
        return None
    number = loaded.playbook.handoffs.index(handoff)
    where = f"{line_of(loaded.path, ('handoffs', number, 'to'))}: handoffs[{number}].to"
    try:
        destination = load_playbook(home, handoff.to_playbook).playbook
    except NotFound as fault:
        raise RulesFault(f"{where}: {fault.message}", fault.hint) from None
    if handoff.to_stage not in destination.stages:
        stages = list(destination.stages)
        missing = f'{destination.playbook} has no stage "{handoff.to_stage}" {nearest(handoff.to_stage, stages)}'
        raise RulesFault(f"{where}: {missing.rstrip()}.", f"Its stages: {', '.join(stages)}.")
    return destination


def broken_destinations(home: Home, loaded: LoadedPlaybook) -> list[str]:
    """Returns a sentence for each handoff to another playbook that is missing, unreadable or lacks the stage."""
    messages = []
    for handoff in loaded.playbook.handoffs:
        try:
            destination_playbook(home, loaded, handoff)
        except RulesFault as fault:
            messages.append(fault.message)
    return messages
