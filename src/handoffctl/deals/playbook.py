"""Loads the playbook of a deal, and records the content under which the deal lives."""

from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import RulesFault
from handoffctl.playbook.library import (
    LoadedPlaybook,
    archive_revision,
    is_shipped,
    load_for_stage,
    rename_stage_command,
)
from handoffctl.workspace.home import Home


def playbook_of(home: Home, deal: Deal) -> LoadedPlaybook:
    """Returns the playbook of a deal: the content it entered with, or the newest if only that has the deal's stage.

    Neither may have the stage. Raises NotFound or RulesFault as `load_playbook` does.
    """
    return load_for_stage(home, deal.playbook, deal.stage, deal.content)


def rules_of(home: Home, deal: Deal) -> LoadedPlaybook:
    """Returns the playbook of a deal. Raises RulesFault if it no longer has the deal's stage."""
    deal_rules = playbook_of(home, deal)
    if deal.stage not in deal_rules.playbook.stages:
        raise RulesFault(
            f'{deal.called} is in the stage "{deal.stage}", which the playbook "{deal.playbook}" no longer has.',
            f"Put the stage back into {deal_rules.path}, or move the deal with: "
            f"{rename_stage_command(home, deal_rules.playbook, deal.stage, deal.kind)}",
        )
    return deal_rules


def content_kept(session: WriteSession, loaded: LoadedPlaybook) -> int | None:
    """Returns the id of the revision that a deal keeps when it enters this playbook, archived now if it is new.

    It is None for a playbook of the user's own, which holds at once however it is edited.
    """
    revision_id = archive_revision(session, loaded)
    return revision_id if is_shipped(loaded) else None


def keep_content(session: WriteSession, deal_id: int, loaded: LoadedPlaybook) -> None:
    """Records that a deal has entered a playbook with this content."""
    session.change(session.models.Deal, deal_id, revision_id=content_kept(session, loaded))
