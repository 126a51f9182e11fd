"""How long commands take beside the bare import of what they are built on. Prints a table; judges nothing.

python tests/bench/start.py            1,000 and 100,000 deals
python tests/bench/start.py --quick    100 and 1,000 deals, few runs: only to see that it works
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from export import write_export
from pairs import Pair, paired

REFERENCE = (sys.executable, "-c", "import typer, sqlmodel")
PROGRAM = str(Path(sys.executable).with_name("handoffctl"))


def commands(home: Path) -> dict[str, list[str]]:
    """The commands that are timed, on the database of this home."""
    deal = open_deal(home)
    words = {
        "--help": ["--help"],
        "list": ["list"],
        "show": ["show", deal],
        "check": ["check", deal],
        "log": ["log"],
        "today": ["today"],
        "email": ["email", "introduction", deal],
        "report throughput": ["report", "throughput"],
        "handoff --no-input": ["handoff", deal, "--no-input", "--to", "qualification"],
    }
    return {name: [PROGRAM, *given, "--home", str(home)] for name, given in words.items()}


def open_deal(home: Path) -> str:
    """The name of a deal in the first stage."""
    done = subprocess.run(
        [PROGRAM, "list", "--stage", "prospecting", "--json", "--limit", "1", "--home", str(home)],
        capture_output=True, check=True,
    )  # fmt: skip
    deal = json.loads(done.stdout)["deals"][0]
    return f"{deal['account']}/{deal['deal']}"


def made(folder: Path, deals: int) -> Path:
    """A home with so many imported deals, and a playbook that is complete."""
    home = folder / f"home-{deals}"
    write_export(folder / f"export-{deals}", deals)
    run = [PROGRAM, "import", str(folder / f"export-{deals}"), "--from", "salesforce", "--make-playbook", "sales"]
    subprocess.run([*run, "--home", str(home)], check=True, capture_output=True)
    rules = home / "playbooks" / "sales.yaml"
    text = rules.read_text(encoding="utf-8").replace("draft: true\n", "")
    for key, value in (("trigger", "They ask."), ("reason", "It fits."), ("benefit", "The prospect gains time.")):
        text = "\n".join(
            f"    {key}: {value}" if line.startswith(f"    # {key}:") else line for line in text.split("\n")
        )
    rules.write_text(text, encoding="utf-8")
    return home


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=0)
    given = parser.parse_args()
    small, large = (100, 1_000) if given.quick else (1_000, 100_000)
    runs = given.runs or (3 if given.quick else 15)
    os.environ.pop("HANDOFFCTL_HOME", None)
    with tempfile.TemporaryDirectory() as folder:
        homes = [made(Path(folder), small), made(Path(folder), large)]
        pairs = [commands(home) for home in homes]
        print(f"{'command':<20} {'seconds':>8} {'of import':>10} {'cpu':>6}   {f'{large:,} / {small:,} deals':>24}")
        for name in pairs[0]:
            first: Pair = paired(pairs[0][name], REFERENCE, runs)
            grown: Pair = paired(pairs[1][name], pairs[0][name], runs)
            print(
                f"{name:<20} {first.seconds:>8.3f} {first.ratio:>10.2f} {first.cpu_ratio:>6.2f}   {grown.ratio:>24.2f}"
            )
        print(f'reference: python -c "import typer, sqlmodel", {first.reference:.3f} seconds; {runs} pairs, medians')


if __name__ == "__main__":
    main()
