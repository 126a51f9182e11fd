"""How long `today` takes over 10,000 open deals beside 100. Prints a table; judges nothing.

python tests/bench/day.py
python tests/bench/day.py --quick    few runs: only to see that it works
"""

import argparse
import os
import random
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pairs import paired

from handoffctl.db.file import make_ready

PROGRAM = str(Path(sys.executable).with_name("handoffctl"))
NOW = "2026-03-05T10:00"
STAGES = ("lead", "qualified", "discovery", "proposal", "decision")
KINDS = ("call", "email", "meeting", "note")


def made(home: Path, deals: int) -> Path:
    """A home with so many open deals: some four touches each, steps, promises, summaries, meetings and triggers."""
    home.mkdir()
    make_ready(home / "handoffctl.db")
    chance = random.Random(7)
    with closing(sqlite3.connect(home / "handoffctl.db")) as connection, connection:
        connection.execute("INSERT INTO command (id, at, words, says) VALUES (1, '2026-01-01', '', 'Made.')")
        connection.execute(
            "INSERT INTO playbook_revision (command_id, playbook, hash, content, at) VALUES (1, 'solo', '', '', '')"
        )
        for number, stage in enumerate(STAGES, 1):
            _add(connection, "path", id=number, stages=f"solo/{stage}")
        for deal in range(1, deals + 1):
            _deal(connection, deal, chance)
    return home


def _add(connection: sqlite3.Connection, table: str, **values: object) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} (command_id, {names}) VALUES (1, {marks})", tuple(values.values()))


def _deal(connection: sqlite3.Connection, deal: int, chance: random.Random) -> None:
    def day(month: int, last: int = 28) -> str:
        return f"2026-{month:02}-{chance.randrange(1, last):02}"

    stage = chance.randrange(len(STAGES))
    called = f"account-{deal}"
    _add(connection, "account", id=deal, slug=called, name=called.title(), folded=called)
    _add(connection, "deal", id=deal, account_id=deal, slug="deal", path_id=stage + 1)
    _add(
        connection, "visit", id=deal, deal_id=deal, number=1, playbook="solo", stage=STAGES[stage], kind="open",
        owner="seller", entered_at=f"{day(2)}T09:{deal % 60:02}:00Z",
    )  # fmt: skip
    for hour in range(chance.randrange(8)):
        kind, direction = chance.choice(KINDS), chance.choice(("in", "out", "out", "out"))
        at = f"{day(2)}T1{hour}:00:00Z"
        _add(connection, "touch", account_id=deal, deal_id=deal, kind=kind, direction=direction, at=at)
    if chance.random() < 0.6:
        _add(connection, "step", deal_id=deal, text="call them", due=day(3), owner="seller", at="2026-02-01")
    if chance.random() < 0.2:
        _add(connection, "promise", deal_id=deal, number=1, text="training", due=day(3), at="2026-02-01")
    if chance.random() < 0.2:
        _add(connection, "summary", deal_id=deal, state="sent", sent_at=f"{day(2)}T09:00:00Z", reference=f"R{deal}")
    if chance.random() < 0.1:
        _add(
            connection, "meeting", deal_id=deal, visit_id=deal, uid=f"meeting-{deal}", at=f"{day(3, 9)}T10:00:00Z",
            minutes=30, state=chance.choice(("booked", "no-show")), booked_at="2026-02-01",
        )  # fmt: skip
    if chance.random() < 0.1:
        _add(connection, "sighting", deal_id=deal, visit_id=deal, handoff="qualified", at="2026-02-20")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    runs = 3 if parser.parse_args().quick else 15
    os.environ.pop("HANDOFFCTL_HOME", None)
    with tempfile.TemporaryDirectory() as folder:
        homes = [made(Path(folder) / f"home-{deals}", deals) for deals in (10_000, 100)]
        many, few = ([PROGRAM, "today", "--home", str(home), "--now", NOW] for home in homes)
        pair = paired(many, few, runs)
    at_most = 1.5 * pair.reference + 0.2
    print(f"{'today':<20} {'seconds':>8} {'at most':>8} {'of 100 deals':>13}")
    print(f"{'100 deals':<20} {pair.reference:>8.3f}")
    print(f"{'10,000 deals':<20} {pair.seconds:>8.3f} {at_most:>8.3f} {pair.ratio:>13.2f}")
    print(f"at most: one and a half times that of 100 deals, and 0.2 seconds; {runs} pairs, medians")


if __name__ == "__main__":
    main()
