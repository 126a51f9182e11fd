"""Finds the handoffs that leave a stage by the names people use for them."""

from handoffctl.errors import NotFound, nearest
from handoffctl.playbook.model import Handoff, Playbook


def next_handoffs(playbook: Playbook, stage: str) -> list[Handoff]:
    """Returns the handoffs to an open or won stage, or, if there is none, those that change only the person."""
    leaving = playbook.leaving(stage)
    onward = [handoff for handoff in leaving if handoff.to and destination_kind(playbook, handoff) in ("open", "won")]
    return onward or [handoff for handoff in leaving if not handoff.to]


def unnamed_handoffs(playbook: Playbook, stage: str) -> list[Handoff]:
    """Returns the handoffs that somebody who names none could mean: to another stage, or to another person in it."""
    onward = next_handoffs(playbook, stage)
    return [*onward, *(handoff for handoff in playbook.leaving(stage) if not handoff.to and handoff not in onward)]


def names_of(playbook: Playbook, handoff: Handoff) -> set[str]:
    """Returns what a person may call a handoff besides its name: the stage it leads to, its title, the receiver."""
    names = {handoff.to or "", handoff.to_stage if handoff.to else "", handoff.receiver if not handoff.to else ""}
    if handoff.to and not handoff.to_playbook:
        names.add(playbook.title_of(handoff.to_stage))
    return {name.casefold() for name in names if name}


def destination_kind(playbook: Playbook, handoff: Handoff) -> str:
    """Returns the kind of the stage a handoff leads to; another playbook is entered through an open stage."""
    return "open" if handoff.to_playbook else playbook.stages[handoff.to_stage].kind


def find_handoff(playbook: Playbook, stage: str, name: str) -> Handoff:
    """Finds the handoff from this stage by its name, else by where it leads. Raises NotFound."""
    leaving = playbook.leaving(stage)
    folded_name = name.strip().casefold()
    matching = [handoff for handoff in leaving if handoff.key.casefold() == folded_name]
    matching = matching or [handoff for handoff in leaving if folded_name in names_of(playbook, handoff)]
    if len(matching) == 1:
        return matching[0]
    stage_title, keys = playbook.title_of(stage), [handoff.key for handoff in matching or leaving]
    if matching:
        raise NotFound(f'"{name[:60]}" could be several handoffs from {stage_title}.', f"Name one: {', '.join(keys)}.")
    if not leaving:
        hint = f"See the playbook with: handoffctl playbook show {playbook.playbook}"
        raise NotFound(f"No handoff leaves {stage_title}, so there is no trigger to see.", hint)
    raise NotFound(
        f'No handoff from {stage_title} is called "{name[:60]}" {nearest(name, keys)}'.rstrip() + ".",
        f"From here there are: {', '.join(keys)}.",
    )
