"""Merges the history of a deal from several exports, if it was never worked on here.

Each stay stores its source (`visit.imported`): 1 a date column of the deal's row, 2 a change, 3 the present stage of
the deal's row. A newer export replaces the stays of its own kind of source and keeps the others. So deals and their
history can be imported one after the other, in either order; and weekly exports of present stages add up to a history.
"""

from handoffctl.imports.staging.database import StagingDb


def merge_history(staging: StagingDb) -> None:
    """Replaces the staged stays of deals that follow the export by the merged ones."""
    staging.execute("""
        CREATE TABLE incoming.merging AS
        SELECT f.no, f.old_id, f.listed,
               (SELECT entered FROM incoming.stay AS s WHERE s.no = f.no AND basis = 2 AND at IS NOT NULL
                ORDER BY number LIMIT 1) AS first,
               (SELECT entered FROM incoming.stay AS s WHERE s.no = f.no AND basis = 2 AND at IS NOT NULL
                ORDER BY number DESC LIMIT 1) AS last,
               (SELECT entered_at FROM visit AS v WHERE v.deal_id = f.old_id AND imported = 2 AND entered_at IS NOT NULL
                ORDER BY number DESC LIMIT 1) AS newest  -- of the changes known before
        FROM incoming.deals AS f WHERE f.fate = 'follows'""")
    staging.execute("CREATE TABLE incoming.merged (no INT, part INT, number INT, stage INT, at, owner TEXT, basis INT)")
    _add_stored_stays(staging)
    _add_staged_stays(staging)
    staging.execute("DELETE FROM incoming.stay WHERE no IN (SELECT no FROM incoming.merged)")
    # Consecutive rows of one stage are one stay, from its first known moment on.
    staging.execute("""
        INSERT INTO incoming.stay (no, number, stage, at, entered, owner, basis)
        SELECT no, row_number() OVER (PARTITION BY no ORDER BY stay), stage, at, moment(at), owner, basis FROM (
            SELECT no, stay, stage, at, owner, basis,
                   row_number() OVER (PARTITION BY no, stay ORDER BY at IS NULL, place, n) AS which
            FROM (SELECT *, sum(changed) OVER (PARTITION BY no ORDER BY n) AS stay FROM (
                SELECT *, stage IS NOT lag(stage) OVER (PARTITION BY no ORDER BY n) AS changed FROM (
                    SELECT *, place_in_time(at) AS place, row_number() OVER (
                        PARTITION BY no ORDER BY part = 3, place_in_time(at), basis <> 2, part, number) AS n
                    FROM incoming.merged))))
        WHERE which = 1""")
    staging.execute("""
        UPDATE incoming.deal_paths SET stage_ids = (
            SELECT group_concat(stage, '>') FROM incoming.stay AS s WHERE s.no = deal_paths.no)
        WHERE no IN (SELECT no FROM incoming.merging)""")


def _add_stored_stays(staging: StagingDb) -> None:
    """Adds the stored stays that newer rows of the same kind do not replace.

    A present stage without a date comes last (part 3), unless new changes include that stage.
    """
    staging.execute("""
        INSERT INTO incoming.merged
        SELECT b.no, iif(v.entered_at IS NULL AND NOT v.ended, 3, 1), v.number, t.id, v.entered_at, v.owner, v.imported
        FROM incoming.merging AS b JOIN visit AS v ON v.deal_id = b.old_id
        JOIN incoming.stage AS t ON t.name = v.stage AND t.playbook = v.playbook
        WHERE CASE
            WHEN v.imported = 2 AND v.entered_at IS NULL THEN b.first IS NULL OR is_before(v.left_at, b.first)
            WHEN v.imported = 2 THEN b.first IS NULL OR is_before(v.entered_at, b.first)
                                     OR is_before(b.last, v.entered_at)
            WHEN v.imported = 1 THEN NOT EXISTS (SELECT 1 FROM incoming.stay AS s WHERE s.no = b.no AND s.basis = 1)
            WHEN v.entered_at IS NOT NULL THEN b.listed IS NULL OR v.ended OR t.id IS NOT (
                SELECT s.stage FROM incoming.stay AS s WHERE s.no = b.no ORDER BY s.number DESC LIMIT 1)
            WHEN b.listed THEN FALSE
            WHEN NOT v.ended THEN NOT (
                EXISTS (SELECT 1 FROM incoming.stay AS s WHERE s.no = b.no AND s.stage = t.id)
                AND coalesce(is_before(b.newest, b.last), TRUE))
            ELSE TRUE END""")


def _add_staged_stays(staging: StagingDb) -> None:
    """Adds the staged stays. A present stage without a date comes last."""
    staging.execute("""
        INSERT INTO incoming.merged
        SELECT b.no, iif(s.basis = 3 AND s.at IS NULL, 3, 2), s.number, s.stage, s.at, s.owner, s.basis
        FROM incoming.merging AS b JOIN incoming.stay AS s ON s.no = b.no""")
