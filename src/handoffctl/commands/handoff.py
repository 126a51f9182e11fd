"""The command `handoff`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handoffctl.commands.shared.options import Account, Due, Json, Sets, StepText, To, complete_person, step_from
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.deals.fields import pairs, record_rejected_placeholders
from handoffctl.handoffs.attempt import preview, refuse_in_haste, refuse_unfinished
from handoffctl.handoffs.handoff import execute
from handoffctl.handoffs.interview import interview, which_handoff, whose
from handoffctl.handoffs.output import tell

if TYPE_CHECKING:
    from handoffctl.handoffs.attempt import HandoffAttempt
    from handoffctl.handoffs.gate import Verdict
    from handoffctl.handoffs.handoff import Outcome

ToPerson = Annotated[
    str,
    typer.Option(
        "--to-person", metavar="NAME", help="Who takes it over, by name; else it goes to the role.",
        autocompletion=complete_person,
    ),
]  # fmt: skip


def register(app: typer.Typer) -> None:
    command(
        app, "handoff",
        'handoffctl handoff acme-corp\nhandoffctl handoff acme-corp --to qualified --set budget=12000 --no-input\n'
        'handoffctl handoff acme-corp --to-person "Mia Berg"\n'
        'handoffctl handoff acme-corp --to-person "Ben Lind" --stay',
    )(handoff)  # fmt: skip


def handoff(
    account: Account,
    to: To = "",
    values: Sets = [],  # noqa: B006
    next_step: StepText = "",
    due: Due = "",
    to_person: ToPerson = "",
    stay: Annotated[
        bool, typer.Option("--stay", help="With --to-person: another of the same role takes it over, where it is.")
    ] = False,
    json: Json = False,
) -> None:
    """Hand a deal off to the next stage or person. Blocked while something required is missing.

    On a terminal it asks for just what is missing, and then completes. With --no-input it never asks.
    """
    given, step = pairs(values), step_from(next_step, due)
    asking = context.prompting()
    if asking and not to and not stay:
        to = which_handoff(context.home(), account)
    tried, verdict = preview(context.home(), account, to or None, asking, to_person, stay)
    refuse_unfinished(tried)
    if not asking and not to and not stay:
        refuse_in_haste(tried, context.home().clock)
    seconds = first = None
    if asking and not stay:
        tried = tried if to_person else whose(context.home(), tried)
        step, seconds, first = interview(context.home(), tried, verdict, given, step)
        given = {}
    done = _settled(tried, given, step, seconds, first)
    context.home().noticed.clear()  # a handoff is being tried; what it calls for has been said
    if not done.handed_off and (given or step):
        echo_err("What you gave was recorded; the deal stays where it is.")
    tell(done, json)


def _settled(
    tried: "HandoffAttempt", given: dict[str, str], step: Any, seconds: float | None, first: "Verdict | None"
) -> "Outcome":
    with record_rejected_placeholders(context.home(), tried.deal):
        return execute(context.home(), tried, given, step, seconds, first)
