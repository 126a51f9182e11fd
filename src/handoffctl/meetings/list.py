"""Meetings as they are shown: those of one deal, and the list of all."""

from typing import Any

from handoffctl.core.moments import is_over, order
from handoffctl.db.query import Query
from handoffctl.deals.lookup_query import Deal, account_or_deal
from handoffctl.deals.stays_query import called
from handoffctl.meetings import query as views
from handoffctl.meetings.model import in_order
from handoffctl.workspace.home import Home


def still_booked(home: Home, query: Query, found: Deal) -> list[dict[str, Any]]:
    """The booked meetings of a deal, as `--json` tells them, the earliest first."""
    return [
        {"at": one.at, "minutes": one.minutes, "with": one.met, "for": one.handoff, "state": one.state}
        for one in in_order(views.of_deal(query, found.id, "booked"), home.clock.zone)
    ]


def listed(home: Home, ref: str, every: bool) -> list[dict[str, Any]]:
    """The booked meetings, first those that are over and that nobody marked; with `every` the others after them."""
    with home.reading() as query:
        account, deal_id = account_or_deal(query, ref) if ref else (None, None)
        rows = views.listed(query, every, account.id if account else None, deal_id)
        names = called(query, sorted({row["deal_id"] for row in rows}))
    clock = home.clock
    told = [
        {
            **{name: row[name] for name in ("account", "name", "deal", "at", "minutes")},
            "ref": names[row["deal_id"]]["ref"],
            "with": row["met"], "for": row["handoff"], "state": row["state"], "moves": row["moves"],
            "unmarked": row["state"] == "booked" and is_over(row["at"], row["minutes"], clock),
        }
        for row in rows
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one["state"] != "booked", not one["unmarked"], order(one["at"], clock.zone)))
