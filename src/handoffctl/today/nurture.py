"""Items for deals put aside (nurture): they wake up on their date, by a signal, or because the client got in touch."""

from collections.abc import Iterator

from handoffctl.dispositions.query import deals_put_aside
from handoffctl.dispositions.waking import woken
from handoffctl.follow_up.rules import StayAttempts
from handoffctl.today.query import DealRow
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot


def wake_up_items(
    snapshot: TodaySnapshot, deal: DealRow, attempts: StayAttempts | None, begun: dict[int, str]
) -> Iterator[Item]:
    """Yields the item for a deal put aside whose date has come, or at which a signal was seen, or who got in touch.

    `begun` says by deal what has begun to hold. A playbook with `wake_when` says itself what counts as a signal; there
    an answer raises nothing else, but a message that nobody has answered does.
    """
    if deal.wakes_on and snapshot.by_tonight(deal.wakes_on):
        late = snapshot.past(deal.wakes_on)
        yield snapshot.item("wake", deal, "was put aside until now", "reopen", "{}", due=deal.wakes_on, overdue=late)
        return
    playbook = snapshot.playbook_of(deal)
    own_signals = bool(playbook and playbook.wake_when)
    answered = attempts and (attempts.unanswered_at if own_signals else attempts.answered_at)
    if deal.deal_id in begun:
        says = f"was put aside, and now: {begun[deal.deal_id]}"
        yield snapshot.item("wake", deal, says, "reopen", "{}", since=attempts.last_at if attempts else None)
    elif answered:
        yield snapshot.item("wake", deal, "was put aside, and they got in touch", "reopen", "{}", since=answered)


def signals_begun(snapshot: TodaySnapshot) -> dict[int, str]:
    """Returns which of the playbook's `wake_when` has begun to hold, in words, by deal put aside."""
    put_aside = {deal.stage_key: deal for deal in snapshot.deals.values() if deal.kind == "nurture"}
    asked = {
        deal.playbook for deal in put_aside.values() if (playbook := snapshot.playbook_of(deal)) and playbook.wake_when
    }
    if not asked:
        return {}
    rows = deals_put_aside(snapshot.query, sorted(asked), snapshot.account)
    return woken(snapshot.query, snapshot.clock, rows, snapshot.playbook_of_deal)
