"""Writes a deal's stage history. Ending one stay always starts the next at the same instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handoffctl.core.moments import Moment, Zone, days_between
from handoffctl.db.session import WriteSession
from handoffctl.deals.path_query import recorded_path_id, stages_of

if TYPE_CHECKING:
    from handoffctl.db.models.visit import VisitRecord


@dataclass(frozen=True)
class Into:
    """The stay to begin: its stage, its owner and why it begins; `reason` names why the deal ends with it."""

    playbook: str
    stage: str
    kind: str
    owner: str
    handoff_id: int | None = None
    because: str | None = None
    disposition: str | None = None
    wakes_on: Moment | None = None
    reason: str | None = None


def begin(session: WriteSession, deal_id: int, number: int, into: Into, at: Moment) -> "VisitRecord":
    """Begins the stay with this number, and updates the deal's path. The previous stay must have ended."""
    visit = session.add(
        session.models.Visit(
            deal_id=deal_id, number=number, playbook=into.playbook, stage=into.stage, kind=into.kind, owner=into.owner,
            entered_at=at, handoff_id=into.handoff_id, because=into.because, disposition=into.disposition,
            wakes_on=into.wakes_on, reason=into.reason,
        )
    )  # fmt: skip
    stage_path = path_of(stages_of(session.query, deal_id))
    session.change(session.models.Deal, deal_id, path_id=path_id(session, stage_path))
    return visit


def path_of(stays: Sequence[tuple[str, str]]) -> str:
    """Formats (playbook, stage) pairs as a path, `a/b>a/c`. Neither name can contain a slash or an angle bracket."""
    return ">".join(f"{playbook}/{stage}" for playbook, stage in stays)


def path_id(session: WriteSession, stages: str) -> int:
    """Returns the id of this path; adds a row for it if no deal took it before."""
    id = recorded_path_id(session.query, stages)
    if id is None:
        id = session.add(session.models.Path(stages=stages)).id
    assert id is not None
    return id


def move(session: WriteSession, visit_id: int, into: Into, at: Moment, zone: Zone) -> "VisitRecord":
    """Ends the current stay and begins the next one at the same instant. Returns the new stay."""
    present = session.get(session.models.Visit, visit_id)
    moved = into.playbook != present.playbook
    session.change(
        session.models.Visit,
        visit_id,
        ended=1,
        left_at=at,
        days=None if present.entered_at is None else days_between(present.entered_at, at, zone),
        to_playbook=into.playbook,
        to_stage=into.stage,
        to_kind="moved" if moved else into.kind,
    )
    return begin(session, present.deal_id, present.number + 1, into, at)
