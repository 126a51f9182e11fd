"""How long an import of stage changes takes beside tools that only copy the same file into SQLite; and its memory.

python tests/bench/imports.py            100,000 and 1,000,000 rows
python tests/bench/imports.py --quick    2,000 and 20,000 rows, one run: only to see that it works

The references judge nothing: `sqlite-utils insert --csv`, and the `sqlite3` shell's `.import`. Where one is not
installed its column says so. Prints a table; judges nothing.
"""

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from pairs import timed

PROGRAM = str(Path(sys.executable).with_name("handoffctl"))
UTILS = str(Path(sys.executable).with_name("sqlite-utils"))
STAGES = ("Prospecting", "Qualification", "Needs Analysis", "Proposal", "Negotiation")
BEGIN = datetime(2022, 1, 3, 9, tzinfo=UTC)

# As programs write them: every change of a deal with its particulars; and the narrowest file that is a history.
LAYOUTS = {
    "wide": (
        "history_id",
        "opportunity_id",
        "stage",
        "amount",
        "close_date",
        "probability",
        "changed_by",
        "changed_at",
    ),
    "narrow": ("opportunity_id", "stage", "changed_at"),
}
MAP = "rows: changes\ndeal: opportunity_id\nstage: stage\nat: changed_at\nkinds: {Closed Won: won, Closed Lost: lost}\n"


def write_history(path: Path, layout: str, rows: int) -> None:
    """Changes in the order of time, as programs export them: the deals' rows stand mixed."""
    chance = random.Random(1)
    changes = []
    deal = 0
    while len(changes) < rows:
        deal += 1
        at = BEGIN + timedelta(minutes=chance.randrange(1_500_000))
        for stage in (*STAGES[: chance.randrange(1, 6)], chance.choice(("Closed Won", "Closed Lost"))):
            changes.append((at, f"006A{deal:011}", stage))
            at += timedelta(seconds=chance.randrange(60, 30 * 86_400))
    changes = sorted(changes[:rows])
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(LAYOUTS[layout])
        for number, (at, key, stage) in enumerate(changes):
            when = at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
            wide = (
                f"017A{number:011}",
                key,
                stage,
                f"{number % 90_000}.50",
                when[:10],
                number % 101,
                f"U{number % 40}",
            )
            out.writerow((*wide, when) if layout == "wide" else (key, stage, when))


def commands(folder: Path, file: Path) -> dict[str, list[str]]:
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    return {
        "handoffctl": [PROGRAM, "--home", str(folder / "home"), "import", str(file), "--map", str(folder / "map.yaml"),
                       "--make-playbook", "sales"],
        "sqlite-utils": [UTILS, "insert", str(folder / "utils.db"), "rows", str(file), "--csv", "--silent"],
        "sqlite3": ["sqlite3", str(folder / "shell.db"), ".mode csv", f".import {file} rows"],
    }  # fmt: skip


def measured(folder: Path, file: Path, runs: int) -> dict[str, list[float]]:
    """Wall seconds of each, all in turn in every run, after one that warms up."""
    seconds: dict[str, list[float]] = {}
    there = {name: words for name, words in commands(folder, file).items() if shutil.which(words[0])}
    for run in range(runs + 1):
        for name, words in there.items():
            for left in (*folder.glob("*.db"), folder / "home"):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
            wall, _ = timed(words)
            if run:
                seconds.setdefault(name, []).append(wall)
    return seconds


def peak(words: Sequence[str]) -> float:
    """The most memory that the process held, in MiB."""
    look = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, " \
           "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", look, *words], capture_output=True, check=True, text=True)
    return int(done.stdout) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=0)
    given = parser.parse_args()
    sizes = (2_000, 20_000) if given.quick else (100_000, 1_000_000)
    runs = given.runs or (1 if given.quick else 5)
    os.environ.pop("HANDOFFCTL_HOME", None)
    print(f"{'file':<8} {'rows':>10} {'seconds':>8} {'of sqlite-utils':>16} {'of .import':>11} {'peak MiB':>9}")
    for layout in LAYOUTS:
        for rows in sizes:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                file = folder / "history.csv"
                write_history(file, layout, rows)
                seconds = measured(folder, file, runs)
                mine = seconds["handoffctl"]
                ratios = []
                for other in ("sqlite-utils", "sqlite3"):
                    theirs = seconds.get(other)
                    ratio = median(m / t for m, t in zip(mine, theirs, strict=True)) if theirs else None
                    ratios.append("not there" if ratio is None else f"{ratio:.2f}")
                shutil.rmtree(folder / "home", ignore_errors=True)
                memory = peak(commands(folder, file)["handoffctl"])
                print(f"{layout:<8} {rows:>10,} {median(mine):>8.2f} {ratios[0]:>16} {ratios[1]:>11} {memory:>9.0f}")


if __name__ == "__main__":
    main()
