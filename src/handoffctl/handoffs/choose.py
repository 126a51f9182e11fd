"""Chooses the handoff that is meant: the one named, or the only one ahead."""

from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import UsageFault, nearest
from handoffctl.playbook.handoff_names import ahead, names_of
from handoffctl.playbook.library import Rules
from handoffctl.playbook.model import Handoff


def chosen(found: Rules, deal: Deal, to: str | None) -> Handoff:
    """The handoff that is meant: the one named, or the only one to an open or won stage. Raises UsageFault."""
    playbook = found.playbook
    leaving = playbook.leaving(deal.stage)
    if to:
        fits = [one for one in leaving if one.key.casefold() == to.casefold()] or [
            one for one in leaving if to.casefold() in names_of(playbook, one)
        ]
    else:
        fits = ahead(playbook, deal.stage)
    if len(fits) == 1:
        return fits[0]
    names = [one.key for one in (fits or leaving)]
    here = playbook.title_of(deal.stage)
    if not leaving:
        raise UsageFault(
            f"No handoff leaves {here}.", f"See the playbook with: handoffctl playbook show {playbook.playbook}"
        )
    if to and not fits:
        raise UsageFault(
            f'No handoff leads from {here} to "{to}" {nearest(to, names)}'.rstrip() + ".",
            f"From here there are: {', '.join(names)}.",
        )
    raise UsageFault(
        f"{len(names)} handoffs leave {here}: {', '.join(names)}.",
        f'Name one, as in: --to "{names[0]}"' if names else "",
    )
