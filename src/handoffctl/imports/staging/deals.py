"""Classifies the deals of an export: new, unchanged, changed, or worked on here and so left in its stage.

A deal that was never worked on here follows the export. One that was keeps its stage, and records the stage that the
export has. An export older than the deal's last event here changes nothing.
"""

from handoffctl.imports.staging.accounts import make_slugs_unique
from handoffctl.imports.staging.database import SLUG, StagingDb
from handoffctl.imports.staging.merge_history import merge_history

# The stays of a deal as one text, to compare the staged ones with the stored ones.
_STAGED_STAYS = """(SELECT group_concat(t.playbook || '/' || t.name || ' ' || coalesce(s.entered, '') || ' '
                || coalesce(s.owner, f.owner, t.owner), '>')
                FROM incoming.stay AS s CROSS JOIN incoming.stage AS t ON t.id = s.stage WHERE s.no = f.no)"""
_STORED_STAYS = """(SELECT group_concat(way, '>') FROM (
                SELECT playbook || '/' || stage || ' ' || coalesce(entered_at, '') || ' ' || owner AS way
                FROM visit WHERE deal_id = f.old_id ORDER BY number))"""


def classify_deals(staging: StagingDb) -> None:
    """Sets `fate`, id and account of every deal. Call `match_stages` before."""
    # Nobody else writes meanwhile, so new rows take the ids that follow; gaps do no harm.
    staging.execute(
        f"""
        UPDATE incoming.deals SET fate = 'new', id = :deals + no,
            slug = {SLUG.format("coalesce(name, contact_name, key)")},
            account_id = coalesce(account_id, :accounts + no)
        WHERE old_id IS NULL""",
        deals=staging.scalar("SELECT max(id) FROM deal"), accounts=_newest_account(staging),
    )  # fmt: skip
    if staging.exists("incoming.deals WHERE old_id IS NOT NULL"):
        staging.execute("CREATE INDEX incoming.deals_by_record ON deals (old_id)")
        staging.execute("""UPDATE incoming.deals SET id = old_id, account_id = d.account_id FROM deal AS d
                       WHERE d.id = deals.old_id""")
        _compare(staging)
        _adopt_accounts(staging)
    _assign_slugs(staging)


def _newest_account(staging: StagingDb) -> int:
    return max(staging.scalar("SELECT max(id) FROM account"), staging.scalar("SELECT max(id) FROM incoming.accounts"))


def _adopt_accounts(staging: StagingDb) -> None:
    """Moves deals without an account, which an earlier import made, to the account or the name they have now.

    Deals that somebody worked on stay where they are.
    """
    staging.execute("""
        UPDATE incoming.deals SET own_account = d.account_id FROM deal AS d JOIN account AS a ON a.id = d.account_id
        WHERE deals.old_id = d.id AND deals.fate <> 'worked on' AND a.unnamed
          AND NOT EXISTS (SELECT 1 FROM deal AS o WHERE o.account_id = a.id AND o.id <> d.id)""")
    staging.execute("""
        UPDATE incoming.deals SET account_id = w.id, slug = slug(coalesce(deals.name, d.name, deals.key)), changed = 1
        FROM incoming.accounts AS w, deal AS d
        WHERE deals.own_account IS NOT NULL AND w.no = deals.account_no AND w.id <> deals.own_account
          AND d.id = deals.old_id""")
    staging.execute("""
        UPDATE incoming.deals SET slug = slug(name), changed = 1 WHERE own_account IS NOT NULL AND account_no IS NULL
        AND name IS NOT NULL AND (SELECT name FROM deal AS d WHERE d.id = deals.old_id) IS NULL""")
    staging.execute("UPDATE incoming.deals SET own_account = NULL WHERE own_account IS NOT NULL AND slug IS NULL")


