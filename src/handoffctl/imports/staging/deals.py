"""What becomes of each deal that arrives: new, unchanged, changed, or worked on here and so left where it is.

A deal never worked on here follows the export. One that was keeps its stage, and is marked with where the export has
it. What is older than our own last event changes nothing.
"""

from handoffctl.imports.staging.accounts import number_again
from handoffctl.imports.staging.database import SLUG, Incoming
from handoffctl.imports.staging.merge_history import weave

# The stays of a deal as one text, by which those kept here and those that arrive are compared.
_ARRIVING = """(SELECT group_concat(t.playbook || '/' || t.name || ' ' || coalesce(s.entered, '') || ' '
                || coalesce(s.owner, f.owner, t.owner), '>')
                FROM incoming.stay AS s CROSS JOIN incoming.stage AS t ON t.id = s.stage WHERE s.no = f.no)"""
_KEPT = """(SELECT group_concat(way, '>') FROM (
                SELECT playbook || '/' || stage || ' ' || coalesce(entered_at, '') || ' ' || owner AS way
                FROM visit WHERE deal_id = f.there ORDER BY number))"""


def settle_fates(incoming: Incoming) -> None:
    """Gives every deal its `fate`, its id and its account. The stages must have been matched with the playbook's."""
    # Nobody else writes meanwhile, so new rows may take the ids that follow; a gap among them does no harm.
    incoming.do(
        f"""
        UPDATE incoming.found SET fate = 'new', id = :deals + no,
            slug = {SLUG.format("coalesce(name, contact_name, key)")},
            account_id = coalesce(account_id, :accounts + no)
        WHERE there IS NULL""",
        deals=incoming.one("SELECT max(id) FROM deal"), accounts=_newest_account(incoming),
    )  # fmt: skip
    if incoming.any("incoming.found WHERE there IS NOT NULL"):
        incoming.do("CREATE INDEX incoming.found_there ON found (there)")
        incoming.do("""UPDATE incoming.found SET id = there, account_id = d.account_id FROM deal AS d
                       WHERE d.id = found.there""")
        _compare(incoming)
        _adopt(incoming)
    _slugs(incoming)


def _newest_account(incoming: Incoming) -> int:
    return max(incoming.one("SELECT max(id) FROM account"), incoming.one("SELECT max(id) FROM incoming.who"))


def _adopt(incoming: Incoming) -> None:
    """Deals that stood alone, because what was imported before named no account, and are now told theirs or their
    name. Those that somebody worked on stay where they are."""
    incoming.do("""
        UPDATE incoming.found SET alone = d.account_id FROM deal AS d JOIN account AS a ON a.id = d.account_id
        WHERE found.there = d.id AND found.fate <> 'worked on' AND a.unnamed
          AND NOT EXISTS (SELECT 1 FROM deal AS o WHERE o.account_id = a.id AND o.id <> d.id)""")
    incoming.do("""
        UPDATE incoming.found SET account_id = w.id, slug = slug(coalesce(found.name, d.name, found.key)), changed = 1
        FROM incoming.who AS w, deal AS d
        WHERE found.alone IS NOT NULL AND w.no = found.account_no AND w.id <> found.alone AND d.id = found.there""")
    incoming.do("""
        UPDATE incoming.found SET slug = slug(name), changed = 1 WHERE alone IS NOT NULL AND account_no IS NULL
        AND name IS NOT NULL AND (SELECT name FROM deal AS d WHERE d.id = found.there) IS NULL""")
    incoming.do("UPDATE incoming.found SET alone = NULL WHERE alone IS NOT NULL AND slug IS NULL")


