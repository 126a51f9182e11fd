"""How long `report goals` takes over 10,000 deals beside 100. Prints a table; judges nothing.

python tests/bench/goals.py
python tests/bench/goals.py --quick    few runs: only to see that it works
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from day import NOW, PROGRAM, made
from pairs import paired


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    runs = 3 if parser.parse_args().quick else 15
    os.environ.pop("HANDOFFCTL_HOME", None)
    with tempfile.TemporaryDirectory() as folder:
        homes = [made(Path(folder) / f"home-{deals}", deals) for deals in (10_000, 100)]
        many, few = ([PROGRAM, "report", "goals", "--home", str(home), "--now", NOW] for home in homes)
        pair = paired(many, few, runs)
    print(f"{'report goals':<20} {'seconds':>8} {'of 100 deals':>13}")
    print(f"{'100 deals':<20} {pair.reference:>8.3f}")
    print(f"{'10,000 deals':<20} {pair.seconds:>8.3f} {pair.ratio:>13.2f}")
    print(f"wanted: less than a second more than 100 deals; {runs} pairs, medians")


if __name__ == "__main__":
    main()
