"""Reads the stages a deal went through, and the ids of recorded paths."""

from handoffctl.db.query import Query


def stages_of(query: Query, deal_id: int) -> list[tuple[str, str]]:
    """Returns the playbook and stage of each stay of the deal, in order."""
    rows = query("SELECT playbook, stage FROM visit WHERE deal_id = :deal ORDER BY number", deal=deal_id)
    return [(row["playbook"], row["stage"]) for row in rows]


def recorded_path_id(query: Query, stages: str) -> int | None:
    """Returns the id of the path with these stages, or None if no deal took it yet."""
    rows = query("SELECT id FROM path WHERE stages = :stages", stages=stages)
    return int(rows[0]["id"]) if rows else None
