"""The rows of each report by its name."""

from tests.stats.false_claims import promises, receivers, signals, surges, trials
from tests.stats.false_claims.row import Row

# Those that take longest come first, so that the processors end at about the same time.
SIMULATED = {"signs": surges.rows, "receivers": receivers.rows, "won": signals.rows}
EXACT_SUMS = {"sla": promises.rows, "trials": trials.rows}
REPORTS = [*SIMULATED, *EXACT_SUMS]


def rows_of(report: str, runs: int) -> list[Row]:
    """Returns the rows of one report, those that are simulated from so many runs."""
    return list(SIMULATED[report](runs)) if report in SIMULATED else list(EXACT_SUMS[report]())
