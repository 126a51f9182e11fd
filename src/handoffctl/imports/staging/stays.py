"""Builds the stays of an export's deals: sorts the rows, collapses consecutive rows of one stage, collects stage paths.

A window function would do most of this in one statement, but takes three times as long. In the sorted table, the row
before is the one with the rowid before.
"""

from collections import defaultdict

from handoffctl.imports.rows.stages import StageUsage
from handoffctl.imports.staging.database import FILE, ROW, StagingDb

# A moment as the records store it; whole seconds by SQLite itself, which is faster.
WRITTEN = """CASE typeof({0}) WHEN 'integer' THEN replace(datetime({0}, 'unixepoch'), ' ', 'T') || 'Z'
             WHEN 'real' THEN moment({0}) ELSE {0} END"""
# The source of a stay: a date column of the deal's row, a change, or the present stage of the deal's row.
COLUMN, CHANGE, PRESENT = 1, 2, 3
REOPENED = -1  # an entry into the stage that the deal was in before it was closed


def resolve_deals(staging: StagingDb) -> None:
    """Builds `deals`: each deal once, with the range of its entries in `sorted`. Skips rows that belong to no deal."""
    listed = staging.has_columns("deal", "key")
    if listed:
        _drop_repeated_deals(staging)
        if staging.has_columns("entry", "deal"):
            _match_deals_by_name(staging)
    if staging.has_columns("entry", "before"):
        _add_first_stages(staging)
    _sort_entries(staging, listed)
    # The first row of each deal, and rows that repeat the stage of the row before.
    staging.execute("CREATE TABLE incoming.mark (id INTEGER PRIMARY KEY, deal TEXT)")
    staging.execute("""
        INSERT INTO incoming.mark SELECT a.rowid, iif(a.deal IS NOT before.deal, a.deal, NULL)
        FROM incoming.sorted AS a LEFT JOIN incoming.sorted AS before ON before.rowid = a.rowid - 1
        WHERE a.deal IS NOT before.deal OR a.stage IS before.stage""")
    staging.execute("""
        CREATE TABLE incoming.deals (
            no INTEGER PRIMARY KEY, key TEXT, first INT, last INT, old_id INT, name TEXT, account_key TEXT,
            account TEXT, domain TEXT, contact_key TEXT, contact_name TEXT, contact_email TEXT, contact_phone TEXT,
            contact_title TEXT, amount_cents INT, owner TEXT, close TEXT, source TEXT, file INT, row INT,
            listed INT, account_no INT, account_id INT, id INT, slug TEXT, fate TEXT, has_repeats INT, stale INT,
            own_account INT, changed INT NOT NULL DEFAULT 0, outside_stage TEXT, outside_at TEXT)""")
    staging.execute("""
        INSERT INTO incoming.deals (key, first, last)
        SELECT deal, id, coalesce(lead(id) OVER (ORDER BY id) - 1, (SELECT max(rowid) FROM incoming.sorted))
        FROM incoming.mark WHERE deal IS NOT NULL ORDER BY id""")
    staging.execute("CREATE UNIQUE INDEX incoming.deals_by_key ON deals (key)")
    _describe_deals(staging, listed)


def _drop_repeated_deals(staging: StagingDb) -> None:
    """Skips the second row of a deal and all that follow."""
    staging.execute("CREATE INDEX incoming.deal_by_key ON deal (key)")
    staging.execute("""
        INSERT INTO incoming.skipped SELECT file, row, 'repeats the deal of row ' || (
            SELECT row FROM incoming.deal AS f WHERE f.key = d.key ORDER BY f.rowid LIMIT 1)
        FROM incoming.deal AS d WHERE rowid > (SELECT min(f.rowid) FROM incoming.deal AS f WHERE f.key = d.key)""")
    staging.execute("""
        DELETE FROM incoming.deal
        WHERE rowid > (SELECT min(f.rowid) FROM incoming.deal AS f WHERE f.key = deal.key)""")


def _match_deals_by_name(staging: StagingDb) -> None:
    """Links changes that name their deal by a title that only one deal has: reports have no ids."""
    staging.execute("""
        UPDATE incoming.entry SET deal = d.key FROM (
            SELECT folded(name) AS name, min(key) AS key FROM incoming.deal WHERE name IS NOT NULL
            GROUP BY folded(name) HAVING count(*) = 1) AS d
        WHERE folded(entry.deal) = d.name AND elsewhere IS NULL
          AND NOT EXISTS (SELECT 1 FROM incoming.deal AS k WHERE k.key = entry.deal)""")


def _add_first_stages(staging: StagingDb) -> None:
    """Adds the stage that a deal was in before its first change, without a date."""
    staging.execute("""
        INSERT INTO incoming.entry (place, deal, stage) SELECT place + 1, deal, before FROM (
            SELECT place, deal, before, row_number() OVER (PARTITION BY deal ORDER BY at, place) AS n
            FROM incoming.entry) WHERE n = 1 AND before IS NOT NULL""")


