"""A cover handoff: a colleague with the same role takes over without a stage change. No playbook need name it."""

from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import UsageFault
from handoffctl.playbook.model import Handoff, Playbook

NAME = "cover"


def cover_handoff(playbook: Playbook, deal: Deal, to: str | None, person: str) -> Handoff:
    """Returns a handoff that requires nothing: only the owner changes, not the stage nor what must be known.

    Raises UsageFault when a stage is named (`to`), or no person.
    """
    if to or not person:
        raise UsageFault(
            "--stay goes with --to-person, and without --to.",
            f'As in: handoffctl handoff {deal.ref} --to-person "NAME" --stay',
        )
    role = deal.owner if deal.owner in playbook.roles else playbook.owner_of(deal.stage)
    return Handoff.model_validate({
        "from": deal.stage, "name": NAME, "sender": role, "receiver": role,
        "reason": "Somebody else of the same role takes it over.", "benefit": "The prospect need not wait for anybody.",
    })  # fmt: skip
