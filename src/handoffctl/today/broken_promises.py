"""Promises between teams that are being broken: due, not done, and the deal is still where they apply.

One to accept a handoff has no item here: the item that asks to accept it says that it is overdue.
"""

from collections.abc import Iterator
from functools import partial

from handoffctl.core.windows import Window
from handoffctl.people.query import absences
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.sections import Agreement
from handoffctl.reports.sla.cases import SlaHistory
from handoffctl.reports.sla.figures import WITHIN, JudgedCase, PromiseState, judge_case, with_absence
from handoffctl.today.ranking import Item
from handoffctl.today.snapshot import TodaySnapshot

MEASURES = ("first_touch", "first_response", "passed")


def broken_promise_items(snapshot: TodaySnapshot) -> Iterator[Item]:
    """Yields an item for each promise that is being broken at an open deal."""
    for name in sorted({deal.playbook for deal in snapshot.deals.values() if deal.kind == "open"}):
        playbook = snapshot.newest_playbook(name)
        agreements = [rule for rule in playbook.sla.items() if rule[1].measure in MEASURES] if playbook else []
        if playbook and agreements:
            yield from _of_playbook(snapshot, playbook, agreements)


def _of_playbook(
    snapshot: TodaySnapshot, playbook: Playbook, agreements: list[tuple[str, Agreement]]
) -> Iterator[Item]:
    history = SlaHistory(snapshot.query, playbook, Window(snapshot.clock), present_only=True)
    away = absences(snapshot.query)
    for name, agreement in agreements:
        within = WITHIN if agreement.within is None else agreement.within
        for found in history.found(agreement):
            deal = snapshot.deals.get(found.stay.deal)
            if found.start is None or found.stay.imported or not deal or deal.visit != found.stay.id:
                continue
            week = with_absence(snapshot.week, away.get(found.owner))
            judged = judge_case(history.case(agreement, found, found.start), within, week, snapshot.clock)
            if deal.kind == "open" and _being_broken(judged):
                command = ("check", "{}") if agreement.measure == "passed" else ("touch", "{}", "call", "TEXT")
                yield snapshot.item("sla", deal, partial(_says, name, agreement), *command, since=judged.case.start.at,
                                    due=judged.due, overdue=True)  # fmt: skip


def _being_broken(judged: JudgedCase) -> bool:
    return judged.state == PromiseState.LATE and judged.case.done is None and judged.case.end is None


def _says(name: str, agreement: Agreement) -> str:
    return f"{agreement.giver} promised {agreement.taker} ({name}): {agreement.promise.rstrip('.')}"
