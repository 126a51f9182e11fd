"""The `value` command: what bore out the value that a client sees, and what lowered it."""

from shlex import quote
from typing import Annotated

import typer

from handoffctl.commands.shared.options import Account, Json
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo_err, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.errors import UsageFault
from handoffctl.promises.value_wording import shown_balance, since_last_plus
from handoffctl.promises.values import ValueLedger, add_value, value_ledger, with_balances


def register(app: typer.Typer) -> None:
    value = group(app, "value", "What bore out the value that a client sees, or lowered it: add, list.")
    command(
        value, "add", 'handoffctl value add acme-corp + "no phone orders lost in May"\n'
        'handoffctl value add acme-corp - "two pickers still use paper"',
        {"ignore_unknown_options": True},  # a minus that is joined to the text reaches `_effect`
    )(add)  # fmt: skip
    command(value, "list", "handoffctl value list acme-corp")(list_)


def add(
    account: Account,
    sign: Annotated[str, typer.Argument(metavar="+|-", help="Whether it bore the value out.")] = "",
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What they got out of it, or did not.")] = "",
) -> None:
    """Record what bore out the value that the client sees (+), or lowered it (-)."""
    effect = _effect(account, sign)
    if not text:
        raise UsageFault(f"Say after the {sign} what they got out of it, or did not.", _as_in(account, sign))
    ledger = add_value(context.home(), context.reference(account), effect, text)
    echo_err(f"Recorded for {ledger.deal.called}: {sign} {' '.join(text.split())}. {_balance(ledger)}")


def _effect(account: str, sign: str) -> int:
    """Returns 1 for a plus and -1 for a minus. Raises UsageFault for anything else."""
    if sign in ("+", "-"):
        return 1 if sign == "+" else -1
    typed = f'"{sign[:40]}" is neither + nor -.' if sign else "Say with + or - whether it bore the value out."
    raise UsageFault(typed, _as_in(account, "+"))


def _as_in(account: str, sign: str) -> str:
    return f"As in: handoffctl value add {quote(account)} {sign} " + (
        '"no phone orders lost in May"' if sign == "+" else '"two pickers still use paper"'
    )


def list_(account: Account, json: Json = False) -> None:
    """List what bore out the value that the client sees, or lowered it, with the balance after each."""
    ledger = value_ledger(context.home(), account)
    if json:
        echo_json(ledger.as_json())
        return
    if not ledger.entries:
        echo_err(f'Nothing is recorded yet. Record something with: handoffctl value add {ledger.deal.ref} + "TEXT"')
        return
    clock = context.home().clock
    rows = [
        [entry.number, weekday_and_day(entry.at, clock), "+" if entry.effect > 0 else "-", entry.text, entry.balance]
        for entry in with_balances(ledger.entries)
    ]
    echo_table(Table(["number", "on", "effect", "what", "balance"], rows))
    echo_err(_balance(ledger))


def _balance(ledger: ValueLedger) -> str:
    """Says how the ledger stands, and how long ago the last plus was."""
    since = since_last_plus(ledger.last_plus, context.home().clock) if ledger.last_plus else "no plus yet"
    return f"Balance: {shown_balance(ledger.balance)}, {since}."
