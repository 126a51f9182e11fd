"""Starts a trial: leaves an item, or a whole step, out of a playbook."""

import secrets
from typing import NamedTuple

from handoffctl.db.session import WriteSession
from handoffctl.errors import NotFound, Refused, UsageFault, nearest
from handoffctl.playbook.handoff_names import names_of
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.model import NEXT_STEP, Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.stats.constants import POWER, PROBATION_HANDOFFS
from handoffctl.stats.trial_size import margin_it_could_show, probability_of_keeping_out, size_per_arm
from handoffctl.trials.model import PROBATION, RANDOMIZED, Trial, TrialKind
from handoffctl.trials.query import trials_of
from handoffctl.trials.results import trial_label
from handoffctl.workspace.home import Home

BASE = 0.1  # share of handoffs that are returned or lost within 30 days, on which sizes are planned
MARGINS = range(1, 51)  # points
MOST_DEALS = 100_000  # by which a trial is judged; in each arm, if it is randomized


class TrialOptions(NamedTuple):
    """The options of `trial start` as typed; None where one was not given. `margin` is in points."""

    size: int | None = None
    randomize: bool = False
    margin: float | None = None


class StartedTrial(NamedTuple):
    """The trial that began, what people call what it leaves out, and remarks."""

    trial: Trial
    label: str


class Target(NamedTuple):
    """What is to be left out: a handoff or stage by its name, and the item, which is empty for a whole step."""

    handoff: str
    item: str
    kind: TrialKind


def start_trial(home: Home, name: str, playbook_name: str, options: TrialOptions) -> StartedTrial:
    """Starts a trial of the playbook.

    Raises NotFound for the item, Refused where another trial runs or the size cannot succeed, and UsageFault.
    """
    playbook = load_playbook(home, playbook_name).playbook
    target = find_target(home, playbook, name)
    size, margin = _planned(options, target)
    with home.writing() as session:
        _refuse_second(trials_of(session.query, playbook.playbook), target)
        return _start(session, playbook, target, size, margin)


def _start(session: WriteSession, playbook: Playbook, target: Target, size: int, margin: float | None) -> StartedTrial:
    draw_key = secrets.token_hex(16) if margin is not None else ""
    mode = PROBATION if margin is None else RANDOMIZED
    row = session.add(
        session.models.Trial(
            playbook=playbook.playbook, handoff=target.handoff, item=target.item, kind=target.kind, mode=mode,
            size=size, margin=margin, draw_key=draw_key, started_at=session.at,
        )
    )  # fmt: skip
    trial = next(trial for trial in trials_of(session.query, playbook.playbook) if trial.id == row.id)
    label = trial_label(playbook, trial)
    session.log(f"Began a {'randomized trial' if trial.randomized else 'probation'}: {label} ({trial.name}).")
    return StartedTrial(trial, label)


def find_target(home: Home, playbook: Playbook, name: str) -> Target:
    """Returns the item `HANDOFF.ITEM`, or the step, that is meant. Raises NotFound."""
    for handoff in playbook.handoffs:
        for called in (handoff.key.casefold(), *sorted(names_of(playbook, handoff))):
            if name.casefold() == called:
                return Target(handoff.key, "", "handoff")
            if name.casefold().startswith(f"{called}."):
                return Target(handoff.key, _item(home, playbook, handoff, name[len(called) + 1 :]), "item")
    if name in playbook.stages:
        return Target(name, "", "stage")
    known = [handoff.key for handoff in playbook.handoffs]
    raise NotFound(
        f'Can\'t leave "{name[:60]}" out: the playbook {playbook.playbook} has no such handoff '
        f"{nearest(name.split('.')[0], known)}".rstrip()
        + ".",
        f"Write HANDOFF.ITEM. Its handoffs: {', '.join(known)}.",
    )


def _item(home: Home, playbook: Playbook, handoff: Handoff, item: str) -> str:
    entered = load_playbook(home, handoff.to_playbook).playbook if handoff.to_playbook else None
    requirements = requirements_of(playbook, handoff, entered)
    asked = [name for name in (*requirements.required, *requirements.nice_to_have) if name != NEXT_STEP]
    if item not in asked:
        raise NotFound(
            f'Can\'t leave "{item[:60]}" out: the handoff {handoff.key} does not ask for it '
            f"{nearest(item, asked)}".rstrip()
            + ".",
            f"It asks for: {', '.join(asked) or 'nothing'}.",
        )
    return item


def _planned(options: TrialOptions, target: Target) -> tuple[int, float | None]:
    """Returns the size, per arm if it is randomized, and the margin as a share; None for a probation."""
    if options.size is not None and not 1 <= options.size <= MOST_DEALS:
        raise UsageFault(f"--for is a number of deals from 1 to {MOST_DEALS:,}.", "As in: --for 20")
    if not options.randomize:
        if options.margin is not None:
            raise UsageFault("--margin goes with --randomize.", "As in: --randomize --margin 10")
        return options.size or PROBATION_HANDOFFS, None
    if target.kind != "item":
        raise UsageFault("Only an item can be left out at random.", "A step is left out on probation.")
    points = 10.0 if options.margin is None else options.margin
    if not 1 <= points <= 50:
        raise UsageFault("--margin is a number of points from 1 to 50.", "As in: --margin 10")
    margin = points / 100
    size = options.size or size_per_arm(BASE, margin)
    _refuse_too_small(size, points)
    return size, margin


def _refuse_too_small(size: int, points: float) -> None:
    """Raises Refused for a size that could not show this margin even if nothing failed in either arm."""
    shown = margin_it_could_show(size, size) * 100
    if shown <= points:
        return
    raise Refused(
        f"Can't begin: {size} deals in each arm could not show a margin of {points:g} points. If nothing failed "
        f"at all, they would show {shown:.1f}.",
        f"Take --for {size_per_arm(BASE, points / 100)}, or a margin of {_likely_margin(size)} points.",
    )


def _likely_margin(size: int) -> str:
    """Returns the smallest margin, in points, that the size shows with a power of 80 %."""
    for points in MARGINS:
        if probability_of_keeping_out(size, BASE, BASE, points / 100) >= POWER:
            return str(points)
    return f"more than {MARGINS[-1]}"


def _refuse_second(trials: list[Trial], target: Target) -> None:
    """Raises Refused where a trial of the playbook is running, or has left this out for good."""
    running = next((trial for trial in trials if trial.running), None)
    if running:
        raise Refused(
            f"Can't begin: {running.name} is on trial already, and one at a time tells which was missed.",
            f"End that one first: handoffctl trial stop {running.name}",
        )
    same = [trial for trial in trials if (trial.handoff, trial.item) == (target.handoff, target.item)]
    if same and same[-1].verdict == "keep_out":
        raise Refused(
            f"Can't begin: {same[-1].name} is left out already.",
            f"Put it back: handoffctl trial stop {same[-1].name} --put-back",
        )
