"""Resolves the accounts of an export: which are among the records, by id, name or domain, and which are new."""

from collections.abc import Sequence

from handoffctl.imports.staging.database import StagingDb

# The staging tables whose rows belong to accounts, and the kinds of row that they were made from.
KINDS_BY_TABLE = {"deals": ("deal", "entry"), "contact": ("contact",), "touch": ("touch",)}


def resolve_accounts(staging: StagingDb) -> None:
    """Builds `accounts`: each named account once, with its id, and links deals, contacts and touches to them.

    Deals that name no account get accounts of their own later, in `classify_deals`.
    """
    staging.execute("""
        CREATE TABLE incoming.accounts (no INTEGER PRIMARY KEY, key TEXT UNIQUE, name TEXT, folded TEXT, domain TEXT,
                                   old_id INT, id INT, slug TEXT, file INT, row INT)""")
    for table in ("contact", "touch"):
        staging.execute(f"ALTER TABLE incoming.{table} ADD COLUMN account_no INT")
        staging.execute(f"ALTER TABLE incoming.{table} ADD COLUMN account_id INT")
    _add_listed(staging)
    naming_tables = [
        table
        for table, kinds in KINDS_BY_TABLE.items()
        if any(staging.has_columns(kind, "account_key", "account", "domain") for kind in kinds)
    ]
    for table in naming_tables:
        _add_imported_before(staging, table)
    if "deals" in naming_tables:
        _add_named_by_deals(staging)
    for table in naming_tables:
        _assign_accounts(staging, table, "account_key", "account")
    _take_domains_of_contacts(staging)
    for table in naming_tables:
        _assign_accounts(staging, table, "domain")
    _assign_through_contacts(staging)
    _match_existing(staging)
    assign_ids(staging, "accounts", "account")
    _assign_slugs(staging)
    for table in KINDS_BY_TABLE:
        if staging.exists(f"incoming.{table} WHERE account_no IS NOT NULL"):
            staging.execute(f"""UPDATE incoming.{table} SET account_id = w.id FROM incoming.accounts AS w
                            WHERE w.no = {table}.account_no""")


def _add_listed(staging: StagingDb) -> None:
    """Adds the accounts that have rows of their own."""
    staging.execute("""
        INSERT INTO incoming.skipped SELECT file, row, 'repeats the id of row ' || first FROM (
            SELECT file, row, rowid AS id, min(rowid) OVER same AS first_id, first_value(row) OVER same AS first
            FROM incoming.account WHERE account_key IS NOT NULL
            WINDOW same AS (PARTITION BY account_key ORDER BY rowid)) WHERE id > first_id""")
    staging.execute("""
        INSERT OR IGNORE INTO incoming.accounts (key, name, domain, file, row)
        SELECT coalesce(account_key, 'name:' || folded(account)), account, domain, file, row
        FROM incoming.account ORDER BY rowid""")
    staging.execute("UPDATE incoming.accounts SET folded = folded(name)")
    staging.execute("CREATE INDEX incoming.accounts_by_name ON accounts (folded)")
    staging.execute("CREATE INDEX incoming.accounts_by_domain ON accounts (domain)")


def _add_imported_before(staging: StagingDb, table: str) -> None:
    """Adds accounts from an earlier import that this export only names by their id."""
    if not _has_values(staging, table, "account_key"):
        return
    staging.execute(f"""
        INSERT OR IGNORE INTO incoming.accounts (key, name, folded, domain)
        SELECT DISTINCT t.account_key, a.name, a.folded, a.domain FROM incoming.{table} AS t
        JOIN origin AS o ON o.record_key = :origin || 'account:' || t.account_key
        JOIN account AS a ON a.id = o.account_id
        """)  # fmt: skip


