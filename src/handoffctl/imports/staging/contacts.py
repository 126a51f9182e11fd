"""Resolves the contacts of an export: those with rows of their own, and those that deals name."""

from handoffctl.imports.staging.accounts import assign_ids
from handoffctl.imports.staging.database import StagingDb


def resolve_contacts(staging: StagingDb) -> None:
    """Builds `contacts`: each contact once, at its account, with the id it has or will have."""
    _drop_repeated(staging)
    match_existing_accounts(staging, "contact")
    staging.execute("""
        INSERT INTO incoming.skipped SELECT file, row, CASE
            WHEN account_key IS NOT NULL THEN 'belongs to the account "' || account_key || '", which is not there'
            WHEN coalesce(account, domain) IS NOT NULL
                THEN 'belongs to the account "' || coalesce(account, domain) || '", which is not there'
            ELSE 'has no account' END
        FROM incoming.contact WHERE account_id IS NULL""")
    staging.execute("""
        CREATE TABLE incoming.contacts (
            no INTEGER PRIMARY KEY, key TEXT, account_id INT, name TEXT, folded TEXT, email TEXT, phone TEXT,
            title TEXT, old_id INT, id INT)""")
    staging.execute("""
        INSERT INTO incoming.contacts (key, account_id, name, folded, email, phone, title)
        SELECT key, account_id, name, folded(name), email, phone, title FROM incoming.contact
        WHERE account_id IS NOT NULL ORDER BY rowid""")
    staging.execute("CREATE INDEX incoming.contacts_by_email ON contacts (account_id, email)")
    staging.execute("CREATE INDEX incoming.contacts_by_name ON contacts (account_id, folded)")
    # Without an id, two rows with the same values are one person.
    staging.execute("""
        DELETE FROM incoming.contacts AS p WHERE key IS NULL AND EXISTS (
            SELECT 1 FROM incoming.contacts AS o WHERE o.account_id = p.account_id AND o.no < p.no
            AND (o.email = p.email OR (o.folded = p.folded AND o.email IS p.email)))""")
    _add_contacts_of_deals(staging)
    _match_existing(staging)
    assign_ids(staging, "contacts", "contact")


def _drop_repeated(staging: StagingDb) -> None:
    staging.execute("""
        INSERT INTO incoming.skipped SELECT file, row, 'repeats the id of row ' || first FROM (
            SELECT file, row, rowid AS id, min(rowid) OVER same AS first_id, first_value(row) OVER same AS first
            FROM incoming.contact WHERE key IS NOT NULL WINDOW same AS (PARTITION BY key ORDER BY rowid))
        WHERE id > first_id""")
    staging.execute("""
        DELETE FROM incoming.contact WHERE key IS NOT NULL
        AND rowid > (SELECT min(rowid) FROM incoming.contact AS f WHERE f.key = contact.key)""")


def match_existing_accounts(staging: StagingDb, table: str) -> None:
    """Links rows to accounts that only the records have, by a name or a domain that only one of them has.

    A name or a domain that several accounts of the export share links to none of them. Without that rule, the first
    import would find no account and the next import of the same files the one that the first has just written.
    """
    for column, folded_column, value in (("account", "folded", "folded(t.account)"), ("domain", "domain", "t.domain")):
        staging.execute(f"""
            UPDATE incoming.{table} SET account_id = f.account FROM (
                SELECT t.rowid AS id, min(a.id) AS account
                FROM incoming.{table} AS t JOIN account AS a ON a.{folded_column} = {value}
                WHERE t.account_id IS NULL AND t.{column} IS NOT NULL AND a.test = 0 AND NOT a.unnamed
                AND NOT EXISTS (SELECT 1 FROM incoming.accounts AS w WHERE w.{folded_column} = {value})
                GROUP BY t.rowid HAVING count(*) = 1) AS f
            WHERE f.id = {table}.rowid""")


def _add_contacts_of_deals(staging: StagingDb) -> None:
    """Adds contacts that only deals name, once for each account."""
    staging.execute("""
        INSERT INTO incoming.contacts (account_id, name, folded, email, phone, title)
        SELECT account_id, contact_name, folded(contact_name), contact_email, contact_phone, contact_title FROM (
            SELECT *, row_number() OVER (
                PARTITION BY account_id, coalesce(contact_email, folded(contact_name)) ORDER BY no) AS n
            FROM incoming.deals WHERE contact_name IS NOT NULL AND account_id IS NOT NULL) AS f
        WHERE n = 1
          AND NOT EXISTS (SELECT 1 FROM incoming.contact AS c WHERE c.key = f.contact_key)
          AND NOT EXISTS (SELECT 1 FROM incoming.contact AS c WHERE c.email = f.contact_email)
          AND NOT EXISTS (SELECT 1 FROM incoming.contacts AS p
                          WHERE p.account_id = f.account_id AND p.folded = folded(f.contact_name)
                          AND f.contact_email IS NULL)
        ORDER BY no""")


def _match_existing(staging: StagingDb) -> None:
    """Finds contacts among the records: by their id in this export, else at the same account by address or name."""
    if not staging.exists("contact"):
        return
    staging.execute("""UPDATE incoming.contacts SET old_id = (SELECT contact_id FROM origin
                   WHERE record_key = :origin || 'contact:' || key) WHERE key IS NOT NULL""")  # fmt: skip
    for join_condition in ("c.email = p.email", "c.folded = p.folded AND (p.email IS NULL OR c.email IS NULL)"):
        staging.execute(f"""
            UPDATE incoming.contacts SET old_id = f.id FROM (
                SELECT min(p.no) AS no, c.id FROM incoming.contacts AS p
                JOIN contact AS c ON c.account_id = p.account_id AND {join_condition}
                WHERE p.old_id IS NULL AND c.id NOT IN (SELECT old_id FROM incoming.contacts WHERE old_id IS NOT NULL)
                GROUP BY c.id) AS f
            WHERE f.no = contacts.no""")
