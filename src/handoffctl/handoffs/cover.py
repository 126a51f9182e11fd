"""A cover handoff: a colleague with the same role takes over without a stage change. No playbook need name it."""

from collections.abc import Sequence

from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import UsageFault
from handoffctl.playbook.model import Handoff, Playbook

NAME = "cover"


def cover_handoff(playbook: Playbook, deal: Deal, to: str | None, person: str, roles: Sequence[str] = ()) -> Handoff:
    """Returns a handoff that requires nothing: only the owner changes, not the stage nor what must be known.

    `roles` are those of the owner now, where they count: somebody may drive a deal in a stage of another role, as when
    they put it aside, and then a colleague with their own role takes it over.

    Raises UsageFault when a stage is named (`to`), or no person.
    """
    if to or not person:
        raise UsageFault(
            "--stay goes with --to-person, and without --to.",
            f'As in: handoffctl handoff {deal.ref} --to-person "NAME" --stay',
        )
    role = deal.owner if deal.owner in playbook.roles else playbook.owner_of(deal.stage)
    if roles and role not in roles:
        role = next((each for each in roles if each in playbook.roles), role)
    return Handoff(
        from_stage=deal.stage, name=NAME, sender=role, receiver=role,
        reason="Somebody else of the same role takes it over.", benefit="The prospect need not wait for anybody.",
    )  # fmt: skip
