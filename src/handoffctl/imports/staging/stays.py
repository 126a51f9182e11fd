"""The stays of the deals that arrive: rows put in order, rows of one stage in a row made one, each way written once.

A window function would say most of this in one statement, and take three times as long: sorted rows stand beside their
neighbours in the file, so the one before a row is that with the number before.
"""

from collections import defaultdict

from handoffctl.imports.staging.database import FILE, ROW, Incoming

# A moment as the records keep it; whole seconds by SQLite itself, which is faster.
WRITTEN = """CASE typeof({0}) WHEN 'integer' THEN replace(datetime({0}, 'unixepoch'), ' ', 'T') || 'Z'
             WHEN 'real' THEN moment({0}) ELSE {0} END"""
# What told of a stay: a column of the deal's row, a change, or the row's word for where the deal is now.
COLUMN, CHANGE, PRESENT = 1, 2, 3
REOPENED = -1  # an entry into the stage it was in before it was closed


def settle_deals(incoming: Incoming) -> None:
    """Makes `found`: each deal once, with the range of its entries in `sorted`. What belongs to no deal is skipped."""
    listed = incoming.tells("deal", "key")
    if listed:
        _once_each(incoming)
        if incoming.tells("entry", "deal"):
            _by_name(incoming)
    if incoming.tells("entry", "before"):
        _first_stages(incoming)
    _sort(incoming, listed)
    # The first row of each deal, and rows that only repeat the stage of the one before.
    incoming.do("CREATE TABLE incoming.mark (id INTEGER PRIMARY KEY, deal TEXT)")
    incoming.do("""
        INSERT INTO incoming.mark SELECT a.rowid, iif(a.deal IS NOT before.deal, a.deal, NULL)
        FROM incoming.sorted AS a LEFT JOIN incoming.sorted AS before ON before.rowid = a.rowid - 1
        WHERE a.deal IS NOT before.deal OR a.stage IS before.stage""")
    incoming.do("""
        CREATE TABLE incoming.found (
            no INTEGER PRIMARY KEY, key TEXT, first INT, last INT, there INT, name TEXT, account_key TEXT,
            account TEXT, domain TEXT, contact_key TEXT, contact_name TEXT, contact_email TEXT, contact_phone TEXT,
            contact_title TEXT, amount_cents INT, owner TEXT, close TEXT, source TEXT, file INT, row INT,
            listed INT, account_no INT, account_id INT, id INT, slug TEXT, fate TEXT, again INT, stale INT, alone INT,
            changed INT NOT NULL DEFAULT 0, outside_stage TEXT, outside_at TEXT)""")
    incoming.do("""
        INSERT INTO incoming.found (key, first, last)
        SELECT deal, id, coalesce(lead(id) OVER (ORDER BY id) - 1, (SELECT max(rowid) FROM incoming.sorted))
        FROM incoming.mark WHERE deal IS NOT NULL ORDER BY id""")
    incoming.do("CREATE UNIQUE INDEX incoming.found_by_key ON found (key)")
    _describe(incoming, listed)


def _once_each(incoming: Incoming) -> None:
    """A deal has one row; a second one is skipped."""
    incoming.do("CREATE INDEX incoming.deal_by_key ON deal (key)")
    incoming.do("""
        INSERT INTO incoming.skipped SELECT file, row, 'repeats the deal of row ' || (
            SELECT row FROM incoming.deal AS f WHERE f.key = d.key ORDER BY f.rowid LIMIT 1)
        FROM incoming.deal AS d WHERE rowid > (SELECT min(f.rowid) FROM incoming.deal AS f WHERE f.key = d.key)""")
    incoming.do("""
        DELETE FROM incoming.deal
        WHERE rowid > (SELECT min(f.rowid) FROM incoming.deal AS f WHERE f.key = deal.key)""")


