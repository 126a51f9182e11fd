"""How a proposal is put into words, and the command that follows it. Pure."""

import shlex
from datetime import timedelta
from math import ceil

from handoffctl.core.moments import Clock, Moment
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.dispositions.model import Proposal
from handoffctl.playbook.sections import Disposition

KEEP_DAYS = 30  # for which to go on with a deal where the rule does not say


def days_from_now(days: float) -> str:
    """Returns a length of time as the command line takes it, in whole days: `+90d`."""
    return f"+{max(1, ceil(days))}d"


def until(days: float, clock: Clock) -> Moment:
    """Returns the day so many days from today."""
    return (clock.today + timedelta(days=max(1, ceil(days)))).isoformat()


def proposed_in_words(rule: Disposition, clock: Clock) -> str:
    """Returns what a rule proposes: `put aside until Wed 3 Jun`, `give up`."""
    if rule.propose == "nurture":
        return "put aside" + (f" until {weekday_and_day(until(rule.wake, clock), clock)}" if rule.wake else "")
    if rule.propose == "keep":
        return "keep" + (f" until {weekday_and_day(until(rule.keep_for, clock), clock)}" if rule.keep_for else "")
    return "give up" if rule.propose == "lost" else "disqualify"


def command_words(proposal: Proposal) -> list[str]:
    """Returns the words of the command that follows a proposal, the program's name included."""
    rule, ref = proposal.disposition, proposal.deal.ref
    because = ["--because", rule.because]
    if rule.propose == "keep":
        return ["handoffctl", "snooze", ref, days_from_now(rule.keep_for or KEEP_DAYS), *because]
    wake = ["--wake", days_from_now(rule.wake)] if rule.wake else []
    return ["handoffctl", "close", ref, f"--{rule.propose}", *wake, *because]


def whole_command(proposal: Proposal) -> str:
    """Returns the command that follows a proposal, for scripts."""
    return shlex.join(command_words(proposal))


def short_command(proposal: Proposal) -> str:
    """Returns the command for a terminal, where `close` asks and offers what the rule says."""
    if proposal.disposition.propose != "keep":
        return shlex.join(["handoffctl", "close", proposal.deal.ref])
    words = command_words(proposal)
    return shlex.join(words[:-1]) + ' "TEXT"'


def also_in_words(proposal: Proposal) -> str:
    """Returns which other rules match, and which are silent while attempts are owed; empty if there are none."""
    judgement = proposal.judgement
    also = f"Also: {', '.join(judgement.also)}." if judgement.also else ""
    held = ", ".join(judgement.held_back)
    owed = f"Not {held}: more attempts are owed first." if held else ""
    return " ".join(filter(None, (also, owed)))
