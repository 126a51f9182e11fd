"""Sentences about exports, backups and the contents of a database."""

from handoffctl.console.output import counted
from handoffctl.core.moments import Zone, format_local
from handoffctl.db.backup import DatabaseContents

CUSTOMER_DATA_WARNING = "It holds your customers' data, which `delete` cannot reach there."


def describe_contents(contents: DatabaseContents | None, zone: Zone) -> str:
    """Describes what a database holds and what its newest command did; None is one that cannot be read."""
    if contents is None:
        return "nothing that can be read"
    counts = f"{counted(contents.accounts, 'accounts')}, {counted(contents.deals, 'deals')}"
    if contents.at is None:
        return f"{counts}; nothing was ever done"
    return f"{counts}; newest, {format_local(contents.at, zone)}: {contents.says}"
