"""What an import is about to write, read from the staging tables: counts, the first deals, rows left out, remarks."""

from typing import NamedTuple

from handoffctl.imports.staging.database import StagingDb

MOST_SHOWN = 5

_COUNT_SQL = {
    "accounts_created": "SELECT count(*) FROM incoming.accounts WHERE old_id IS NULL",
    "unnamed": "SELECT count(*) FROM incoming.deals WHERE fate = 'new' AND account_no IS NULL",
    "accounts_updated": """SELECT count(*) FROM incoming.accounts AS w JOIN account AS a ON a.id = w.old_id
                           WHERE a.domain IS NULL AND w.domain IS NOT NULL""",
    "contacts_created": "SELECT count(*) FROM incoming.contacts WHERE old_id IS NULL",
    "contacts_updated": """SELECT count(*) FROM incoming.contacts AS p JOIN contact AS c ON c.id = p.old_id
                           WHERE (c.email IS NULL AND p.email IS NOT NULL) OR (c.phone IS NULL AND p.phone IS NOT NULL)
                           OR (c.title IS NULL AND p.title IS NOT NULL)
                           OR (c.name = c.email AND p.name <> p.email)""",
    "deals_created": "SELECT count(*) FROM incoming.deals WHERE fate = 'new'",
    "deals_updated": "SELECT count(*) FROM incoming.deals WHERE fate <> 'new' AND (fate = 'follows' OR changed)",
    "deals_unchanged": "SELECT count(*) FROM incoming.deals WHERE fate <> 'new' AND NOT (fate = 'follows' OR changed)",
    "visits": """SELECT (SELECT count(*) FROM incoming.stay) - (
                     SELECT coalesce(sum(min(arriving, iif(fate = 'follows', kept, arriving))), 0) FROM (
                         SELECT fate, (SELECT count(*) FROM incoming.stay AS s WHERE s.no = f.no) AS arriving,
                                (SELECT count(*) FROM visit AS v WHERE v.deal_id = f.old_id) AS kept
                         FROM incoming.deals AS f WHERE fate <> 'new'))""",
    "touches": "SELECT count(*) FROM incoming.touch",
    "touches_without_deal": "SELECT count(*) FROM incoming.touch WHERE deal_id IS NULL",
}  # fmt: skip


class ImportCounts(NamedTuple):
    """How many records an import creates, changes and leaves as they are."""

    accounts_created: int
    unnamed: int  # accounts without a name, called after their deal
    accounts_updated: int
    contacts_created: int
    contacts_updated: int
    deals_created: int
    deals_updated: int
    deals_unchanged: int
    visits: int  # stays in a stage
    touches: int
    touches_without_deal: int


class PreviewStay(NamedTuple):
    """A stay of a deal to be recorded; `entered_at` is None where the export does not date it."""

    stage: str
    title: str
    entered_at: str | None


class DealPreview(NamedTuple):
    """A deal as it would be recorded, with its amount in units of the currency.

    `fate` says what happens to it: new, same, follows or worked on.
    """

    account: str
    deal: str | None
    fate: str
    amount: float | None
    owner: str | None
    stays: list[PreviewStay]


class StagedSkip(NamedTuple):
    """A staged row that is left out, by the number of its file and its row in it."""

    file: int
    row: int
    reason: str


class RowNote(NamedTuple):
    """A remark on some rows of one file, which is given by its number."""

    file: int
    text: str
    rows: list[int]


class UndatedCount(NamedTuple):
    """How many new deals there are, and how many of them have no date for their present stage."""

    deals: int
    undated: int


def count_changes(staging: StagingDb) -> ImportCounts:
    """Counts what will be written."""
    return ImportCounts(**{name: staging.scalar(sql) for name, sql in _COUNT_SQL.items()})


