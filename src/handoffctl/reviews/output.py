"""The agenda of a review on paper: for each receiver what they were handed, what came back, what is often missing."""

from collections.abc import Iterator, Mapping
from typing import Any

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.core.moments import Zone, shown

NO_STEP = "NONE: agree one"
LONGEST_NAME = 26
HANDED = ("deal", "name", "from", "stage", "handed", "days", "accepted", "next step", "due")
RETURNED = ("deal", "name", "returned", "why", "missing")
MISSING = ("usually missing", "times", "of tries")
FIGURES = (
    "receiver", "kind", "about", "account", "deal", "from", "stage", "handed_at", "accepted_at", "step", "due",
    "overdue", "returned_at", "because", "missing", "times", "of", "carried",
)  # fmt: skip


def paper(found: Mapping[str, Any], zone: Zone) -> Report:
    """What `actions.gathering` found, on paper."""
    parts = [part for one in found["receivers"] for part in _parts(one, zone)]
    says = [_since(found, zone)]
    if not found["receivers"]:
        says.append("Nothing was handed over and nothing came back in this time.")
    for one in found["receivers"]:
        if not (one["handed"] or one["returned"] or one["usually_missing"]):
            says.append(f"{one['receiver']}: nothing was handed over and nothing came back in this time.")
    whom = f" with {found['for']}" if found["for"] else ""
    return Report(f"Review{whom}", parts, _figures(found), says)


def _since(found: Mapping[str, Any], zone: Zone) -> str:
    begin, last = shown(found["since"], zone), found["last_review"]
    if last == found["since"]:
        return f"Since the last review on {begin}."
    if last:
        return f"Since {begin}, as asked; the last review was on {shown(last, zone)}."
    return f"Since {begin}. No earlier review is on record."


def _parts(one: Mapping[str, Any], zone: Zone) -> Iterator[Part]:
    name = one["receiver"]
    if one["handed"]:
        rows = [_handed(deal, zone) for deal in one["handed"]]
        yield Part(Table(HANDED, rows, _what_to_do(one), give_way=("days", "name")), f"{name}: handed to them")
    if one["returned"]:
        rows = [
            [deal["ref"], cut_short(_name(deal), LONGEST_NAME), shown(deal["returned_at"], zone), deal["because"],
             ", ".join(item["label"] for item in deal["missing"])]
            for deal in one["returned"]
        ]  # fmt: skip
        yield Part(Table(RETURNED, rows, give_way=("name",)), f"{name}: returned by them")
    if one["usually_missing"]:
        rows = [[item["label"], item["missing"], item["of"]] for item in one["usually_missing"]]
        note = "times: how often the first try lacked it, or it came back for want of it."
        yield Part(Table(MISSING, rows, [note]), f"{name}: usually missing")


def _what_to_do(one: Mapping[str, Any]) -> list[str]:
    first = next((deal for deal in one["handed"] if deal["step"] is None), None)
    told = [f'Without a step: handoffctl step {first["ref"]} "TEXT" --due +3d'] if first else []
    if any(deal["carried"] for deal in one["handed"]):
        told.append("since: carried over from before, for it is not accepted, or its next step is missing or overdue.")
    return told


def _handed(deal: Mapping[str, Any], zone: Zone) -> list[Cell]:
    step = deal["step"]
    due = shown(step["due"], zone) if step and step["due"] else ""
    return [
        deal["ref"], cut_short(_name(deal), LONGEST_NAME), deal["from"], deal["title"],
        ("since " if deal["carried"] else "") + shown(deal["handed_at"], zone),
        deal["days"], shown(deal["accepted_at"], zone) if deal["accepted_at"] else "not yet",
        step["text"] if step else NO_STEP, f"{due}, overdue" if deal["overdue"] else due,
    ]  # fmt: skip


def _name(deal: Mapping[str, Any]) -> str:
    return deal["name"] if "/" not in deal["ref"] else f"{deal['name']} ({deal['deal_name'] or deal['deal']})"


def _figures(found: Mapping[str, Any]) -> Table:
    """Everything in one table, for CSV: what a line is about stands in its third column."""
    rows: list[dict[str, Cell]] = []
    for one in found["receivers"]:
        head = {"receiver": one["receiver"], "kind": one["kind"]}
        for deal in one["handed"]:
            step = deal["step"] or {"text": None, "due": None}
            told = {name: deal[name] for name in ("account", "deal", "from", "stage", "handed_at", "accepted_at")}
            late = "yes" if deal["overdue"] else "no"
            old = "yes" if deal["carried"] else "no"
            rows.append({**head, "about": "handed", **told, "step": step["text"], "due": step["due"], "overdue": late,
                         "carried": old})  # fmt: skip
        for deal in one["returned"]:
            told = {name: deal[name] for name in ("account", "deal", "from", "handed_at", "returned_at", "because")}
            missing = ", ".join(item["name"] for item in deal["missing"])
            rows.append({**head, "about": "returned", **told, "missing": missing})
        rows += [
            {**head, "about": "missing", "missing": item["name"], "times": item["missing"], "of": item["of"]}
            for item in one["usually_missing"]
        ]
    return Table(FIGURES, [[row.get(name) for name in FIGURES] for row in rows])