def _sort_entries(staging: StagingDb, listed: bool) -> None:
    where, tails = "", ""
    if listed:
        deal_exists = """(EXISTS (SELECT 1 FROM incoming.deal AS d WHERE d.key = e.deal)
                   OR EXISTS (SELECT 1 FROM origin WHERE record_key = :origin || 'deal:' || e.deal))"""
        staging.execute(f"""
            INSERT INTO incoming.skipped
            SELECT {FILE.format("place")}, {ROW.format("place")},
                   'belongs to the deal "' || deal || '", which is not there'
            FROM incoming.entry AS e WHERE NOT {deal_exists}""")
        where = f"""WHERE {deal_exists}
                   AND NOT (coalesce(elsewhere, 0) AND stage IN (SELECT id FROM incoming.stage WHERE closing))"""
        # The present stage of a deal comes last, whatever its date.
        tails = f"""UNION ALL SELECT key, stage, CASE WHEN stage IN (SELECT id FROM incoming.stage WHERE closing)
                       THEN coalesce(since, closed_at) ELSE since END, NULL, {PRESENT}, rowid
                   FROM incoming.deal WHERE stage IS NOT NULL"""
    time = "place_in_time(at)" if _both_dates_and_instants(staging) else "at"
    staging.execute("CREATE TABLE incoming.sorted (deal TEXT, stage INT, at, owner TEXT, basis INT)")
    staging.execute(f"""
        INSERT INTO incoming.sorted SELECT deal, stage, at, owner, basis FROM (
            SELECT deal, stage, at, owner, iif(elsewhere IS NULL, {CHANGE}, {COLUMN}) AS basis, place
            FROM incoming.entry AS e {where} {tails})
        ORDER BY deal, basis = {PRESENT}, {time}, place""")


def _both_dates_and_instants(staging: StagingDb) -> bool:
    """True if dates (texts) and instants (numbers) are mixed, so that sorting needs the calendar."""
    columns = [
        ("entry", "at"),
        *(("deal", word) for word in ("since", "closed_at") if staging.has_columns("deal", word)),
    ]
    kinds = " UNION ".join(f"SELECT DISTINCT typeof({column}) = 'text' FROM incoming.{table} WHERE {column} IS NOT NULL"
                           for table, column in columns)  # fmt: skip
    return len(staging.fetch_all(kinds)) > 1


def _describe_deals(staging: StagingDb, listed: bool) -> None:
    """Fills in the columns of each deal: from its own row, else from its last change with a value."""
    if has_origins(staging, "deal"):
        staging.execute("UPDATE incoming.deals SET old_id = (SELECT deal_id FROM origin "
                        "WHERE record_key = :origin || 'deal:' || key)")  # fmt: skip
    shared_columns = ("name", "account_key", "account", "domain", "amount_cents", "owner")
    if listed:
        staging.execute("""
            INSERT INTO incoming.skipped SELECT file, row, 'names no stage that the deal is or was in'
            FROM incoming.deal AS d WHERE NOT EXISTS (SELECT 1 FROM incoming.deals AS f WHERE f.key = d.key)""")
        deal_columns = ("contact_key", "contact_name", "contact_email", "contact_phone", "contact_title", "close",
                        "source", "file", "row")  # fmt: skip
        assignments = ", ".join(f"{column} = d.{column}" for column in (*shared_columns, *deal_columns))
        staging.execute(
            f"UPDATE incoming.deals SET listed = 1, {assignments} FROM incoming.deal AS d WHERE d.key = deals.key"
        )
    if staging.has_columns("entry", *shared_columns) and not listed:
        staging.execute(f"""
            UPDATE incoming.deals SET file = {FILE.format("e.place")}, row = {ROW.format("e.place")} FROM (
                SELECT deal, min(place) AS place FROM incoming.entry GROUP BY deal) AS e WHERE e.deal = deals.key""")
    for column in shared_columns:
        if staging.has_columns("entry", column):
            order = "place" if column != "owner" else "at, place"
            staging.execute(f"""
                UPDATE incoming.deals SET {column} = e.{column} FROM (
                    SELECT deal, {column}, row_number() OVER (PARTITION BY deal ORDER BY {order} DESC) AS n
                    FROM incoming.entry WHERE {column} IS NOT NULL) AS e
                WHERE e.n = 1 AND e.deal = deals.key AND deals.{column} IS NULL""")


def has_origins(staging: StagingDb, record: str) -> bool:
    """True if an earlier import of this system added such records."""
    return staging.exists(
        "origin WHERE record_key >= :origin || :record || ':' AND record_key < :origin || :record || ';'", record=record
    )


