"""The parts of the table by their names, each small enough for one processor."""

from collections.abc import Callable, Iterable
from functools import partial

from tests.stats.false_claims import promises, receivers, signals, surges, trials
from tests.stats.false_claims.row import Row

# What takes longest comes first, so that the processors end at about the same time.
SIMULATED: dict[str, Callable[[int], Iterable[Row]]] = {
    **{f"signs of {owners} owners": partial(surges.rows, owners=owners) for owners in (2, 5, 10)},
    **{f"{people} receivers": partial(receivers.rows, people=people) for people in (3, 5, 10)},
    **{kind: partial(signals.rows, kind=kind) for kind in signals.KINDS},
}
EXACT_SUMS: dict[str, Callable[[], Iterable[Row]]] = {
    "promises": promises.rows,
    "trials": trials.rows,
    "1 signal": signals.exact_rows,
}
PARTS = [*SIMULATED, *EXACT_SUMS]


def rows_of(part: str, runs: int) -> list[Row]:
    """Returns the rows of one part, those that are simulated from so many runs."""
    return list(SIMULATED[part](runs)) if part in SIMULATED else list(EXACT_SUMS[part]())
