"""Reads how many deals everybody has, and what became of the handoffs that receivers of one handoff were given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment
from handoffctl.db.query import Query, Row
from handoffctl.playbook.model import Playbook

MOST_HANDOFFS = 500  # older ones say less about somebody, and reading them takes time


class OwnerLoad(NamedTuple):
    """The open deals of an owner, and how many of them have a next step that is late."""

    open: int = 0
    late: int = 0


class ReceivedHandoff(NamedTuple):
    """A handoff that was completed, and how the stay ended in which its receiver had the deal.

    `stay_kind` is the kind of that stay's stage, `ended` is 1 if the stay has ended. `next_...` describe the stay after
    it, None if there is none. `passed_on_at` is when somebody else got the deal in the same stay. `values` are those
    that tell the kind of deal, as they were known then.
    """

    receiver: str
    at: Moment
    returned_at: Moment | None
    stay_kind: str
    ended: int
    left_at: Moment | None
    next_playbook: str | None
    next_stage: str | None
    next_kind: str | None
    passed_on_at: Moment | None
    values: tuple[str | None, ...]


class LoadsAndHandoffs(NamedTuple):
    """The loads by owner, and the handoffs in the order in which they were made."""

    loads: Mapping[str, OwnerLoad]
    handoffs: Sequence[ReceivedHandoff]


_LOADS = """
    SELECT v.owner AS receiver, count(*) AS opened,
           sum(CASE WHEN (length(s.due) = 10 AND s.due < :today) OR (length(s.due) > 10 AND s.due < :now)
               THEN 1 ELSE 0 END) AS late{further}
    FROM visit AS v
    JOIN deal AS d ON d.id = v.deal_id
    JOIN account AS a ON a.id = d.account_id AND a.test = 0
    LEFT JOIN step AS s ON s.deal_id = d.id AND s.done_at IS NULL AND s.replaced_at IS NULL
    WHERE v.ended = 0 AND v.kind = 'open' {owners}
    GROUP BY v.owner"""

_HANDOFFS = """
    SELECT h.to_owner, NULL, NULL, h.id, h.at, h.returned_at, s.kind, s.ended, s.left_at,
           n.playbook, n.stage, n.kind,
           (SELECT min(o.at) FROM handoff AS o WHERE o.visit_id = s.id AND o.id > h.id AND o.state <> 'blocked'
            AND o.to_owner <> h.to_owner AND NOT EXISTS (SELECT 1 FROM visit AS w WHERE w.handoff_id = o.id)){values}
    FROM (SELECT e.id, e.command_id, e.deal_id, e.visit_id, e.at, e.returned_at, e.to_owner FROM handoff AS e
          JOIN playbook_revision AS r ON r.id = e.revision_id AND r.playbook = :playbook
          JOIN deal AS c ON c.id = e.deal_id
          JOIN account AS a ON a.id = c.account_id AND a.test = 0
          WHERE e.name = :handoff AND e.from_stage = :stage AND e.state <> 'blocked' AND e.at < :after
          ORDER BY e.id DESC LIMIT {most}) AS h
    JOIN deal AS d ON d.id = h.deal_id
    JOIN visit AS s ON s.id = coalesce((SELECT v.id FROM visit AS v WHERE v.handoff_id = h.id), h.visit_id)
    LEFT JOIN visit AS n ON n.deal_id = s.deal_id AND n.number = s.number + 1"""

_VALUE = """(SELECT f.value FROM field_value AS f WHERE {whose} AND f.name = :like{number}
    AND f.forgotten = 0 AND f.command_id <= h.command_id ORDER BY f.id DESC LIMIT 1)"""
# Deals that an import brought have their source only there.
_SOURCE = """coalesce({value}, CASE WHEN NOT EXISTS (SELECT 1 FROM field_value AS f WHERE f.deal_id = d.id
    AND f.name = :like{number}) THEN d.source END)"""


def loads(query: Query, clock: Clock, owners: Iterable[str] = ()) -> dict[str, OwnerLoad]:
    """Returns the open deals of each owner, or of these owners, without those of test accounts."""
    by_parameter = {f"owner{number}": owner for number, owner in enumerate(owners)}
    which = f"AND v.owner IN ({', '.join(f':{name}' for name in by_parameter)})" if by_parameter else ""
    rows = query(_LOADS.format(owners=which, further=""), **_moments(clock), **by_parameter)
    return {row["receiver"]: OwnerLoad(row["opened"], row["late"]) for row in rows}


def loads_and_handoffs(
    query: Query, playbook: Playbook, stage: str, handoff: str, like: Sequence[str], clock: Clock
) -> LoadsAndHandoffs:
    """Returns the loads of all owners, and what became of the handoffs of this name from this stage, in one query.

    It is the newest 500 of them as of the clock, without those of test accounts. `like` names the fields whose values
    tell the kind of deal.
    """
    values = "".join(f", {_value_column(playbook, name, number)}" for number, name in enumerate(like))
    of_handoffs = _HANDOFFS.format(values=values, most=MOST_HANDOFFS)
    of_owners = _LOADS.format(owners="", further=", NULL" * (10 + len(like)))
    sql = f"{of_owners} UNION ALL {of_handoffs} ORDER BY 4"
    names = {f"like{number}": name for number, name in enumerate(like)}
    after = (clock.today + timedelta(days=2)).isoformat()  # in any zone, what is later has not happened yet
    rows = query(sql, **_moments(clock), after=after, playbook=playbook.playbook, stage=stage, handoff=handoff, **names)
    return LoadsAndHandoffs(
        {row["receiver"]: OwnerLoad(row["opened"], row["late"]) for row in rows if row[3] is None},
        [_received(row) for row in rows if row[3] is not None],
    )


def _moments(clock: Clock) -> dict[str, str]:
    return {"today": clock.today.isoformat(), "now": clock.now}


def _value_column(playbook: Playbook, name: str, number: int) -> str:
    """Returns the SQL of a field's value as it was known at the handoff."""
    described = playbook.field(name)
    of_account = name.startswith("contact.") or (described is not None and described.of == "account")
    whose = "f.account_id = d.account_id AND f.deal_id IS NULL" if of_account else "f.deal_id = d.id"
    value = _VALUE.format(whose=whose, number=number)
    return _SOURCE.format(value=value, number=number) if name == "deal.source" else value


def _received(row: Row) -> ReceivedHandoff:
    columns = tuple(row)
    return ReceivedHandoff._make((columns[0], *columns[4:13], columns[13:]))


def due_dates(query: Query, owner: str) -> list[Moment]:
    """Returns when the open steps, promises and booked meetings of an owner's open deals are due."""
    deals = "JOIN visit AS v ON v.deal_id = x.deal_id AND v.ended = 0 AND v.kind = 'open' AND v.owner = :owner"
    sql = f"""SELECT x.due FROM step AS x {deals}
              WHERE x.due IS NOT NULL AND x.done_at IS NULL AND x.replaced_at IS NULL
              UNION ALL SELECT x.due FROM promise AS x {deals}
              WHERE x.due IS NOT NULL AND x.kept_at IS NULL AND x.dropped_at IS NULL AND x.kind = 'ours'
              UNION ALL SELECT x.at FROM meeting AS x {deals} WHERE x.state = 'booked'"""
    return [row[0] for row in query(sql, owner=owner)]