def _by_name(incoming: Incoming) -> None:
    """Changes that name their deal by a title which only one deal has: reports come without ids."""
    incoming.do("""
        UPDATE incoming.entry SET deal = d.key FROM (
            SELECT folded(name) AS name, min(key) AS key FROM incoming.deal WHERE name IS NOT NULL
            GROUP BY folded(name) HAVING count(*) = 1) AS d
        WHERE folded(entry.deal) = d.name AND elsewhere IS NULL
          AND NOT EXISTS (SELECT 1 FROM incoming.deal AS k WHERE k.key = entry.deal)""")


def _first_stages(incoming: Incoming) -> None:
    """The stage a deal was in before its first change: since when is not known."""
    incoming.do("""
        INSERT INTO incoming.entry (place, deal, stage) SELECT place + 1, deal, before FROM (
            SELECT place, deal, before, row_number() OVER (PARTITION BY deal ORDER BY at, place) AS n
            FROM incoming.entry) WHERE n = 1 AND before IS NOT NULL""")


def _sort(incoming: Incoming, listed: bool) -> None:
    where, tails = "", ""
    if listed:
        there = """(EXISTS (SELECT 1 FROM incoming.deal AS d WHERE d.key = e.deal)
                   OR EXISTS (SELECT 1 FROM origin WHERE record_key = :origin || 'deal:' || e.deal))"""
        incoming.do(f"""
            INSERT INTO incoming.skipped
            SELECT {FILE.format("place")}, {ROW.format("place")},
                   'belongs to the deal "' || deal || '", which is not there'
            FROM incoming.entry AS e WHERE NOT {there}""")
        where = f"""WHERE {there}
                   AND NOT (coalesce(elsewhere, 0) AND stage IN (SELECT id FROM incoming.stage WHERE closing))"""
        # Where a deal is now comes last, whatever is known of since when.
        tails = f"""UNION ALL SELECT key, stage, CASE WHEN stage IN (SELECT id FROM incoming.stage WHERE closing)
                       THEN coalesce(since, closed_at) ELSE since END, NULL, {PRESENT}, rowid
                   FROM incoming.deal WHERE stage IS NOT NULL"""
    time = "place_in_time(at)" if _both_dates_and_instants(incoming) else "at"
    incoming.do("CREATE TABLE incoming.sorted (deal TEXT, stage INT, at, owner TEXT, told INT)")
    incoming.do(f"""
        INSERT INTO incoming.sorted SELECT deal, stage, at, owner, told FROM (
            SELECT deal, stage, at, owner, iif(elsewhere IS NULL, {CHANGE}, {COLUMN}) AS told, place
            FROM incoming.entry AS e {where} {tails})
        ORDER BY deal, told = {PRESENT}, {time}, place""")


def _both_dates_and_instants(incoming: Incoming) -> bool:
    """Whether time has to be compared by the calendar: else dates are all texts, and instants all numbers."""
    columns = [("entry", "at"), *(("deal", word) for word in ("since", "closed_at") if incoming.tells("deal", word))]
    kinds = " UNION ".join(f"SELECT DISTINCT typeof({column}) = 'text' FROM incoming.{table} WHERE {column} IS NOT NULL"
                           for table, column in columns)  # fmt: skip
    return len(incoming.rows(kinds)) > 1


