"""The one reminder of a summary that nobody answered: it is sent once, and after that somebody calls."""

from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.db.query import Query
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, again
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.summary_model import SummaryEmail
from handoffctl.errors import NotReady
from handoffctl.workspace.home import Home

NUDGE = "nudge"  # the name of its template


def refuse_second_nudge(home: Home, ref: str) -> None:
    """Raises NotReady if the newest summary was reminded of before. Raises NotFound for the deal."""
    with home.reading() as query:
        deal = find_deal(query, ref, OPEN_OR_WON)
        _refuse_nudged(home, deal, _waiting(query, deal))


def record_nudge(home: Home, ref: str) -> None:
    """Records that the client was reminded of the newest summary. Raises NotFound, NotReady if none waits for it."""
    with home.reading() as query:
        deal = find_deal(query, ref, OPEN_OR_WON)
    with home.writing() as session:
        present = again(session.query, deal)
        summary = _waiting(session.query, present)
        if summary is None:
            raise NotReady(
                f"No summary for {present.called} waits for an answer.",
                f"See them with: handoffctl summary list {present.ref} --all",
            )
        _refuse_nudged(home, present, summary)
        session.change(session.models.Summary, summary.id, nudged_at=session.at)
        session.log(f"Reminded {present.called} of the summary.", present.account.id, present.id)


def _waiting(query: Query, deal: Deal) -> SummaryEmail | None:
    """Returns the newest summary that was sent, if it waits for an answer."""
    sent = [summary for summary in summaries.of_deal(query, deal.id) if summary.state != "draft"]
    return sent[-1] if sent and sent[-1].state == "sent" else None


def _refuse_nudged(home: Home, deal: Deal, summary: SummaryEmail | None) -> None:
    if summary and summary.nudged_at:
        raise NotReady(
            f"Can't remind {deal.called} again: that was done on {weekday_and_day(summary.nudged_at, home.clock)}.",
            f'Call them, and take it down: handoffctl touch {deal.ref} call "TEXT"',
        )
