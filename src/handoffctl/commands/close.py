"""The command `close`."""

from typing import Annotated

import typer

from handoffctl.commands.shared.missed import Missed, NotMissed, missed_answers
from handoffctl.commands.shared.options import Account, Because, Json, To
from handoffctl.commands.shared.proposed_end import ask_how_it_ended
from handoffctl.commands.shared.reasons import Reason, ask_reason
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json
from handoffctl.console.prompts import ask_line
from handoffctl.errors import MISSING, UsageFault
from handoffctl.handoffs.close import ClosedDeal, reasons_to_close
from handoffctl.handoffs.close import close as close_deal
from handoffctl.handoffs.handoff_output import print_outcome


def register(app: typer.Typer) -> None:
    command(
        app, "close", 'handoffctl close acme-corp --won\nhandoffctl close acme-corp --lost --because "No budget"\n'
        "handoffctl close acme-corp --lost --as price",
    )(close)  # fmt: skip


def close(
    account: Account,
    won: Annotated[bool, typer.Option("--won", help="They signed. Goes through the gate.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="They said no.")] = False,
    disqualified: Annotated[bool, typer.Option("--disqualified", help="It was never one.")] = False,
    nurture: Annotated[bool, typer.Option("--nurture", help="Not now; keep in touch.")] = False,
    because: Because = "",
    reason: Reason = "",
    wake: Annotated[str, typer.Option(metavar="WHEN", help="With --nurture: when to look again.")] = "",
    to: To = "",
    missed: Missed = [],  # noqa: B006
    not_missed: NotMissed = [],  # noqa: B006
    json: Json = False,
) -> None:
    """Close a deal. A win needs what the playbook asks of it; the other ways need a reason."""
    flags = {"won": won, "lost": lost, "disqualified": disqualified, "nurture": nurture}
    dispositions = [disposition for disposition, given in flags.items() if given]
    home, ref = context.home(), context.reference(account)
    end = ask_how_it_ended(home, ref) if not dispositions and context.prompting() else None
    if end:
        dispositions, because, wake = [end.disposition], because or end.because, wake or end.wake
    if len(dispositions) != 1:
        raise UsageFault("Say how it ended: --won, --lost, --disqualified or --nurture.", "One of them.")
    if dispositions == ["won"] and reason:
        raise UsageFault("--as says why a deal ended otherwise than as won.", "Leave it out.")
    if context.prompting() and not (dispositions == ["won"] or because or reason):
        reason, because = ask_reason(reasons_to_close(home, ref, dispositions[0]), "Why?")
        if end and not reason and not because:
            because = ask_line("Why? ")[0]
    answers = missed_answers(home, ref, missed, not_missed, context.prompting())
    result = close_deal(home, ref, dispositions[0], because or None, to or None, wake or None, answers, reason)
    if not isinstance(result, ClosedDeal):
        print_outcome(result, json)
        if not result.handed_off:
            raise typer.Exit(MISSING)
    elif json:
        echo_json(result.as_json())
    else:
        echo_err(f"Closed {result.deal.called} as {result.disposition}; it is in {result.title} now.")
        for remark in result.remarks:
            echo_err(remark)
