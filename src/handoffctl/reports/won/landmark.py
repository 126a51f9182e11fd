"""The stage from which the report compares deals: the one typed, otherwise the first that asks for a score."""

from collections.abc import Iterator

from handoffctl.errors import NotFound, nearest
from handoffctl.playbook.criteria.score import asks_score
from handoffctl.playbook.model import Playbook


def landmark_stage(playbook: Playbook, name: str = "") -> str:
    """Returns the open stage with this name or title; without a name, the default of the playbook.

    The default is the first open stage that only deals with a certain score may enter, otherwise the second open stage,
    or the only one. Raises NotFound if no open stage has the name.
    """
    stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
    if not name:
        with_score = (stage for stage in stages if any(_asks_score(item, playbook) for item in _entry(stage, playbook)))
        return next(with_score, (stages[1:] or stages or [""])[0])
    titles = {playbook.title_of(stage).casefold(): stage for stage in stages}
    found = name if name in stages else titles.get(name.casefold())
    if found is None:
        raise NotFound(
            f'{playbook.playbook} has no open stage "{name[:60]}" {nearest(name, stages)}'.rstrip() + ".",
            f"Its open stages: {', '.join(stages)}.",
        )
    return found


def _entry(stage: str, playbook: Playbook) -> Iterator[str]:
    """Yields the items that are required to enter the stage from another one of the playbook."""
    yield from playbook.stages[stage].entry
    for handoff in playbook.handoffs:
        if handoff.to == stage:
            yield from handoff.required
            yield from playbook.stages[handoff.from_stage].exit


def _asks_score(item: str, playbook: Playbook) -> bool:
    return item in playbook.criteria and asks_score(playbook.criteria[item], playbook.criteria)
