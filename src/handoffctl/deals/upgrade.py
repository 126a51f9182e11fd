"""Moves the deals of a shipped playbook from the content that they entered with to the newest one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.db.query import Query, Row
from handoffctl.db.session import WriteSession
from handoffctl.deals.stays import Into, move
from handoffctl.playbook.diff import differences
from handoffctl.playbook.library import LoadedPlaybook, archive_revision, is_shipped, load_kept, load_playbook
from handoffctl.playbook.query import kept_content
from handoffctl.playbook.upgrade import new_stages, stage_map
from handoffctl.workspace.home import Home


class StageMove(NamedTuple):
    """How many deals go from a stage that the newest content no longer has to one that it has."""

    stage: str
    to: str
    deals: int


class UpgradeJson(NamedTuple):
    """An upgrade as `playbook upgrade --json` prints it; `upgraded` is False where nothing was written."""

    playbook: str
    changes: Sequence[str]
    deals: int
    moves: Sequence[StageMove]
    upgraded: bool


@dataclass(frozen=True)
class PlaybookUpgrade:
    """What an upgrade does: the newest content, what changes in it, and the present stays of the deals concerned.

    `own` is True for a playbook of the user's own, which holds at once, so that there is nothing to upgrade.
    """

    newest: LoadedPlaybook
    own: bool
    changes: Sequence[str]
    stays: Sequence[Row]
    to: dict[str, str]

    @property
    def playbook(self) -> str:
        return self.newest.playbook.playbook

    @property
    def moves(self) -> list[StageMove]:
        counts = {old: sum(stay["stage"] == old for stay in self.stays) for old in self.to}
        return [StageMove(old, self.to[old], count) for old, count in counts.items()]

    def as_json(self, upgraded: bool) -> UpgradeJson:
        return UpgradeJson(self.playbook, self.changes, len(self.stays), self.moves, upgraded)


_KEEP_NEWEST = """UPDATE deal SET revision_id = :revision
                  WHERE id IN (SELECT deal_id FROM visit WHERE playbook = :playbook AND ended = 0)
                  AND (revision_id IS NULL OR revision_id <> :revision)"""


def planned_upgrade(home: Home, name: str) -> PlaybookUpgrade:
    """Returns what an upgrade of this playbook would do. Raises NotFound, RulesFault."""
    with home.reading() as query:
        return _planned(home, query, name or home.configuration.playbook)


def upgrade(home: Home, name: str) -> PlaybookUpgrade:
    """Moves all deals of this playbook to its newest content, in one transaction. Raises as `planned_upgrade`."""
    with home.writing() as session:
        plan = _planned(home, session.query, name or home.configuration.playbook)
        if plan.stays:
            _move_deals(home, session, plan)
    return plan


def _planned(home: Home, query: Query, name: str) -> PlaybookUpgrade:
    newest = load_playbook(home, name)
    if not is_shipped(newest):
        return PlaybookUpgrade(newest, True, (), (), {})
    present = _present_stays(query, name)
    keys = dict.fromkeys(kept_content(stay["revision_id"], stay["hash"]) for stay in present)
    contents = {key: load_kept(home, name, key).playbook for key in keys}
    changes_by_content = {key: differences(content, newest.playbook) for key, content in contents.items()}
    stays = [stay for stay in present if changes_by_content[kept_content(stay["revision_id"], stay["hash"])]]
    changes = [change for of_content in changes_by_content.values() for change in of_content]
    gone = dict.fromkeys(stay["stage"] for stay in stays if stay["stage"] not in newest.playbook.stages)
    to = new_stages(newest.playbook, gone, stage_map(name)) if gone else {}
    return PlaybookUpgrade(newest, False, list(dict.fromkeys(changes)), stays, to)


def _present_stays(query: Query, playbook: str) -> list[Row]:
    sql = """SELECT v.id, v.deal_id, v.stage, v.owner, v.because, v.disposition, v.wakes_on, d.revision_id, r.hash
             FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
             LEFT JOIN playbook_revision AS r ON r.id = d.revision_id
             WHERE v.playbook = :playbook AND v.ended = 0 ORDER BY v.deal_id"""
    return query(sql, playbook=playbook)


def _move_deals(home: Home, session: WriteSession, plan: PlaybookUpgrade) -> None:
    """Gives each deal the newest content; in a stage that is gone, it also begins a stay in the new one."""
    revision_id = archive_revision(session, plan.newest)
    for stay in plan.stays:
        if stay["stage"] in plan.to:
            stage = plan.to[stay["stage"]]
            into = Into(
                plan.playbook, stage, plan.newest.playbook.stages[stage].kind, stay["owner"], because=stay["because"],
                disposition=stay["disposition"], wakes_on=stay["wakes_on"],
            )  # fmt: skip
            move(session, stay["id"], into, session.at, home.clock.zone)
    session.command_id()  # under which the change of all deals at once is noted for an undo
    session.execute(_KEEP_NEWEST, revision=revision_id, playbook=plan.playbook)
    moves = "".join(f"; {move.deals} from {move.stage} to {move.to}" for move in plan.moves)
    deals = "1 deal" if len(plan.stays) == 1 else f"{len(plan.stays):,} deals"
    session.log(f"Upgraded the playbook {plan.playbook}: {deals} moved to its newest content{moves}.")
