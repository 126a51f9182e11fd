"""Writes a made-up history of deals of any size, always the same for the same seed, and brings it into a home."""

import csv
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("handoffctl"))
OPEN = ("Prospecting", "Qualification", "Needs Analysis", "Proposal", "Negotiation")
KINDS = {**dict.fromkeys(OPEN, "open"), "Closed Won": "won", "Closed Lost": "lost"}
OWNERS = tuple(f"Seller {letter}" for letter in "ABCDEFGH")
BEGIN, NOW = datetime(2022, 1, 3, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
PLAYBOOK = "sales"
MAP = """rows: changes
deal: deal
stage: stage
owner: owner
at: at
kinds: {Closed Won: won, Closed Lost: lost}
order: [Prospecting, Qualification, Needs Analysis, Proposal, Negotiation]
"""


def home_with(folder: Path, visits: int) -> Path:
    """A home into which so many stays, of about a quarter as many deals, were brought by `handoffctl import`."""
    home, file = folder / f"home-{visits}", folder / f"visits-{visits}.csv"
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    write_visits(file, visits)
    words = [PROGRAM, "--home", str(home), "--now", moment(NOW), "import", str(file), "--map", str(folder / "map.yaml")]
    done = subprocess.run([*words, "--make-playbook", PLAYBOOK, "--json"], capture_output=True, text=True, check=False)
    if done.returncode or json.loads(done.stdout)["visits"] != visits:
        sys.exit(f"The import went wrong:\n{done.stdout}{done.stderr}")
    file.unlink()
    return home


def write_visits(path: Path, visits: int, seed: int = 1) -> None:
    """Entries into stages in the order of time, as programs export them: the deals' rows stand mixed."""
    chance = random.Random(seed)
    changes: list[tuple[datetime, str, str, str]] = []
    deal = 0
    while len(changes) < visits:
        deal += 1
        at = BEGIN + timedelta(seconds=chance.randrange(int((NOW - BEGIN).total_seconds())))
        owner = chance.choice(OWNERS)
        for stage in _way(chance):
            changes.append((at, f"D{deal:07}", stage, owner))
            at += timedelta(seconds=1 + int(chance.lognormvariate(log(9 * 86_400), 1)))
            if at > NOW:
                break
            owner = chance.choice(OWNERS) if chance.random() < 0.2 else owner
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("deal", "stage", "owner", "at"))
        out.writerows((key, stage, owner, moment(at)) for at, key, stage, owner in sorted(changes[:visits]))


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _way(chance: random.Random) -> list[str]:
    """The stages of a deal: one in five goes back once, four in ten are never closed."""
    reached = chance.randrange(1, len(OPEN) + 1)
    way = list(OPEN[:reached])
    if reached > 1 and chance.random() < 0.25:
        way += way[-2:]
    ending = chance.random()
    return way + (["Closed Won"] if ending < 0.25 else ["Closed Lost"] if ending < 0.6 else [])
