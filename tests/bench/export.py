"""Writes a made-up Salesforce export of any size, always the same for the same seed."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

STAGES = (("Prospecting", 10), ("Qualification", 20), ("Needs Analysis", 30), ("Proposal", 60), ("Negotiation", 80))
BEGIN = datetime(2024, 1, 1, 9)


def write_export(folder: Path, deals: int, seed: int = 1) -> None:
    """`deals` opportunities of a fifth as many accounts, each with one to seven stays; one in five goes back once."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    accounts = max(deals // 5, 1)
    _table(folder / "Account.csv", ("Id", "Name"), ((f"A{n:07}", f"Firm {n:07}") for n in range(accounts)))
    _table(
        folder / "Contact.csv",
        ("Id", "AccountId", "FirstName", "LastName", "Email"),
        ((f"C{n:07}", f"A{n:07}", "Ada", f"Person {n}", f"ada{n}@firm{n}.example") for n in range(accounts)),
    )
    opportunities, history = [], []
    for number in range(deals):
        key, at = f"O{number:07}", BEGIN + timedelta(minutes=chance.randrange(1_000_000))
        path = _path(chance)
        for stage, probability in path:
            history.append((key, at.strftime("%Y-%m-%dT%H:%M:%SZ"), stage, probability))
            at += timedelta(seconds=chance.randrange(60, 30 * 86_400))
        stage, probability = path[-1]
        closed = stage.startswith("Closed")
        opportunities.append(
            (key, f"A{chance.randrange(accounts):07}", f"Deal {number:07}", stage, chance.randrange(1000, 90_000),
             probability, "2026-12-31", closed, stage == "Closed Won")
        )  # fmt: skip
    _table(
        folder / "Opportunity.csv",
        ("Id", "AccountId", "Name", "StageName", "Amount", "Probability", "CloseDate", "IsClosed", "IsWon"),
        opportunities,
    )
    _table(folder / "OpportunityHistory.csv", ("OpportunityId", "CreatedDate", "StageName", "Probability"), history)


def _path(chance: random.Random) -> list[tuple[str, int]]:
    reached = chance.randrange(1, len(STAGES) + 1)
    path = list(STAGES[:reached])
    if reached > 2 and chance.random() < 0.2:
        path += [STAGES[reached - 2], STAGES[reached - 1]]
    ending = chance.random()
    if ending < 0.25:
        path.append(("Closed Won", 100))
    elif ending < 0.6:
        path.append(("Closed Lost", 0))
    return path


def _table(path: Path, header: tuple[str, ...], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)  # type: ignore[arg-type]
