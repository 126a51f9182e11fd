"""The figures of the throughput report by DuckDB, over a file of its own.

python tests/bench/throughput_duckdb.py FILE.duckdb AS_OF STAGES      STAGES: {"lead": "open", ...} in their order
"""

import json
import sys

import duckdb

FIGURES = """
WITH rule AS (
    SELECT stage, kind, place, CASE kind WHEN 'open' THEN place WHEN 'won' THEN 1000 ELSE -1 END AS rank FROM rules
),
stay AS (
    SELECT v.deal_id, v.stage, r.kind, r.place, v.days, v.entered_at,
           lead(r.kind) OVER deal AS onward_kind, lead(r.place) OVER deal AS onward,
           max(r.rank) OVER (deal ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS furthest,
           row_number() OVER (PARTITION BY v.deal_id, v.stage ORDER BY v.number) = 1 AS first
    FROM visit AS v JOIN rule AS r USING (stage)
    WINDOW deal AS (PARTITION BY v.deal_id ORDER BY v.number)
),
counted AS (
    SELECT stage, any_value(kind) AS kind, count(*) AS entered, count(*) FILTER (first) AS deals,
           count(*) FILTER (onward_kind = 'open' AND onward > place) AS advanced,
           count(*) FILTER (onward_kind = 'open' AND onward <= place) AS returned,
           count(*) FILTER (onward_kind = 'won') AS won, count(*) FILTER (onward_kind = 'lost') AS lost,
           count(*) FILTER (onward_kind = 'nurture') AS nurture, 0 AS moved,
           count(*) FILTER (onward IS NULL) AS now,
           count(*) FILTER (first AND furthest > place) / count(*) FILTER (first) AS conversion,
           avg(days) AS mean_days_completed, median(days) AS median_days_completed,
           quantile_cont(days, 0.85) AS p85_days_completed
    FROM stay GROUP BY stage
),
moments AS (
    SELECT stage, coalesce(days, epoch(CAST($as_of AS TIMESTAMP) - entered_at) / 86400) AS moment,
           count(*) AS stays, count(days) AS left_then
    FROM stay WHERE kind = 'open' GROUP BY ALL
),
still AS (
    SELECT *, sum(stays) OVER (PARTITION BY stage ORDER BY moment DESC) AS there FROM moments
),
survival AS (
    SELECT stage, moment, product(1 - left_then / there) OVER (PARTITION BY stage ORDER BY moment) AS share FROM still
)
SELECT counted.* EXCLUDE (kind), s.median_days
FROM counted LEFT JOIN (
    SELECT stage, min(moment) AS median_days FROM survival WHERE share <= 0.5 + 1e-9 GROUP BY stage) AS s USING (stage)
"""


def main(file: str, as_of: str, kinds: dict[str, str]) -> dict[str, dict[str, float | None]]:
    with duckdb.connect(file, read_only=True) as db:
        db.execute("CREATE TEMP TABLE rules (stage VARCHAR, kind VARCHAR, place INTEGER)")
        db.executemany("INSERT INTO rules VALUES (?, ?, ?)", [(*one, n) for n, one in enumerate(kinds.items())])
        found = db.execute(FIGURES, {"as_of": as_of.removesuffix("Z")})
        names = [column[0] for column in found.description]
        return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in found.fetchall()}


def copied(sqlite: str, file: str) -> None:
    """Makes a file of its own from the stays of ours; nobody times this."""
    import sqlite3
    from contextlib import closing

    import pandas as pd

    with closing(sqlite3.connect(sqlite)) as db:
        visits = pd.read_sql("SELECT deal_id, number, stage, entered_at, days FROM visit ORDER BY deal_id, number", db)
    visits["entered_at"] = pd.to_datetime(visits["entered_at"]).dt.tz_localize(None)
    with duckdb.connect(file) as own:
        own.register("visits", visits)
        own.execute("CREATE TYPE stage AS ENUM (SELECT DISTINCT stage FROM visits)")  # nearly twice as fast as text
        own.execute("CREATE TABLE visit AS SELECT * REPLACE (CAST(stage AS stage) AS stage) FROM visits")


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))))
