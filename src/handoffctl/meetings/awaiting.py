"""Which handoffs ask for a meeting that was held. Apart from `meetings`, for the gate takes a while to load."""

from collections.abc import Iterator, Mapping

from handoffctl.playbook.criteria import Criterion
from handoffctl.playbook.criteria.meeting import Meeting
from handoffctl.playbook.criteria.negation import Not
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.requirements import asks


def waiting_for_one(playbook: Playbook, stage: str, entered: Mapping[str, Playbook]) -> list[Handoff]:
    """The handoffs from this stage that ask for a held meeting. `entered` holds the playbooks that others lead to."""
    return [one for one in playbook.leaving(stage) if _asks_for_one(playbook, one, entered.get(one.to_playbook or ""))]


def _asks_for_one(playbook: Playbook, handoff: Handoff, entered: Playbook | None) -> bool:
    if handoff.to and handoff.to_stage not in (entered or playbook).stages:
        return False
    asked = asks(playbook, handoff, entered)
    triggers = handoff.trigger.when if handoff.trigger else ()
    criteria = asked.rules.criteria
    required = [criteria[name] for name in asked.required if name in criteria]
    return any(
        isinstance(part, Meeting) for criterion in (*required, *triggers) for part in _parts(criterion, criteria, ())
    )


def _parts(criterion: Criterion, known: Mapping[str, Criterion], seen: tuple[str, ...]) -> Iterator[Criterion]:
    """The criterion and everything it is made of, but for what it denies."""
    yield criterion
    for name in criterion.items():
        if name in known and name not in seen:
            yield from _parts(known[name], known, (*seen, name))
    if not isinstance(criterion, Not):
        for _, part in criterion.parts():
            yield from _parts(part, known, seen)
