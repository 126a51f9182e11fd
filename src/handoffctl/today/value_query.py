"""Queries for the value reminders of `today`: a constant number of statements for all deals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from handoffctl.db.query import QueryConnection
from handoffctl.deals.stays_query import STAY_COLUMNS
from handoffctl.promises.former_fields import FormerValue
from handoffctl.promises.model import ValueEntry
from handoffctl.stats.stays import Stay


def playbooks_of_won_deals(query: QueryConnection) -> list[str]:
    """Returns the names of the playbooks that won deals are in."""
    # A playbook that deals are in has a revision, and there are few of those: no need to read every won deal.
    sql = """SELECT DISTINCT r.playbook FROM playbook_revision AS r WHERE EXISTS (
                 SELECT 1 FROM visit AS v WHERE v.playbook = r.playbook AND v.kind = 'won' AND v.ended = 0)
             ORDER BY r.playbook"""
    return [name for (name,) in query.each(sql)]


def entries(query: QueryConnection) -> dict[int, list[ValueEntry]]:
    """Returns the entries of the value ledger by deal, in their order."""
    found: dict[int, list[ValueEntry]] = defaultdict(list)
    sql = "SELECT deal_id, number, effect, text, at FROM value_entry ORDER BY deal_id, number"
    for deal_id, *entry in query.each(sql):
        found[deal_id].append(ValueEntry(*entry))
    return found


def logged_values(
    query: QueryConnection, playbooks: Iterable[str], logs: Iterable[str]
) -> dict[tuple[int, str], list[FormerValue]]:
    """Returns what the fields `logs` of the deals in these playbooks were given, by deal and name, oldest first."""
    listed_playbooks, named_playbooks = _in_list("playbook", playbooks)
    listed_logs, named_logs = _in_list("log", logs)
    sql = f"""SELECT f.deal_id, f.name, f.type, f.value, f.at
              FROM visit AS v JOIN field_value AS f ON f.deal_id = v.deal_id
              WHERE v.ended = 0 AND v.playbook IN ({listed_playbooks}) AND f.forgotten = 0 AND f.name IN ({listed_logs})
              ORDER BY f.id"""
    found: dict[tuple[int, str], list[FormerValue]] = defaultdict(list)
    for deal_id, name, *value in query.each(sql, **named_playbooks, **named_logs):
        found[deal_id, name].append(FormerValue(*value))
    return found


def stays_of_deals_in(query: QueryConnection, playbooks: Iterable[str]) -> Iterator[tuple[int, list[Stay]]]:
    """Yields each open or won deal that is in one of these playbooks, with all its stays in order.

    Deals whose stay came with an import are left out.
    """
    listed, named = _in_list("playbook", playbooks)
    sql = f"""SELECT {STAY_COLUMNS} FROM visit AS v WHERE v.deal_id IN (
                  SELECT p.deal_id FROM visit AS p WHERE p.ended = 0 AND p.imported = 0
                  AND p.kind IN ('open', 'won') AND p.playbook IN ({listed}))
              ORDER BY v.deal_id, v.number"""
    for deal_id, stays in groupby(map(Stay._make, query.each(sql, **named)), attrgetter("deal")):
        yield deal_id, list(stays)


def _in_list(kind: str, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Returns the placeholders of an IN list, which begin with `kind`, and what they stand for."""
    named = {f"{kind}{place}": name for place, name in enumerate(names)}
    return ", ".join(f":{place}" for place in named), named
