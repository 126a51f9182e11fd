"""The reasons that can be counted: the lists of a playbook, and the reason that somebody gives from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from handoffctl.errors import Refused, nearest
from handoffctl.playbook.model import Playbook

RETURN = "return"
KIND_OF_ENDING = {"lost": "lost", "disqualified": "lost", "nurture": "nurture"}  # the kind of stage it ends in
OCCASIONS = (RETURN, *KIND_OF_ENDING)
_OCCASIONS = {"return": "a return", "lost": "a lost deal", "disqualified": "a disqualified deal",
              "nurture": "a deal put aside"}  # fmt: skip


class GivenReason(NamedTuple):
    """A reason as somebody gave it: in words, and by the name and words of the playbook where it is from its list."""

    because: str
    name: str | None = None
    title: str = ""

    @property
    def sentence(self) -> str:
        """Returns the reason as the log shows it: `Too expensive: they chose another firm`."""
        return self.because if self.title in ("", self.because) else f"{self.title}: {self.because}"


def reasons_for(occasion: str, playbooks: Iterable[Playbook]) -> dict[str, str]:
    """Returns the reasons for a `return` or an ending by their names, those of the first playbook first."""
    reasons: dict[str, str] = {}
    for playbook in playbooks:
        for name, words in _list_of(playbook, occasion).items():
            reasons.setdefault(name, words)
    return reasons


def reason_title(occasion: str, name: str, playbooks: Iterable[Playbook]) -> str:
    """Returns the words for a reason; its name in words where no playbook has it any more."""
    return reasons_for(occasion, playbooks).get(name) or name.replace("-", " ").replace("_", " ")


def given_reason(occasion: str, typed: str, because: str, playbooks: Sequence[Playbook]) -> GivenReason:
    """Returns the reason that was typed by its name or by its words in the playbook; `because` says it freely.

    Without a typed reason `because` is all of it; without `because` the playbook's words are. Raises Refused for a name
    that is on no list.
    """
    if not typed:
        return GivenReason(because)
    reasons = reasons_for(occasion, playbooks)
    if not reasons:
        raise Refused(
            f"The playbook {playbooks[0].playbook} has no list of reasons for {_OCCASIONS[occasion]}.",
            'Say it in words: --because "TEXT"',
        )
    name = _name_of(reasons, typed)
    if name is None:
        raise Refused(
            f'No reason for {_OCCASIONS[occasion]} is called "{typed[:60]}" {nearest(typed, list(reasons))}'.rstrip()
            + f"; there are: {', '.join(reasons)}.",
            "Nothing was changed.",
        )
    return GivenReason(because or reasons[name], name, reasons[name])


def _list_of(playbook: Playbook, occasion: str) -> Mapping[str, str]:
    lists = playbook.reasons
    by_occasion = {
        RETURN: lists.returned, "lost": lists.lost, "disqualified": lists.disqualified, "nurture": lists.nurture,
    }  # fmt: skip
    return by_occasion[occasion]


def _name_of(reasons: Mapping[str, str], typed: str) -> str | None:
    folded = typed.strip().casefold()
    return next((name for name, words in reasons.items() if folded in (name.casefold(), words.casefold())), None)
