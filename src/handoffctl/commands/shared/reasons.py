"""The option that names a reason of the playbook's list, and the choice that is offered on a terminal."""

from collections.abc import Mapping
from typing import Annotated

import typer

from handoffctl.console.prompts import ask_line, choose

SOMETHING_ELSE = "something else"

Reason = Annotated[
    str, typer.Option("--as", metavar="REASON", help="The reason, by its name in the playbook's list (reasons).")
]


def ask_reason(reasons: Mapping[str, str], question: str) -> tuple[str, str]:
    """Asks for one of the reasons. Returns its name, or an empty one and the words for something else.

    Both are empty if there is no list, or nothing was chosen.
    """
    if not reasons:
        return "", ""
    chosen = choose(question, [*reasons.values(), SOMETHING_ELSE])
    if chosen == SOMETHING_ELSE:
        return "", ask_line("In a few words: ")[0]
    return next((name for name, words in reasons.items() if words == chosen), ""), ""
