"""The items that handoffs ask for: by the playbook as it is now, and as it was when a handoff was tried."""

from handoffctl.errors import NotFound, RulesFault
from handoffctl.playbook.criteria import DealState, item_fields
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import archived_playbook, load_playbook
from handoffctl.playbook.model import Handoff, Playbook, Stage
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.playbook.requirements import Requirements, requirements_of, requirements_to_close
from handoffctl.reports.context import ReportContext

HandoffKey = tuple[str, str]  # the stage that a handoff leaves, and its name


class RequirementsAtTime:
    """Looks up what handoffs asked for. Each playbook content and each other playbook is read once."""

    def __init__(self, context: ReportContext, contents: dict[int, str]) -> None:
        """`contents` are the contents of the playbook by revision id."""
        self._context = context
        self._contents = contents
        self._revisions: dict[int, Playbook | None] = {}
        self._at_revision: dict[tuple[int, HandoffKey], Requirements | None] = {}
        self._other_playbooks: dict[str, Playbook | None] = {}

    def at_revision(self, revision: int, key: HandoffKey, to_stage: str) -> Requirements | None:
        """Returns what an attempt asked for, or None if the playbook it ran under can no longer be read."""
        if (revision, key) not in self._at_revision:
            playbook = self._revision(revision)
            self._at_revision[revision, key] = self.in_playbook(playbook, key, to_stage) if playbook else None
        return self._at_revision[revision, key]

    def in_playbook(self, playbook: Playbook, key: HandoffKey, to_stage: str) -> Requirements | None:
        """Returns what the handoff with this key asks for.

        Without such a handoff, a direct move into a won stage asks for the exit and entry items of both stages. Returns
        None if there is neither.
        """
        handoff = next((each for each in playbook.handoffs if (each.from_stage, each.key) == key), None)
        if handoff:
            return self.of_handoff(playbook, handoff)
        stages = playbook.stages
        if key[0] in stages and to_stage in stages and stages[to_stage].kind == "won":
            return requirements_to_close(playbook, key[0], to_stage)
        return None

    def of_handoff(self, playbook: Playbook, handoff: Handoff) -> Requirements:
        """Returns what this handoff asks for.

        If it leads to another playbook that cannot be read, the entry items there are unknown and left out.
        """
        name = handoff.to_playbook
        if not name:
            return requirements_of(playbook, handoff)
        if name not in self._other_playbooks:
            self._other_playbooks[name] = self._other_playbook(name)
        entered = self._other_playbooks[name]
        if entered is None or handoff.to_stage not in entered.stages:
            entered = Playbook(playbook=name, stages={handoff.to_stage: Stage()})
        return requirements_of(playbook, handoff, entered)

    def fields(self, requirements: Requirements | None, item: str) -> set[str]:
        """Returns the item and the fields that could satisfy it: the names in answers, placeholders and returns."""
        if requirements is None:
            return {item}
        return {item, *item_fields(item, DealState(requirements.playbook, Facts(""), self._context.clock))}

    def _revision(self, revision: int) -> Playbook | None:
        if revision not in self._revisions:
            try:
                self._revisions[revision] = playbook_from_text(self._contents[revision], "a kept playbook")
            except RulesFault:
                self._revisions[revision] = None
        return self._revisions[revision]

    def _other_playbook(self, name: str) -> Playbook | None:
        try:
            return load_playbook(self._context.home, name).playbook
        except (NotFound, RulesFault):
            pass
        try:
            return archived_playbook(self._context.query, name)
        except RulesFault:
            return None


def all_items(requirements: Requirements | None) -> tuple[str, ...]:
    """Returns every item that is asked for, required ones first."""
    return (*requirements.required, *requirements.nice_to_have) if requirements else ()
