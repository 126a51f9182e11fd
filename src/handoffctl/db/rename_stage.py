"""Renames a stage in all records: stays, stage paths, handoffs, meetings, triggers, trials."""

import json
from collections.abc import Iterable
from hashlib import sha256

from handoffctl.db.session import WriteSession

_STAYS = "SELECT id FROM visit WHERE playbook = :playbook"
_NOT_A_NAME = "stage NOT IN (SELECT value FROM json_each(:spared))"

_ORDERS = (
    # A handoff without a name goes by where it leads: first, while the stays still have the old name.
    f"""UPDATE handoff SET name = :new WHERE name = :old AND to_playbook = :playbook AND to_stage = :old
        AND visit_id IN ({_STAYS} AND stage <> :old AND {_NOT_A_NAME})""",
    f"UPDATE OR IGNORE sighting SET handoff = :new WHERE handoff = :old AND visit_id IN ({_STAYS} AND {_NOT_A_NAME})",
    f"UPDATE meeting SET handoff = :new WHERE handoff = :old AND visit_id IN ({_STAYS} AND {_NOT_A_NAME})",
    "UPDATE handoff SET name = :whole_new WHERE name = :whole_old AND to_playbook = :playbook AND to_stage = :old",
    "UPDATE OR IGNORE sighting SET handoff = :whole_new WHERE handoff = :whole_old",
    "UPDATE meeting SET handoff = :whole_new WHERE handoff = :whole_old",
    f"UPDATE handoff SET from_stage = :new WHERE from_stage = :old AND visit_id IN ({_STAYS})",
    "UPDATE handoff SET to_stage = :new WHERE to_playbook = :playbook AND to_stage = :old",
    """UPDATE deal SET outside_stage = :new WHERE outside_stage = :old
       AND id IN (SELECT deal_id FROM visit WHERE playbook = :playbook AND ended = 0)""",
    "UPDATE trial SET handoff = :new WHERE playbook = :playbook AND handoff = :old AND kind = 'stage'",
    """UPDATE trial SET handoff = :new WHERE playbook = :playbook AND handoff = :old AND kind <> 'stage'
       AND :spared = '[]'""",
    "UPDATE trial SET handoff = :whole_new WHERE handoff = :whole_old",
    "UPDATE visit SET to_stage = :new WHERE to_playbook = :playbook AND to_stage = :old",
    "UPDATE visit SET stage = :new WHERE playbook = :playbook AND stage = :old",
)


def rename_in_records(session: WriteSession, playbook: str, old: str, new: str, spared: Iterable[str]) -> None:
    """Renames the stage. Handoffs that leave the `spared` stages keep a name of their own that equals the stage's."""
    session.command_id()
    named = {
        "playbook": playbook, "old": old, "new": new, "whole_old": f"{playbook}/{old}",
        "whole_new": f"{playbook}/{new}", "spared": json.dumps(sorted(spared)),
    }  # fmt: skip
    for order in _ORDERS:
        wanted = {name: value for name, value in named.items() if f":{name}" in order}
        session.execute(order, **wanted)
    _rename_in_paths(session, named["whole_old"], named["whole_new"])


def _rename_in_paths(session: WriteSession, old: str, new: str) -> None:
    for row in session.query("SELECT id, stages FROM path WHERE instr(stages, :old)", old=old):
        stays = row["stages"].split(">")
        if old not in stays:
            continue
        way = ">".join(new if stay == old else stay for stay in stays)
        same = session.query("SELECT id FROM path WHERE stages = :way", way=way)
        if same:
            session.execute("UPDATE deal SET path_id = :same WHERE path_id = :id", same=same[0]["id"], id=row["id"])
            session.execute("DELETE FROM path WHERE id = :id", id=row["id"])
        else:
            session.execute("UPDATE path SET stages = :way WHERE id = :id", way=way, id=row["id"])


def update_revision(session: WriteSession, revision_id: int, content: str) -> None:
    """Replaces the content of a kept revision by the renamed one, so that handoffs find themselves in it by name."""
    digest = sha256(content.encode()).hexdigest()
    session.execute(
        "UPDATE playbook_revision SET content = :content, hash = :digest WHERE id = :id",
        content=content,
        digest=digest,
        id=revision_id,
    )
