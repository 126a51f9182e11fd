"""Queries over trials and the deals in them. Test accounts are never in a trial."""

from collections.abc import Iterable
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row
from handoffctl.trials.model import Trial

_TRIAL = """SELECT id, playbook, handoff, item, kind, mode, size, margin, draw_key, started_at, ended_at,
                   verdict, because FROM trial"""


class TrialDealRow(NamedTuple):
    """A deal in a trial as recorded."""

    id: int
    account: str
    deal: str
    deal_id: int
    arm: str
    at: Moment
    missed: int | None
    missed_at: Moment | None


class MissedQuestion(NamedTuple):
    """What is still to be asked about a deal: the row, and what was left out."""

    trial_deal: int
    trial_id: int
    handoff: str
    item: str


class Occurrence(NamedTuple):
    """Something that happened to a deal of a trial, by the id of its row."""

    trial_deal: int
    at: Moment


def trials_of(query: Query, playbook: str) -> list[Trial]:
    """Returns all trials of a playbook, the oldest first."""
    return [_trial(row) for row in query(f"{_TRIAL} WHERE playbook = :playbook ORDER BY id", playbook=playbook)]


def _trial(row: Row) -> Trial:
    return Trial(*row)


def deals_in(query: Query, trial_id: int) -> list[TrialDealRow]:
    """Returns the deals of a trial in the order of their attempts."""
    sql = """SELECT t.id, a.slug, d.slug, t.deal_id, t.arm, t.at, t.missed, t.missed_at FROM trial_deal AS t
             JOIN deal AS d ON d.id = t.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE t.trial_id = :trial ORDER BY t.id"""
    return [TrialDealRow._make(row) for row in query(sql, trial=trial_id)]


def filled_in_later(query: Query, trial_id: int) -> list[Occurrence]:
    """Returns when the item was filled in by hand after the handoff that did without it. Answers that a handoff asked
    for are not among them."""
    sql = """SELECT t.id, f.at FROM trial_deal AS t JOIN trial AS r ON r.id = t.trial_id
             JOIN deal AS d ON d.id = t.deal_id
             JOIN field_value AS f ON f.account_id = d.account_id AND f.name = r.item AND f.command_id > t.command_id
             WHERE t.trial_id = :trial AND t.arm = 'without' AND (f.deal_id = t.deal_id OR f.deal_id IS NULL)
             AND f.seconds IS NULL AND f.imported = 0 AND f.forgotten = 0"""
    return [Occurrence._make(row) for row in query(sql, trial=trial_id)]


def failures(query: Query, trial_id: int) -> list[Occurrence]:
    """Returns when deals of a trial were returned or lost."""
    sql = """SELECT t.id, h.returned_at FROM trial_deal AS t JOIN handoff AS h ON h.visit_id = t.visit_id
             WHERE t.trial_id = :trial AND h.returned_at IS NOT NULL
             UNION ALL
             SELECT t.id, v.entered_at FROM trial_deal AS t JOIN visit AS v ON v.deal_id = t.deal_id
             WHERE t.trial_id = :trial AND v.disposition IN ('lost', 'disqualified') AND v.entered_at IS NOT NULL
             AND v.command_id > t.command_id"""
    return [Occurrence._make(row) for row in query(sql, trial=trial_id)]


def named_in_returns(query: Query, trial_id: int) -> list[Occurrence]:
    """Returns when a return named the item of the trial, as its reason or among what was missing."""
    sql = """SELECT t.id, h.returned_at FROM trial_deal AS t JOIN trial AS r ON r.id = t.trial_id
             JOIN handoff AS h ON h.visit_id = t.visit_id AND h.returned_at IS NOT NULL
             WHERE t.trial_id = :trial AND t.arm = 'without' AND (
                 REPLACE(h.reason, '-', '_') = REPLACE(r.item, '-', '_') OR EXISTS (
                     SELECT 1 FROM gap AS g WHERE g.handoff_id = h.id AND g.kind = 'returned' AND g.name = r.item))"""
    return [Occurrence._make(row) for row in query(sql, trial=trial_id)]


def left_out_of(query: Query, account_id: int, items: Iterable[str]) -> dict[str, set[int]]:
    """Returns the running probations in which deals of the account go without one of these items, by playbook."""
    sql = """SELECT DISTINCT r.playbook, r.id, r.item FROM trial AS r JOIN trial_deal AS t ON t.trial_id = r.id
             JOIN deal AS d ON d.id = t.deal_id AND d.account_id = :account
             WHERE r.mode = 'probation' AND r.ended_at IS NULL AND t.arm = 'without'"""
    names, trials = set(items), dict[str, set[int]]()
    for playbook, trial_id, item in query(sql, account=account_id):
        if item in names:
            trials.setdefault(playbook, set()).add(trial_id)
    return trials


def open_questions(query: Query, deal_id: int) -> list[MissedQuestion]:
    """Returns what was left out at earlier handoffs of the deal, and nobody has said yet whether it was missed."""
    sql = """SELECT t.id, r.id AS trial_id, r.handoff, r.item FROM trial_deal AS t JOIN trial AS r ON r.id = t.trial_id
             WHERE t.deal_id = :deal AND t.arm = 'without' AND t.missed IS NULL AND r.mode = 'probation'
             AND r.ended_at IS NULL ORDER BY t.id"""
    return [MissedQuestion._make(row) for row in query(sql, deal=deal_id)]
