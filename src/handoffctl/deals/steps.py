"""Plans a deal's next step, and marks it as done."""

from handoffctl.core.moments import Moment
from handoffctl.deals.fields import close_step, due_of, open_step
from handoffctl.deals.lookup_query import Deal, deal_to_record_for
from handoffctl.deals.next_step import TypedStep
from handoffctl.errors import NotReady
from handoffctl.workspace.home import Home


def plan(home: Home, ref: str, step: TypedStep) -> tuple[Deal, Moment | None]:
    """Opens the deal's next step. Returns the deal and when the step is due. Raises NotFound or Refused."""
    due = due_of(step, home.clock)
    with home.writing() as session:
        deal = deal_to_record_for(session.query, ref)
        open_step(session, deal, step.text, due)
        text = f"Next step for {deal.called}: {step.text.strip()}" + (f", by {due}" if due else "") + "."
        session.log(text, deal.account.id, deal.id)
    return deal, due


def finish_step(home: Home, ref: str) -> tuple[Deal, str]:
    """Marks the open step as done. Returns the deal and the step's text. Raises NotReady if no step is open."""
    with home.writing() as session:
        deal = deal_to_record_for(session.query, ref)
        text = close_step(session, deal.id, "done_at")
        if text is None:
            raise NotReady(
                f"{deal.called} has no open step.", f'Plan one with: handoffctl step {deal.ref} "TEXT" --due +3d'
            )
        session.log(f"Done for {deal.called}: {text}.", deal.account.id, deal.id)
    return deal, text
