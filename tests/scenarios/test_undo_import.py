"""An import into the wrong playbook, on a Friday evening: taken back as a whole, and the records are what they were."""

import csv
import os
import random
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.recorded_rows import held

REAL = os.environ.get("HANDOFFCTL_REAL_DATA")
MAP = """\
program: Books
rows: deals
account: account
deal: id
name: product
stage: stage
owner: agent
amount: value
contact: {name: person, email: mail}
entered:
  Engaging: engaged
  Won: closed
  Lost: closed
order: [Prospecting, Engaging]
kinds: {Won: won, Lost: lost}
fields: {product: product}
"""
COLUMNS = ("id", "agent", "product", "account", "person", "mail", "stage", "engaged", "closed", "value")
NOW = "2026-03-06T18:00:00Z"
MONDAY = "2026-03-09T09:00:00Z"


def write_export(path: Path, rows: int, newer: bool = False) -> None:
    """As a CRM would write it. The newer one has every third of the open deals further on, and some more."""
    chance = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for number in range(rows + (200 if newer else 0)):
            stage = chance.choice(("Prospecting", "Engaging", "Won", "Lost"))
            engaged = date(2024, 1, 1) + timedelta(days=chance.randrange(700))
            closed = engaged + timedelta(days=chance.randrange(1, 40))
            account, value = chance.randrange(300), round(chance.uniform(10, 9000), 2)
            if newer and stage in ("Prospecting", "Engaging") and number % 3 == 0:
                stage = "Won"
            out.writerow([
                f"D{number}", f"agent {number % 30}", f"Product {number % 7}", f"Firm {account}" if account else "",
                f"Person {account}", f"p{account}@firm{account}.example", stage,
                "" if stage == "Prospecting" else engaged, closed if stage in ("Won", "Lost") else "",
                value if stage == "Won" else "",
            ])  # fmt: skip


@pytest.fixture
def here_before(quick, home):
    """A few weeks of work: an account that the export knows too, a lost one, a summary that was sent."""
    for words in (
        ("add", "Firm 7", "--contact", "Person 7 <p7@firm7.example>"),
        ("set", "firm-7", "situation=their old tool broke in May", "budget=12,500.50"),
        ("summary", "sent", "firm-7"),
        ("handoff", "firm-7", "--no-input", "--set", "interest=urgent", "--step", "call them"),
        ("add", "Acme Corp"),
        ("close", "acme-corp", "--disqualified", "--because", "no budget"),
    ):
        ran = quick(*words, now="2026-02-02T09:00:00Z")
        assert ran.code == 0, ran
    return home / "handoffctl.db"


@pytest.mark.parametrize(("count", "accounts"), [(900, 284), pytest.param(8_800, 298, marks=pytest.mark.trial)])
def test_an_import_is_taken_back_row_for_row_and_done_again(quick, rows, here_before, tmp_path, count, accounts):
    write_export(tmp_path / "deals.csv", count)
    (tmp_path / "map.yaml").write_text(MAP)
    before = held(here_before)
    brought = ("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"))
    told = quick(*brought, "--make-playbook", "books", "--json", now=NOW)
    assert told.code == 0, told
    assert told.json["deals_created"] == count
    after = held(here_before)

    undone = quick("undo", "--yes", now=MONDAY)
    assert undone.out.startswith(f"Took back: Imported Books: {accounts} accounts, ")
    file = here_before.parent / "playbooks" / "books.yaml"
    assert undone.err == (
        f"The playbook that it made stays: {file}. Remove the file, or import again with --playbook books.\n"
    )
    assert held(here_before) == before
    assert rows("PRAGMA foreign_key_check") == []
    assert rows("PRAGMA integrity_check") == [("ok",)]

    assert quick("undo", "--yes", now=MONDAY).out.startswith("Did again: Imported Books")
    assert held(here_before) == after
    assert quick("undo", "--yes", now=MONDAY).code == 0
    assert held(here_before) == before
    file.unlink()
    again = quick(*brought, "--make-playbook", "books", "--json", now=MONDAY)
    assert {**again.json, "duplicates": []} == {**told.json, "duplicates": []}


def test_a_newer_export_that_moved_and_changed_deals_is_taken_back_row_for_row(quick, here_before, tmp_path):
    write_export(tmp_path / "deals.csv", 600)
    write_export(tmp_path / "newer.csv", 600, newer=True)
    (tmp_path / "map.yaml").write_text(MAP)
    with_map = ("--map", str(tmp_path / "map.yaml"))
    assert quick("import", str(tmp_path / "deals.csv"), *with_map, "--make-playbook", "books", now=NOW).code == 0
    assert quick("merge", "firm-7", "firm-98", "--yes", now=NOW).code == 0
    before = held(here_before)
    told = quick("import", str(tmp_path / "newer.csv"), *with_map, "--playbook", "books", "--json", now=MONDAY)
    assert told.json["deals_updated"] > 50
    after = held(here_before)
    undone = quick("undo", "--yes", now=MONDAY)
    assert (undone.code, undone.err) == (0, "")
    assert held(here_before) == before
    assert quick("undo", "--yes", now=MONDAY).code == 0
    assert held(here_before) == after
    for _ in range(3):  # the newer one, the joining, the first one
        assert quick("undo", "--further", "--yes", now=MONDAY).code == 0
    with closing(sqlite3.connect(here_before)) as connection:
        assert connection.execute("SELECT slug FROM account ORDER BY id").fetchall() == [("firm-7",), ("acme-corp",)]
    assert quick("doctor", "--json").json["problems"] == []


@pytest.mark.skipif(not REAL, reason="HANDOFFCTL_REAL_DATA names no folder with public CRM exports")
def test_the_8_800_deals_of_maven_are_taken_back_row_for_row(quick, here_before):
    path = Path(REAL or "") / "maven_crm" / "sales_pipeline.csv"
    map = Path(__file__).parents[1] / "real" / "maven.map.yaml"
    before = held(here_before)
    told = quick("import", str(path), "--map", str(map), "--make-playbook", "maven", "--json", now="2026-03-31")
    assert told.code == 0, told
    assert told.json["deals_created"] == 8_800
    after = held(here_before)
    assert quick("undo", "--yes", now="2026-03-31").code == 0
    assert held(here_before) == before
    assert quick("undo", "--yes", now="2026-03-31").code == 0
    assert held(here_before) == after