def _describe(incoming: Incoming, listed: bool) -> None:
    """What the rows say of each deal: those of deals, else the last change that says something."""
    if has_origins(incoming, "deal"):
        incoming.do("UPDATE incoming.found SET there = (SELECT deal_id FROM origin "
                    "WHERE record_key = :origin || 'deal:' || key)")  # fmt: skip
    same = ("name", "account_key", "account", "domain", "amount_cents", "owner")
    if listed:
        incoming.do("""
            INSERT INTO incoming.skipped SELECT file, row, 'names no stage that the deal is or was in'
            FROM incoming.deal AS d WHERE NOT EXISTS (SELECT 1 FROM incoming.found AS f WHERE f.key = d.key)""")
        more = ("contact_key", "contact_name", "contact_email", "contact_phone", "contact_title", "close", "source",
                "file", "row")  # fmt: skip
        taken = ", ".join(f"{column} = d.{column}" for column in (*same, *more))
        incoming.do(f"UPDATE incoming.found SET listed = 1, {taken} FROM incoming.deal AS d WHERE d.key = found.key")
    if incoming.tells("entry", *same) and not listed:
        incoming.do(f"""
            UPDATE incoming.found SET file = {FILE.format("e.place")}, row = {ROW.format("e.place")} FROM (
                SELECT deal, min(place) AS place FROM incoming.entry GROUP BY deal) AS e WHERE e.deal = found.key""")
    for column in same:
        if incoming.tells("entry", column):
            order = "place" if column != "owner" else "at, place"
            incoming.do(f"""
                UPDATE incoming.found SET {column} = e.{column} FROM (
                    SELECT deal, {column}, row_number() OVER (PARTITION BY deal ORDER BY {order} DESC) AS n
                    FROM incoming.entry WHERE {column} IS NOT NULL) AS e
                WHERE e.n = 1 AND e.deal = found.key AND found.{column} IS NULL""")


def has_origins(incoming: Incoming, record: str) -> bool:
    """Whether an earlier import brought such records."""
    return incoming.any(
        "origin WHERE record_key >= :origin || :record || ':' AND record_key < :origin || :record || ';'", record=record
    )


def settle_stays(incoming: Incoming, reopened: bool) -> dict[int, tuple[int, float, int]]:
    """Makes `stay`; gives for each stage how often it was entered, at which place on average, how many left it."""
    incoming.do("DELETE FROM incoming.mark WHERE deal IS NOT NULL")
    if reopened:
        _reopen(incoming)
    if incoming.tells("entry", "elsewhere", "before"):
        _dated_later(incoming)
    incoming.do("""CREATE TABLE incoming.stay (no INT, number INT, stage INT, at, entered TEXT, owner TEXT, told INT,
                                               PRIMARY KEY (no, number)) WITHOUT ROWID""")
    repeated = incoming.any("incoming.mark")
    again, wanted = "0", ""
    if repeated:
        incoming.do("""
            UPDATE incoming.found SET again = 1 WHERE key IN (
                SELECT deal FROM incoming.sorted WHERE rowid IN (SELECT id FROM incoming.mark))""")
        again = "iif(d.again, (SELECT count(*) FROM incoming.mark WHERE id BETWEEN d.first AND a.rowid), 0)"
        wanted = "WHERE d.again IS NULL OR a.rowid NOT IN (SELECT id FROM incoming.mark)"
    tail = f"""CASE WHEN a.told = {PRESENT} AND is_before(a.at, (SELECT at FROM incoming.sorted AS before
              WHERE before.rowid = a.rowid - 1 AND a.rowid > d.first)) THEN NULL ELSE a.at END"""
    at = tail if incoming.tells("deal", "key") else "a.at"
    incoming.do(f"""
        INSERT INTO incoming.stay
        SELECT no, number, stage, at, {WRITTEN.format("at")}, owner, told FROM (
            SELECT d.no, a.rowid - d.first + 1 - {again} AS number, a.stage, {at} AS at, a.owner, a.told
            FROM incoming.found AS d CROSS JOIN incoming.sorted AS a ON a.rowid BETWEEN d.first AND d.last
            {wanted})""")
    incoming.do("DROP TABLE incoming.sorted")
    incoming.do("CREATE TABLE incoming.went (no INTEGER PRIMARY KEY, way TEXT)")
    incoming.do("INSERT INTO incoming.went SELECT no, group_concat(stage, '>') FROM incoming.stay GROUP BY no")
    if reopened:
        incoming.do("DELETE FROM incoming.found WHERE no NOT IN (SELECT no FROM incoming.went)")
    return _places(incoming)