def _compare(incoming: Incoming) -> None:
    incoming.do("""
        UPDATE incoming.found SET fate = 'worked on' WHERE there IS NOT NULL
        AND (EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = found.there AND NOT v.imported)
             OR EXISTS (SELECT 1 FROM handoff AS h WHERE h.deal_id = found.there AND h.state <> 'blocked'))""")
    # What is older than our own last event: its amounts and dates tell nothing new.
    incoming.do("""
        UPDATE incoming.found SET stale = 1 WHERE there IS NOT NULL AND is_before(
            (SELECT entered FROM incoming.stay AS s WHERE s.no = found.no AND at IS NOT NULL
             ORDER BY number DESC LIMIT 1),
            (SELECT entered_at FROM visit AS v WHERE v.deal_id = found.there AND entered_at IS NOT NULL
             ORDER BY number DESC LIMIT 1))""")
    _judge(incoming)
    incoming.do("""UPDATE incoming.found SET fate = 'same' WHERE fate = 'follows' AND listed AND stale
                   AND NOT EXISTS (SELECT 1 FROM incoming.stay AS s WHERE s.no = found.no AND s.told = 2)
                   AND EXISTS (SELECT 1 FROM visit AS v WHERE v.deal_id = found.there AND v.imported <> 2
                               AND v.entered_at IS NOT NULL)""")
    if incoming.any("incoming.found WHERE fate = 'follows'"):
        weave(incoming)
        incoming.do("UPDATE incoming.found SET fate = NULL WHERE fate = 'follows'")
        _judge(incoming)


def _judge(incoming: Incoming) -> None:
    incoming.do(f"""
        UPDATE incoming.found AS f SET fate = CASE WHEN {_ARRIVING} = {_KEPT} THEN 'same' ELSE 'follows' END
        WHERE there IS NOT NULL AND fate IS NULL""")


def _slugs(incoming: Incoming) -> None:
    """The names of new deals as they are typed, numbered where an account has equal ones. An account that is made for
    a deal is called like it, so that name must be free among the accounts."""
    incoming.do("CREATE INDEX incoming.found_by_slug ON found (slug, account_id)")
    number_again(incoming, "found", "slug", "(fate = 'new' OR alone IS NOT NULL) AND account_no IS NULL",
                 ("account AS o WHERE o.slug", "incoming.who AS o WHERE o.slug"))  # fmt: skip
    if incoming.any("incoming.found WHERE slug IS NOT NULL AND account_no IS NOT NULL"):
        number_again(incoming, "found", "slug", "slug IS NOT NULL AND account_no IS NOT NULL",
                     ("deal AS o WHERE o.slug",), "account_id")  # fmt: skip


def settle_changes(incoming: Incoming) -> None:
    """Marks the known deals whose own columns the export has otherwise, unless somebody set them here."""
    if not incoming.any("incoming.found WHERE there IS NOT NULL"):
        return
    for column, name, own in (
        ("amount_cents", "deal.amount", "amount_cents"), ("close", "deal.expected_close", "expected_close"),
        ("source", "deal.source", "source"),
    ):  # fmt: skip
        incoming.do(f"""
            UPDATE incoming.found SET {column} = NULL WHERE there IS NOT NULL AND {column} IS NOT NULL AND (
                stale OR {column} = (SELECT {own} FROM deal AS d WHERE d.id = found.there)
                OR EXISTS (SELECT 1 FROM field_value AS v WHERE v.deal_id = found.there AND v.name = '{name}'))""")
        incoming.do(f"UPDATE incoming.found SET changed = 1 WHERE there IS NOT NULL AND {column} IS NOT NULL")
    incoming.do("""
        UPDATE incoming.found SET outside_stage = t.name, outside_at = s.entered FROM incoming.stay AS s
        JOIN incoming.stage AS t ON t.id = s.stage
        WHERE found.fate = 'worked on' AND found.stale IS NULL AND s.no = found.no
          AND s.number = (SELECT max(number) FROM incoming.stay AS o WHERE o.no = s.no)
          AND t.name <> (SELECT stage FROM visit AS v WHERE v.deal_id = found.there AND NOT v.ended)""")
    incoming.do("""
        UPDATE incoming.found SET changed = 1 WHERE fate = 'worked on' AND stale IS NULL AND EXISTS (
            SELECT 1 FROM deal AS d WHERE d.id = found.there
            AND (d.outside_stage IS NOT found.outside_stage OR d.outside_at IS NOT found.outside_at))""")
