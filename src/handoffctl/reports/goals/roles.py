"""The roles of a playbook and the people who have them, as known at one moment."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from handoffctl.core.moments import Moment
from handoffctl.playbook.model import Playbook
from handoffctl.reports.goals.query import Member, MemberCapacity


class Roles:
    """The first open stage of each role, the people with their roles and capacity, and who acts in which role."""

    def __init__(self, playbook: Playbook, occurred: Callable[[Moment | None], bool]) -> None:
        self._playbook, self._occurred = playbook, occurred
        open_stages = [name for name, stage in playbook.stages.items() if stage.kind == "open"]
        self.first_stage: dict[str, str] = {}
        for stage in open_stages:
            self.first_stage.setdefault(playbook.owner_of(stage), stage)
        self.sales_stage = self._sales_stage(open_stages)
        self.of_person: dict[str, list[str]] = defaultdict(list)
        self.capacity: dict[str, int | None] = {}
        self.names: dict[str, str] = {}
        self._acting: dict[tuple[str, str], str] = {}

    def _sales_stage(self, open_stages: list[str]) -> str:
        """Returns the first stage of the second role, which is sales; with one role it is the second stage."""
        first = self._playbook.owner_of(open_stages[0]) if open_stages else ""
        others = [stage for stage in open_stages if self._playbook.owner_of(stage) != first]
        return (others or open_stages[1:] or open_stages or [""])[0]

    def add_members(self, members: Iterable[Member], capacities: Iterable[MemberCapacity]) -> None:
        """Adds the people, roles and capacities that had been recorded by the moment of the report."""
        by_id = {}
        for member in members:
            if not self._occurred(member.added_at):
                continue
            by_id[member.id] = member.name
            self.names[member.folded] = member.name
            if member.role and self._occurred(member.role_at):
                self.of_person[member.name].append(member.role)
        for capacity in capacities:
            if capacity.person in by_id and self._occurred(capacity.at):
                self.capacity[by_id[capacity.person]] = capacity.capacity

    @property
    def all(self) -> list[str]:
        """Returns every role of the playbook, those that own a stage first, in the order of the stages."""
        return list(dict.fromkeys([*self.first_stage, *self._playbook.roles]))

    def role_of(self, who: str, stage: str) -> str:
        """Returns the role in which somebody acted on a deal in this stage: their own, else that of the stage."""
        role = self._acting.get((who, stage))
        if role is None:
            role = self._acting[who, stage] = self._role_of(who, stage)
        return role

    def _role_of(self, who: str, stage: str) -> str:
        of_stage = self._playbook.owner_of(stage) if stage in self._playbook.stages else ""
        own = self.of_person.get(who) or ([who] if who in self.all else [])
        return of_stage if of_stage in own or not own else own[0]
