"""The monthly reminder to leave an item of a playbook out on trial."""

from collections.abc import Iterable, Iterator

from handoffctl.core.moments import Clock, days_between
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.quantities import length
from handoffctl.today.improve_query import Improvement


def improvement_remarks(
    playbooks: Iterable[Playbook], improvements: dict[str, Improvement], clock: Clock
) -> Iterator[str]:
    """Yields a sentence for each playbook of which nothing was left out for as long as its `improve` says.

    Before the first handoff there is nothing to improve, and while a trial runs one waits for it.
    """
    for playbook in playbooks:
        last = improvements.get(playbook.playbook)
        if not playbook.improve or last is None or last.running:
            continue
        every = playbook.improve.every
        if days_between(last.since, clock.now, clock.zone) >= every:
            yield (
                f"{playbook.title or playbook.playbook}: nothing was tried without for {length(every)}. "
                f"See what could be left out with: handoffctl trial list --playbook {playbook.playbook}"
            )
