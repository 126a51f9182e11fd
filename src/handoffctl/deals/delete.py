"""Erases an account for good, and tells beforehand how much would go with it."""

from glob import escape

from handoffctl.db import command_query as commands
from handoffctl.db.erase import erase as erase_rows
from handoffctl.db.erase import forget_taken_back as forget_rows
from handoffctl.db.erase import overwrite
from handoffctl.db.query import Query
from handoffctl.db.undone import FORGETTING, undone_commands
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.lookup_query import Account
from handoffctl.errors import NotFound, NotReady
from handoffctl.workspace.home import Home

_DEALS = "SELECT id FROM deal WHERE account_id = :id"


def what_goes(home: Home, ref: str) -> tuple[Account, dict[str, int]]:
    """The account that `delete` would erase, and how much goes with it. Needs the whole name."""
    with home.reading() as query:
        account = _whole_name(query, ref)
        counts = {
            "contacts": "SELECT count(*) FROM contact WHERE account_id = :id",
            "deals": "SELECT count(*) FROM deal WHERE account_id = :id",
            "touches": "SELECT count(*) FROM touch WHERE account_id = :id",
            "summaries": f"SELECT count(*) FROM summary WHERE deal_id IN ({_DEALS})",
            "handoffs": f"SELECT count(*) FROM handoff WHERE deal_id IN ({_DEALS})",
        }
        return account, {name: query(sql, id=account.id)[0][0] for name, sql in counts.items()}


def _whole_name(query: Query, ref: str) -> Account:
    try:
        return finding.account(query, ref, allow_prefix=False)
    except NotFound as fault:
        undos = commands.undo_pairs(query)
        if commands.count_with_words(query, undone_commands(undos.items()) - undos.keys()):
            hint = f"{fault.hint} If undo took it back, this forgets it: handoffctl delete --taken-back".strip()
            raise NotFound(fault.message, hint, fault.problems) from None
        raise


def copies_left(home: Home) -> list[str]:
    """Copies beside the database, which still hold what was erased: of an older schema, replaced by `restore`, or left
    in the middle of one. Those that the user put elsewhere nobody knows."""
    name = escape(home.database.name)
    patterns = [f"{name}.{kind}" for kind in ("schema-*", "replaced-*", "part*")]
    return sorted(str(path) for one in [*patterns, f".{name}.*"] for path in home.database.parent.glob(one))


def erase(home: Home, ref: str) -> Account:
    """Erases everything about the account, its history and the log's words included, and the pages it stood on."""
    with home.writing() as session:
        account = finding.account(session.query, ref, allow_prefix=False)
        session.command.words = "handoffctl delete ACCOUNT"
        erase_rows(session, account.id)
        session.command.final = "nothing of it was kept\nWhat was done before it cannot be taken back either."
        session.log("Erased an account with everything about it.")
    overwrite(home.database)
    return account


def taken_back_so_far(home: Home) -> int:
    """How many commands were taken back, of which words and records are still kept. Raises NotReady for none."""
    with home.reading() as query:
        undos = commands.undo_pairs(query)
        gone = undone_commands(undos.items()) - undos.keys()
        found = commands.count_with_words(query, gone)
    if not found:
        raise NotReady("There is nothing that was taken back.", "See what happened: handoffctl log")
    return found


def forget_taken_back(home: Home) -> int:
    """Forgets what was taken back, for good: it cannot be done again. What is in effect can still be taken back."""
    with home.writing() as session:
        session.command.words = "handoffctl delete --taken-back"
        session.command.kind = FORGETTING
        count = forget_rows(session)
        session.command.final = "nothing of it was kept\nWhat came before it: handoffctl undo --further"
        session.log("Forgot what was taken back.")
    overwrite(home.database)
    return count
