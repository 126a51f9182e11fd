"""Loads the playbook of a deal."""

from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import RulesFault
from handoffctl.playbook.library import LoadedPlaybook, load_playbook, rename_stage_command
from handoffctl.workspace.home import Home


def rules_of(home: Home, deal: Deal) -> LoadedPlaybook:
    """Returns the playbook of a deal. Raises RulesFault if it no longer has the deal's stage."""
    deal_rules = load_playbook(home, deal.playbook)
    if deal.stage not in deal_rules.playbook.stages:
        raise RulesFault(
            f'{deal.called} is in the stage "{deal.stage}", which the playbook "{deal.playbook}" no longer has.',
            f"Put the stage back into {deal_rules.path}, or move the deal with: "
            f"{rename_stage_command(home, deal_rules.playbook, deal.stage, deal.kind)}",
        )
    return deal_rules
