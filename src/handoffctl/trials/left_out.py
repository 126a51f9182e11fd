"""Decides which items of a handoff are not asked because of trials. The gate applies it; nothing else does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handoffctl.core.moments import Clock, Moment
from handoffctl.playbook.model import NEXT_STEP
from handoffctl.playbook.requirements import NotAsked
from handoffctl.trials.draw import draw_arm
from handoffctl.trials.model import WITHOUT, Trial


@dataclass(frozen=True)
class TriedStay:
    """What decides over a deal in a trial: its playbook, account and stage, and when it came to the stage."""

    playbook: str
    account_id: int
    test: bool
    stage: str
    entered_at: Moment | None


def items_left_out(
    trials: Iterable[Trial], stay: TriedStay, handoff: str, asked: Sequence[str], clock: Clock
) -> tuple[NotAsked, ...]:
    """Returns the items of the handoff that this deal is not asked for. `asked` are all its items.

    A step that is left out asks for nothing but the next step. Test accounts are asked for everything.
    """
    if stay.test:
        return ()
    found: dict[str, NotAsked] = {}
    for trial in trials:
        if not _leaves_out(trial, stay, handoff, clock):
            continue
        names = [name for name in asked if name != NEXT_STEP] if not trial.item else [trial.item]
        for name in names:
            if name in asked:
                found.setdefault(name, NotAsked(name, trial.id, trial.mode, trial.running))
    return tuple(found.values())


def takes_part(trial: Trial, stay: TriedStay, handoff: str, clock: Clock) -> bool:
    """Returns True if the deal is in this running trial. A randomized one takes deals that came later."""
    place = stay.stage if trial.kind == "stage" else handoff
    if stay.test or trial.playbook != stay.playbook or trial.handoff != place:
        return False
    entered = stay.entered_at
    return not trial.randomized or bool(entered and not clock.is_before(entered, trial.started_at))


def _leaves_out(trial: Trial, stay: TriedStay, handoff: str, clock: Clock) -> bool:
    if not trial.running:
        place = stay.stage if trial.kind == "stage" else handoff
        return trial.verdict == "keep_out" and trial.playbook == stay.playbook and trial.handoff == place
    if not takes_part(trial, stay, handoff, clock):
        return False
    return not trial.randomized or draw_arm(trial.draw_key, stay.account_id) == WITHOUT
