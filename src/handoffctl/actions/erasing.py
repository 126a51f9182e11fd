"""Erases an account for good, and tells beforehand how much would go with it."""

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
    """Copies of the database that were set aside before its schema was raised; they still hold what was erased."""
    return sorted(str(path) for path in home.database.parent.glob(f"{home.database.name}.schema-*"))


def erase(home: Home, ref: str) -> Account:
    """Erases everything about the account, its history and the log's words included, and the pages it stood on."""
    from handoffctl.store.erasing import erase as erase_rows
    from handoffctl.store.erasing import overwrite

    with home.writing() as pen:
        account = finding.account(pen.ask, ref, beginnings=False)
        pen.command.words = "handoffctl delete ACCOUNT"
        erase_rows(pen, account.id)
        pen.command.final = "an erasure cannot be undone"
        pen.says("Erased an account with everything about it.")
    overwrite(home.database)
    return account
