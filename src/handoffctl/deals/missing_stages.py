"""Finds stages that still have deals but are missing from their playbook, and the command that moves those deals."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.db.query import Row
from handoffctl.errors import HandoffError
from handoffctl.playbook.library import load_kept, load_playbook, rename_stage_command
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.query import kept_content, stages_taken
from handoffctl.workspace.home import Home


class MissingStage(NamedTuple):
    """A stage missing from its playbook, the number of deals in it, and the command that moves them."""

    playbook: str
    stage: str
    deals: int
    move: str

    @property
    def says(self) -> str:
        """The sentence for the user."""
        many = f"{self.deals:,} deals are" if self.deals > 1 else "1 deal is"
        return f'{many} in the stage "{self.stage}", which {self.playbook} no longer has. Move with: {self.move}'

    @property
    def is_dropped(self) -> bool:
        """True if a newer version of a shipped playbook dropped the stage, so that its deals go on in it as before."""
        return self.move == upgrade_command(self.playbook)


def upgrade_command(playbook: str) -> str:
    """Returns the command that moves the deals of a shipped playbook to its newest content."""
    return f"handoffctl playbook upgrade {playbook}"


def gone_among(home: Home, places: Iterable[tuple[str, str]]) -> list[MissingStage]:
    """Returns the missing stages among these (playbook, stage) pairs. Reads the database only if there are any."""
    missing = {(playbook, stage) for playbook, stage in places if not _has(home, playbook, stage)}
    return [gone for gone in stages_gone(home) if (gone.playbook, gone.stage) in missing] if missing else []


def _has(home: Home, playbook: str, stage: str) -> bool:
    try:
        return stage in load_playbook(home, playbook).playbook.stages
    except HandoffError:
        return True


def stages_gone(home: Home) -> list[MissingStage]:
    """Returns every missing stage. Skips playbooks that cannot be read: `playbook check` reports those."""
    with home.reading() as query:
        taken = stages_taken(query)
    missing: dict[tuple[str, str], MissingStage] = {}
    for row in taken:
        try:
            playbook = load_playbook(home, row["playbook"]).playbook
        except HandoffError:
            continue
        key = row["playbook"], row["stage"]
        if row["stage"] not in playbook.stages:
            deals = row["deals"] + (missing[key].deals if key in missing else 0)
            missing[key] = MissingStage(*key, deals, _move_command(home, playbook, row))
    return list(missing.values())


def _move_command(home: Home, newest: Playbook, row: Row) -> str:
    name, stage = row["playbook"], row["stage"]
    kept = load_kept(home, name, kept_content(row["revision_id"], row["hash"])).playbook
    return upgrade_command(name) if stage in kept.stages else rename_stage_command(home, newest, stage, row["kind"])
