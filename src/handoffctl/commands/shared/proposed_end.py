"""Asks on a terminal how a deal ended, and offers what a rule of its playbook proposes."""

from typing import NamedTuple

from handoffctl.console.output import echo_prose
from handoffctl.console.prompts import choose, confirm_by_enter
from handoffctl.dispositions.dispose import proposal_for
from handoffctl.dispositions.model import Proposal
from handoffctl.dispositions.wording import also_in_words, days_from_now, proposed_in_words
from handoffctl.workspace.home import Home

ENDS = ["won", "lost", "disqualified", "nurture"]


class ProposedEnd(NamedTuple):
    """How a deal ends, why, and when to look at it again, each as typed on the command line; empty if not known."""

    disposition: str
    because: str = ""
    wake: str = ""


def ask_how_it_ended(home: Home, ref: str) -> ProposedEnd | None:
    """Returns what the person chose, which may be what a rule proposes; None if they chose nothing.

    Raises NotFound for no such deal.
    """
    proposal = proposal_for(home, ref)
    if proposal:
        _show(home, proposal)
        rule = proposal.disposition
        if rule.propose != "keep" and confirm_by_enter("Close it like this?"):
            return ProposedEnd(rule.propose, rule.because, days_from_now(rule.wake) if rule.wake else "")
    chosen = choose("How did it end?", ENDS)
    return ProposedEnd(chosen) if chosen else None


def _show(home: Home, proposal: Proposal) -> None:
    evidence = proposal.evidence and f"{proposal.evidence[:1].upper()}{proposal.evidence[1:]}."
    told = [proposal.disposition.because, evidence, also_in_words(proposal)]
    echo_prose(f"{proposal.rule} proposes: {proposed_in_words(proposal.disposition, home.clock)}.")
    echo_prose(" ".join(filter(None, told)))
