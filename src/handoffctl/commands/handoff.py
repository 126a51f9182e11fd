"""The command `handoff`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.missed import Missed, NotMissed, missed_answers
from handoffctl.commands.shared.options import Account, Due, Json, Sets, StepText, To, complete_person, step_from
from handoffctl.commands.shared.telling import Tell, TellAs, ask_what_to_tell, typed_private_step, typed_telling
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err
from handoffctl.deals.fields import pairs, record_rejected_placeholders
from handoffctl.errors import MISSING
from handoffctl.handoffs.attempt import preview, refuse_in_haste, refuse_unfinished, refuse_unnamed
from handoffctl.handoffs.emails import would_pass, writes_to_client
from handoffctl.handoffs.handoff import execute
from handoffctl.handoffs.handoff_output import print_outcome
from handoffctl.handoffs.interview import ask_receiver, ask_which_handoff, interview
from handoffctl.promises.told import next_steps_of

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
    tell: Tell = False,
    tell_as: TellAs = "",
    missed: Missed = [],  # noqa: B006
    not_missed: NotMissed = [],  # noqa: B006
    json: Json = False,
) -> None:
    """Hand a deal off to the next stage or person. Blocked while something required is missing.

    On a terminal it asks for just what is missing, and then completes. With --no-input it never asks. Where several
    handoffs are possible, to another person in the same stage among them, it asks which; a script has to name one.
    """
    home, prompting = context.home(), context.prompting()
    given_values, step, telling = pairs(values), step_from(next_step, due), typed_telling(tell, tell_as)
    if prompting and not to and not stay:
        to = ask_which_handoff(home, account)
    elif not to and not stay:
        refuse_unnamed(home, context.reference(account))
    attempt, verdict = preview(home, context.reference(account), to or None, to_person, stay)
    refuse_unfinished(attempt)
    if not prompting and not to and not stay:
        refuse_in_haste(attempt, home.clock)
    seconds = first_verdict = None
    if prompting and not stay:
        attempt = attempt if to_person else ask_receiver(home, attempt)
        answers = interview(home, attempt, verdict, given_values, step)
        step, seconds, first_verdict = answers.step, answers.seconds, answers.first_verdict
        given_values = {}
        if telling.is_empty and writes_to_client(home, attempt) and would_pass(home, attempt, step is not None):
            next_steps = next_steps_of(home, attempt.deal.full_ref)
            telling = ask_what_to_tell(next_steps, typed_private_step(step, home.clock) or next_steps.step)
    answers_missed = missed_answers(
        home, attempt.deal.full_ref, missed, not_missed, prompting, lambda: would_pass(home, attempt, step is not None)
    )
    with record_rejected_placeholders(home, attempt.deal):
        outcome = execute(home, attempt, given_values, step, seconds, first_verdict, telling, answers_missed)
    home.notices.clear()  # triggers of this handoff were noticed in it; there is no need to name it again
    if not outcome.handed_off and (given_values or step):
        echo_err("What you gave was recorded; the deal stays where it is.")
    print_outcome(outcome, json)
    if not outcome.handed_off:
        raise typer.Exit(MISSING)