def _add_named_by_deals(staging: StagingDb) -> None:
    """Adds accounts that no row lists but a deal names, if that deal is new or had no account so far.

    Contacts alone add none: programs are full of people nobody ever sold to.
    """
    for condition, key, name, existing in (
        ("account_key IS NOT NULL AND account IS NOT NULL", "account_key", "account", "FALSE"),
        ("account_key IS NULL AND account IS NOT NULL", "'name:' || folded(account)", "account",
         "EXISTS (SELECT 1 FROM incoming.accounts AS w WHERE w.folded = folded(f.account))"),
        ("account_key IS NULL AND account IS NULL AND domain IS NOT NULL", "'domain:' || domain", "domain",
         "EXISTS (SELECT 1 FROM incoming.accounts AS w WHERE w.domain = f.domain)"),
    ):  # fmt: skip
        staging.execute(f"""
            INSERT OR IGNORE INTO incoming.accounts (key, name, folded, domain, file, row)
            SELECT {key}, {name}, folded({name}), domain, file, row FROM incoming.deals AS f
            WHERE {condition} AND NOT {existing} AND (old_id IS NULL OR EXISTS (
                SELECT 1 FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE d.id = f.old_id AND a.unnamed
                AND NOT EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = d.id AND NOT v.imported)))
            ORDER BY row, no""")


def _assign_accounts(staging: StagingDb, table: str, *columns: str) -> None:
    """Links rows to the account they name: by id, by a name that only one account has, or by domain."""
    for column, join_condition in (
        ("account_key", "w.key = t.account_key"), ("account", "w.folded = folded(t.account)"),
        ("domain", "w.domain = t.domain"),
    ):  # fmt: skip
        if column in columns and _has_values(staging, table, column):
            staging.execute(f"""
                UPDATE incoming.{table} SET account_no = f.no FROM (
                    SELECT t.rowid AS id, min(w.no) AS no
                    FROM incoming.{table} AS t JOIN incoming.accounts AS w ON {join_condition}
                    WHERE t.account_no IS NULL AND t.{column} IS NOT NULL GROUP BY t.rowid HAVING count(*) = 1) AS f
                WHERE f.id = {table}.rowid""")


def _has_values(staging: StagingDb, table: str, column: str) -> bool:
    return staging.exists(f"incoming.{table} WHERE {column} IS NOT NULL")


def _assign_through_contacts(staging: StagingDb) -> None:
    """Links deals that name only a contact to its account, and contacts without an account to their deal's."""
    if not staging.staged_columns.get("contact"):
        return
    staging.execute("CREATE INDEX incoming.contact_by_key ON contact (key)")
    staging.execute("CREATE INDEX incoming.contact_by_email ON contact (email)")
    for person, deal in (("key", "contact_key"), ("email", "contact_email")):
        if not staging.exists(f"incoming.deals WHERE {deal} IS NOT NULL"):
            continue
        staging.execute(f"""
            UPDATE incoming.deals SET account_no = (
                SELECT min(c.account_no) FROM incoming.contact AS c WHERE c.{person} = deals.{deal})
            WHERE account_no IS NULL AND {deal} IS NOT NULL""")
        staging.execute(f"CREATE INDEX incoming.deals_by_{deal} ON deals ({deal})")
        staging.execute(f"""
            UPDATE incoming.contact SET account_no = (
                SELECT min(f.account_no) FROM incoming.deals AS f WHERE f.{deal} = contact.{person})
            WHERE account_no IS NULL AND {person} IS NOT NULL""")


def _take_domains_of_contacts(staging: StagingDb) -> None:
    """Takes the domain of an account from its contacts, if only they have it."""
    if staging.has_columns("contact", "domain") and staging.has_columns("contact", "account", "account_key"):
        staging.execute("""
            UPDATE incoming.accounts SET domain = (
                SELECT min(c.domain) FROM incoming.contact AS c WHERE c.account_no = accounts.no)
            WHERE domain IS NULL""")


