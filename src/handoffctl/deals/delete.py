"""Erases an account, or what undo took back, permanently; counts beforehand what would be lost."""

from glob import escape

from handoffctl.db import command_query as commands
from handoffctl.db.erase import erase as erase_rows
from handoffctl.db.erase import forget_taken_back as forget_rows
from handoffctl.db.erase import overwrite
from handoffctl.db.query import Query
from handoffctl.db.undone import FORGETTING, undone_commands
from handoffctl.deals import lookup_query
from handoffctl.deals.counts_query import count_records, count_records_of_deals
from handoffctl.deals.lookup_query import Account
from handoffctl.errors import NotFound, NotReady
from handoffctl.workspace.home import Home


def what_goes(home: Home, ref: str) -> tuple[Account, dict[str, int]]:
    """Returns the account that `delete` would erase, and how many records of each sort go with it.

    Raises NotFound unless the whole name is given.
    """
    with home.reading() as query:
        account = _whole_name(query, ref)
        return account, {
            "contacts": count_records(query, "contact", account.id),
            "deals": count_records(query, "deal", account.id),
            "touches": count_records(query, "touch", account.id),
            "summaries": count_records_of_deals(query, "summary", account.id),
            "handoffs": count_records_of_deals(query, "handoff", account.id),
        }


def _whole_name(query: Query, ref: str) -> Account:
    try:
        return lookup_query.account(query, ref)
    except NotFound as fault:
        undos = commands.undo_pairs(query)
        if commands.count_with_words(query, undone_commands(undos.items()) - undos.keys()):
            hint = f"{fault.hint} If undo took it back, this forgets it: handoffctl delete --taken-back".strip()
            raise NotFound(fault.message, hint, fault.problems) from None
        raise


def copies_left(home: Home) -> list[str]:
    """Returns the paths of copies beside the database that may still hold what was erased.

    These are copies of an older schema, those replaced by `restore` and leftovers of an interrupted one. Copies that
    the user keeps elsewhere are unknown to the program.
    """
    name = escape(home.database.name)
    patterns = [f"{name}.{kind}" for kind in ("schema-*", "replaced-*", "part*")]
    paths = (path for pattern in [*patterns, f".{name}.*"] for path in home.database.parent.glob(pattern))
    return sorted(map(str, paths))


def erase(home: Home, ref: str) -> Account:
    """Erases everything about the account, including its history and its lines in the log, then overwrites the freed
    database pages. Raises NotFound."""
    with home.writing() as session:
        account = lookup_query.account(session.query, ref)
        session.command.words = "handoffctl delete ACCOUNT"
        erase_rows(session, account.id)
        session.command.final = "nothing of it was kept\nWhat was done before it cannot be taken back either."
        session.log("Erased an account with everything about it.")
    overwrite(home.database)
    return account


def taken_back_so_far(home: Home) -> int:
    """Returns how many undone commands still have their text and records. Raises NotReady if there are none."""
    with home.reading() as query:
        undos = commands.undo_pairs(query)
        count = commands.count_with_words(query, undone_commands(undos.items()) - undos.keys())
    if not count:
        raise NotReady("There is nothing that was taken back.", "See what happened: handoffctl log")
    return count


def forget_taken_back(home: Home) -> int:
    """Erases undone commands permanently, so that they cannot be redone; commands in effect can still be undone.

    Returns how many commands were erased.
    """
    with home.writing() as session:
        session.command.words = "handoffctl delete --taken-back"
        session.command.kind = FORGETTING
        count = forget_rows(session)
        session.command.final = "nothing of it was kept\nWhat came before it: handoffctl undo --further"
        session.log("Forgot what was taken back.")
    overwrite(home.database)
    return count
