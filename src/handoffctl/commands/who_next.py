"""The command `who-next`."""

from typing import Annotated, NamedTuple

import typer

from handoffctl.commands.shared.options import Json, Playbook, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.console.table import Cell, Table
from handoffctl.core.names import Abbreviation
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.handoffs.candidate_words import load_in_words
from handoffctl.handoffs.candidates import Candidate
from handoffctl.handoffs.who_next import TEAM, Proposal, propose
from handoffctl.stats.receiver_verdict import ReceiverShare


class CandidateJson(NamedTuple):
    """Somebody who can take the deal over. `share` (0 to 1) is drawn towards that of all, with its 90 % interval."""

    name: str
    proposed: bool
    available: bool
    there_today: bool
    away_until: str | None
    there_on_step_day: bool | None
    open: int
    late: int
    capacity: int | None
    free: int | None
    went_on: int
    handoffs: int
    share: float
    low: float
    high: float


class WhoNextJson(NamedTuple):
    """A proposal as `--json` prints it. `probability` is that of the best record being better than the next in line.

    Where it is not above `needed`, availability decides. `same` are the fields in which the deals counted are the same,
    of those that the playbook asks for in `like`.
    """

    account: str | None
    deal: str | None
    playbook: str
    handoff: str
    role: str
    proposed: str | None
    because: str
    verdict: str
    probability: float | None
    needed: float | None
    same: tuple[str, ...]
    like: tuple[str, ...]
    within_days: int
    free_day: str | None
    candidates: list[CandidateJson]


def register(app: typer.Typer) -> None:
    command(app, "who-next", "handoffctl who-next acme-corp\nhandoffctl who-next --handoff qualified")(who_next)


def who_next(
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="Slug, name, or account/deal.", autocompletion=complete_account)
    ] = "",
    handoff: Annotated[str, typer.Option("--handoff", "--to", metavar="NAME", help="Which handoff.")] = "",
    playbook: Playbook = "",
    json: Json = False,
) -> None:
    """Propose who takes a deal over next: who is there, how much they have, and how many of this kind went on."""
    proposal = propose(context.home(), Abbreviation(account) if account else "", handoff, playbook)
    if json:
        echo_json(_as_json(proposal))
        return
    if len(proposal.among.everybody) >= TEAM:
        _print_team(proposal)
    echo_prose(f"Proposed: {proposal.because}" if proposal.proposed and not proposal.among.alone else proposal.because)
    if proposal.command and not proposal.among.alone:
        echo(f"Hand it off with: {proposal.command}")


def _print_team(proposal: Proposal) -> None:
    among = proposal.among
    of_deal = f"{proposal.deal.called}, " if proposal.deal else ""
    echo_heading(f"{of_deal}{among.meant.handoff.key}: who takes it over")
    rows = [_row(each, share) for each, share in zip(among.everybody, proposal.shares, strict=True)]
    recorded = any(each.handoffs for each in among.everybody)
    titles = ["name", "there", "has", *(["went on", "share"] if recorded else [])]
    echo_table(Table(titles, [row[: len(titles)] for row in rows], _notes(proposal)))


def _row(candidate: Candidate, share: ReceiverShare) -> list[Cell]:
    clock = context.home().clock
    there = "today"
    if candidate.away_until:
        there = f"away until {weekday_and_day(candidate.away_until, clock)}"
    elif candidate.there_on_step_day is False:
        there = "away on the step's day"
    went_on = f"{candidate.went_on} of {candidate.handoffs}" if candidate.handoffs else ""
    likely = f"{share.share:.0%} ({share.low * 100:.0f}-{share.high * 100:.0f})" if candidate.handoffs else ""
    return [candidate.name, there, load_in_words(candidate), went_on, likely]


def _notes(proposal: Proposal) -> list[str]:
    """Returns what the record counts, if anybody has one."""
    among = proposal.among
    total = sum(each.handoffs for each in among.everybody)
    if not total:
        return []
    went_on = sum(each.went_on for each in among.everybody)
    wider = f" ({among.kind.wider_because})" if among.kind.wider_because else ""
    return [
        f"{among.kind.in_words[:1].upper()}{among.kind.in_words[1:]} {went_on} of {total} went on{wider}: handoffs at "
        f"least {among.within_days} days old, by what happened in that time. The share is drawn towards that of all; "
        f"in brackets where it lies 9 times in 10."
    ]


def _as_json(proposal: Proposal) -> WhoNextJson:
    among, deal = proposal.among, proposal.deal
    candidates = [
        CandidateJson(
            each.name, each is proposal.proposed, each.available, each.there_today, each.away_until,
            each.there_on_step_day, each.open, each.late, each.capacity, each.free, each.went_on, each.handoffs, *share,
        )
        for each, share in zip(among.everybody, proposal.shares, strict=True)
    ]  # fmt: skip
    return WhoNextJson(
        deal.account.slug if deal else None, deal.slug if deal else None, among.meant.playbook.playbook,
        among.meant.handoff.key, among.meant.role, proposal.proposed.name if proposal.proposed else None,
        proposal.because, proposal.verdict.word.value, proposal.verdict.probability, proposal.verdict.needed,
        among.kind.same, among.meant.handoff.like, among.within_days,
        proposal.free_day.isoformat() if proposal.free_day else None, candidates,
    )  # fmt: skip
