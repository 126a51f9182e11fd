"""The stays of a deal, one after the other without a gap: what ends one begins the next, at the same moment."""

from dataclasses import dataclass

from handoffctl.domain.moments import Moment, Zone, days_between
from handoffctl.store.tables import Visit
from handoffctl.store.writing import Pen


@dataclass(frozen=True)
class Into:
    """The stay that begins: where, driven by whom, and why."""

    playbook: str
    stage: str
    kind: str
    owner: str
    handoff_id: int | None = None
    because: str | None = None
    disposition: str | None = None
    wakes_on: Moment | None = None


def begin(pen: Pen, deal_id: int, number: int, into: Into, at: Moment) -> Visit:
    """Begins a stay; the one before must have ended."""
    sql = "SELECT count(*) FROM visit WHERE deal_id = :deal AND playbook = :playbook AND stage = :stage"
    before = pen.ask(sql, deal=deal_id, playbook=into.playbook, stage=into.stage)[0][0]
    return pen.add(
        Visit(
            deal_id=deal_id, number=number, entry=before + 1, playbook=into.playbook, stage=into.stage, kind=into.kind,
            owner=into.owner, entered_at=at, handoff_id=into.handoff_id, because=into.because,
            disposition=into.disposition, wakes_on=into.wakes_on,
        )
    )  # fmt: skip


def move(pen: Pen, visit_id: int, into: Into, at: Moment, zone: Zone) -> Visit:
    """Ends the present stay and begins the next at the same moment."""
    present = pen.session.get_one(Visit, visit_id)
    moved = into.playbook != present.playbook
    pen.change(
        Visit,
        visit_id,
        ended=1,
        left_at=at,
        days=None if present.entered_at is None else days_between(present.entered_at, at, zone),
        to_playbook=into.playbook,
        to_stage=into.stage,
        to_kind="moved" if moved else into.kind,
    )
    return begin(pen, present.deal_id, present.number + 1, into, at)


def drop(pen: Pen, visit_ids: list[int]) -> None:
    """Takes away imported stays that a newer export no longer has."""
    for id in visit_ids:
        pen.session.delete(pen.session.get_one(Visit, id))
    pen.session.flush()
