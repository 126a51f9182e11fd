"""Shows who owns a deal now, and who owned it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoffctl.core.moments import Moment, is_before
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import step
from handoffctl.deals.lookup_query import Deal, deal_or
from handoffctl.meetings.lookup import booked_meetings
from handoffctl.meetings.model import Meeting
from handoffctl.people.members import MemberStatus, readable, status_of
from handoffctl.people.ownership import Period, driving_since, periods
from handoffctl.people.query import UnacceptedHandoff, named, not_accepted, passings, people, stays_driven
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.workspace.home import Home

CLOSED = ("won", "lost", "nurture")


@dataclass(frozen=True)
class CurrentOwner:
    """The owner of a deal: a person, or a role with its description in the playbook (empty without one).

    A role that the playbook does not have has no roles. `since` is None if it is not known.
    """

    is_person: bool
    status: MemberStatus
    description: str
    since: Moment | None

    def as_json(self) -> dict[str, Any]:
        status = self.status.as_json()
        begin = {
            "kind": "person" if self.is_person else "role",
            "name": status.pop("name"),
            "roles": status.pop("roles"),
        }
        described = {"says": self.description or None} if not self.is_person and self.status.roles else {}
        return begin | described | status | {"since": self.since}


@dataclass(frozen=True)
class OwnedStage:
    """A period of ownership, with the title of its stage."""

    period: Period
    title: str

    def as_json(self) -> dict[str, Any]:
        period = self.period
        return {
            "owner": period.owner, "playbook": period.playbook, "stage": period.stage, "title": self.title,
            "from": period.since, "until": period.until,
        }  # fmt: skip


@dataclass(frozen=True)
class PlannedStep:
    """The open next step of a deal."""

    text: str
    due: Moment | None
    overdue: bool

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "due": self.due, "overdue": self.overdue}


@dataclass(frozen=True)
class DealOwnership:
    """A deal with its current owner, its next step and everyone who owned it before, in order."""

    deal: Deal
    owner: CurrentOwner
    step: PlannedStep | None
    meetings: Sequence[Meeting]
    waiting: UnacceptedHandoff | None
    before: Sequence[OwnedStage]
    now: OwnedStage

    def as_json(self) -> dict[str, Any]:
        deal = self.deal
        return {
            "account": deal.account.slug,
            "name": deal.account.name,
            "deal": deal.slug,
            "ref": deal.ref,
            "called": deal.called,
            "driver": self.owner.as_json(),
            "playbook": deal.playbook,
            "stage": deal.stage,
            "title": self.now.title,
            "kind": deal.kind,
            "in_stage_since": deal.entered_at,
            "step": self.step.as_json() if self.step else None,
            "meetings": [meeting.as_json() for meeting in self.meetings],
            "waiting": self.waiting.as_json() if self.waiting else None,
            "before": [owned.as_json() for owned in self.before],
            "now": self.now.as_json(),
        }


def ownership(home: Home, ref: str, allow_prefix: bool) -> DealOwnership:
    """Returns the owner of the open deal, otherwise of the closed one, and the owners before. Raises NotFound."""
    with home.reading() as query:
        deal = deal_or(query, ref, allow_prefix, CLOSED)
        owned = periods(stays_driven(query, deal.id), passings(query, deal.id))
        playbooks = {name: readable(home, query, name) for name in dict.fromkeys(period.playbook for period in owned)}
        stages = [OwnedStage(period, _title(playbooks[period.playbook], period.stage)) for period in owned]
        return DealOwnership(
            deal,
            _owner(home, query, deal, playbooks[deal.playbook], driving_since(owned)),
            _step(home, query, deal),
            booked_meetings(query, deal, home.clock.zone),
            not_accepted(query, deal.id),
            stages[:-1],
            stages[-1],
        )


def _owner(home: Home, query: Query, deal: Deal, playbook: Playbook | None, since: Moment | None) -> CurrentOwner:
    person = named(people(query), deal.owner)
    roles = playbook.roles if playbook else {}
    if person and deal.owner not in roles:
        return CurrentOwner(True, status_of(person, home.clock.today), "", since)
    status = MemberStatus(deal.owner, (deal.owner,) if deal.owner in roles else ())
    return CurrentOwner(False, status, roles.get(deal.owner) or "", since)


def _title(playbook: Playbook | None, stage: str) -> str:
    return playbook.title_of(stage) if playbook else in_words(stage)


def _step(home: Home, query: Query, deal: Deal) -> PlannedStep | None:
    open_step = step(query, deal.id)
    if open_step is None:
        return None
    overdue = open_step.due is not None and is_before(open_step.due, home.clock.now, home.clock.zone)
    return PlannedStep(open_step.text, open_step.due, overdue)
