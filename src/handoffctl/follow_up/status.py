"""How the current stay of one deal is being followed up, against the guideline of its stage."""

import shlex

from handoffctl.core.moments import format_local, is_over
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import step as open_step
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import NotReady
from handoffctl.follow_up.query import booked_meetings, stay_began_at, touches
from handoffctl.follow_up.rules import FollowUpStatus, count_attempts, follow_up_status, waiving_word
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


def current_status(home: Home, query: Query, deal: Deal, playbook: Playbook) -> FollowUpStatus | None:
    """Returns where the follow-up of the deal stands; None without a guideline for its stage, or after an import."""
    stage = playbook.stages.get(deal.stage)
    if deal.kind != "open" or stage is None or stage.follow_up is None:
        return None
    since = stay_began_at(query, deal.visit_id)
    if since is None:
        return None
    attempts = count_attempts(since, touches(query, deal.id), home.clock)
    return follow_up_status(stage.follow_up, attempts, home.clock, home.week, _agreed(home, query, deal))


def _agreed(home: Home, query: Query, deal: Deal) -> bool:
    """True if a meeting or a step is still to come."""
    clock, step = home.clock, open_step(query, deal.id)
    later = step is not None and step.due is not None and clock.day_of(step.due) > clock.today
    return later or any(not is_over(at, minutes, clock) for at, minutes in booked_meetings(query, deal.id))


def refuse_giving_up_early(home: Home, query: Query, deal: Deal, playbook: Playbook, because: str) -> None:
    """Raises NotReady where a deal is to be lost with fewer attempts than agreed. Call it inside a transaction.

    None are owed by now where the prospect has answered in this stay, or missed too many meetings; nor for the closing
    reasons that the playbook names.
    """
    status = current_status(home, query, deal, playbook)
    if status is None or not status.owed or status.decide or waiving_word(status.guideline, because):
        return
    title = playbook.title_of(deal.stage)
    more = f"{status.owed} more attempt{'' if status.owed == 1 else 's'}"
    raise NotReady(
        f"{deal.called} would be given up too early: {status.attempts} of {status.guideline.attempts} attempts were "
        f"made in {title}, and nobody answered. Still owed: {more}{_when_due(home, status)}. Nothing was changed.",
        f"Record an attempt: {shlex.join(['handoffctl', 'touch', deal.ref, 'call', 'TEXT'])}"
        + ", or their answer with --in." + _alternatives(status),
    )  # fmt: skip


def _when_due(home: Home, status: FollowUpStatus) -> str:
    if status.next_due is None:
        return ""
    late = "was" if status.overdue(home.clock) else "is"
    return f"; the {'first' if status.first else 'next'} {late} due {format_local(status.next_due, home.clock.zone)}"


def _alternatives(status: FollowUpStatus) -> str:
    """Returns what else the user can do: give a reason that needs no attempts, or close in another way."""
    words = ", ".join(f'"{word}"' for word in status.guideline.waived)
    waived = f" None are owed where the reason says: {words}." if words else ""
    return f"{waived} If it never was one: --disqualified. If it is too soon: --nurture."
