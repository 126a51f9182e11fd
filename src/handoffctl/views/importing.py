"""What the records already hold of an export: origins, names and stays, read at once."""

from collections import defaultdict
from dataclasses import dataclass, field

from handoffctl.views.ask import Ask, Row

_COUNTED = ("account", "contact", "deal", "path")


@dataclass
class Known:
    """Everything the plan of an import compares with."""

    by_origin: dict[str, int]
    accounts: dict[int, Row]
    contacts: dict[int, Row]
    deals: dict[int, Row]
    by_name: dict[str, list[int]]
    claimed: set[int]
    slugs: set[str]
    with_contact: set[int]
    deal_slugs: dict[int, set[str]]
    visits: dict[int, list[Row]]
    told: dict[int, set[str]]
    paths: dict[str, int]
    newest: dict[str, int] = field(default_factory=dict)

    def next_id(self, table: str) -> int:
        self.newest[table] += 1
        return self.newest[table]


def known_before(ask: Ask, system: str) -> Known:
    """All records, and which of them came from this system before."""
    accounts = ask("SELECT id, slug, folded, domain FROM account")
    contacts = ask("SELECT id, account_id, name, email, phone, title FROM contact")
    deals = ask("SELECT * FROM deal")
    by_name, deal_slugs = defaultdict(list), defaultdict(set)
    for row in accounts:
        by_name[row["folded"]].append(row["id"])
    for row in deals:
        deal_slugs[row["account_id"]].add(row["slug"])
    origins = ask(
        "SELECT * FROM origin WHERE record_key >= :start AND record_key < :end", start=f"{system}:", end=f"{system};"
    )
    return Known(
        {row["record_key"]: row["account_id"] or row["contact_id"] or row["deal_id"] for row in origins},
        {row["id"]: row for row in accounts},
        {row["id"]: row for row in contacts},
        {row["id"]: row for row in deals},
        dict(by_name),
        {row["account_id"] for row in origins if row["account_id"]},
        {row["slug"] for row in accounts},
        {row["account_id"] for row in contacts},
        dict(deal_slugs),
        _visits_of({row["deal_id"] for row in origins if row["deal_id"]}, ask),
        _told(ask),
        {row["stages"]: row["id"] for row in ask("SELECT id, stages FROM path")},
        {table: ask(f"SELECT coalesce(max(id), 0) FROM {table}")[0][0] for table in _COUNTED},
    )


def _visits_of(deals: set[int], ask: Ask) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    if deals:
        sql = """SELECT id, deal_id, number, playbook, stage, entered_at, owner, ended, imported FROM visit
                 ORDER BY deal_id, number"""
        for row in ask(sql):
            if row["deal_id"] in deals:
                found[row["deal_id"]].append(row)
    return dict(found)


def _told(ask: Ask) -> dict[int, set[str]]:
    """Built-in values that somebody set here, by deal: the column that holds each."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in ask("SELECT DISTINCT deal_id, name FROM field_value WHERE name LIKE 'deal.%' AND deal_id IS NOT NULL"):
        column = row["name"].removeprefix("deal.")
        found[row["deal_id"]].add("amount_cents" if column == "amount" else column)
    return dict(found)
