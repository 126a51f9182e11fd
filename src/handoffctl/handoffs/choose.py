"""Chooses the handoff that a command means: the one named, or the only one ahead."""

from collections.abc import Sequence

from handoffctl.errors import UsageFault, nearest
from handoffctl.playbook.handoff_names import names_of, next_handoffs
from handoffctl.playbook.model import Handoff, Playbook


def choose_handoff(playbook: Playbook, stage: str, to: str | None) -> Handoff:
    """Returns the handoff from this stage that `to` names, or else the only one to an open or won stage.

    Raises UsageFault when no handoff fits, or several do.
    """
    leaving = playbook.leaving(stage)
    fitting = _named(playbook, leaving, to) if to else next_handoffs(playbook, stage)
    if len(fitting) == 1:
        return fitting[0]
    names = [handoff.key for handoff in (fitting or leaving)]
    title = playbook.title_of(stage)
    if not leaving:
        raise UsageFault(
            f"No handoff leaves {title}.", f"See the playbook with: handoffctl playbook show {playbook.playbook}"
        )
    if to and not fitting:
        raise UsageFault(
            f'No handoff leads from {title} to "{to}" {nearest(to, names)}'.rstrip() + ".",
            f"From here there are: {', '.join(names)}.",
        )
    raise several_handoffs(title, names)


def several_handoffs(stage_title: str, names: Sequence[str]) -> UsageFault:
    """Returns the refusal to choose between the handoffs of these names."""
    return UsageFault(
        f"{len(names)} handoffs leave {stage_title}: {', '.join(names)}.",
        f'Name one, as in: --to "{names[0]}"' if names else "",
    )


def _named(playbook: Playbook, leaving: list[Handoff], name: str) -> list[Handoff]:
    """Returns the handoffs with this key; where there is none, those that lead to what is called so."""
    wanted = name.casefold()
    by_key = [handoff for handoff in leaving if handoff.key.casefold() == wanted]
    return by_key or [handoff for handoff in leaving if wanted in names_of(playbook, handoff)]
