"""Stays in the stages of a playbook, counted and measured for the throughput report. Test accounts are left out."""

from collections.abc import Callable
from dataclasses import dataclass

from handoffctl.domain.moments import Moment
from handoffctl.views.ask import Ask, Row

_DRILLS = "SELECT d.id FROM deal AS d JOIN account AS a ON a.id = d.account_id WHERE a.test = 1"


@dataclass(frozen=True)
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
        return str(self._one(sql, stage=stage)[0])

    def lengths(self, stage: str) -> Lengths:
        """Of the finished stays in this stage whose length is known."""
        where = f"FROM visit WHERE playbook = :playbook AND stage = :stage AND days IS NOT NULL{self._real}"
        count, total = self._one(f"SELECT count(*), total(days) {where}", stage=stage)
        seen: dict[int, float] = {}

        def at(position: int) -> float:
            if position not in seen:  # a percentile lies between two neighbours: both are fetched, from the nearer end
                low = position if position < count / 2 else max(count - 2 - position, 0)
                way = "ASC" if position < count / 2 else "DESC"
                sql = f"SELECT days {where} ORDER BY days {way} LIMIT 2 OFFSET :low"
                found = [float(row[0]) for row in self._ask(sql, playbook=self._playbook, stage=stage, low=low)]
                for number, days in enumerate(found):
                    seen[low + number if way == "ASC" else count - 1 - low - number] = days
            return seen[position]

        return Lengths(count, total, at)

    def within(self, stage: str, days: float) -> int:
        """How many finished stays were no longer than this."""
        sql = f"""SELECT count(*) FROM visit WHERE playbook = :playbook AND stage = :stage
                  AND days IS NOT NULL AND days <= :days{self._real}"""
        return int(self._one(sql, stage=stage, days=days + 1e-9)[0])

    def oldest(self, stage: str) -> list[Moment]:
        """When the longest present stay began: the earliest date and the earliest instant, which text cannot compare.

        Text sorts a date and an instant wrongly by a day at the most, so only the first two days are looked at.
        """
        there = f"""FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                    AND entered_at IS NOT NULL{self._real}"""
        first = self._one(f"SELECT min(entered_at) {there}", stage=stage)[0]
        if first is None:
            return []
        sql = f"""SELECT min(entered_at) {there} AND entered_at <= date(substr(:first, 1, 10), '+2 days')
                  GROUP BY length(entered_at)"""
        return [row[0] for row in self._ask(sql, playbook=self._playbook, stage=stage, first=first)]

    def there_since_before(self, stage: str, day: Moment, moment: Moment) -> int:
        """How many are there since before this day, or this moment where the moment of entry is known."""
        sql = f"""SELECT count(*) FROM visit WHERE playbook = :playbook AND stage = :stage AND ended = 0
                  AND entered_at < CASE length(entered_at) WHEN 10 THEN :day ELSE :moment END{self._real}"""
        return int(self._one(sql, stage=stage, day=day, moment=moment)[0])

    def _one(self, sql: str, **named: object) -> Row:
        return self._ask(sql, playbook=self._playbook, **named)[0]


def playbooks_used(ask: Ask) -> list[str]:
    """The playbooks that deals are or were in: the content of each was kept when it was first used."""
    return [row[0] for row in ask("SELECT DISTINCT playbook FROM playbook_revision ORDER BY playbook")]
