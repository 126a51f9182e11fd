"""Times whole processes in pairs, command and reference in turn, so that a noisy machine slows both alike."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Pair:
    """Medians in seconds, and the median of the ratios pair by pair."""

    seconds: float
    reference: float
    ratio: float
    cpu_ratio: float


def paired(command: Sequence[str], reference: Sequence[str], runs: int) -> Pair:
    """Runs both in turn, once for warming up and then `runs` times."""
    timed(command), timed(reference)
    mine, other = [], []
    for _ in range(runs):
        mine.append(timed(command))
        other.append(timed(reference))
    return Pair(
        median(wall for wall, _ in mine),
        median(wall for wall, _ in other),
        median(m[0] / o[0] for m, o in zip(mine, other, strict=True)),
        median(m[1] / o[1] for m, o in zip(mine, other, strict=True)),
    )


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Wall and processor seconds of one run."""
    before = os.times()
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 3):  # 3: something is missing, as `check` and a blocked `handoff` say
        raise SystemExit(f"{command} ended with {done.returncode}; its time says nothing.")
    wall = time.perf_counter() - start
    after = os.times()
    used = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return wall, used
