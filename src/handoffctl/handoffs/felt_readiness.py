"""What people say of a handoff: whether it was enough to begin, what was missing, and what they had to ask again."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoffctl.core.field_values import is_placeholder
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import Deal
from handoffctl.deals.playbook import playbook_of
from handoffctl.errors import NotFound, Refused, UsageFault, nearest
from handoffctl.handoffs.query import last_completed
from handoffctl.playbook.library import load_kept
from handoffctl.playbook.model import BUILT_IN, Playbook
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class FeltReadiness:
    """What a receiver says when they accept: `enough` is None where they were not asked.

    `lacked` says in their words what was missing; `asked_twice` names the fields that the client was asked again.
    """

    enough: bool | None = None
    lacked: str = ""
    asked_twice: Sequence[str] = ()

    def sentence(self, labels: Sequence[str]) -> str:
        """Returns how the log goes on after `ae accepted Acme Corp`; `labels` are of what was asked again."""
        how = {None: "", True: ", with enough to begin", False: ", without enough to begin"}[self.enough]
        says = how + (f": {self.lacked}" if self.lacked else "") + asked_twice_note(labels)
        return says if says.endswith((".", "!", "?", ")")) else f"{says}."


UNSAID = FeltReadiness()


def felt_readiness(enough: bool, not_enough: bool, lacked: str, asked_twice: Sequence[str]) -> FeltReadiness:
    """Returns what the options of a command say. What was lacking means that it was not enough.

    Raises UsageFault where they contradict each other, Refused for a placeholder.
    """
    lacked = lacked.strip()
    if enough and (not_enough or lacked):
        raise UsageFault("Either it was enough to begin, or something was missing.", "Leave --enough out.")
    if lacked and is_placeholder(lacked):
        raise Refused(f'"{lacked[:40]}" is a placeholder.', "Leave --lacked out if nobody can say what was missing.")
    said = True if enough else False if not_enough or lacked else None
    return FeltReadiness(said, lacked, tuple(asked_twice))


def asked_twice_note(labels: Sequence[str]) -> str:
    """Returns ` (asked again: Budget)` for the log; empty if nothing was asked again."""
    return f" (asked again: {', '.join(labels)})" if labels else ""


def playbooks_around(home: Home, query: Query, deal: Deal) -> list[Playbook]:
    """Returns the playbook of the deal, and that of the stage which its last handoff came from if it is another."""
    playbooks = [playbook_of(home, deal).playbook]
    handoff = last_completed(query, deal.id)
    if handoff and handoff.from_playbook != deal.playbook:
        playbooks.append(load_kept(home, handoff.from_playbook, handoff.from_content).playbook)
    return playbooks


def fields_by_names(typed: Sequence[str], playbooks: Sequence[Playbook]) -> dict[str, str]:
    """Returns the fields that are meant, by name or by label, each once, with its label. Raises NotFound."""
    labels = {name: playbook.label_of(name) for playbook in playbooks for name in (*playbook.fields, *BUILT_IN)}
    found: dict[str, str] = {}
    for text in typed:
        folded = text.strip().casefold()
        name = next((name for name, label in labels.items() if folded in (name.casefold(), label.casefold())), None)
        if name is None:
            sentence = f'No field is called "{text.strip()[:60]}" {nearest(text.strip(), list(labels))}'.rstrip()
            raise NotFound(f"{sentence}.", f"The fields of {playbooks[0].playbook}: {', '.join(labels)}.")
        found[name] = labels[name]
    return found


def record_asked_twice(session: WriteSession, deal: Deal, names: Sequence[str], handoff_id: int | None = None) -> None:
    """Records that the client was asked these fields again, after this handoff if a receiver says so."""
    for name in dict.fromkeys(names):
        session.add(session.models.AskedTwice(deal_id=deal.id, handoff_id=handoff_id, name=name, at=session.at))
