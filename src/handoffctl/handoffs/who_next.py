"""Proposes who takes a deal over: the one with least to do, unless somebody has surely done better."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from handoffctl.core.business_time import add_working_days, with_workdays
from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.db.query import Query
from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import NotFound, UsageFault, nearest
from handoffctl.handoffs.attempt import resolve_attempt
from handoffctl.handoffs.candidate_words import describe, load_in_words, record_in_words
from handoffctl.handoffs.candidates import Candidate, Candidates, HandoffMeant, candidates, handoff_meant
from handoffctl.handoffs.receiver_line import meant_by
from handoffctl.handoffs.receiver_query import due_dates
from handoffctl.playbook.handoff_names import names_of
from handoffctl.playbook.library import load_playbook, load_with_stage
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.stats.receiver_verdict import (
    ReceiverRecord,
    ReceiverShare,
    ReceiverVerdict,
    ReceiverWord,
    judge_receivers,
    receiver_shares,
)
from handoffctl.workspace.home import Home

TEAM = 3  # from so many people on, all of them are listed
DAYS_AHEAD = 20  # working days in which a day without anything due is looked for


class Proposal(NamedTuple):
    """Who is proposed, None if nobody is there. `because` is a sentence, `shares` are those of the candidates.

    `deal` is None where only a handoff was named; else `command` hands it off. `free_day` is the next working day on
    which nothing of somebody who works alone is due.
    """

    deal: Deal | None
    among: Candidates
    shares: Sequence[ReceiverShare]
    verdict: ReceiverVerdict
    proposed: Candidate | None
    because: str
    command: str = ""
    free_day: date | None = None


def propose(home: Home, ref: str, handoff: str, playbook: str) -> Proposal:
    """Proposes a receiver for the next handoff of a deal, or for a handoff of a playbook where `ref` is empty.

    Raises UsageFault without either, NotFound for no such deal or handoff, and as `resolve_attempt` does.
    """
    with home.reading() as query:
        attempt = resolve_attempt(home, query, ref, handoff or None) if ref else None
        if attempt:
            meant = meant_by(attempt, facts(query, attempt.deal), home.clock)
        else:
            meant = _named_handoff(home, handoff, playbook)
        among = candidates(query, meant, home.clock)
        proposal = judge(attempt.deal if attempt else None, among, home.clock)
        if attempt and proposal.proposed and proposal.proposed.is_person:
            person = f'--to-person "{proposal.proposed.name}"'
            proposal = proposal._replace(command=f"{attempt.command(bool(handoff))} {person}")
        if not among.alone:
            return proposal
        free_day = _free_day(home, query, among.everybody[0].name)
        return proposal._replace(free_day=free_day, because=_alone(among, free_day, home.clock))


def _named_handoff(home: Home, name: str, playbook_name: str) -> HandoffMeant:
    rules = load_playbook(home, playbook_name or home.configuration.playbook)
    playbook = rules.playbook
    handoff = _handoff_called(playbook, name)
    target = load_with_stage(home, handoff.to_playbook, handoff.to_stage).playbook if handoff.to_playbook else playbook
    if handoff.to_stage not in target.stages:
        raise NotFound(f'{rules.path}: "{handoff.to}" leads nowhere.', "See: handoffctl playbook check")
    role = handoff.receiver or target.owner_of(handoff.to_stage)
    return handoff_meant(playbook, target, handoff, role, {}, None, home.clock)


def _handoff_called(playbook: Playbook, name: str) -> Handoff:
    """Returns the only handoff of this name, or to a stage of this name. Raises UsageFault or NotFound."""
    keys = list(dict.fromkeys(handoff.key for handoff in playbook.handoffs))
    if not name:
        raise UsageFault("Name an account, or a handoff with --handoff.", f"Handoffs: {', '.join(keys) or 'none'}.")
    wanted = name.casefold()
    by_key = [handoff for handoff in playbook.handoffs if handoff.key.casefold() == wanted]
    fitting = by_key or [handoff for handoff in playbook.handoffs if wanted in names_of(playbook, handoff)]
    if not fitting:
        raise NotFound(
            f'No handoff of {playbook.playbook} is called "{name[:60]}" {nearest(name, keys)}'.rstrip() + ".",
            f"There are: {', '.join(keys)}.",
        )
    if len(fitting) > 1:
        raise UsageFault(
            f'"{name[:60]}" could be {len(fitting)} handoffs.', "Name an account: handoffctl who-next ACCOUNT"
        )
    return fitting[0]


def judge(deal: Deal | None, among: Candidates, clock: Clock) -> Proposal:
    """Proposes the available candidate with least to do, unless the best record of those available is surely better.

    If nobody is available, those who are there today are compared.
    """
    everybody = among.everybody
    records = [ReceiverRecord(candidate.went_on, candidate.handoffs) for candidate in everybody]
    shares = receiver_shares(records)
    compared = [number for number, each in enumerate(everybody) if each.available]
    compared = compared or [number for number, each in enumerate(everybody) if each.there_today]
    if not compared:
        nobody = ReceiverVerdict(ReceiverWord.AVAILABILITY, None, None, None)
        return Proposal(deal, among, shares, nobody, None, _nobody_there(among, clock))
    verdict = judge_receivers(records, compared[0], compared)
    better = verdict.word is ReceiverWord.DONE_BETTER and verdict.best is not None
    proposed = everybody[verdict.best if better and verdict.best is not None else compared[0]]
    because = _because(proposed, everybody[compared[0]], among)
    return Proposal(deal, among, shares, verdict, proposed, because)


def _because(proposed: Candidate, next_in_line: Candidate, among: Candidates) -> str:
    if proposed is not next_in_line:
        theirs = f"{next_in_line.went_on} of {next_in_line.handoffs}"
        return (
            f"{proposed.name} has done better: {record_in_words(proposed, among)}; of those of {next_in_line.name}, "
            f"who has least to do, {theirs} did."
        )
    least = f"{proposed.name} {'is there and ' if proposed.available else ''}has least to do"
    if not any(each.handoffs for each in among.everybody):
        return f"{least}: {load_in_words(proposed)}. No handoff is old enough to tell who does better."
    return f"{least}: {load_in_words(proposed)}. Nobody has surely done better."


def _nobody_there(among: Candidates, clock: Clock) -> str:
    first = min(among.everybody, key=lambda each: each.away_until or "")
    until = f", {first.name} until {weekday_and_day(first.away_until, clock)}" if first.away_until else ""
    return f"Everybody with the role {among.meant.role} is away{until}."


def _alone(among: Candidates, free_day: date | None, clock: Clock) -> str:
    """Returns the sentence on somebody who has no colleague to choose: not who, but when."""
    only, role = among.everybody[0], among.meant.role
    if only.is_person:
        who = f"Nobody else has the role {role}: {describe(only, among, clock)}."
    else:
        alone = "You work alone and have" if role == "me" else f"Nobody in the team has the role {role}, which has"
        late = f", {only.late} of them late" if only.late else ""
        who = f"{alone} {only.open} open deal{'' if only.open == 1 else 's'}{late}."
    room = ""
    if only.free is not None:
        room = f" There is room for {only.free} more." if only.free else " That is enough."
    when = f" Nothing is due on {weekday_and_day(free_day.isoformat(), clock)}." if free_day else ""
    return f"{who}{room}{when}"


def _free_day(home: Home, query: Query, owner: str) -> date | None:
    """Returns the next working day on which no step, promise or meeting of this owner is due, or None."""
    taken = {home.clock.day_of(due) for due in due_dates(query, owner)}
    week = with_workdays(home.week)
    ahead = (add_working_days(home.clock.today, count, week) for count in range(1, DAYS_AHEAD + 1))
    return next((day for day in ahead if day not in taken), None)
