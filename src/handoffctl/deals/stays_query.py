"""Reads stays in the stages of a playbook, for reports. Test accounts are left out.

Totals do not read every stay: deals are counted by path, and durations come from an index.
"""

from array import array
from collections.abc import Iterator
from typing import Any

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection, Row

_DRILLS = "SELECT d.id FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE a.test = 1"


class Stays:
    """Queries over the stays in one playbook, without test accounts. Each runs one statement over one index."""

    def __init__(self, query: QueryConnection, playbook: str) -> None:
        self._ask = query
        self._playbook = playbook
        drills = query("SELECT 1 FROM account WHERE test = 1 LIMIT 1")
        self._real = f" AND deal_id NOT IN ({_DRILLS})" if drills else ""
        self._real_deals = " AND account_id NOT IN (SELECT id FROM account WHERE test = 1)" if drills else ""

    def paths(self) -> list[tuple[list[str], int]]:
        """Returns each path as its stages, in order, and its number of deals. Stages of other playbooks are empty."""
        sql = f"""SELECT p.stages, d.deals FROM path AS p JOIN (
                      SELECT path_id, count(*) AS deals FROM deal WHERE path_id IS NOT NULL{self._real_deals}
                      GROUP BY path_id) AS d ON d.path_id = p.id"""
        begin = f"{self._playbook}/"
        found = [(row["stages"].split(">"), row["deals"]) for row in self._ask(sql)]
        return [
            ([stay[len(begin) :] if stay.startswith(begin) else "" for stay in path], deals) for path, deals in found
        ]

    def kind(self, stage: str) -> str:
        """Returns the kind that a stage, missing from the playbook by now, had when a deal last entered it."""
        sql = "SELECT kind FROM visit WHERE playbook = :playbook AND stage = :stage ORDER BY id DESC LIMIT 1"
        return str(self._ask(sql, playbook=self._playbook, stage=stage)[0][0])

    def lengths(self, stage: str, onward: str) -> "array[float]":
        """Returns the known durations, in days and ascending, of the stays that led on to the stage `onward`."""
        sql = f"""SELECT days FROM visit WHERE playbook = :playbook AND stage = :stage AND to_playbook = :playbook
                  AND to_stage = :onward AND days IS NOT NULL{self._real} ORDER BY days"""
        return self._ask.numbers(sql, playbook=self._playbook, stage=stage, onward=onward)

    def lengths_elsewhere(self, stage: str) -> "array[float]":
        """Returns the known durations in days, unordered, of the stays that led to another playbook."""
        sql = f"""SELECT days FROM visit WHERE playbook = :playbook AND stage = :stage AND to_playbook <> :playbook
                  AND days IS NOT NULL{self._real}"""
        return self._ask.numbers(sql, playbook=self._playbook, stage=stage)

    def present(self, stage: str) -> Iterator[tuple[Moment, int]]:
        """Yields each known moment at which deals now in the stage entered it, with their number."""
        sql = f"""SELECT entered_at, count(*) FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} GROUP BY entered_at"""
        return self._ask.each(sql, playbook=self._playbook, stage=stage)

    def longest_there(self, stage: str, most: int) -> list[tuple[int, Moment]]:
        """Returns the deals that have been in the stage longest, and since when; possibly more than `most`.

        Dates and instants sorted as text can be off by up to a day, so the query reads a few days more.
        """
        sql = f"""SELECT deal_id, entered_at FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} AND entered_at < (
                      SELECT date(substr(max(entered_at), 1, 10), '+3 days') FROM (
                          SELECT entered_at FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                          AND entered_at IS NOT NULL{self._real} ORDER BY entered_at LIMIT :most))
                  ORDER BY entered_at"""
        return list(self._ask.each(sql, playbook=self._playbook, stage=stage, most=most))

    def later_than(self, today: Moment, now: Moment) -> bool:
        """True if a record may be later than now: a deal entered its current stay after `today` (a date) or `now`.

        Also true if a deal entered its current stay at an unknown time, for an earlier stay may be later than now.
        """
        sql = """SELECT 1 FROM visit INDEXED BY visit_present WHERE ended = 0
                 AND entered_at > CASE length(entered_at) WHEN 10 THEN :today ELSE :now END
                 UNION ALL SELECT 1 FROM visit INDEXED BY visit_present
                 WHERE ended = 0 AND entered_at IS NULL AND number > 1 LIMIT 1"""
        return bool(self._ask(sql, today=today, now=now))

    def histories(self) -> Iterator[tuple[Any, ...]]:
        """Yields every stay of the deals that ever were in this playbook, by deal and in order, as report histories."""
        sql = f"""SELECT v.deal_id, v.playbook, v.stage, v.owner, coalesce(d.source, ''), v.entered_at, v.left_at,
                         v.days, v.ended, v.id
                  FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
                  WHERE d.path_id IN (SELECT id FROM path WHERE instr('>' || stages, '>' || :playbook || '/'))
                  {self._real_deals} ORDER BY v.deal_id, v.number"""
        return self._ask.each(sql, playbook=self._playbook)

    def changes_of_person(self) -> Iterator[tuple[Any, ...]]:
        """Yields handoffs that changed only the owner, by stay: stay id, at, returned_at, from_owner, to_owner."""
        sql = """SELECT h.visit_id, h.at, h.returned_at, h.from_owner, h.to_owner
                 FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id AND v.playbook = :playbook
                 WHERE h.state <> 'blocked' AND NOT EXISTS (SELECT 1 FROM visit AS n WHERE n.handoff_id = h.id)
                 ORDER BY h.visit_id, h.id"""
        return self._ask.each(sql, playbook=self._playbook)

    def sources_told(self) -> Iterator[tuple[Any, ...]]:
        """Yields every source recorded for a deal: deal id, at, source; by deal, in order."""
        sql = """SELECT deal_id, at, value FROM field_value
                 WHERE name = 'deal.source' AND deal_id IS NOT NULL AND NOT forgotten ORDER BY deal_id, id"""
        return self._ask.each(sql)

    def count(self) -> int:
        """Returns the approximate number of stays in the database, for the progress bar."""
        return int(self._ask("SELECT coalesce(max(id), 0) FROM visit")[0][0])


