"""Queries for the summaries that were sent, and for what clients corrected. Test accounts are left out."""

from collections.abc import Iterator

from handoffctl.db.query import QueryConnection
from handoffctl.reports.listening.figures import CorrectedField, MeasuredSummary

# A summary belongs to the playbook that the deal was in when the summary was first drafted.
_OF_PLAYBOOK = """
    JOIN deal AS d ON d.id = s.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
    WHERE s.state <> 'draft' AND s.sent_at IS NOT NULL AND :playbook = (
        SELECT v.playbook FROM visit AS v WHERE v.deal_id = s.deal_id AND v.command_id <= s.command_id
        ORDER BY v.number DESC LIMIT 1)"""


def sent_summaries(query: QueryConnection, playbook: str) -> Iterator[MeasuredSummary]:
    """Yields every summary that was sent while its deal was in the playbook, in the order of their ids."""
    sql = f"SELECT s.id, s.sent_at, s.confirmed_at, s.announced FROM summary AS s {_OF_PLAYBOOK} ORDER BY s.id"
    return map(MeasuredSummary._make, query.each(sql, playbook=playbook))


def corrected_fields(query: QueryConnection, playbook: str) -> Iterator[CorrectedField]:
    """Yields each field that a client corrected with an answer, once per summary."""
    sql = f"""SELECT DISTINCT s.id, f.name FROM summary AS s
              JOIN answer AS n ON n.summary_id = s.id AND n.taken_as = 'corrected'
              JOIN field_value AS f ON f.command_id = n.command_id {_OF_PLAYBOOK} ORDER BY s.id, f.name"""
    return map(CorrectedField._make, query.each(sql, playbook=playbook))
