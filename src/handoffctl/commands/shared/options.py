"""Arguments and options that several commands share, with their completion."""

from typing import Annotated

import typer

from handoffctl.commands.shared.due_dates import checked_due
from handoffctl.deals.next_step import TypedStep
from handoffctl.errors import UsageFault


def _offers(kind: str, incomplete: str) -> list[tuple[str, str]] | list[str]:
    """What the shell offers; the code behind it is only loaded after TAB."""
    from handoffctl.commands.shared.completion import OFFERS

    return OFFERS[kind](incomplete)


def complete_account(incomplete: str) -> list[tuple[str, str]] | list[str]:
    """Slugs of accounts that begin so, with their names."""
    return _offers("account", incomplete)


def complete_stage(incomplete: str) -> list[tuple[str, str]] | list[str]:
    """Stages of the usual playbook, with their titles."""
    return _offers("stage", incomplete)


def complete_playbook(incomplete: str) -> list[tuple[str, str]] | list[str]:
    """Names of playbooks."""
    return _offers("playbook", incomplete)


def complete_field(incomplete: str) -> list[tuple[str, str]] | list[str]:
    """`NAME=` for the fields of the usual playbook."""
    return _offers("field", incomplete)


def complete_template(incomplete: str) -> list[tuple[str, str]] | list[str]:
    """Names of e-mail templates."""
    return _offers("template", incomplete)


def complete_person(incomplete: str) -> list[tuple[str, str]] | list[str]:
    """Names of team members."""
    return _offers("person", incomplete)


Account = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Slug, name, or account/deal.", autocompletion=complete_account)
]
OnlyAccount = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Slug or name of an account.", autocompletion=complete_account)
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object, for scripts. Never asks.")]
Csv = Annotated[bool, typer.Option("--csv", help="CSV, with every figure.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="A Markdown table.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="How many lines at the most.")]
Playbook = Annotated[
    str, typer.Option("--playbook", metavar="NAME", help="The playbook.", autocompletion=complete_playbook)
]
Since = Annotated[str, typer.Option("--since", metavar="WHEN", help="Only what began then or later: 2026-01-01, -30d.")]
Until = Annotated[
    str, typer.Option("--until", metavar="WHEN", help="Only what began then or before; a day counts whole.")
]
To = Annotated[
    str, typer.Option("--to", metavar="STAGE|NAME", help="Where to, or which handoff.", autocompletion=complete_stage)
]
Sets = Annotated[
    list[str], typer.Option("--set", metavar="NAME=VALUE", help="A value to record; may be given several times.")
]
StepText = Annotated[str, typer.Option("--step", metavar="TEXT", help="The next step.")]
Due = Annotated[str, typer.Option("--due", metavar="WHEN", help="By when: 2026-03-01, +3d, tomorrow, fri.")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="The reason.")]


def step_from(text: str, due: str):  # type: ignore[no-untyped-def]  # the type would load what help does not need
    """Returns the next step as typed, or None. A due date in the past is asked about on a terminal."""
    if due and not text:
        raise UsageFault("--due goes with a step.", 'As in: --step "send the offer" --due fri')
    return TypedStep(text, checked_due(due)) if text else None