def preview_deals(staging: StagingDb) -> list[DealPreview]:
    """The deals of the first rows of the export."""
    rows = staging.fetch_all(f"""
        SELECT f.*, coalesce(w.name, (SELECT name FROM account AS a WHERE a.id = f.account_id),
                             f.name, f.contact_name, f.contact_email, f.key) AS called
        FROM incoming.deals AS f LEFT JOIN incoming.accounts AS w ON w.no = f.account_no
        ORDER BY f.file, f.row, f.no LIMIT {MOST_SHOWN}""")
    return [
        DealPreview(
            row["called"],
            row["name"] or row["key"],
            row["fate"],
            None if row["amount_cents"] is None else row["amount_cents"] / 100,
            row["owner"],
            _preview_stays(staging, row["no"]),
        )
        for row in rows
    ]


def _preview_stays(staging: StagingDb, deal_no: int) -> list[PreviewStay]:
    rows = staging.stream("""
        SELECT t.name, t.title, s.entered FROM incoming.stay AS s JOIN incoming.stage AS t ON t.id = s.stage
        WHERE s.no = :no ORDER BY s.number""", no=deal_no)  # fmt: skip
    return [PreviewStay(*row) for row in rows]


def read_skipped(staging: StagingDb) -> list[StagedSkip]:
    """The staged rows that are left out, because what they belong to is not there or they repeat another row."""
    rows = staging.stream("SELECT file, row, reason FROM incoming.skipped ORDER BY file, row, reason")
    return [StagedSkip(*row) for row in rows]


def is_empty(staging: StagingDb) -> bool:
    """True if no record at all was staged."""
    kinds = ("account", "contact", "deal", "entry", "touch")
    return not any(staging.exists(f"incoming.{kind}") for kind in kinds)


def named_accounts(staging: StagingDb) -> list[int]:
    """The ids of the accounts in this export that have a name of their own."""
    return [row["id"] for row in staging.stream("SELECT id FROM incoming.accounts")]


def count_undated(staging: StagingDb) -> UndatedCount:
    """Counts the new deals, and those whose present stage has no date."""
    present = "(SELECT at FROM incoming.stay AS s WHERE s.no = f.no ORDER BY number DESC LIMIT 1)"
    row = staging.fetch_all(f"SELECT count(*), sum({present} IS NULL) FROM incoming.deals AS f WHERE fate = 'new'")[0]
    return UndatedCount(row[0], row[1] or 0)


def deals_kept_back(staging: StagingDb) -> list[str]:
    """The accounts of deals that were worked on here and that the export has in another stage, as slugs."""
    return [row[0] for row in staging.stream("""
        SELECT a.slug FROM incoming.deals AS f JOIN account AS a ON a.id = f.account_id
        WHERE f.fate = 'worked on' AND f.outside_stage IS NOT NULL ORDER BY f.no""")]  # fmt: skip


def noted_rows(staging: StagingDb) -> list[RowNote]:
    """Remarks on rows that are recorded in a way the user may not expect, one for each remark and file."""
    notes = []
    for sentence, sql in (
        ("the account of the deal is not in the export, so the deal stands alone",
         "SELECT file, row FROM incoming.deals WHERE fate = 'new' AND account_no IS NULL AND account_key IS NOT NULL"),
        ("the stage of the deal is not the one that its changes end in, and follows it",
         """SELECT file, row FROM incoming.deals AS f WHERE fate = 'new' AND listed AND EXISTS (
                SELECT 1 FROM incoming.stay AS s JOIN incoming.stay AS b ON b.no = s.no AND b.number = s.number - 1
                WHERE s.no = f.no AND s.basis = 3 AND b.basis = 2)"""),
        ("touches that belong to no deal are kept at their account",
         "SELECT file, row FROM incoming.touch WHERE deal_id IS NULL"),
    ):  # fmt: skip
        by_file: dict[int, list[int]] = {}
        for row in staging.stream(sql):
            by_file.setdefault(row["file"], []).append(row["row"])
        notes += [RowNote(file, sentence, rows) for file, rows in by_file.items()]
    return notes