def _compare(staging: StagingDb) -> None:
    staging.execute("""
        UPDATE incoming.deals SET fate = 'worked on' WHERE old_id IS NOT NULL
        AND (EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = deals.old_id AND NOT v.imported)
             OR EXISTS (SELECT 1 FROM handoff AS h WHERE h.deal_id = deals.old_id AND h.state <> 'blocked'))""")
    # An export older than the last event here: its amounts and dates are outdated.
    staging.execute("""
        UPDATE incoming.deals SET stale = 1 WHERE old_id IS NOT NULL AND is_before(
            (SELECT entered FROM incoming.stay AS s WHERE s.no = deals.no AND at IS NOT NULL
             ORDER BY number DESC LIMIT 1),
            (SELECT entered_at FROM visit AS v WHERE v.deal_id = deals.old_id AND entered_at IS NOT NULL
             ORDER BY number DESC LIMIT 1))""")
    _compare_stays(staging)
    staging.execute("""UPDATE incoming.deals SET fate = 'same' WHERE fate = 'follows' AND listed AND stale
                   AND NOT EXISTS (SELECT 1 FROM incoming.stay AS s WHERE s.no = deals.no AND s.basis = 2)
                   AND EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = deals.old_id AND v.imported <> 2
                               AND v.entered_at IS NOT NULL)""")
    if staging.exists("incoming.deals WHERE fate = 'follows'"):
        merge_history(staging)
        staging.execute("UPDATE incoming.deals SET fate = NULL WHERE fate = 'follows'")
        _compare_stays(staging)


def _compare_stays(staging: StagingDb) -> None:
    staging.execute(f"""
        UPDATE incoming.deals AS f SET fate = CASE WHEN {_STAGED_STAYS} = {_STORED_STAYS} THEN 'same' ELSE 'follows' END
        WHERE old_id IS NOT NULL AND fate IS NULL""")


def _assign_slugs(staging: StagingDb) -> None:
    """Makes the slugs of new deals unique within their account.

    An account made for a deal has the slug of the deal, which therefore must be unique among accounts.
    """
    staging.execute("CREATE INDEX incoming.deals_by_slug ON deals (slug, account_id)")
    make_slugs_unique(staging, "deals", "slug", "(fate = 'new' OR own_account IS NOT NULL) AND account_no IS NULL",
                      ("account AS o WHERE o.slug", "incoming.accounts AS o WHERE o.slug"))  # fmt: skip
    if staging.exists("incoming.deals WHERE slug IS NOT NULL AND account_no IS NOT NULL"):
        make_slugs_unique(staging, "deals", "slug", "slug IS NOT NULL AND account_no IS NOT NULL",
                          ("deal AS o WHERE o.slug",), "account_id")  # fmt: skip


def mark_changed_deals(staging: StagingDb) -> None:
    """Marks the existing deals whose own columns differ in the export, unless somebody set those here."""
    if not staging.exists("incoming.deals WHERE old_id IS NOT NULL"):
        return
    for column, name, own in (
        ("amount_cents", "deal.amount", "amount_cents"), ("close", "deal.expected_close", "expected_close"),
        ("source", "deal.source", "source"),
    ):  # fmt: skip
        staging.execute(f"""
            UPDATE incoming.deals SET {column} = NULL WHERE old_id IS NOT NULL AND {column} IS NOT NULL AND (
                stale OR {column} = (SELECT {own} FROM deal AS d WHERE d.id = deals.old_id)
                OR EXISTS (SELECT 1 FROM field_value AS v WHERE v.deal_id = deals.old_id AND v.name = '{name}'))""")
        staging.execute(f"UPDATE incoming.deals SET changed = 1 WHERE old_id IS NOT NULL AND {column} IS NOT NULL")
    staging.execute("""
        UPDATE incoming.deals SET outside_stage = t.name, outside_at = s.entered FROM incoming.stay AS s
        JOIN incoming.stage AS t ON t.id = s.stage
        WHERE deals.fate = 'worked on' AND deals.stale IS NULL AND s.no = deals.no
          AND s.number = (SELECT max(number) FROM incoming.stay AS o WHERE o.no = s.no)
          AND t.name <> (SELECT stage FROM visit AS v WHERE v.deal_id = deals.old_id AND NOT v.ended)""")
    staging.execute("""
        UPDATE incoming.deals SET changed = 1 WHERE fate = 'worked on' AND stale IS NULL AND EXISTS (
            SELECT 1 FROM deal AS d WHERE d.id = deals.old_id
            AND (d.outside_stage IS NOT deals.outside_stage OR d.outside_at IS NOT deals.outside_at))""")
