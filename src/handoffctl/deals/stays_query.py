"""Stays in the stages of a playbook, for the throughput report. Test accounts are left out.

What is asked over everything is counted without reading every stay: deals by the way they took, lengths from an index.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals.lookup_query import deal_ref

_DRILLS = "SELECT d.id FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE a.test = 1"


class Stays:
    """The stays in one playbook, without drills. Each question is one statement over one index."""

    def __init__(self, query: QueryConnection, playbook: str) -> None:
        self._ask = query
        self._playbook = playbook
        drills = query("SELECT 1 FROM account WHERE test = 1 LIMIT 1")
        self._real = f" AND deal_id NOT IN ({_DRILLS})" if drills else ""
        self._real_deals = " AND account_id NOT IN (SELECT id FROM account WHERE test = 1)" if drills else ""

    def paths(self) -> list[tuple[list[str], int]]:
        """The stages that deals went through, in order, and how many went each way. Another playbook's are blank."""
        sql = f"""SELECT p.stages, d.deals FROM path AS p JOIN (
                      SELECT path_id, count(*) AS deals FROM deal WHERE path_id IS NOT NULL{self._real_deals}
                      GROUP BY path_id) AS d ON d.path_id = p.id"""
        begin = f"{self._playbook}/"
        found = [(row["stages"].split(">"), row["deals"]) for row in self._ask(sql)]
        return [
            ([stay[len(begin) :] if stay.startswith(begin) else "" for stay in path], deals) for path, deals in found
        ]

    def kind(self, stage: str) -> str:
        """What kind this stage was when a deal last came to it; for one that the playbook no longer has."""
        sql = "SELECT kind FROM visit WHERE playbook = :playbook AND stage = :stage ORDER BY id DESC LIMIT 1"
        return str(self._ask(sql, playbook=self._playbook, stage=stage)[0][0])

    def lengths(self, stage: str, onward: str) -> "array[float]":
        """The known lengths in days of the stays that were left for this stage, in ascending order."""
        sql = f"""SELECT days FROM visit WHERE playbook = :playbook AND stage = :stage AND to_playbook = :playbook
                  AND to_stage = :onward AND days IS NOT NULL{self._real} ORDER BY days"""
        return self._ask.numbers(sql, playbook=self._playbook, stage=stage, onward=onward)

    def lengths_elsewhere(self, stage: str) -> "array[float]":
        """The same of those that were left for another playbook, in no order."""
        sql = f"""SELECT days FROM visit WHERE playbook = :playbook AND stage = :stage AND to_playbook <> :playbook
                  AND days IS NOT NULL{self._real}"""
        return self._ask.numbers(sql, playbook=self._playbook, stage=stage)

    def present(self, stage: str) -> Iterator[tuple[Moment, int]]:
        """When those who are there now came, as far as that is known: each moment, and how many came then."""
        sql = f"""SELECT entered_at, count(*) FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} GROUP BY entered_at"""
        return self._ask.each(sql, playbook=self._playbook, stage=stage)

    def longest_there(self, stage: str, most: int) -> list[tuple[int, Moment]]:
        """The deals that have been there longest, and since when.

        Text sorts a date and an instant wrongly by a day at the most, so some more than asked for are given.
        """
        sql = f"""SELECT deal_id, entered_at FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} AND entered_at < (
                      SELECT date(substr(max(entered_at), 1, 10), '+3 days') FROM (
                          SELECT entered_at FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                          AND entered_at IS NOT NULL{self._real} ORDER BY entered_at LIMIT :most))
                  ORDER BY entered_at"""
        return list(self._ask.each(sql, playbook=self._playbook, stage=stage, most=most))

    def later_than(self, today: Moment, now: Moment) -> bool:
        """Whether something recorded may be later than this: a deal came to where it is after this day or this moment.

        Also where a deal came to its present stay at an unknown time: an earlier stay of it may be later still.
        """
        sql = """SELECT 1 FROM visit INDEXED BY visit_present WHERE ended = 0
                 AND entered_at > CASE length(entered_at) WHEN 10 THEN :today ELSE :now END
                 UNION ALL SELECT 1 FROM visit INDEXED BY visit_present
                 WHERE ended = 0 AND entered_at IS NULL AND number > 1 LIMIT 1"""
        return bool(self._ask(sql, today=today, now=now))

    def histories(self) -> Iterator[tuple[Any, ...]]:
        """Every stay of the deals that ever were in this playbook, by deal in order: as figures.histories.Stay."""
        sql = f"""SELECT v.deal_id, v.playbook, v.stage, v.owner, coalesce(d.source, ''), v.entered_at, v.left_at,
                         v.days, v.ended, v.id
                  FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
                  WHERE d.path_id IN (SELECT id FROM path WHERE instr('>' || stages, '>' || :playbook || '/'))
                  {self._real_deals} ORDER BY v.deal_id, v.number"""
        return self._ask.each(sql, playbook=self._playbook)

    def changes_of_person(self) -> Iterator[tuple[Any, ...]]:
        """Handoffs that changed only the person, in order: the stay, at, returned_at, from whom, to whom."""
        sql = """SELECT h.visit_id, h.at, h.returned_at, h.from_owner, h.to_owner
                 FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id AND v.playbook = :playbook
                 WHERE h.state <> 'blocked' AND NOT EXISTS (SELECT 1 FROM visit AS n WHERE n.handoff_id = h.id)
                 ORDER BY h.visit_id, h.id"""
        return self._ask.each(sql, playbook=self._playbook)

    def sources_told(self) -> Iterator[tuple[Any, ...]]:
        """Every source that somebody told of a deal, in order: the deal, at, the source."""
        sql = """SELECT deal_id, at, value FROM field_value
                 WHERE name = 'deal.source' AND deal_id IS NOT NULL AND NOT forgotten ORDER BY deal_id, id"""
        return self._ask.each(sql)

    def count(self) -> int:
        """How many stays are kept in all, roughly: to tell how far the reading is."""
        return int(self._ask("SELECT coalesce(max(id), 0) FROM visit")[0][0])


class DealName(NamedTuple):
    """A deal by its account's slug and name, its own slug, and `ref`, the shortest name by which commands find it."""

    id: int
    account: str
    name: str
    deal: str
    ref: str


def deal_names(query: Query, deals: Iterable[int]) -> dict[int, DealName]:
    """Returns the names of these deals by their ids."""
    ids = ", ".join(str(int(id)) for id in deals)
    sql = f"""SELECT d.id, a.slug AS account, a.name, d.slug AS deal, v.kind,
                     (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id) AS deals,
                     (SELECT count(*) FROM deal AS o JOIN visit AS w ON w.deal_id = o.id AND w.ended = 0
                      WHERE o.account_id = a.id AND w.kind = 'open') AS open_deals
              FROM deal AS d JOIN account AS a ON a.id = d.account_id
              JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0 WHERE d.id IN ({ids})"""
    return {
        row["id"]: DealName(
            row["id"], row["account"], row["name"], row["deal"],
            deal_ref(row["account"], row["deal"], row["kind"], row["deals"], row["open_deals"]),
        )
        for row in query(sql)
    }  # fmt: skip


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
    rows = query(sql) or query("SELECT DISTINCT playbook FROM playbook_revision ORDER BY playbook")
    return [row[0] for row in rows]
