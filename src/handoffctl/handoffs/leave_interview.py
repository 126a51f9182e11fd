"""Asks who takes over the deals of a person who leaves: all of them at once, or deal by deal."""

from handoffctl.console.output import echo
from handoffctl.console.prompts import choose
from handoffctl.handoffs.leave import Leaving, LeftDeal

DEAL_BY_DEAL = "deal by deal"


def ask_successors(leaver: Leaving) -> tuple[str, dict[int, str]]:
    """Returns who takes everything over, or else who takes each deal, by its id. Enter names nobody.

    Everything is offered to those who have the roles for all deals.
    """
    if not leaver.open_deals:
        return _ask_about_the_rest(leaver), {}
    of_all = [name for name in leaver.deals[0].successors if all(name in left.successors for left in leaver.deals)]
    count = len(leaver.open_deals)
    if of_all:
        open_deals = leaver.deals[0].successors
        options = {**{_with_load(name, open_deals[name]): name for name in of_all}, DEAL_BY_DEAL: ""}
        deals = "1 open deal" if count == 1 else f"{count} open deals"
        picked = choose(f"{leaver.person.name} drives {deals}. Who takes everything over?", list(options))
        if picked is None or options[picked]:
            return (options[picked] if picked else ""), {}
    return "", _ask_each(leaver)


def _ask_about_the_rest(leaver: Leaving) -> str:
    """Asks who takes over what is left of a person without an open deal. Enter leaves it as it is."""
    aside = [f"{len(leaver.deals)} put aside"] if leaver.deals else []
    others = [f"{leaver.others} steps, promises and meetings"] if leaver.others else []
    if not (aside or others) or not leaver.colleagues:
        return ""
    question = f"{leaver.person.name} still has {' and '.join(aside + others)}. Who takes them over? Enter: nobody."
    return choose(question, list(leaver.colleagues)) or ""


def _ask_each(leaver: Leaving) -> dict[int, str]:
    """Asks about one deal after the other, and ends where nobody is picked for an open one."""
    successors: dict[int, str] = {}
    for left in leaver.deals:
        if not left.successors:
            echo(f"Nobody else has the role {left.role}, which takes over {left.deal.called}.")
            continue
        given = list(successors.values())
        options = {_with_load(name, count + given.count(name)): name for name, count in left.successors.items()}
        picked = choose(f"Who takes over {left.deal.called} ({_where(left)})?", list(options))
        if picked:
            successors[left.deal.id] = options[picked]
        elif left.deal.kind == "open":
            break
    return successors


def _where(left: LeftDeal) -> str:
    return left.stage if left.deal.kind == "open" else f"{left.stage}, put aside"


def _with_load(name: str, count: int) -> str:
    return f"{name} ({count} open)"
