"""A row of the table of false claims, and the seeded simulation of runs of a report."""

import random
from collections.abc import Callable
from typing import NamedTuple

SEED = 20_260_301
FEWER = 4  # what is there is looked for in so many times fewer runs
EXACT = 0  # stands for the number of runs where the figure is an exact sum


class Row(NamedTuple):
    """How often a run of a report claims something where there is nothing, and how often where there is something.

    Shares are from 0 to 1. `runs` is the number of simulated runs, or EXACT. `hints` is the share of runs without an
    effect that name something as worth watching, which is no claim; None where a report has no hints.
    """

    report: str
    without_effect: str
    size: str
    runs: int
    false_claims: float
    effect: str
    power: float
    hints: float | None = None


def share_of_runs(runs: int, run: Callable[[random.Random], bool]) -> float:
    """Returns the share of seeded runs that are true."""
    return sum(run(random.Random(SEED + number)) for number in range(runs)) / runs


def several(total: int, share: float, chance: random.Random) -> int:
    """Returns how many of `total` happen, each with this probability."""
    return sum(chance.random() < share for _ in range(total))
