"""Writes docs/false-claims.md: every exact sum, and 4,000 seeded runs of every simulation.

From the top of the repository: python -m tests.stats.false_claims [--runs N]. It takes about 15 minutes on two
processors; with fewer runs it prints the page and leaves the file as it is.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor

from tests.stats.false_claims.page import PAGE, page_of
from tests.stats.false_claims.reports import PARTS, rows_of

RUNS = 4000


def main() -> None:
    """Computes all parts side by side and writes or prints the page."""
    parser = argparse.ArgumentParser(description="Compute how often a run of a report claims something false.")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"simulated runs of each row, {RUNS} unless given")
    parser.add_argument("--processes", type=int, help="as many as there are processors unless given")
    given = parser.parse_args()
    runs = given.runs
    with ProcessPoolExecutor(given.processes) as pool:
        rows = [row for rows in pool.map(rows_of, PARTS, [runs] * len(PARTS)) for row in rows]
    if runs == RUNS:
        PAGE.write_text(page_of(rows), encoding="utf-8")
    else:
        print(page_of(rows), end="")


if __name__ == "__main__":
    main()
