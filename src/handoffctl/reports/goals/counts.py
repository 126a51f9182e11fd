"""What each person did in each role, as plain counts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.reports.goals.events import GoalEvent
from handoffctl.reports.goals.goal import ALL_ROLES
from handoffctl.reports.goals.roles import Roles
from handoffctl.reports.goals.spans import Span


class CountsLine(NamedTuple):
    """What a person (`who`, None for all together) did in a role in the time, each count beside its quality.

    `handoffs_old` are the handoffs at least 14 days old; `returned` of them came back. `received` are handoffs
    from somebody else, of which `sent_back` were returned. Amounts are in `currency`;
    the counts `..._unknown` are of deals without an amount.
    """

    role: str
    who: str | None
    leads: int
    worked: int
    calls: int
    calls_reached: int
    conversations: int
    meetings_set: int
    meetings: int
    no_shows: int
    cancelled: int
    handoffs: int
    handoffs_old: int
    returned: int
    received: int
    sent_back: int
    accepted: int
    pipeline: float
    pipeline_unknown: int
    wins: int
    lost: int
    disqualified: int
    nurture: int
    revenue: float
    revenue_unknown: int


def count_by_person(events: Iterable[GoalEvent], roles: Roles, span: Span, person: str) -> list[CountsLine]:
    """Returns a line for each role and person who did something; for a role of several people also one for all."""
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for event in events:
        if event.role != ALL_ROLES and (not person or event.who == person) and span.window.contains(event.at):
            sums[event.role, event.who][event.what] += event.amount
    lines = []
    for role in dict.fromkeys([*roles.all, *(role for role, _ in sorted(sums))]):
        people = sorted(who for of_role, who in sums if of_role == role)
        if len(people) > 1:
            lines.append(_counts_line(role, None, [sums[role, who] for who in people]))
        lines += [_counts_line(role, who, [sums[role, who]]) for who in people]
    return lines


def _counts_line(role: str, who: str | None, sums: list[dict[str, float]]) -> CountsLine:
    names = CountsLine._fields[2:]
    amounts = {name: sum(each.get(name, 0.0) for each in sums) for name in names}
    whole = {name: amount if name in ("pipeline", "revenue") else int(amount) for name, amount in amounts.items()}
    return CountsLine(role, who, **whole)  # type: ignore[arg-type]
