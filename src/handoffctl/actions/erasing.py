"""Erases an account for good, and tells beforehand how much would go with it."""

from glob import escape

from handoffctl.actions.home import Home
from handoffctl.views import finding
from handoffctl.views.finding import Account

_DEALS = "SELECT id FROM deal WHERE account_id = :id"


def what_goes(home: Home, ref: str) -> tuple[Account, dict[str, int]]:
    """The account that `delete` would erase, and how much goes with it. Needs the whole name."""
    with home.reading() as ask:
        account = finding.account(ask, ref, beginnings=False)
        counts = {
            "contacts": "SELECT count(*) FROM contact WHERE account_id = :id",
            "deals": "SELECT count(*) FROM deal WHERE account_id = :id",
            "touches": "SELECT count(*) FROM touch WHERE account_id = :id",
            "summaries": f"SELECT count(*) FROM summary WHERE deal_id IN ({_DEALS})",
            "handoffs": f"SELECT count(*) FROM handoff WHERE deal_id IN ({_DEALS})",
        }
        return account, {name: ask(sql, id=account.id)[0][0] for name, sql in counts.items()}


def copies_left(home: Home) -> list[str]:
    """Copies beside the database, which still hold what was erased: of an older schema, replaced by `restore`, or left
    in the middle of one. Those that the user put elsewhere nobody knows."""
    name = escape(home.database.name)
    kinds = ("schema-*", "replaced-*", "part*")
    return sorted(str(path) for kind in kinds for path in home.database.parent.glob(f"{name}.{kind}"))


def erase(home: Home, ref: str) -> Account:
    """Erases everything about the account, its history and the log's words included, and the pages it stood on."""
    from handoffctl.store.erasing import erase as erase_rows
    from handoffctl.store.erasing import overwrite

    with home.writing() as pen:
        account = finding.account(pen.ask, ref, beginnings=False)
        pen.command.words = "handoffctl delete ACCOUNT"
        erase_rows(pen, account.id)
        pen.command.final = "nothing of it was kept\nWhat was done before it cannot be taken back either."
        pen.says("Erased an account with everything about it.")
    overwrite(home.database)
    return account
