"""How the present stay of one deal is being followed up, against the guideline of its stage."""

import shlex
from typing import Any

from handoffctl.core.moments import is_over, shown
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import step
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import NotReady
from handoffctl.follow_up import query as views
from handoffctl.follow_up.rules import Pursuit, in_words, pursuit, tries, waives
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home


def pursued(home: Home, query: Query, found: Deal, playbook: Playbook) -> Pursuit | None:
    """Where the follow-up of the deal stands; None where its stage has no guideline, or its stay came by an import."""
    stage = playbook.stages.get(found.stage)
    if found.kind != "open" or stage is None or stage.follow_up is None:
        return None
    since = views.begun(query, found.visit_id)
    if since is None:
        return None
    done = tries(since, views.touches(query, found.id), home.clock)
    return pursuit(stage.follow_up, done, home.clock, home.week, _agreed(home, query, found))


def _agreed(home: Home, query: Query, found: Deal) -> bool:
    """Whether a meeting or a step is still to come."""
    clock, planned = home.clock, step(query, found.id)
    later = planned is not None and planned.due is not None and clock.day_of(planned.due) > clock.today
    return later or any(not is_over(at, minutes, clock) for at, minutes in views.booked(query, found.id))


def as_json(home: Home, where: Pursuit | None) -> dict[str, Any] | None:
    """What `check --json` and `show --json` say of it. `frame_days` in working days; `owed` attempts."""
    if where is None:
        return None
    return {
        "attempts": where.attempts,
        "least": where.rule.attempts,
        "most": where.rule.most,
        "day": where.day,
        "frame_days": where.frame,
        "next_due": where.next_due,
        "overdue": where.overdue(home.clock),
        "first": where.first,
        "answered": where.answered,
        "owed": where.owed,
        "decide": where.decide,
        "says": in_words(where, home.clock),
    }


def refuse_giving_up_early(home: Home, query: Query, found: Deal, playbook: Playbook, because: str) -> None:
    """To be asked inside a transaction: raises NotReady where a deal is to be lost with less tried than was agreed.

    Whoever answered in this stay may say no; who never came to a meeting need not be tried for ever; and for some
    reasons, which the playbook names, nothing more is tried.
    """
    where = pursued(home, query, found, playbook)
    if where is None or not where.owed or where.decide or waives(where.rule, because):
        return
    here = playbook.title_of(found.stage)
    more = f"{where.owed} more attempt{'' if where.owed == 1 else 's'}"
    raise NotReady(
        f"{found.called} would be given up too early: {where.attempts} of {where.rule.attempts} attempts were made in "
        f"{here}, and nobody answered. Still owed: {more}{_when(home, where)}. Nothing was changed.",
        f"Record an attempt: {shlex.join(['handoffctl', 'touch', found.ref, 'call', 'TEXT'])}"
        + ", or their answer with --in." + _others(where),
    )  # fmt: skip


def _when(home: Home, where: Pursuit) -> str:
    if where.next_due is None:
        return ""
    late = "was" if where.overdue(home.clock) else "is"
    return f"; the {'first' if where.first else 'next'} {late} due {shown(where.next_due, home.clock.zone)}"


def _others(where: Pursuit) -> str:
    """What else there is to do: a reason that needs no attempts, or another way to close."""
    words = ", ".join(f'"{word}"' for word in where.rule.waived)
    waived = f" None are owed where the reason says: {words}." if words else ""
    return f"{waived} If it never was one: --disqualified. If it is too soon: --nurture."
