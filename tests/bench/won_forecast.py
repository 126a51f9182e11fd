"""How long `report won` and `report forecast` take over 10,000 deals beside 100. Prints a table; judges nothing.

python tests/bench/won_forecast.py
python tests/bench/won_forecast.py --quick    few runs: only to see that it works
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))

from pairs import paired
from written_deals import Written, write_deals

PROGRAM = str(Path(sys.executable).with_name("handoffctl"))
TODAY = date(2026, 6, 1)
STAGES = ("lead", "first", "offer")
FIELDS = [f"s{number}" for number in range(8)]
PLAYBOOK = """\
playbook: talks
fields:
{fields}
stages:
  lead: {{title: Lead}}
  first: {{title: First talk}}
  offer: {{title: Offer}}
  won: {{title: Won, kind: won}}
  lost: {{title: Lost, kind: lost}}
  later: {{title: Later, kind: nurture}}
signals:
{signals}
  deal-size: {{points: 5, when: [{{field: deal.amount, at_least: 5000}}]}}
  answered: {{points: 5, when: [{{touches: {{direction: in}}}}]}}
handoffs:
  - {{from: lead, to: first, trigger: They call., reason: They fit., benefit: They are heard.}}
  - {{from: first, to: offer, trigger: They ask., reason: They fit., benefit: They are heard.}}
  - {{from: offer, to: won, trigger: They sign., reason: It is agreed., benefit: They begin.}}
"""


def made(home: Path, deals: int) -> Path:
    """A home with so many deals in three years, some of them open, each with eight values and an amount."""
    folder = home / "playbooks"
    folder.mkdir(parents=True)
    fields = "\n".join(f"  {name}: {{type: yes_no, label: Field {name}, why: It helps.}}" for name in FIELDS)
    signals = "\n".join(f"  {name}: {{points: 5, when: [{{field: {name}, is: yes}}]}}" for name in FIELDS)
    (folder / "talks.yaml").write_text(PLAYBOOK.format(fields=fields, signals=signals), encoding="utf-8")
    write_deals(home, "talks", _deals(deals))
    return home


def _deals(count: int) -> Iterator[Written]:
    chance = random.Random(11)
    for number in range(count):
        at = TODAY - timedelta(days=chance.randrange(1, 1000))
        stays = []
        values = [(name, chance.choice(("yes", "no")), at.isoformat()) for name in FIELDS if chance.random() < 0.8]
        values.append(("deal.amount", str(chance.randrange(1000, 90000)), at.isoformat()))
        values.append(("deal.expected_close", (at + timedelta(days=120)).isoformat(), at.isoformat()))
        for stage in (*STAGES[: chance.randrange(1, 4)], chance.choice(("won", *["lost"] * 2) * 4 + ("",))):
            if stage and at <= TODAY:
                stays.append((stage, at.isoformat()))
            at += timedelta(days=chance.randrange(1, 60))
        yield Written(f"deal-{number}", stays, values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    runs = 2 if parser.parse_args().quick else 7
    os.environ.pop("HANDOFFCTL_HOME", None)
    print(f"{'report':<10} {'100 deals':>10} {'10,000 deals':>13} {'beyond start-up':>16}")
    with tempfile.TemporaryDirectory() as folder:
        homes = [made(Path(folder) / f"home-{deals}", deals) for deals in (10_000, 100)]
        for report in ("won", "forecast"):
            many, few = ([PROGRAM, "report", report, "--home", str(home), "--now", TODAY.isoformat()] for home in homes)
            pair = paired(many, few, runs)
            beyond = pair.seconds - pair.reference
            print(f"{report:<10} {pair.reference:>10.3f} {pair.seconds:>13.3f} {beyond:>16.3f}")
    print(f"seconds; {runs} pairs, medians")


if __name__ == "__main__":
    main()
