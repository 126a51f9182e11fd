"""Lists deals, and accounts without a deal."""

from typing import Any

from handoffctl.core.names import fold
from handoffctl.deals.stays_query import playbooks_used
from handoffctl.errors import NotFound, nearest
from handoffctl.overview import query as listing
from handoffctl.overview.dated import age, dated_step
from handoffctl.people.query import owner_called
from handoffctl.playbook.library import load_playbook
from handoffctl.workspace.home import Home


def deals(
    home: Home, most: int, playbook: str | None, stage: str | None, owner: str | None, closed: bool
) -> dict[str, Any]:
    """Returns open deals (all with `closed`), by account, and accounts without a deal."""
    stage = _stage_named(home, stage, playbook) if stage else None
    if playbook:
        load_playbook(home, playbook)  # raises where there is none
    with home.reading() as query:
        kind = None if closed else "open"
        owner = owner_called(query, owner) if owner else None
        rows, total = listing.deals(query, most, playbook=playbook, stage=stage, owner=owner, kind=kind)
    found = [
        {
            **{name: row[name] for name in ("account", "name", "deal", "playbook", "stage", "kind", "owner")},
            "deal_name": row["deal_name"],
            "entered_at": row["entered_at"],
            "days": age(home, row["entered_at"]),
            "step": dated_step(row["step"], row["due"]),
            "wakes_on": row["wakes_on"],
            "test": bool(row["test"]),
        }
        for row in rows
        if row["deal"]
    ]
    without = [{"account": row["account"], "name": row["name"]} for row in rows if not row["deal"]]
    return {"deals": found, "total": total, "without_deal": without}


def _stage_named(home: Home, stage: str, playbook: str | None) -> str:
    """Returns the stage of this name or title. Raises NotFound if no relevant playbook has one."""
    with home.reading() as query:
        names = [playbook] if playbook else dict.fromkeys([*playbooks_used(query), home.configuration.playbook])
    known: dict[str, str] = {}
    for name in names:
        used = load_playbook(home, name).playbook
        known |= {fold(used.title_of(one)): one for one in used.stages} | {fold(one): one for one in used.stages}
    if fold(stage) not in known:
        raise NotFound(
            f'No stage is called "{stage[:60]}" {nearest(stage, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(dict.fromkeys(known.values()))}.",
        )
    return known[fold(stage)]
