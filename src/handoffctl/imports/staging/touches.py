"""Resolves the deal of each touch, by id, address or domain, or else its account; skips touches without either."""

from handoffctl.imports.staging.contacts import match_existing_accounts
from handoffctl.imports.staging.database import StagingDb


def resolve_touches(staging: StagingDb) -> None:
    """Links every touch to its deal and account, and drops those that are already among the records."""
    if not staging.exists("incoming.touch"):
        staging.execute("ALTER TABLE incoming.touch ADD COLUMN deal_id INT")
        return
    staging.execute("ALTER TABLE incoming.touch ADD COLUMN deal_id INT")
    # Without an id, the values of a touch are its key: two rows with the same values are one touch.
    staging.execute("""
        UPDATE incoming.touch SET key = coalesce(deal, '') || ' '
            || coalesce(account_key, account, domain, email, contact_key, '') || ' ' || moment(at) || ' '
            || kind || ' ' || direction || ' ' || text WHERE key IS NULL""")
    _assign_by_deal_id(staging)
    _assign_by_deal_name(staging)
    _assign_by_account_id(staging)
    match_existing_accounts(staging, "touch")
    _assign_by_person(staging)
    _assign_by_domain(staging)
    _assign_only_deal(staging)
    staging.execute("""
        INSERT INTO incoming.skipped SELECT file, row, CASE
            WHEN deal IS NOT NULL THEN 'belongs to the deal "' || deal || '", which is not there'
            WHEN coalesce(email, domain, account, account_key, contact_key) IS NOT NULL
                THEN 'belongs to ' || substr(coalesce(email, domain, account, account_key, contact_key), 1, 80)
                     || ', which no account that is known has'
            ELSE 'names neither a deal nor an account' END
        FROM incoming.touch WHERE account_id IS NULL""")
    staging.execute("DELETE FROM incoming.touch WHERE account_id IS NULL")
    staging.execute("""
        DELETE FROM incoming.touch WHERE rowid NOT IN (SELECT min(rowid) FROM incoming.touch GROUP BY key)
        OR EXISTS (SELECT 1 FROM origin WHERE record_key = :origin || 'touch:' || key)""")  # fmt: skip


def _assign_by_deal_id(staging: StagingDb) -> None:
    staging.execute("""
        UPDATE incoming.touch SET deal_id = f.id, account_id = f.account_id FROM incoming.deals AS f
        WHERE f.key = touch.deal""")
    staging.execute("""
        UPDATE incoming.touch SET deal_id = d.id, account_id = d.account_id FROM origin AS o JOIN deal AS d
            ON d.id = o.deal_id
        WHERE touch.deal_id IS NULL AND touch.deal IS NOT NULL
          AND o.record_key = :origin || 'deal:' || touch.deal""")


def _assign_by_deal_name(staging: StagingDb) -> None:
    """Links touches by the title of their deal, as some programs export it, if only one deal has that title."""
    for deals in ("SELECT name, id, account_id FROM incoming.deals", "SELECT name, id, account_id FROM deal"):
        if staging.exists("incoming.touch WHERE deal IS NOT NULL AND deal_id IS NULL"):
            staging.execute(f"""
                UPDATE incoming.touch SET deal_id = d.id, account_id = d.account_id FROM (
                    SELECT folded(name) AS name, min(id) AS id, min(account_id) AS account_id FROM ({deals})
                    WHERE name IS NOT NULL GROUP BY folded(name) HAVING count(DISTINCT id) = 1) AS d
                WHERE touch.deal_id IS NULL AND folded(touch.deal) = d.name
                  AND coalesce(touch.account_id, d.account_id) = d.account_id""")


