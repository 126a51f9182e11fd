"""Our promises to a client: record one, mark it as kept, list them."""

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.names import fold
from handoffctl.deals.fields import LONGEST_TEXT
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, account_or_deal, deal
from handoffctl.errors import NotFound, NotReady, Refused
from handoffctl.promises import query as promises
from handoffctl.promises.model import DealPromise, Promise
from handoffctl.workspace.home import Home


def make_promise(home: Home, ref: str, text: str, by: str) -> tuple[Deal, Promise]:
    """Records a promise made to the client. Raises Refused if the text says nothing or is promised already."""
    promised = " ".join(text.split())
    if not promised or is_placeholder(promised) or len(promised) > LONGEST_TEXT:
        raise Refused(f'"{promised[:40]}" is no promise.', "Say what you promised, as in: training on site in May")
    due = home.moment("--by", by) if by else None
    with home.writing() as session:
        subject = deal(session.query, ref, OPEN_OR_WON)
        earlier = promises.of_deal(session.query, subject.id)
        if any(fold(promise.text) == fold(promised) and promise.is_open for promise in earlier):
            raise Refused(f"{subject.called} has that promise already.", "Nothing was recorded.")
        number = max((promise.number for promise in earlier), default=0) + 1
        session.add(session.models.Promise(deal_id=subject.id, number=number, text=promised, due=due, at=session.at))
        deadline = f", by {due}" if due else ""
        session.log(f"Promised {subject.called}: {promised}{deadline}.", subject.account.id, subject.id)
        return subject, promises.of_deal(session.query, subject.id)[-1]


def mark_kept(home: Home, ref: str, which: str) -> tuple[Deal, Promise]:
    """Records that a promise was kept: the one with this number or beginning, or the only open one.

    Raises NotReady if none is open, NotFound if `which` fits none or several.
    """
    with home.writing() as session:
        subject = deal(session.query, ref, OPEN_OR_WON)
        still_open = [promise for promise in promises.of_deal(session.query, subject.id) if promise.is_open]
        promise = _open_promise(subject, still_open, which)
        session.change(session.models.Promise, promise.id, kept_at=session.at)
        session.log(f"Kept what was promised to {subject.called}: {promise.text}.", subject.account.id, subject.id)
    return subject, promise


def _open_promise(subject: Deal, still_open: list[Promise], which: str) -> Promise:
    if not still_open:
        raise NotReady(
            f"{subject.called} has no open promise.",
            f'Record one with: handoffctl promise add {subject.ref} "TEXT" --by +7d',
        )
    wanted = fold(which)
    matches = [promise for promise in still_open if wanted == str(promise.number)] or [
        promise for promise in still_open if fold(promise.text).startswith(wanted)
    ]
    if len(matches) == 1:
        return matches[0]
    lines = [f"{promise.number}  {promise.text}" for promise in still_open]
    message = f'No open promise to {subject.called} begins with "{which[:40]}".' if not matches else (
        f"{subject.called} has {len(matches)} open promises that could be meant."
    )  # fmt: skip
    hint = f"Name one by its number: handoffctl promise kept {subject.ref} {still_open[0].number}"
    raise NotFound(message, hint, lines)


def list_promises(home: Home, ref: str, kept_too: bool) -> list[DealPromise]:
    """Returns the open promises of all deals, or of the account or deal named; with `kept_too` the kept ones too."""
    with home.reading() as query:
        account, deal_id = account_or_deal(query, ref) if ref else (None, None)
        return promises.of_every_deal(query, kept_too, account.id if account else None, deal_id)
