"""Queries for the stays in the stages of a playbook. Test accounts are left out.

Figures over all stays are computed without reading each: deals are counted by path, and lengths come from an index.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.playbook.query import revisions
from handoffctl.stats.stays import Stay

_DRILLS = "SELECT d.id FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE a.test = 1"


class OwnerChange(NamedTuple):
    """A handoff that changed only the owner within a stay."""

    stay: int
    at: Moment
    returned_at: Moment | None
    from_owner: str
    to_owner: str


class RecordedSource(NamedTuple):
    """A source that was recorded for a deal."""

    deal: int
    at: Moment
    source: str


class UsedRevision(NamedTuple):
    """A content of the playbook that was used, from which moment on, and its hash."""

    at: Moment
    hash: str


class StayQueries:
    """Queries over one playbook's stays (test accounts excluded); each uses a single index."""

    def __init__(self, query: QueryConnection, playbook: str) -> None:
        self._query = query
        self._playbook = playbook
        drills = query("SELECT 1 FROM account WHERE test = 1 LIMIT 1")
        self._real = f" AND deal_id NOT IN ({_DRILLS})" if drills else ""
        self._real_deals = " AND account_id NOT IN (SELECT id FROM account WHERE test = 1)" if drills else ""

    def paths(self) -> list[tuple[list[str], int]]:
        """Returns each path of stages and the number of deals that took it. Stages of other playbooks are empty."""
        sql = f"""SELECT p.stages, d.deals FROM path AS p JOIN (
                      SELECT path_id, count(*) AS deals FROM deal WHERE path_id IS NOT NULL{self._real_deals}
                      GROUP BY path_id) AS d ON d.path_id = p.id"""
        begin = f"{self._playbook}/"
        paths = [(row["stages"].split(">"), row["deals"]) for row in self._query(sql)]
        return [
            ([stay[len(begin) :] if stay.startswith(begin) else "" for stay in path], deals) for path, deals in paths
        ]

    def kind(self, stage: str) -> str:
        """Returns the kind that a stage had when a deal last entered it; for stages the playbook no longer has."""
        sql = "SELECT kind FROM visit WHERE playbook = :playbook AND stage = :stage ORDER BY id DESC LIMIT 1"
        return str(self._query(sql, playbook=self._playbook, stage=stage)[0][0])

    def lengths(self, stage: str, next_stage: str) -> "array[float]":
        """Returns the known lengths in days, in ascending order, of the stays that were left for `next_stage`."""
        sql = f"""SELECT days FROM visit WHERE playbook = :playbook AND stage = :stage AND to_playbook = :playbook
                  AND to_stage = :onward AND days IS NOT NULL{self._real} ORDER BY days"""
        return self._query.numbers(sql, playbook=self._playbook, stage=stage, onward=next_stage)

    def lengths_to_other_playbooks(self, stage: str) -> "array[float]":
        """Like lengths(), for stays that moved to another playbook; unordered."""
        sql = f"""SELECT days FROM visit WHERE playbook = :playbook AND stage = :stage AND to_playbook <> :playbook
                  AND days IS NOT NULL{self._real}"""
        return self._query.numbers(sql, playbook=self._playbook, stage=stage)

    def present(self, stage: str) -> Iterator[tuple[Moment, int]]:
        """Yields each known moment at which deals in the stage entered it, with the number of those deals."""
        sql = f"""SELECT entered_at, count(*) FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} GROUP BY entered_at"""
        return self._query.each(sql, playbook=self._playbook, stage=stage)

    def longest_present(self, stage: str, most: int) -> list[tuple[int, Moment]]:
        """Returns the deals that have been in the stage longest, each with the moment it entered.

        Text order of a date and an instant may be wrong by up to a day, so a few more than `most` are returned.
        """
        sql = f"""SELECT deal_id, entered_at FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} AND entered_at < (
                      SELECT date(substr(max(entered_at), 1, 10), '+3 days') FROM (
                          SELECT entered_at FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                          AND entered_at IS NOT NULL{self._real} ORDER BY entered_at LIMIT :most))
                  ORDER BY entered_at"""
        return list(self._query.each(sql, playbook=self._playbook, stage=stage, most=most))

    def later_than(self, today: Moment, now: Moment) -> bool:
        """True if something recorded may be later than this: a deal entered its present stage after `today` or `now`.

        Also true if a deal entered its present stage at an unknown time, because an earlier stay may be later still.
        """
        sql = """SELECT 1 FROM visit INDEXED BY visit_present WHERE ended = 0
                 AND entered_at > CASE length(entered_at) WHEN 10 THEN :today ELSE :now END
                 UNION ALL SELECT 1 FROM visit INDEXED BY visit_present
                 WHERE ended = 0 AND entered_at IS NULL AND number > 1 LIMIT 1"""
        return bool(self._query(sql, today=today, now=now))

    def stays(self) -> Iterator[Stay]:
        """Yields every stay of the deals that ever were in this playbook, deal by deal, in order."""
        sql = f"""SELECT {STAY_COLUMNS} FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
                  WHERE d.path_id IN (SELECT id FROM path WHERE instr('>' || stages, '>' || :playbook || '/'))
                  {self._real_deals} ORDER BY v.deal_id, v.number"""
        return map(Stay._make, self._query.each(sql, playbook=self._playbook))

    def owner_changes(self) -> Iterator[OwnerChange]:
        """Yields the handoffs that changed only the owner, stay by stay, in order."""
        sql = """SELECT h.visit_id, h.at, h.returned_at, h.from_owner, h.to_owner
                 FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id AND v.playbook = :playbook
                 WHERE h.state <> 'blocked' AND NOT EXISTS (SELECT 1 FROM visit AS n WHERE n.handoff_id = h.id)
                 ORDER BY h.visit_id, h.id"""
        return map(OwnerChange._make, self._query.each(sql, playbook=self._playbook))

    def sources(self) -> dict[int, str]:
        """Returns the present source of each deal that has one, by deal id."""
        return dict(self._query.each("SELECT id, source FROM deal WHERE source IS NOT NULL"))

    def recorded_sources(self) -> Iterator[RecordedSource]:
        """Yields every source that was ever recorded, deal by deal, in order."""
        sql = """SELECT deal_id, at, value FROM field_value
                 WHERE name = 'deal.source' AND deal_id IS NOT NULL AND forgotten = 0 ORDER BY deal_id, id"""
        return map(RecordedSource._make, self._query.each(sql))

    def count(self) -> int:
        """Returns roughly how many stays there are in all, for the progress bar."""
        return int(self._query("SELECT coalesce(max(id), 0) FROM visit")[0][0])

    def revisions(self) -> list[UsedRevision]:
        """Returns the contents of the playbook that were used, oldest first."""
        return [UsedRevision(row["at"], row["hash"]) for row in revisions(self._query, self._playbook)]
