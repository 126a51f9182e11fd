"""The command `dispose`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, Limit, complete_account
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_prose
from handoffctl.core.moments import Clock
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.dispositions.dispose import ProposalList, age_days, shown
from handoffctl.dispositions.dispose import dispose as list_proposals
from handoffctl.dispositions.model import Proposal
from handoffctl.dispositions.wording import also_in_words, proposed_in_words, short_command

ONE_SCREEN = 20


def register(app: typer.Typer) -> None:
    command(app, "dispose", "handoffctl dispose\nhandoffctl dispose acme-corp\nhandoffctl dispose --owner Bea")(dispose)


def dispose(
    account: Annotated[
        str, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.", autocompletion=complete_account)
    ] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="Only deals of this person or role.")] = "",
    limit: Limit = ONE_SCREEN,
    json: Json = False,
) -> None:
    """Say which open deals to give up, put aside or keep, by the rules of their playbook, and why. Changes nothing."""
    home = context.home()
    listed = list_proposals(home, account, owner)
    if json:
        echo_json(shown(listed, home))
    else:
        _print(listed, limit, home.clock)
    for remark in listed.remarks:
        echo_err(remark)


def _print(listed: ProposalList, limit: int, clock: Clock) -> None:
    if listed.proposals:
        echo_heading(f"{counted(len(listed.proposals), 'proposals')}, the deal longest in its stage first")
    else:
        echo("No rule speaks for letting a deal go or keeping it.")
        if listed.without_rules:
            names = ", ".join(listed.without_rules)
            echo_err(f"There are no dispositions in: {names}. See some with: handoffctl playbook show account-based")
    for proposal in listed.proposals[:limit]:
        _print_proposal(proposal, clock)
    if len(listed.proposals) > limit:
        total = len(listed.proposals)
        echo_err(f"{limit:,} of {total:,} proposals; all with --limit {total}.")
    for quiet in listed.quiet[:limit]:
        echo_err(f"{quiet.ref} is quiet until {weekday_and_day(quiet.until, clock)}: {quiet.because}")
    if len(listed.quiet) > limit:
        echo_err(f"{limit:,} of {len(listed.quiet):,} quiet deals.")


def _print_proposal(proposal: Proposal, clock: Clock) -> None:
    days = age_days(proposal.deal, clock)
    age = "" if days is None else f", {counted(round(days), 'days')} in {proposal.deal.stage}"
    echo()
    echo_prose(f"{proposal.deal.ref}: {proposed_in_words(proposal.disposition, clock)}  ({proposal.rule}{age})")
    evidence = proposal.evidence and f"{proposal.evidence[:1].upper()}{proposal.evidence[1:]}."
    reasons = (proposal.disposition.because, evidence, also_in_words(proposal))
    echo_prose("  " + " ".join(filter(None, reasons)), 2)
    echo(f"  {short_command(proposal)}")
