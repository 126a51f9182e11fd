"""The query for when something was last left out of a playbook on trial. Test accounts are left out."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query


class Improvement(NamedTuple):
    """When the last trial of a playbook ended, else when its first handoff was made; `running` while one runs."""

    since: Moment
    running: bool


def improvements(query: Query) -> dict[str, Improvement]:
    """Returns the newest trial, or else the first handoff, of every playbook that has one."""
    first = """SELECT r.playbook, min(h.at) FROM handoff AS h JOIN playbook_revision AS r ON r.id = h.revision_id
               JOIN deal AS d ON d.id = h.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
               WHERE h.state <> 'blocked' GROUP BY r.playbook"""
    result = {playbook: Improvement(at, False) for playbook, at in query(first)}
    for playbook, started, ended in query("SELECT playbook, started_at, ended_at FROM trial ORDER BY id"):
        result[playbook] = Improvement(ended or started, ended is None)
    return result
