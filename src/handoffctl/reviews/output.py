"""Renders the agenda of a review: for each receiver the deals handed to them, the returns, what is usually missing."""

from collections.abc import Iterator

from handoffctl.console.report import Part, Report
from handoffctl.console.table import Cell, Table, cut_short
from handoffctl.core.moments import Zone, format_local
from handoffctl.reviews.model import Agenda, HandedDeal, ReceiverAgenda, ReturnedDeal

NO_STEP = "NONE: agree one"
MAX_NAME_WIDTH = 26
HANDED = ("deal", "name", "from", "stage", "handed", "days", "accepted", "next step", "due")
RETURNED = ("deal", "name", "returned", "why", "missing")
MISSING = ("usually missing", "times", "of tries")
CSV_COLUMNS = (
    "receiver", "kind", "about", "account", "deal", "from", "stage", "handed_at", "accepted_at", "step", "due",
    "overdue", "returned_at", "because", "missing", "times", "of", "carried",
)  # fmt: skip

CsvRow = dict[str, Cell]


def render(agenda: Agenda, zone: Zone) -> Report:
    """Returns the agenda as sentences and tables."""
    parts = [part for receiver in agenda.receivers for part in _parts(receiver, zone)]
    intro = [_since(agenda, zone)]
    if not agenda.receivers:
        intro.append("Nothing was handed over and nothing came back in this time.")
    for receiver in agenda.receivers:
        if receiver.is_empty:
            intro.append(f"{receiver.receiver}: nothing was handed over and nothing came back in this time.")
    receiver_name = f" with {agenda.for_}" if agenda.for_ else ""
    return Report(f"Review{receiver_name}", parts, _csv_table(agenda), intro)


def _since(agenda: Agenda, zone: Zone) -> str:
    begin, last = format_local(agenda.since, zone), agenda.last_review
    if last == agenda.since:
        return f"Since the last review on {begin}."
    if last:
        return f"Since {begin}, as asked; the last review was on {format_local(last, zone)}."
    return f"Since {begin}. No earlier review is on record."


def _parts(receiver: ReceiverAgenda, zone: Zone) -> Iterator[Part]:
    name = receiver.receiver
    if receiver.handed:
        rows = [_handed_row(deal, zone) for deal in receiver.handed]
        yield Part(Table(HANDED, rows, _handed_notes(receiver), give_way=("days", "name")), f"{name}: handed to them")
    if receiver.returned:
        rows = [_returned_row(deal, zone) for deal in receiver.returned]
        yield Part(Table(RETURNED, rows, give_way=("name",)), f"{name}: returned by them")
    if receiver.usually_missing:
        rows = [[item.label, item.missing, item.of] for item in receiver.usually_missing]
        note = "times: how often the first try lacked it, or it came back for want of it."
        yield Part(Table(MISSING, rows, [note]), f"{name}: usually missing")


def _handed_notes(receiver: ReceiverAgenda) -> list[str]:
    """Returns how to add a missing step, and what `since` means if the table uses it."""
    first = next((deal for deal in receiver.handed if deal.step is None), None)
    notes = [f'Without a step: handoffctl step {first.ref} "TEXT" --due +3d'] if first else []
    if any(deal.carried for deal in receiver.handed):
        notes.append("since: carried over from before, for it is not accepted, or its next step is missing or overdue.")
    return notes


def _handed_row(deal: HandedDeal, zone: Zone) -> list[Cell]:
    step = deal.step
    due = format_local(step.due, zone) if step and step.due else ""
    return [
        deal.ref, cut_short(_name(deal), MAX_NAME_WIDTH), deal.from_, deal.title,
        ("since " if deal.carried else "") + format_local(deal.handed_at, zone),
        deal.days, format_local(deal.accepted_at, zone) if deal.accepted_at else "not yet",
        step.text if step else NO_STEP, f"{due}, overdue" if deal.overdue else due,
    ]  # fmt: skip


def _returned_row(deal: ReturnedDeal, zone: Zone) -> list[Cell]:
    missing = ", ".join(item.label for item in deal.missing)
    return [
        deal.ref,
        cut_short(_name(deal), MAX_NAME_WIDTH),
        format_local(deal.returned_at, zone),
        deal.because,
        missing,
    ]


def _name(deal: HandedDeal | ReturnedDeal) -> str:
    return deal.name if "/" not in deal.ref else f"{deal.name} ({deal.deal_name or deal.deal})"


def _csv_table(agenda: Agenda) -> Table:
    """Returns everything in one table; the column `about` says what a row is about: handed, returned or missing."""
    rows = [row for receiver in agenda.receivers for row in _csv_rows(receiver)]
    return Table(CSV_COLUMNS, [[row.get(name) for name in CSV_COLUMNS] for row in rows])


def _csv_rows(receiver: ReceiverAgenda) -> Iterator[CsvRow]:
    head: CsvRow = {"receiver": receiver.receiver, "kind": receiver.kind}
    for deal in receiver.handed:
        step = deal.step
        yield {
            **head, "about": "handed", "account": deal.account, "deal": deal.deal, "from": deal.from_,
            "stage": deal.stage, "handed_at": deal.handed_at, "accepted_at": deal.accepted_at,
            "step": step.text if step else None, "due": step.due if step else None,
            "overdue": "yes" if deal.overdue else "no", "carried": "yes" if deal.carried else "no",
        }  # fmt: skip
    for returned in receiver.returned:
        yield {
            **head, "about": "returned", "account": returned.account, "deal": returned.deal, "from": returned.from_,
            "handed_at": returned.handed_at, "returned_at": returned.returned_at, "because": returned.because,
            "missing": ", ".join(item.name for item in returned.missing),
        }  # fmt: skip
    for item in receiver.usually_missing:
        yield {**head, "about": "missing", "missing": item.name, "times": item.missing, "of": item.of}