def join_stages(incoming: Incoming) -> None:
    """Where two stages of the export are one of the playbook's, rows of both in a row are one stay too."""
    incoming.do("""
        UPDATE incoming.stay SET stage = f.id FROM incoming.stage AS t, (
            SELECT name, min(id) AS id FROM incoming.stage GROUP BY name HAVING count(*) > 1) AS f
        WHERE t.id = stay.stage AND f.name = t.name""")
    incoming.do("""DELETE FROM incoming.stage WHERE name IS NOT NULL
                   AND id NOT IN (SELECT min(id) FROM incoming.stage GROUP BY name)""")
    incoming.do("""
        CREATE TABLE incoming.joined AS
        SELECT no, row_number() OVER (PARTITION BY no ORDER BY number) AS number, stage, at, entered, owner, told FROM (
            SELECT *, lag(stage) OVER (PARTITION BY no ORDER BY number) AS before FROM incoming.stay)
        WHERE stage IS NOT before""")
    incoming.do("DELETE FROM incoming.stay")
    incoming.do("INSERT INTO incoming.stay SELECT * FROM incoming.joined ORDER BY no, number")
    incoming.do("DELETE FROM incoming.went")
    incoming.do("INSERT INTO incoming.went SELECT no, group_concat(stage, '>') FROM incoming.stay GROUP BY no")


def _reopen(incoming: Incoming) -> None:
    """A deal that was opened again is back in the open stage it was in last; else in the one that follows."""
    at_the_time = """SELECT o.stage FROM incoming.sorted AS o WHERE o.rowid BETWEEN {range} AND o.stage >= 0
                     AND o.stage NOT IN (SELECT id FROM incoming.stage WHERE closing) ORDER BY o.rowid {way} LIMIT 1"""
    before = at_the_time.format(range="d.first AND a.rowid", way="DESC")
    after = at_the_time.format(range="a.rowid AND d.last", way="ASC")
    incoming.do(f"""
        UPDATE incoming.sorted SET stage = s.stage FROM (
            SELECT a.rowid AS id, coalesce(({before}), ({after})) AS stage FROM incoming.sorted AS a
            JOIN incoming.found AS d ON d.key = a.deal WHERE a.stage = {REOPENED}) AS s
        WHERE s.id = sorted.rowid""")
    incoming.do("DELETE FROM incoming.mark WHERE deal IS NULL")
    incoming.do("""
        INSERT OR IGNORE INTO incoming.mark SELECT a.rowid, NULL FROM incoming.sorted AS a
        LEFT JOIN incoming.sorted AS before ON before.rowid = a.rowid - 1 AND before.deal = a.deal
        WHERE a.stage IS NULL OR a.stage IS before.stage""")


def _dated_later(incoming: Incoming) -> None:
    """Where a stay whose beginning is not known is followed by its own with one, that one tells the beginning."""
    same = """incoming.sorted AS a JOIN incoming.sorted AS next ON next.rowid = a.rowid + 1 AND next.deal = a.deal
              AND next.stage = a.stage WHERE a.at IS NULL AND next.at IS NOT NULL"""
    incoming.do(f"DELETE FROM incoming.mark WHERE id IN (SELECT next.rowid FROM {same})")
    incoming.do(f"INSERT OR IGNORE INTO incoming.mark SELECT a.rowid, NULL FROM {same}")


def _places(incoming: Incoming) -> dict[int, tuple[int, float, int]]:
    times: defaultdict[int, int] = defaultdict(int)
    places: defaultdict[int, int] = defaultdict(int)
    left: defaultdict[int, int] = defaultdict(int)
    for row in incoming.each("SELECT way, count(*) AS deals FROM incoming.went GROUP BY way"):
        stages = list(map(int, row["way"].split(">")))
        for place, stage in enumerate(stages):
            times[stage] += row["deals"]
            places[stage] += place * row["deals"]
        for stage in set(stages[:-1]):
            left[stage] += row["deals"]
    return {stage: (times[stage], places[stage] / times[stage], left[stage]) for stage in times}
