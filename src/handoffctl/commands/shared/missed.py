"""The options and the question that tell whether what was left out on trial was missed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

from handoffctl.console.prompts import confirm
from handoffctl.core.names import Abbreviation
from handoffctl.deals.lookup_query import deal as find_deal
from handoffctl.deals.playbook import playbook_of
from handoffctl.errors import NotFound
from handoffctl.trials.missed import answers_by_name, question_label, question_name, refuse_unknown
from handoffctl.trials.query import open_questions
from handoffctl.workspace.home import Home

Missed = Annotated[
    list[str], typer.Option("--missed", metavar="NAME", help="What was left out on trial was missed. Repeatable.")
]
NotMissed = Annotated[
    list[str], typer.Option("--not-missed", metavar="NAME", help="What was left out on trial was not missed.")
]


def missed_answers(
    home: Home,
    ref: str,
    missed: Sequence[str],
    not_missed: Sequence[str],
    prompting: bool,
    passes: Callable[[], bool] = lambda: True,
) -> Mapping[str, bool]:
    """Returns by name whether what earlier handoffs of the deal did without was missed.

    On a terminal it asks for what no option answers, if the command `passes`; a script that leaves it out leaves it
    unknown. Raises NotFound for a name that the deal has not gone without.
    """
    answers = answers_by_name(missed, not_missed)
    if not prompting and not answers:
        return answers
    with home.reading() as query:
        try:
            deal = find_deal(query, Abbreviation(ref) if prompting else ref)
        except NotFound:
            return answers  # the command itself says so
        questions = open_questions(query, deal.id)
    if not questions and not answers:
        return answers
    playbook = playbook_of(home, deal).playbook
    refuse_unknown(playbook, questions, answers)
    if prompting and questions and passes():
        for question in questions:
            if question_name(question) not in answers:
                answers[question_name(question)] = confirm(f"Did you miss {question_label(playbook, question)}?")
    return answers
