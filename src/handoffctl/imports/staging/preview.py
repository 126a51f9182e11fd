"""What arrived, looked at before it is written: the first deals as they would stand, rows left out, remarks."""

from dataclasses import dataclass
from typing import Any

from handoffctl.imports.staging.database import Incoming

MOST_NAMED = 10
MOST_SHOWN = 5


COUNTS = {
    "accounts_created": "SELECT count(*) FROM incoming.who WHERE there IS NULL",
    "unnamed": "SELECT count(*) FROM incoming.found WHERE fate = 'new' AND account_no IS NULL",
    "accounts_updated": """SELECT count(*) FROM incoming.who AS w JOIN account AS a ON a.id = w.there
                           WHERE a.domain IS NULL AND w.domain IS NOT NULL""",
    "contacts_created": "SELECT count(*) FROM incoming.person WHERE there IS NULL",
    "contacts_updated": """SELECT count(*) FROM incoming.person AS p JOIN contact AS c ON c.id = p.there
                           WHERE (c.email IS NULL AND p.email IS NOT NULL) OR (c.phone IS NULL AND p.phone IS NOT NULL)
                           OR (c.title IS NULL AND p.title IS NOT NULL)
                           OR (c.name = c.email AND p.name <> p.email)""",
    "deals_created": "SELECT count(*) FROM incoming.found WHERE fate = 'new'",
    "deals_updated": "SELECT count(*) FROM incoming.found WHERE fate <> 'new' AND (fate = 'follows' OR changed)",
    "deals_unchanged": "SELECT count(*) FROM incoming.found WHERE fate <> 'new' AND NOT (fate = 'follows' OR changed)",
    "visits": """SELECT (SELECT count(*) FROM incoming.stay) - (
                     SELECT coalesce(sum(min(arriving, iif(fate = 'follows', kept, arriving))), 0) FROM (
                         SELECT fate, (SELECT count(*) FROM incoming.stay AS s WHERE s.no = f.no) AS arriving,
                                (SELECT count(*) FROM visit AS v WHERE v.deal_id = f.there) AS kept
                         FROM incoming.found AS f WHERE fate <> 'new'))""",
    "touches": "SELECT count(*) FROM incoming.touch",
    "touches_without_deal": "SELECT count(*) FROM incoming.touch WHERE deal_id IS NULL",
}  # fmt: skip


@dataclass(frozen=True)
class Before:
    """A deal as it would be recorded: its account, its amount in cents, and its stays with their beginnings."""

    account: str
    deal: str | None
    fate: str
    amount_cents: int | None
    owner: str | None
    stays: list[tuple[str, str, str | None]]  # stage, its title, since when

    def as_json(self) -> dict[str, Any]:
        amount = None if self.amount_cents is None else self.amount_cents / 100
        stays = [{"stage": stage, "title": title, "entered_at": at} for stage, title, at in self.stays]
        return {"account": self.account, "deal": self.deal, "fate": self.fate, "amount": amount,
                "owner": self.owner, "stays": stays}  # fmt: skip


def first_deals(incoming: Incoming) -> list[Before]:
    """The deals of the first rows."""
    found = []
    for row in incoming.rows(f"""
        SELECT f.*, coalesce(w.name, (SELECT name FROM account AS a WHERE a.id = f.account_id),
                             f.name, f.contact_name, f.contact_email, f.key) AS called
        FROM incoming.found AS f LEFT JOIN incoming.who AS w ON w.no = f.account_no
        ORDER BY f.file, f.row, f.no LIMIT {MOST_SHOWN}"""):
        stays = incoming.rows("""
            SELECT t.name, t.title, s.entered FROM incoming.stay AS s JOIN incoming.stage AS t ON t.id = s.stage
            WHERE s.no = :no ORDER BY s.number""", no=row["no"])  # fmt: skip
        ways = [(stay["name"], stay["title"], stay["entered"]) for stay in stays]
        found.append(
            Before(row["called"], row["name"] or row["key"], row["fate"], row["amount_cents"], row["owner"], ways)
        )
    return found


def left_out(incoming: Incoming) -> list[tuple[int, int, str]]:
    """Rows that belong to nothing, with the number of their file and the reason."""
    rows = incoming.each("SELECT file, row, reason FROM incoming.skipped ORDER BY file, row, reason")
    return [(row["file"], row["row"], row["reason"]) for row in rows]


def is_empty(incoming: Incoming) -> bool:
    """Whether nothing at all arrived."""
    kinds = ("account", "contact", "deal", "entry", "touch")
    return not any(incoming.any(f"incoming.{kind}") for kind in kinds)


def named_accounts(incoming: Incoming) -> list[int]:
    """The ids of the accounts with a name of their own that this export is about."""
    return [row["id"] for row in incoming.each("SELECT id FROM incoming.who")]


def without_a_date(incoming: Incoming) -> tuple[int, int]:
    """How many new deals there are, and of how many it is not known since when they are in their stage."""
    present = "(SELECT at FROM incoming.stay AS s WHERE s.no = f.no ORDER BY number DESC LIMIT 1)"
    row = incoming.rows(f"SELECT count(*), sum({present} IS NULL) FROM incoming.found AS f WHERE fate = 'new'")[0]
    return row[0], row[1] or 0


def kept_back(incoming: Incoming) -> list[str]:
    """The deals that were worked on here, and that the export has in another stage than the one they stand in."""
    return [row[0] for row in incoming.each("""
        SELECT a.slug FROM incoming.found AS f JOIN account AS a ON a.id = f.account_id
        WHERE f.fate = 'worked on' AND f.outside_stage IS NOT NULL ORDER BY f.no""")]  # fmt: skip


def rows_noted(incoming: Incoming) -> list[tuple[int, str, list[int]]]:
    """What one may not expect, by the number of the file, with the rows it holds for."""
    found = []
    for sentence, sql in (
        ("the account of the deal is not in the export, so the deal stands alone",
         "SELECT file, row FROM incoming.found WHERE fate = 'new' AND account_no IS NULL AND account_key IS NOT NULL"),
        ("the stage of the deal is not the one that its changes end in, and follows it",
         """SELECT file, row FROM incoming.found AS f WHERE fate = 'new' AND listed AND EXISTS (
                SELECT 1 FROM incoming.stay AS s JOIN incoming.stay AS b ON b.no = s.no AND b.number = s.number - 1
                WHERE s.no = f.no AND s.told = 3 AND b.told = 2)"""),
        ("touches that belong to no deal are kept at their account",
         "SELECT file, row FROM incoming.touch WHERE deal_id IS NULL"),
    ):  # fmt: skip
        by_file: dict[int, list[int]] = {}
        for row in incoming.each(sql):
            by_file.setdefault(row["file"], []).append(row["row"])
        found += [(file, sentence, rows) for file, rows in by_file.items()]
    return found


def counts(incoming: Incoming) -> dict[str, int]:
    """What will be written, by the names that `import --json` has."""
    return {name: incoming.one(sql) for name, sql in COUNTS.items()}
