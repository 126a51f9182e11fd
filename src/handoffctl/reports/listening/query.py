"""Queries for summaries and what clients corrected in them, for what receivers say, and what was asked again.

Summaries of test accounts are left out; what is said on them is marked.
"""

from collections.abc import Iterator

from handoffctl.db.query import QueryConnection
from handoffctl.deals.stays_query import DEAL_REF
from handoffctl.playbook.model import NEXT_STEP
from handoffctl.reports.listening.felt import AnsweredHandoff, AskedAgain
from handoffctl.reports.listening.figures import CorrectedField, MeasuredSummary

# A summary belongs to the playbook that the deal was in when the summary was first drafted.
_OF_PLAYBOOK = """
    JOIN deal AS d ON d.id = s.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
    WHERE s.state <> 'draft' AND s.sent_at IS NOT NULL AND :playbook = (
        SELECT v.playbook FROM visit AS v WHERE v.deal_id = s.deal_id AND v.command_id <= s.command_id
        ORDER BY v.number DESC LIMIT 1)"""


def sent_summaries(query: QueryConnection, playbook: str) -> Iterator[MeasuredSummary]:
    """Yields every summary that was sent while its deal was in the playbook, in the order of their ids."""
    sql = f"""SELECT s.id, s.sent_at, s.confirmed_at, s.announced, {DEAL_REF}
              FROM summary AS s {_OF_PLAYBOOK} ORDER BY s.id"""
    return map(MeasuredSummary._make, query.each(sql, playbook=playbook))


def corrected_fields(query: QueryConnection, playbook: str) -> Iterator[CorrectedField]:
    """Yields each field that a client corrected with an answer, once per summary."""
    sql = f"""SELECT DISTINCT s.id, f.name FROM summary AS s
              JOIN answer AS n ON n.summary_id = s.id AND n.taken_as = 'corrected'
              JOIN field_value AS f ON f.command_id = n.command_id {_OF_PLAYBOOK} ORDER BY s.id, f.name"""
    return map(CorrectedField._make, query.each(sql, playbook=playbook))


def answered_handoffs(query: QueryConnection, playbook: str) -> Iterator[AnsweredHandoff]:
    """Yields every handoff of the playbook that went through, in the order in which they were made."""
    sql = f"""SELECT a.slug, {DEAL_REF}, h.at,
                     (SELECT count(*) FROM gap AS g WHERE g.handoff_id = h.id AND g.kind <> 'returned'
                      AND g.name <> :next_step),
                     h.enough, h.lacked, COALESCE(h.accepted_at, h.returned_at), a.test
              FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id AND r.playbook = :playbook
              JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id
              WHERE h.state <> 'blocked' ORDER BY h.id"""
    return map(AnsweredHandoff._make, query.each(sql, playbook=playbook, next_step=NEXT_STEP))


def asked_again(query: QueryConnection, playbook: str) -> Iterator[AskedAgain]:
    """Yields what was reported as asked again while the deal was in the playbook, in the order of the reports."""
    sql = f"""SELECT t.name, a.slug, {DEAL_REF}, t.at, a.test FROM asked_twice AS t
              JOIN deal AS d ON d.id = t.deal_id JOIN account AS a ON a.id = d.account_id
              WHERE :playbook = (
                  SELECT v.playbook FROM visit AS v WHERE v.deal_id = t.deal_id AND v.command_id <= t.command_id
                  ORDER BY v.number DESC LIMIT 1)
              ORDER BY t.id"""
    return map(AskedAgain._make, query.each(sql, playbook=playbook))