def called(query: Query, deals: list[int]) -> dict[int, Row]:
    """Account, deal and the shortest name by which a command finds it, of these deals."""
    marks = ", ".join(str(int(one)) for one in deals)
    sql = f"""SELECT d.id, a.slug AS account, a.name, d.slug AS deal,
                     CASE WHEN (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id) = 1
                            OR (v.kind = 'open' AND (
                                SELECT count(*) FROM deal AS o JOIN visit AS w ON w.deal_id = o.id AND w.ended = 0
                                WHERE o.account_id = a.id AND w.kind = 'open') = 1)
                          THEN a.slug ELSE a.slug || '/' || d.slug END AS ref
              FROM deal AS d JOIN account AS a ON a.id = d.account_id
              JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0 WHERE d.id IN ({marks})"""
    return {row["id"]: row for row in query(sql)}


def playbooks_used(query: Query) -> list[str]:
    """Returns the names of playbooks that deals are or were in; each has a stored revision.

    Playbooks used only by test accounts are left out, unless there are no others.
    """
    sql = """SELECT DISTINCT r.playbook FROM playbook_revision AS r
             LEFT JOIN command AS c ON c.id = r.command_id LEFT JOIN account AS a ON a.id = c.account_id
             WHERE coalesce(a.test, 0) = 0 OR EXISTS (
                 SELECT 1 FROM path AS p JOIN deal AS d ON d.path_id = p.id
                 JOIN account AS b ON b.id = d.account_id AND b.test = 0
                 WHERE instr('>' || p.stages, '>' || r.playbook || '/')) ORDER BY r.playbook"""
    found = query(sql) or query("SELECT DISTINCT playbook FROM playbook_revision ORDER BY playbook")
    return [row[0] for row in found]
