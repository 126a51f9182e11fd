"""Stays in the stages of a playbook, counted and measured for the throughput report. Test accounts are left out."""

from collections.abc import Callable
from dataclasses import dataclass

from handoffctl.domain.moments import Moment
from handoffctl.views.ask import Ask

_DRILLS = "SELECT d.id FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE a.test = 1"


@dataclass(frozen=True, slots=True)
class Way:
    """How many stays in a stage ended in the same way; `firsts` of them were the deal's first in that stage."""

    stage: str
    ended: bool
    to_kind: str | None
    to_stage: str | None
    visits: int
    firsts: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """The lengths, in days, of the finished stays in one stage."""

    count: int
    total: float
    at: Callable[[int], float]  # the n-th shortest, from 0


class Stays:
    """The stays in one playbook, without drills. Each question is one statement over one index."""

    def __init__(self, ask: Ask, playbook: str) -> None:
        self._ask = ask
        self._playbook = playbook
        drills = ask("SELECT 1 FROM account WHERE test = 1 LIMIT 1")
        self._real = f" AND deal_id NOT IN ({_DRILLS})" if drills else ""

    def ways(self) -> list[Way]:
        """Every way out of every stage, and those still there (not ended)."""
        sql = f"""SELECT stage, ended, to_kind, to_stage, count(*), sum(entry = 1) FROM visit
                  WHERE playbook = :playbook{self._real} GROUP BY stage, ended, to_kind, to_stage"""
        return [Way(row[0], bool(row[1]), *row[2:]) for row in self._ask(sql, playbook=self._playbook)]

    def lengths(self, stage: str) -> Lengths:
        """Of the finished stays in this stage whose length is known."""
        where = f"FROM visit WHERE playbook = :playbook AND stage = :stage AND days IS NOT NULL{self._real}"
        count, total = self._one(f"SELECT count(*), total(days) {where}", stage=stage)

        def at(position: int) -> float:
            sql = f"SELECT days {where} ORDER BY days LIMIT 1 OFFSET :position"
            return float(self._one(sql, stage=stage, position=position)[0])

        return Lengths(count, total, at)

    def within(self, stage: str, days: float) -> int:
        """How many finished stays were no longer than this."""
        sql = f"""SELECT count(*) FROM visit WHERE playbook = :playbook AND stage = :stage
                  AND days IS NOT NULL AND days <= :days{self._real}"""
        return int(self._one(sql, stage=stage, days=days + 1e-9)[0])

    def oldest(self, stage: str) -> list[Moment]:
        """When the longest present stay began: the earliest date and the earliest instant, which text cannot compare."""
        sql = f"""SELECT min(entered_at) FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at IS NOT NULL{self._real} GROUP BY length(entered_at)"""
        return [row[0] for row in self._ask(sql, playbook=self._playbook, stage=stage)]

    def there_since_before(self, stage: str, day: Moment, moment: Moment) -> int:
        """How many are there since before this day, or this moment where the moment of entry is known."""
        sql = f"""SELECT count(*) FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at < CASE length(entered_at) WHEN 10 THEN :day ELSE :moment END{self._real}"""
        return int(self._one(sql, stage=stage, day=day, moment=moment)[0])

    def paths_back(self, turns: list[tuple[str, str]]) -> list[list[str | None]]:
        """The stages, in order, of each deal that took one of these turns; None for a stage of another playbook."""
        deals: set[int] = set()
        for stage, to_stage in turns:
            sql = f"""SELECT deal_id FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 1
                      AND to_stage = :to_stage{self._real}"""
            deals.update(row[0] for row in self._ask(sql, playbook=self._playbook, stage=stage, to_stage=to_stage))
        sql = """SELECT CASE playbook WHEN :playbook THEN stage END FROM visit WHERE deal_id = :deal ORDER BY number"""
        return [[row[0] for row in self._ask(sql, playbook=self._playbook, deal=deal)] for deal in sorted(deals)]

    def _one(self, sql: str, **named: object) -> tuple[float, ...]:
        return tuple(self._ask(sql, playbook=self._playbook, **named)[0])


def playbooks_used(ask: Ask) -> list[str]:
    """The playbooks that deals are or were in. Hops along the index instead of reading every stay."""
    sql = """WITH RECURSIVE used (name) AS (
                 SELECT min(playbook) FROM visit
                 UNION ALL SELECT (SELECT min(playbook) FROM visit WHERE playbook > name) FROM used WHERE name IS NOT NULL)
             SELECT name FROM used WHERE name IS NOT NULL"""
    return [row[0] for row in ask(sql)]
