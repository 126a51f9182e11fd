"""The log: what happened, newest first."""

from typing import NamedTuple

from handoffctl.core.moments import Moment, Zone, format_local, sort_key
from handoffctl.core.names import Abbreviation
from handoffctl.db import command_query as commands
from handoffctl.db.query import Query
from handoffctl.db.undone import undone_commands
from handoffctl.deals import lookup_query
from handoffctl.errors import NotFound
from handoffctl.overview import query as listing
from handoffctl.overview.query import ImportedTouch
from handoffctl.workspace.home import Home


class LogEvent(NamedTuple):
    """One line of the log; what an import brought has no id, kind or author of its own."""

    id: int | None
    at: Moment | None
    kind: str | None
    author: str | None
    says: str
    undone: bool = False
    undoes: int | None = None

    def line(self, zone: Zone) -> str:
        """Returns the event as `log` prints it."""
        when = format_local(self.at, zone) if self.at else "unknown"
        mark = " (taken back)" if self.undone else ""
        return f"{when.ljust(16)}  {self.says}{mark}".replace("\n", " ")


class Log(NamedTuple):
    """The newest events, oldest of them first, and how many there are in all."""

    events: list[LogEvent]
    total: int


def log(home: Home, ref: str | None, most: int) -> Log:
    """Returns the newest events, oldest of them first; for an account with the stays and touches an import brought."""
    with home.reading() as query:
        account = lookup_query.account(query, _account_part(query, ref)) if ref else None
        rows, total = listing.log(query, most, account.id if account else None)
        undone = undone_commands(commands.undo_pairs(query).items())
        events = [
            LogEvent(row.id, row.at, row.kind, row.author, row.says, row.id in undone, row.undoes_id) for row in rows
        ]
        if account:
            brought = [
                _imported(row.at, f"Came to {row.stage} ({row.deal}), as imported.")
                for row in listing.imported_stays(query, account.id)
            ]
            brought += [_imported(row.at, _touched(row)) for row in listing.imported_touches(query, account.id)]
            outside = [
                _imported(deal.outside_at, f"Moved outside: the export has {deal.called} in {deal.outside_stage}.")
                for deal in lookup_query.deals_of(query, account)
                if deal.outside_stage
            ]
            zone = home.clock.zone
            brought.sort(key=lambda event: sort_key(event.at, zone) if event.at else sort_key("1900-01-01", zone))
            total += len(brought) + len(outside)
            events = [*brought, *events, *outside][-most:]
    return Log(events, total)


def _imported(at: Moment | None, says: str) -> LogEvent:
    return LogEvent(None, at, None, None, says)


def _touched(touch: ImportedTouch) -> str:
    whose = f" ({touch.deal})" if touch.deal else ""
    result = f", {touch.outcome}" if touch.outcome else ""
    text = f": {touch.text}" if touch.text else ""
    return f"{touch.kind.capitalize()} {touch.direction}{result}{whose}, as imported{text}"


def _account_part(query: Query, ref: str) -> str:
    """Returns the account of `account/deal`, as a name that may be abbreviated."""
    try:
        lookup_query.account(query, ref)
    except NotFound:
        return Abbreviation(ref.rpartition("/")[0] or ref)
    return ref
