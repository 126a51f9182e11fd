"""Loads the playbook of a deal."""

from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import RulesFault
from handoffctl.playbook.library import Rules, moving, rules
from handoffctl.workspace.home import Home


def rules_of(home: Home, deal: Deal) -> Rules:
    """Returns the playbook of a deal. Raises RulesFault if it no longer has the deal's stage."""
    found = rules(home, deal.playbook)
    if deal.stage not in found.playbook.stages:
        raise RulesFault(
            f'{deal.called} is in the stage "{deal.stage}", which the playbook "{deal.playbook}" no longer has.',
            f"Put the stage back into {found.path}, or move the deal with: "
            f"{moving(home, found.playbook, deal.stage, deal.kind)}",
        )
    return found