def build_stays(staging: StagingDb, reopened: bool) -> dict[int, StageUsage]:
    """Builds `stay`, and returns how the deals used each stage, by its id."""
    staging.execute("DELETE FROM incoming.mark WHERE deal IS NOT NULL")
    if reopened:
        _resolve_reopened(staging)
    if staging.has_columns("entry", "elsewhere", "before"):
        _take_later_dates(staging)
    staging.execute("""
        CREATE TABLE incoming.stay (no INT, number INT, stage INT, at, entered TEXT, owner TEXT, basis INT,
                                    PRIMARY KEY (no, number)) WITHOUT ROWID""")
    repeated = staging.exists("incoming.mark")
    repeats_before, without_repeats = "0", ""
    if repeated:
        staging.execute("""
            UPDATE incoming.deals SET has_repeats = 1 WHERE key IN (
                SELECT deal FROM incoming.sorted WHERE rowid IN (SELECT id FROM incoming.mark))""")
        repeats_before = (
            "iif(d.has_repeats, (SELECT count(*) FROM incoming.mark WHERE id BETWEEN d.first AND a.rowid), 0)"
        )
        without_repeats = "WHERE d.has_repeats IS NULL OR a.rowid NOT IN (SELECT id FROM incoming.mark)"
    tail = f"""CASE WHEN a.basis = {PRESENT} AND is_before(a.at, (SELECT at FROM incoming.sorted AS before
              WHERE before.rowid = a.rowid - 1 AND a.rowid > d.first)) THEN NULL ELSE a.at END"""
    at = tail if staging.has_columns("deal", "key") else "a.at"
    staging.execute(f"""
        INSERT INTO incoming.stay
        SELECT no, number, stage, at, {WRITTEN.format("at")}, owner, basis FROM (
            SELECT d.no, a.rowid - d.first + 1 - {repeats_before} AS number, a.stage, {at} AS at, a.owner, a.basis
            FROM incoming.deals AS d CROSS JOIN incoming.sorted AS a ON a.rowid BETWEEN d.first AND d.last
            {without_repeats})""")
    staging.execute("DROP TABLE incoming.sorted")
    staging.execute("CREATE TABLE incoming.deal_paths (no INTEGER PRIMARY KEY, stage_ids TEXT)")
    staging.execute(
        "INSERT INTO incoming.deal_paths SELECT no, group_concat(stage, '>') FROM incoming.stay GROUP BY no"
    )
    if reopened:
        staging.execute("DELETE FROM incoming.deals WHERE no NOT IN (SELECT no FROM incoming.deal_paths)")
    return _stage_usage(staging)


def _resolve_reopened(staging: StagingDb) -> None:
    """Puts a reopened deal into the open stage it was in last, or else into the one that follows."""
    open_stage = """SELECT o.stage FROM incoming.sorted AS o WHERE o.rowid BETWEEN {range} AND o.stage >= 0
                    AND o.stage NOT IN (SELECT id FROM incoming.stage WHERE closing)
                    ORDER BY o.rowid {direction} LIMIT 1"""
    before = open_stage.format(range="d.first AND a.rowid", direction="DESC")
    after = open_stage.format(range="a.rowid AND d.last", direction="ASC")
    staging.execute(f"""
        UPDATE incoming.sorted SET stage = s.stage FROM (
            SELECT a.rowid AS id, coalesce(({before}), ({after})) AS stage FROM incoming.sorted AS a
            JOIN incoming.deals AS d ON d.key = a.deal WHERE a.stage = {REOPENED}) AS s
        WHERE s.id = sorted.rowid""")
    staging.execute("DELETE FROM incoming.mark WHERE deal IS NULL")
    staging.execute("""
        INSERT OR IGNORE INTO incoming.mark SELECT a.rowid, NULL FROM incoming.sorted AS a
        LEFT JOIN incoming.sorted AS before ON before.rowid = a.rowid - 1 AND before.deal = a.deal
        WHERE a.stage IS NULL OR a.stage IS before.stage""")


def _take_later_dates(staging: StagingDb) -> None:
    """Drops an undated row before a dated one of the same stage, whose date is the beginning of both."""
    undated_then_dated = """
        incoming.sorted AS a JOIN incoming.sorted AS next ON next.rowid = a.rowid + 1 AND next.deal = a.deal
        AND next.stage = a.stage WHERE a.at IS NULL AND next.at IS NOT NULL"""
    staging.execute(f"DELETE FROM incoming.mark WHERE id IN (SELECT next.rowid FROM {undated_then_dated})")
    staging.execute(f"INSERT OR IGNORE INTO incoming.mark SELECT a.rowid, NULL FROM {undated_then_dated}")


def _stage_usage(staging: StagingDb) -> dict[int, StageUsage]:
    entries: defaultdict[int, int] = defaultdict(int)
    positions: defaultdict[int, int] = defaultdict(int)
    exits: defaultdict[int, int] = defaultdict(int)
    for row in staging.stream("SELECT stage_ids, count(*) AS deals FROM incoming.deal_paths GROUP BY stage_ids"):
        stages = list(map(int, row["stage_ids"].split(">")))
        for position, stage in enumerate(stages):
            entries[stage] += row["deals"]
            positions[stage] += position * row["deals"]
        for stage in set(stages[:-1]):
            exits[stage] += row["deals"]
    return {stage: StageUsage(entries[stage], positions[stage] / entries[stage], exits[stage]) for stage in entries}