def _match_existing(staging: StagingDb) -> None:
    """Finds accounts among the records: by their id in this export, else by a name or a domain that only one has."""
    if not staging.exists("account"):
        return
    staging.execute("""UPDATE incoming.accounts SET old_id = (SELECT account_id FROM origin
                   WHERE record_key = :origin || 'account:' || key)""")  # fmt: skip
    # A record with another id in this export is another account; an account that is only named may be that record.
    is_unclaimed = """(w.key GLOB 'name:*' OR w.key GLOB 'domain:*' OR NOT EXISTS (
                   SELECT 1 FROM origin AS o WHERE o.account_id = a.id AND o.record_key >= :origin
                   AND o.record_key < :end AND o.record_key NOT GLOB :origin || 'account:name:*'
                   AND o.record_key NOT GLOB :origin || 'account:domain:*'))"""
    for join_condition in ("a.folded = w.folded", "a.domain = w.domain AND w.key = 'domain:' || w.domain",
                           "a.domain = w.domain AND a.folded = a.domain"):  # fmt: skip
        staging.execute(
            f"""
            UPDATE incoming.accounts SET old_id = f.id FROM (
                SELECT min(no) AS no, id FROM (
                    SELECT w.no, min(a.id) AS id FROM incoming.accounts AS w JOIN account AS a ON {join_condition}
                    WHERE w.old_id IS NULL AND a.test = 0 AND NOT a.unnamed AND {is_unclaimed}
                    GROUP BY w.no HAVING count(*) = 1)
                GROUP BY id) AS f
            WHERE f.no = accounts.no AND f.id NOT IN (SELECT old_id FROM incoming.accounts WHERE old_id IS NOT NULL)""",
            end=f"{staging.system};",
        )


def assign_ids(staging: StagingDb, table: str, records: str) -> None:
    """Gives new rows the ids after those of the records. Nobody else writes during the transaction."""
    newest = staging.scalar(f"SELECT max(id) FROM {records}")
    staging.execute(f"UPDATE incoming.{table} SET id = coalesce(old_id, :newest + no)", newest=newest)


def _assign_slugs(staging: StagingDb) -> None:
    staging.execute("UPDATE incoming.accounts SET slug = slug(name) WHERE old_id IS NULL")
    staging.execute("CREATE INDEX incoming.accounts_by_slug ON accounts (slug)")
    make_slugs_unique(staging, "accounts", "slug", "old_id IS NULL", ("account AS o WHERE o.slug",))


def make_slugs_unique(
    staging: StagingDb, table: str, column: str, new: str, taken: Sequence[str], within: str | None = None
) -> None:
    """Numbers the slugs that are taken, or that several new rows have: `acme-2`, `acme-3`.

    `taken` lists the tables and conditions of slugs that exist. Slugs must be unique among the rows with the same
    value of the column `within`, or everywhere if it is None.
    """
    same_group = f"AND o.{within} = t.{within}" if within else ""
    earlier = f"incoming.{table} AS o WHERE o.no < t.no AND {new} AND o.{column}"
    clash = " OR ".join(f"EXISTS (SELECT 1 FROM {place} = t.{column} {same_group})" for place in (*taken, earlier))
    clashing = staging.fetch_all(f"""SELECT no, {column} AS slug, {within or 0} AS among FROM incoming.{table} AS t
                              WHERE {new} AND ({clash}) ORDER BY no""")  # fmt: skip
    own = f"incoming.{table} AS o WHERE o.{column}"
    in_group = f"AND o.{within} = :among" if within else ""
    free = " OR ".join(f"EXISTS (SELECT 1 FROM {place} = :slug {in_group})" for place in (*taken, own))
    numbers: dict[tuple[object, str], int] = {}
    for row in clashing:
        number = numbers.get((row["among"], row["slug"]), 2)
        while staging.scalar(f"SELECT {free}", slug=f"{row['slug']}-{number}", among=row["among"]):
            number += 1
        numbers[row["among"], row["slug"]] = number + 1
        staging.execute(f"UPDATE incoming.{table} SET {column} = :slug WHERE no = :no",
                        slug=f"{row['slug']}-{number}", no=row["no"])  # fmt: skip
