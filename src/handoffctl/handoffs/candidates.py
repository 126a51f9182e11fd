"""Who can take a deal over: whether they are there, how many deals they have, and how many earlier ones went on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment
from handoffctl.db.query import Query
from handoffctl.handoffs.receiver_query import OwnerLoad, loads, loads_and_handoffs
from handoffctl.handoffs.receiver_record import FEWEST_DAYS, DealKind, Records, judged_handoffs, records
from handoffctl.people.query import Person, people
from handoffctl.playbook.model import Handoff, Playbook

# One person who does everything is asked about the moment only where it is plainly too much.
CROWDED_DEALS = 10
CROWDED_LATE = 3


class HandoffMeant(NamedTuple):
    """A handoff as receivers are looked at for it: where it leads, who receives it, and the values that tell the kind.

    `step_day` is the day on which the deal's next step is due.
    """

    playbook: Playbook
    target: Playbook
    handoff: Handoff
    role: str
    values: Sequence[str | None]
    step_day: date | None = None

    @property
    def labels(self) -> list[str]:
        return [self.playbook.label_of(name) for name in self.handoff.like]


def handoff_meant(
    playbook: Playbook, target: Playbook, handoff: Handoff, role: str, known: Mapping[str, str], due: Moment | None,
    clock: Clock,
) -> HandoffMeant:  # fmt: skip
    """Returns the handoff of a deal of which these values are known, and whose next step is due then."""
    values = [known.get(name) for name in handoff.like]
    return HandoffMeant(playbook, target, handoff, role, values, clock.day_of(due) if due else None)


class Candidate(NamedTuple):
    """Somebody who can take a deal over. `there_on_step_day` is None if no next step is dated.

    `is_person` is False for a role that nobody has.
    """

    name: str
    is_person: bool
    there_today: bool
    away_until: str | None
    there_on_step_day: bool | None
    open: int
    late: int
    capacity: int | None
    went_on: int
    handoffs: int

    @property
    def free(self) -> int | None:
        """How many further deals are enough for them; None if nobody said how many are."""
        return None if self.capacity is None else max(self.capacity - self.open, 0)

    @property
    def available(self) -> bool:
        """True if they are there today and on the day of the next step, and have room for another deal."""
        return self.there_today and self.there_on_step_day is not False and self.free != 0

    @property
    def crowded(self) -> bool:
        """True if one more deal is plainly too much."""
        return self.free == 0 or (self.open >= CROWDED_DEALS and self.late >= CROWDED_LATE)


class Candidates(NamedTuple):
    """Everybody with the receiving role, the least loaded of those available first, and what their records count.

    Without anybody it is the role itself, which stands for somebody who works alone.
    """

    meant: HandoffMeant
    everybody: Sequence[Candidate]
    kind: DealKind
    within_days: int

    @property
    def alone(self) -> bool:
        """True if there is nobody to choose from."""
        return len(self.everybody) == 1

    def named(self, name: str) -> Candidate | None:
        return next((candidate for candidate in self.everybody if candidate.name == name), None)


def candidates(query: Query, meant: HandoffMeant, clock: Clock) -> Candidates:
    """Returns who can take the deal over, as of the clock."""
    handoff = meant.handoff
    fitting = [person for person in people(query) if meant.role in person.roles]
    if not fitting:
        return Candidates(meant, [_role(query, meant.role, clock)], DealKind(), FEWEST_DAYS)
    read = loads_and_handoffs(query, meant.playbook, handoff.from_stage, handoff.key, handoff.like, clock)
    judged = judged_handoffs(read.handoffs, meant.target, handoff.to_stage, clock)
    names = {person.name for person in fitting}
    record = records(judged, names, meant.values, meant.labels)
    received = {name: sum(handoff.receiver == name for handoff in read.handoffs) for name in names}
    everybody = [_candidate(person, read.loads, record, meant, clock) for person in fitting]
    in_turn = sorted(everybody, key=lambda candidate: _turn(everybody, candidate, received))
    return Candidates(meant, in_turn, record.kind, record.within_days)


def _role(query: Query, role: str, clock: Clock) -> Candidate:
    """Returns the role itself, which stands for somebody who works alone."""
    load = loads(query, clock, [role]).get(role, OwnerLoad())
    return Candidate(role, False, True, None, None, *load, None, 0, 0)


def _candidate(
    person: Person, by_owner: Mapping[str, OwnerLoad], record: Records, meant: HandoffMeant, clock: Clock
) -> Candidate:
    away = person.away_on(clock.today)
    load, went_on = by_owner.get(person.name, OwnerLoad()), record.of(person.name)
    there_then = not person.away_on(meant.step_day) if meant.step_day else None
    until = person.away_to if away else None
    return Candidate(person.name, True, not away, until, there_then, *load, person.capacity, *went_on)


def _turn(
    everybody: Sequence[Candidate], candidate: Candidate, received: Mapping[str, int]
) -> tuple[bool, bool, bool, float, int, str]:
    """Returns the sort key of who takes the next deal: available, then least load, then who was given fewest so far.

    The load is the share of the capacity where everybody has one, else the number of open deals.
    """
    shares = all(each.capacity for each in everybody)
    load = candidate.open / candidate.capacity if shares and candidate.capacity else candidate.open
    absent = candidate.there_on_step_day is False
    return not candidate.there_today, absent, candidate.free == 0, load, received[candidate.name], candidate.name
