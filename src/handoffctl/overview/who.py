"""Shows who owns a deal now, and who owned it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Moment, is_before
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import step
from handoffctl.deals.lookup_query import Deal, deal_or
from handoffctl.meetings.lookup import booked_meetings
from handoffctl.meetings.model import Meeting
from handoffctl.people.members import Absence, MemberStatus, readable, status_of
from handoffctl.people.ownership import Period, driving_since, periods
from handoffctl.people.query import UnacceptedHandoff, named, not_accepted, passings, people, stays_driven
from handoffctl.playbook.model import Playbook, in_words
from handoffctl.workspace.home import Home

CLOSED = ("won", "lost", "nurture")


class ShownOwner(NamedTuple):
    """A `CurrentOwner` as `who --json` prints it. `kind` is person or role; `says` describes a role of the playbook."""

    kind: str
    name: str
    roles: tuple[str, ...]
    says: str | Omitted | None
    email: str | None
    away: Absence | None
    away_now: bool
    since: Moment | None


@dataclass(frozen=True)
class CurrentOwner:
    """The owner of a deal: a person, or a role with its description in the playbook (empty without one).

    A role that the playbook does not have has no roles. `since` is None if it is not known.
    """

    is_person: bool
    status: MemberStatus
    description: str
    since: Moment | None

    def as_json(self) -> ShownOwner:
        status = self.status
        says = self.description or None if not self.is_person and status.roles else OMITTED
        kind = "person" if self.is_person else "role"
        return ShownOwner(
            kind, status.name, status.roles, says, status.email, status.away, status.away_now, self.since
        )  # fmt: skip


class OwnedStage(NamedTuple):
    """A period of ownership, with the title of its stage. `from_` is None if unknown, `until` in the last period."""

    owner: str
    playbook: str
    stage: str
    title: str
    from_: Moment | None
    until: Moment | None


class PlannedStep(NamedTuple):
    """The open next step of a deal."""

    text: str
    due: Moment | None
    overdue: bool


class ShownOwnership(NamedTuple):
    """A `DealOwnership` as `who --json` prints it. `name` is the account's, `title` that of the current stage."""

    account: str
    name: str
    deal: str
    ref: str
    called: str
    driver: CurrentOwner
    playbook: str
    stage: str
    title: str
    kind: str
    in_stage_since: Moment | None
    step: PlannedStep | None
    meetings: Sequence[Meeting]
    waiting: UnacceptedHandoff | None
    before: Sequence[OwnedStage]
    now: OwnedStage


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

    def as_json(self) -> ShownOwnership:
        deal = self.deal
        return ShownOwnership(
            deal.account.slug, deal.account.name, deal.slug, deal.ref, deal.called, self.owner, deal.playbook,
            deal.stage, self.now.title, deal.kind, deal.entered_at, self.step, self.meetings, self.waiting,
            self.before, self.now,
        )  # fmt: skip


def ownership(home: Home, ref: str) -> DealOwnership:
    """Returns the owner of the open deal, otherwise of the closed one, and the owners before. Raises NotFound."""
    with home.reading() as query:
        deal = deal_or(query, ref, CLOSED)
        owned = periods(stays_driven(query, deal.id), passings(query, deal.id))
        playbooks = {name: readable(home, query, name) for name in dict.fromkeys(period.playbook for period in owned)}
        stages = [_owned_stage(period, playbooks[period.playbook]) for period in owned]
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


def _owned_stage(period: Period, playbook: Playbook | None) -> OwnedStage:
    title = playbook.title_of(period.stage) if playbook else in_words(period.stage)
    return OwnedStage(period.owner, period.playbook, period.stage, title, period.since, period.until)


def _step(home: Home, query: Query, deal: Deal) -> PlannedStep | None:
    open_step = step(query, deal.id)
    if open_step is None:
        return None
    overdue = open_step.due is not None and is_before(open_step.due, home.clock.now, home.clock.zone)
    return PlannedStep(open_step.text, open_step.due, overdue)
