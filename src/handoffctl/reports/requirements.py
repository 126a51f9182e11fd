"""What handoffs ask, required and nice to have: by the playbook as it is, and as it was when one was tried."""

from handoffctl.errors import NotFound, RulesFault
from handoffctl.playbook.criteria import DealState, item_fields
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.library import kept, rules
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.playbook.requirements import Asks, asks, asks_to_close
from handoffctl.reports.context import ReportContext

Way = tuple[str, str]  # the stage that a handoff leaves, and its name


class Wanted:
    """Reads each content that handoffs ran under, and each other playbook that they lead to, once."""

    def __init__(self, frame: ReportContext, contents: dict[int, str]) -> None:
        self._frame = frame
        self._contents = contents
        self._read: dict[int, Playbook | None] = {}
        self._then: dict[tuple[int, Way], Asks | None] = {}
        self._others: dict[str, Playbook | None] = {}

    def then(self, revision: int, way: Way, to_stage: str) -> Asks | None:
        """What a try asked; None where the playbook it ran under can no longer be read."""
        if (revision, way) not in self._then:
            playbook = self._playbook(revision)
            self._then[revision, way] = self.by(playbook, way, to_stage) if playbook else None
        return self._then[revision, way]

    def by(self, playbook: Playbook, way: Way, to_stage: str) -> Asks | None:
        """What the handoff of this name asks, or else the bare way into a won stage; None where there is neither."""
        handoff = next((one for one in playbook.handoffs if (one.from_stage, one.key) == way), None)
        if handoff:
            return self.of(playbook, handoff)
        stages = playbook.stages
        if way[0] in stages and to_stage in stages and stages[to_stage].kind == "won":
            return asks_to_close(playbook, way[0], to_stage)
        return None

    def of(self, playbook: Playbook, handoff: Handoff) -> Asks:
        """What this handoff asks. Of another playbook that cannot be read nobody knows what entering it asks."""
        name = handoff.to_playbook
        if not name:
            return asks(playbook, handoff)
        if name not in self._others:
            self._others[name] = self._other(name)
        entered = self._others[name]
        if entered is None or handoff.to_stage not in entered.stages:
            entered = Playbook.model_validate({"playbook": name, "stages": {handoff.to_stage: {}}})
        return asks(playbook, handoff, entered)

    def fields(self, asked: Asks | None, item: str) -> set[str]:
        """The item and the fields whose answers could meet it: what answers, placeholders and returns name."""
        if asked is None:
            return {item}
        return {item, *item_fields(item, DealState(asked.rules, Facts(""), self._frame.clock))}

    def _playbook(self, revision: int) -> Playbook | None:
        if revision not in self._read:
            try:
                self._read[revision] = playbook_from_text(self._contents[revision], "a kept playbook")
            except RulesFault:
                self._read[revision] = None
        return self._read[revision]

    def _other(self, name: str) -> Playbook | None:
        try:
            return rules(self._frame.home, name).playbook
        except (NotFound, RulesFault):
            pass
        try:
            return kept(self._frame.query, name)
        except RulesFault:
            return None


def items(asked: Asks | None) -> tuple[str, ...]:
    """Everything it asks, required first."""
    return (*asked.required, *asked.nice_to_have) if asked else ()
