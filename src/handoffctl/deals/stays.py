"""The stays of a deal, one after the other without a gap: what ends one begins the next, at the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handoffctl.core.moments import Moment, Zone, days_between
from handoffctl.db.session import WriteSession

if TYPE_CHECKING:
    from handoffctl.db.models.stays import Visit


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


def begin(session: WriteSession, deal_id: int, number: int, into: Into, at: Moment) -> "Visit":
    """Begins a stay; the one before must have ended."""
    visit = session.add(
        session.models.Visit(
            deal_id=deal_id, number=number, playbook=into.playbook, stage=into.stage, kind=into.kind, owner=into.owner,
            entered_at=at, handoff_id=into.handoff_id, because=into.because, disposition=into.disposition,
            wakes_on=into.wakes_on,
        )
    )  # fmt: skip
    stays = session.query("SELECT playbook, stage FROM visit WHERE deal_id = :deal ORDER BY number", deal=deal_id)
    stage_path = path_of([(row["playbook"], row["stage"]) for row in stays])
    session.change(session.models.Deal, deal_id, path_id=path_id(session, stage_path))
    return visit


def path_of(stays: Sequence[tuple[str, str]]) -> str:
    """The way a deal went, from the playbook and stage of each stay. Neither name can hold a slash or an angle."""
    return ">".join(f"{playbook}/{stage}" for playbook, stage in stays)


def path_id(session: WriteSession, stages: str) -> int:
    """The id of this way; written down now where no deal went it before."""
    known = session.query("SELECT id FROM path WHERE stages = :stages", stages=stages)
    id = known[0]["id"] if known else session.add(session.models.Path(stages=stages)).id
    assert id is not None
    return int(id)


def move(session: WriteSession, visit_id: int, into: Into, at: Moment, zone: Zone) -> "Visit":
    """Ends the present stay and begins the next at the same moment."""
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