def _assign_by_account_id(staging: StagingDb) -> None:
    """Links touches whose deal id is that of an account or a contact: some programs use one column for all."""
    for sql in (
        "SELECT w.id FROM incoming.accounts AS w WHERE w.key = touch.deal",
        "SELECT p.account_id FROM incoming.contacts AS p WHERE p.key = touch.deal",
        "SELECT o.account_id FROM origin AS o WHERE o.record_key = :origin || 'account:' || touch.deal",
        """SELECT c.account_id FROM origin AS o JOIN contact AS c ON c.id = o.contact_id
           WHERE o.record_key = :origin || 'contact:' || touch.deal""",
    ):
        staging.execute(f"""UPDATE incoming.touch SET account_id = ({sql})
                        WHERE deal IS NOT NULL AND account_id IS NULL""")


def _assign_by_person(staging: StagingDb) -> None:
    """Links touches by the person they were with: to the only deal that names them, and to their account."""
    # The address of a touch is in lower case; deals and contacts keep theirs as the export writes it.
    for person, deal, same in (("email", "contact_email", "email"), ("contact_key", "contact_key", "key")):
        of_deal, of_person = (f"lower({deal})", f"lower({same})") if person == "email" else (deal, same)
        if not staging.exists(f"incoming.touch WHERE {person} IS NOT NULL"):
            continue
        staging.execute(f"""
            UPDATE incoming.touch SET deal_id = f.id, account_id = f.account_id FROM (
                SELECT {of_deal} AS person, min(id) AS id, min(account_id) AS account_id FROM incoming.deals
                WHERE {deal} IS NOT NULL GROUP BY {of_deal} HAVING count(*) = 1) AS f
            WHERE touch.deal IS NULL AND touch.deal_id IS NULL AND f.person = touch.{person}
              AND coalesce(touch.account_id, f.account_id) = f.account_id""")
        staging.execute(f"""
            UPDATE incoming.touch SET account_id = p.account_id FROM (
                SELECT {of_person} AS person, min(account_id) AS account_id FROM incoming.contacts
                GROUP BY {of_person} HAVING count(DISTINCT account_id) = 1) AS p
            WHERE touch.deal IS NULL AND touch.account_id IS NULL AND p.person = touch.{person}""")
    staging.execute("""
        UPDATE incoming.touch SET account_id = c.account_id FROM origin AS o JOIN contact AS c ON c.id = o.contact_id
        WHERE touch.deal IS NULL AND touch.account_id IS NULL AND touch.contact_key IS NOT NULL
          AND o.record_key = :origin || 'contact:' || touch.contact_key""")
    staging.execute("""
        UPDATE incoming.touch SET account_id = c.account_id FROM (
            SELECT lower(email) AS email, min(account_id) AS account_id FROM contact
            WHERE email IS NOT NULL GROUP BY lower(email) HAVING count(DISTINCT account_id) = 1) AS c
        WHERE touch.deal IS NULL AND touch.account_id IS NULL AND c.email = touch.email""")


def _assign_by_domain(staging: StagingDb) -> None:
    """Links touches by the domain of the account, from its own column or from the e-mail address."""
    staging.execute("UPDATE incoming.touch SET domain = substr(email, instr(email, '@') + 1) "
                    "WHERE domain IS NULL AND email LIKE '%_@_%'")  # fmt: skip
    for accounts in ("incoming.accounts", "account"):
        staging.execute(f"""
            UPDATE incoming.touch SET account_id = a.id FROM (
                SELECT domain, min(id) AS id FROM {accounts} WHERE domain IS NOT NULL
                GROUP BY domain HAVING count(*) = 1) AS a
            WHERE touch.deal IS NULL AND touch.account_id IS NULL AND a.domain = touch.domain""")


def _assign_only_deal(staging: StagingDb) -> None:
    staging.execute("""
        UPDATE incoming.touch SET deal_id = d.id FROM (
            SELECT account_id, min(id) AS id FROM (
                SELECT account_id, id FROM incoming.deals UNION SELECT account_id, id FROM deal)
            GROUP BY account_id HAVING count(*) = 1) AS d
        WHERE touch.deal_id IS NULL AND d.account_id = touch.account_id""")
