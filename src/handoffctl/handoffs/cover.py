"""A handoff that no playbook need name: one person hands a deal over to another of the same role, in the same stage."""

from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import UsageFault
from handoffctl.playbook.library import Rules
from handoffctl.playbook.model import Handoff

NAME = "cover"


def covering(used: Rules, found: Deal, to: str | None, person: str) -> Handoff:
    """It asks for nothing: who drives the deal changes, and neither its stage nor what must be known."""
    if to or not person:
        raise UsageFault(
            "--stay goes with --to-person, and without --to.",
            f'As in: handoffctl handoff {found.ref} --to-person "NAME" --stay',
        )
    role = found.owner if found.owner in used.playbook.roles else used.playbook.owner_of(found.stage)
    return Handoff.model_validate({
        "from": found.stage, "name": NAME, "sender": role, "receiver": role,
        "reason": "Somebody else of the same role takes it over.", "benefit": "The prospect need not wait for anybody.",
    })  # fmt: skip
