"""What was promised to a client, by when, and whether it was kept."""

from typing import Any

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import before
from handoffctl.core.names import folded
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.fields import LONGEST_TEXT
from handoffctl.deals.lookup_query import OPEN_OR_WON, Deal, deal
from handoffctl.deals.stays_query import called
from handoffctl.errors import NotFound, NotReady, Refused
from handoffctl.promises import query as promises
from handoffctl.promises.query import Promise
from handoffctl.workspace.home import Home


def promise(home: Home, ref: str, text: str, by: str, allow_prefix: bool) -> tuple[Deal, Promise]:
    """Records a promise made to the client."""
    said = " ".join(text.split())
    if not said or is_placeholder(said) or len(said) > LONGEST_TEXT:
        raise Refused(f'"{said[:40]}" is no promise.', "Say what you promised, as in: training on site in May")
    due = home.moment("--by", by) if by else None
    with home.writing() as session:
        found = deal(session.query, ref, allow_prefix, OPEN_OR_WON)
        known = promises.of_deal(session.query, found.id)
        if any(folded(one.text) == folded(said) and one.kept_at is None for one in known):
            raise Refused(f"{found.called} has that promise already.", "Nothing was recorded.")
        number = max((one.number for one in known), default=0) + 1
        session.add(session.models.Promise(deal_id=found.id, number=number, text=said, due=due, at=session.at))
        session.log(
            f"Promised {found.called}: {said}" + (f", by {due}" if due else "") + ".", found.account.id, found.id
        )
        return found, promises.of_deal(session.query, found.id)[-1]


def kept(home: Home, ref: str, which: str, allow_prefix: bool) -> tuple[Deal, Promise]:
    """Records that a promise was kept: the one of this number or beginning, or the only open one."""
    with home.writing() as session:
        found = deal(session.query, ref, allow_prefix, OPEN_OR_WON)
        one = _meant(found, [one for one in promises.of_deal(session.query, found.id) if one.kept_at is None], which)
        session.change(session.models.Promise, one.id, kept_at=session.at)
        session.log(f"Kept what was promised to {found.called}: {one.text}.", found.account.id, found.id)
    return found, one


def _meant(found: Deal, still_open: list[Promise], which: str) -> Promise:
    if not still_open:
        raise NotReady(
            f"{found.called} has no open promise.",
            f'Record one with: handoffctl promise add {found.ref} "TEXT" --by +7d',
        )
    wanted = folded(which)
    fits = [one for one in still_open if wanted == str(one.number)] or [
        one for one in still_open if folded(one.text).startswith(wanted)
    ]
    if len(fits) == 1:
        return fits[0]
    lines = [f"{one.number}  {one.text}" for one in still_open]
    said = f'No open promise to {found.called} begins with "{which[:40]}".' if not fits else (
        f"{found.called} has {len(fits)} open promises that could be meant."
    )  # fmt: skip
    raise NotFound(said, f"Name one by its number: handoffctl promise kept {found.ref} {still_open[0].number}", lines)


def listed(home: Home, ref: str, every: bool) -> list[dict[str, Any]]:
    """The open promises, those due first first; with `every` the kept ones after them."""
    with home.reading() as query:
        account, deal_id = finding.account_or_deal(query, ref) if ref else (None, None)
        rows = promises.listed(query, every, account.id if account else None, deal_id)
        names = called(query, sorted({row["deal_id"] for row in rows}))
    clock = home.clock
    return [
        {
            **{name: row[name] for name in ("account", "name", "deal", "number", "text", "due", "at", "kept_at")},
            "ref": names[row["deal_id"]]["ref"],
            "overdue": row["kept_at"] is None and row["due"] is not None and before(row["due"], clock.now, clock.zone),
        }
        for row in rows
    ]
