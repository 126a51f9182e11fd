"""The log: what happened, newest first."""

from typing import Any

from handoffctl.core.moments import sort_key
from handoffctl.db import command_query as commands
from handoffctl.db.query import Query, Row
from handoffctl.db.undone import undone_commands
from handoffctl.deals import lookup_query
from handoffctl.errors import NotFound
from handoffctl.overview import query as listing
from handoffctl.workspace.home import Home


def log(home: Home, ref: str | None, most: int, allow_prefix: bool) -> dict[str, Any]:
    """Returns the newest events, oldest of them first; for an account with the stays and touches an import brought."""
    with home.reading() as query:
        one = lookup_query.account(query, _account_part(query, ref), allow_prefix) if ref else None
        rows, total = listing.log(query, most, one.id if one else None)
        undone = undone_commands(commands.undo_pairs(query).items())
        events = [
            {"id": row["id"], "at": row["at"], "kind": row["kind"], "author": row["author"], "says": row["says"],
             "undone": row["id"] in undone, "undoes": row["undoes_id"]} for row in rows
        ]  # fmt: skip
        if one:
            brought = [
                _event(row["at"], f"Came to {row['stage']} ({row['name'] or row['slug']}), as imported.")
                for row in listing.imported_stays(query, one.id)
            ]
            brought += [_event(row["at"], _touched(row)) for row in listing.imported_touches(query, one.id)]
            outside = [
                _event(found.outside_at, f"Moved outside: the export has {found.called} in {found.outside_stage}.")
                for found in lookup_query.deals_of(query, one)
                if found.outside_stage
            ]
            zone = home.clock.zone
            brought.sort(key=lambda event: sort_key(event["at"], zone) if event["at"] else sort_key("1900-01-01", zone))
            total += len(brought) + len(outside)
            events = [*brought, *events, *outside][-most:]
    return {"events": events, "total": total}


def _event(at: str | None, says: str) -> dict[str, Any]:
    """Makes an event for something imported, which has no number of its own in the log."""
    return {"id": None, "at": at, "kind": None, "author": None, "says": says, "undone": False, "undoes": None}


def _touched(row: Row) -> str:
    whose = f" ({row['name'] or row['slug']})" if row["slug"] else ""
    result = f", {row['outcome']}" if row["outcome"] else ""
    said = f": {row['text']}" if row["text"] else ""
    return f"{row['kind'].capitalize()} {row['direction']}{result}{whose}, as imported{said}"


def _account_part(query: Query, ref: str) -> str:
    try:
        lookup_query.account(query, ref, True)
    except NotFound:
        return ref.rpartition("/")[0] or ref
    return ref
