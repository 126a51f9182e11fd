"""E-mails about a deal, ready to paste."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from handoffctl.commands.shared.deliver import Cc, Copy, Eml, deliver, refuse_alone
from handoffctl.commands.shared.options import Account, Json, complete_template
from handoffctl.commands.shared.telling import Tell, TellAs, decide_what_to_tell, typed_telling
from handoffctl.console import context
from handoffctl.console.command import command
from handoffctl.console.output import echo_err, echo_json
from handoffctl.console.prompts import confirm
from handoffctl.core.names import Abbreviation
from handoffctl.emails.email import email_context, write_email
from handoffctl.emails.summary.nudge import NUDGE, record_nudge, refuse_second_nudge
from handoffctl.emails.templates import CLIENT, load_template
from handoffctl.errors import UsageFault


class WrittenEmail(NamedTuple):
    """An e-mail and the remarks for its writer, as `email --json` prints them."""

    template: str
    to: str
    subject: str
    body: str
    remarks: Sequence[str]
    cc: Sequence[str]


def register(app: typer.Typer) -> None:
    command(
        app,
        "email",
        "handoffctl email follow-up acme-corp\nhandoffctl email prep-brief acme-corp --for delivery --copy",
        one_undo=True,
    )(email)


def email(
    template: Annotated[
        str,
        typer.Argument(metavar="TEMPLATE", help="As in: follow-up, introduction.", autocompletion=complete_template),
    ],
    account: Account,
    role: Annotated[str, typer.Option("--for", metavar="ROLE", help="Who takes over, or is briefed.")] = "",
    copy: Copy = False,
    eml: Eml = "",
    cc: Cc = [],  # noqa: B006
    sent: Annotated[bool, typer.Option("--sent", help="Of a nudge: record that you sent it.")] = False,
    tell: Tell = False,
    tell_as: TellAs = "",
    json: Json = False,
) -> None:
    """Write an e-mail about a deal from what is on record: subject, blank line, body. Sends nothing.

    handoffctl template list shows which there are. The summary is kept in a ledger: see summary draft.
    """
    refuse_alone(cc, eml)
    if sent and template not in ("summary", NUDGE):
        raise UsageFault("--sent goes with the summary and the nudge.", "Nothing is recorded of other mails.")
    if template == "summary":
        from handoffctl.commands.summary import draft  # the ledger, which other templates do without

        echo_err("The summary is kept in a ledger, so this is: handoffctl summary draft")
        draft(account, copy=copy, eml=eml, cc=cc, sent=sent, tell=tell, tell_as=tell_as, json=json)
        return

    if template == NUDGE:
        refuse_second_nudge(context.home(), Abbreviation(account))
    telling = typed_telling(tell, tell_as)
    if load_template(context.home(), template).reader == CLIENT:
        if context.prompting() or not telling.is_empty:  # nothing is told by a mail that will be refused
            email_context(context.home(), template, Abbreviation(account), role)
        decide_what_to_tell(account, telling)
    elif not telling.is_empty:
        raise UsageFault(f"No client reads {template}.", "--tell and --tell-as go with an e-mail to the client.")
    written = write_email(context.home(), template, Abbreviation(account), role)
    if json:
        echo_json(WrittenEmail(*written.as_json(), written.remarks, written.cc))
    deliver(written, copy, eml, cc, quiet=json)
    if template == NUDGE and (sent or (context.prompting() and not json and confirm("Sent?"))):
        record_nudge(context.home(), context.reference(account))
        echo_err("Recorded. It is sent once; if nobody answers, call.")
