"""How long `report throughput` takes beside pandas and DuckDB, which compute the same figures; its memory; its growth.

python tests/bench/reports.py            1,000,000 visits
python tests/bench/reports.py --quick    2,000 and 20,000 visits, one run: only to see that it works

pandas reads the same SQLite file; DuckDB has a file of its own, made beforehand. All three must give the same figures,
to a millionth, or nothing is timed. Prints a table with the limits beside; judges nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pairs import paired
from visits import KINDS, NOW, PROGRAM, home_with, moment

from imports import peak

HERE = Path(__file__).parent
CLOSE = 1e-6
COMPARED = (
    "entered", "deals", "advanced", "returned", "won", "lost", "nurture", "moved", "now", "conversion",
    "mean_days_completed", "median_days_completed", "p85_days_completed", "median_days",
)  # fmt: skip
FEW, MANY = 400, 40_000  # stays of about a hundred and of about ten thousand deals

Figures = Mapping[str, Mapping[str, float | None]]


def report(home: Path) -> list[str]:
    return [PROGRAM, "--home", str(home), "--now", moment(NOW), "report", "throughput", "--json"]


def references(folder: Path, home: Path) -> dict[str, list[str]]:
    """The same figures by other tools, as commands."""
    from throughput_duckdb import copied

    file, own = str(home / "handoffctl.db"), str(folder / f"{home.name}.duckdb")
    copied(file, own)
    asked = [moment(NOW), json.dumps({slug(title): kind for title, kind in KINDS.items()})]
    return {
        "pandas": [sys.executable, str(HERE / "throughput_pandas.py"), file, *asked],
        "DuckDB": [sys.executable, str(HERE / "throughput_duckdb.py"), own, *asked],
    }


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def said(words: Sequence[str]) -> dict:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return dict(json.loads(done.stdout))


def differences(ours: Figures, theirs: Figures, name: str) -> list[str]:
    """Each figure that another tool sees otherwise, in a line."""
    if list(ours) != [slug(title) for title in KINDS] or set(ours) != set(theirs):
        return [f"stages: ours {list(ours)}, {name} {list(theirs)}"]
    return [
        f"{stage}.{figure}: ours {one[figure]}, {name} {theirs[stage][figure]}"
        for stage, one in ours.items()
        for figure in COMPARED
        if not same(one[figure], theirs[stage][figure])
    ]


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= CLOSE * max(1.0, abs(other))


def held_against(home: Path, others: Mapping[str, Sequence[str]]) -> Figures:
    """Our figures, once all agree: comparing the time of different things is worth nothing."""
    ours = {stage["stage"]: stage for stage in said(report(home))["stages"]}
    wrong = [line for name, words in others.items() for line in differences(ours, said(words), name)]
    if wrong:
        sys.exit("\n".join(["These are not the same figures:", *wrong]))
    return ours


def line(name: str, measured: str, limit: str = "") -> None:
    print(f"  {name:<44} {measured:>10} {limit:>10}")


def compare(folder: Path, visits: int, runs: int) -> None:
    home = home_with(folder, visits)
    others = references(folder, home)
    ours = held_against(home, others)
    entered = sum(int(one["entered"] or 0) for one in ours.values())
    there = sum(int(one["now"] or 0) for one in ours.values())
    print(f"{entered:,} visits of {there:,} deals in {len(ours)} stages; {runs} pairs, medians. All figures agree.")
    line("", "measured", "at most")
    pandas, duck = paired(report(home), others["pandas"], runs), paired(report(home), others["DuckDB"], runs)
    line("seconds", f"{pandas.seconds:.3f}")
    line(f"of pandas' time ({pandas.reference:.2f} seconds)", f"{pandas.ratio:.2f}", "0.60")
    line(f"of DuckDB's time ({duck.reference:.2f} seconds)", f"{duck.ratio:.2f}", "5.00")
    mine, memory = peak(report(home)), {name: peak(words) for name, words in others.items()}
    line("memory at its peak, in MiB", f"{mine:.0f}")
    line(f"of pandas' memory ({memory['pandas']:.0f} MiB)", f"{mine / memory['pandas']:.2f}", "0.25")
    line(f"of DuckDB's memory ({memory['DuckDB']:.0f} MiB)", f"{mine / memory['DuckDB']:.2f}")


def growth(folder: Path, runs: int) -> None:
    few, many = home_with(folder, FEW), home_with(folder, MANY)
    pair = paired(report(many), report(few), runs)
    line(f"10,000 deals beside 100 ({pair.reference:.3f} seconds)", f"{pair.ratio:.2f}", "1.30")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=0)
    given = parser.parse_args()
    runs = given.runs or (1 if given.quick else 7)
    for name in [name for name in os.environ if name.startswith("HANDOFFCTL_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        for visits in (2_000, 20_000) if given.quick else (1_000_000,):
            compare(Path(folder), visits, runs)
        growth(Path(folder), runs)


if __name__ == "__main__":
    main()
