"""Queries that several slices ask about deals and their stays: names of deals, and the playbooks that were used."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.db.query import Query
from handoffctl.deals.lookup_query import deal_ref

# The columns of stats.stays.Stay, in its order, of the table `visit` under the name v.
STAY_COLUMNS = (
    "v.id, v.deal_id, v.playbook, v.stage, v.kind, v.owner, v.entered_at, v.left_at, v.ended, v.days, v.command_id"
)

# The name by which commands find a deal, of the tables `deal` and `account` under the names d and a. The account's slug
# is enough for its only deal.
DEAL_REF = """CASE WHEN (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id) = 1 THEN a.slug
              ELSE a.slug || '/' || d.slug END"""


class DealName(NamedTuple):
    """A deal by its account's slug and name, its own slug, and `ref`, the shortest name by which commands find it."""

    id: int
    account: str
    name: str
    deal: str
    ref: str


def deal_names(query: Query, deals: Iterable[int]) -> dict[int, DealName]:
    """Returns the names of these deals by their ids."""
    ids = ", ".join(str(int(id)) for id in deals)
    sql = f"""SELECT d.id, a.slug AS account, a.name, d.slug AS deal, v.kind,
                     (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id) AS deals,
                     (SELECT count(*) FROM deal AS o JOIN visit AS w ON w.deal_id = o.id AND w.ended = 0
                      WHERE o.account_id = a.id AND w.kind = 'open') AS open_deals
              FROM deal AS d JOIN account AS a ON a.id = d.account_id
              JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0 WHERE d.id IN ({ids})"""
    return {
        row["id"]: DealName(
            row["id"], row["account"], row["name"], row["deal"],
            deal_ref(row["account"], row["deal"], row["kind"], row["deals"], row["open_deals"]),
        )
        for row in query(sql)
    }  # fmt: skip


def playbooks_used(query: Query) -> list[str]:
    """Returns the names of playbooks that deals are or were in; each has a stored revision.

    Playbooks used only by test accounts are left out, unless there are no others.
    """
    sql = """SELECT DISTINCT r.playbook FROM playbook_revision AS r
             LEFT JOIN command AS c ON c.id = r.command_id LEFT JOIN account AS a ON a.id = c.account_id
             WHERE coalesce(a.test, 0) = 0 OR EXISTS (
                 SELECT 1 FROM path AS p JOIN deal AS d ON d.path_id = p.id
                 JOIN account AS b ON b.id = d.account_id AND b.test = 0
                 WHERE instr('>' || p.stages, '>' || r.playbook || '/')) ORDER BY r.playbook"""
    rows = query(sql) or query("SELECT DISTINCT playbook FROM playbook_revision ORDER BY playbook")
    return [row[0] for row in rows]


def playbook_was_used(query: Query, name: str) -> bool:
    """True if a deal is or was in this playbook."""
    return bool(query("SELECT 1 FROM path WHERE instr('>' || stages, '>' || :name || '/') LIMIT 1", name=name))
