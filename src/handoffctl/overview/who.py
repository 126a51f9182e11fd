"""Shows who owns a deal now, and who owned it before."""

from typing import Any

from handoffctl.core.moments import before
from handoffctl.db.query import Query
from handoffctl.deals import facts_query as knowing
from handoffctl.deals.lookup_query import Deal, deal_or
from handoffctl.meetings.lookup import booked_meetings
from handoffctl.people import query as persons
from handoffctl.people.members import about, readable
from handoffctl.people.ownership import Period, driving_since, periods
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.workspace.home import Home

CLOSED = ("won", "lost", "nurture")


def drives(home: Home, ref: str, allow_prefix: bool) -> dict[str, Any]:
    """Returns the deal's owner, since when, the next step, and the previous owners in order. Raises NotFound."""
    with home.reading() as query:
        found = _meant(query, ref, allow_prefix)
        known = periods(persons.stays_driven(query, found.id), persons.passings(query, found.id))
        books = {name: readable(home, query, name) for name in dict.fromkeys(one.playbook for one in known)}
        return {
            "account": found.account.slug,
            "name": found.account.name,
            "deal": found.slug,
            "ref": found.ref,
            "called": found.called,
            "driver": _owner(home, query, found.owner, books[found.playbook]) | {"since": driving_since(known)},
            "playbook": found.playbook,
            "stage": found.stage,
            "title": _title(books[found.playbook], found.stage),
            "kind": found.kind,
            "in_stage_since": found.entered_at,
            "step": _step(home, query, found),
            "meetings": [meeting.as_json() for meeting in booked_meetings(query, found, home.clock.zone)],
            "waiting": _waiting(query, found),
            "before": [_period(one, books[one.playbook]) for one in known[:-1]],
            "now": _period(known[-1], books[found.playbook]),
        }


def _meant(query: Query, ref: str, allow_prefix: bool) -> Deal:
    """Returns the open deal, otherwise the closed one, which had an owner too. Raises NotFound."""
    return deal_or(query, ref, allow_prefix, CLOSED)


def _owner(home: Home, query: Query, owner: str, playbook: Playbook | None) -> dict[str, Any]:
    """Describes the owner: a person with address and absence, or a role with its description in the playbook."""
    person = persons.named(persons.people(query), owner)
    says = playbook.roles if playbook else {}
    if person and owner not in says:
        return {"kind": "person"} | about(person, home)
    nothing = {"email": None, "away": None, "away_now": False}
    if playbook and owner in says:
        return {"kind": "role", "name": owner, "roles": [owner], "says": says[owner] or None} | nothing
    return {"kind": "role", "name": owner, "roles": []} | nothing


def _title(playbook: Playbook | None, stage: str) -> str:
    return playbook.title_of(stage) if playbook else in_words(stage)


def _period(one: Period, playbook: Playbook | None) -> dict[str, Any]:
    return {
        "owner": one.owner, "playbook": one.playbook, "stage": one.stage, "title": _title(playbook, one.stage),
        "from": one.since, "until": one.until,
    }  # fmt: skip


def _step(home: Home, query: Query, found: Deal) -> dict[str, Any] | None:
    step = knowing.step(query, found.id)
    if step is None:
        return None
    late = step.due is not None and before(step.due, home.clock.now, home.clock.zone)
    return {"text": step.text, "due": step.due, "overdue": late}


def _waiting(query: Query, found: Deal) -> dict[str, Any] | None:
    """Returns the handoff that waits to be accepted; None if the owner did not change."""
    row = persons.not_accepted(query, found.id)
    return {"since": row["at"], "from": row["from_owner"], "to": row["to_owner"]} if row else None
