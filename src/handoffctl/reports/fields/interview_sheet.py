"""The interview sheet of a playbook: what its handoffs ask and what that costs, to talk over with those concerned."""

from typing import Any

from handoffctl.reports.context import ReportOptions, open_report
from handoffctl.reports.fields.report import look
from handoffctl.workspace.home import Home

QUESTION = "Which decision fails without it?"
SHOWN = (
    "item", "label", "why", "level", "asked", "missing", "missing_share", "missing_though_completed", "median_seconds",
    "named_in_returns", "verdict", "because",
)  # fmt: skip


def sheet(home: Home, name: str = "") -> tuple[dict[str, Any], list[str]]:
    """Each handoff with its trigger and reason and the figures of each item; and remarks. Raises NotFound."""
    with open_report(home, ReportOptions(name)) as frame:
        told = look(frame)["fields"]
        playbook = frame.playbook
    written = {(one.from_stage, one.key): one for one in playbook.handoffs}
    handoffs = []
    for way in dict.fromkeys((row["from"], row["handoff"]) for row in told):
        rows = [row for row in told if (row["from"], row["handoff"]) == way]
        one = written.get(way)  # none for a deal that was won where the playbook has no handoff
        gives = playbook.owner_of(way[0])
        takes = playbook.owner_of(rows[0]["to"]) if rows[0]["to"] in playbook.stages else ""
        handoffs.append(
            {
                "handoff": way[1], "from": way[0], "to": rows[0]["to"],
                "called": rows[0]["called"],
                "sender": (one and one.sender) or gives, "receiver": (one and one.receiver) or takes,
                "trigger": one.trigger.says if one and one.trigger else "",
                "reason": one.reason if one else "", "benefit": one.benefit if one else "",
                "items": [{name: row[name] for name in SHOWN} for row in rows],
            }
        )  # fmt: skip
    head = frame.head() | {"title": playbook.title or playbook.playbook, "question": QUESTION}
    return head | {"handoffs": handoffs}, frame.remarks
