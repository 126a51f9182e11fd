"""Remarks on promises that the client was told of and that are overdue: a mail left them out, or says a past day."""

from collections.abc import Sequence

from handoffctl.core.moments import Clock, is_before
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.emails.context import TemplateContext
from handoffctl.promises.model import Promise


def overdue_remarks(context: TemplateContext, source: str, body: str, clock: Clock) -> tuple[str, ...]:
    """Returns the remarks on a mail with this body, which the template with this source wrote for the client.

    A template leaves overdue promises out if it asks whether they are.
    """
    overdue = [promise for promise in context.snapshot.promises if _is_overdue(promise, clock)]
    printed = [promise for promise in overdue if promise.clause.casefold() in body.casefold()]
    ours = [promise for promise in overdue if promise.told and promise.kind != "theirs" and promise not in printed]
    left_out = ours if "overdue" in source else []
    return (
        *_remark("Left out, because it is overdue", left_out, context.deal.ref, clock),
        *_remark("It says what is overdue", printed, context.deal.ref, clock),
    )


def _is_overdue(promise: Promise, clock: Clock) -> bool:
    return promise.is_open and promise.due is not None and is_before(promise.due, clock.now, clock.zone)


def _remark(says: str, promises: Sequence[Promise], ref: str, clock: Clock) -> tuple[str, ...]:
    """Returns the remark that names each promise and what to do with it; nothing if there is none."""
    if not promises:
        return ()
    named = ", ".join(f"{one.clause} ({_number(one, promises)}{_day(one, clock)})" for one in promises)
    number = str(promises[0].number) if len(promises) == 1 else "NUMBER"
    return (
        f"{says}: {named}. Kept: handoffctl promise kept {ref} {number}; a new day: handoffctl promise edit {ref} "
        f"{number} --by WHEN; not any more: handoffctl promise drop {ref} {number}",
    )


def _number(promise: Promise, promises: Sequence[Promise]) -> str:
    return f"{promise.number}, " if len(promises) > 1 else ""


def _day(promise: Promise, clock: Clock) -> str:
    return weekday_and_day(promise.due, clock) if promise.due else ""
