"""Changes to promises: add one, edit it, mark it as kept, drop it; and the list of them."""

from dataclasses import dataclass
from typing import Any

from handoffctl.core.field_values import is_placeholder
from handoffctl.core.moments import Clock
from handoffctl.core.names import fold
from handoffctl.core.screen_dates import day_and_time
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.fields import LONGEST_TEXT
from handoffctl.deals.lookup_query import Deal, account_or_deal, deal_to_record_for
from handoffctl.errors import NotFound, NotReady, Refused, UsageFault
from handoffctl.promises import query as promises
from handoffctl.promises.model import DealPromise, Promise, PromiseKind
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class TypedPromise:
    """A promise as the user typed it; `by` is when it is due, `owner` who keeps it. Empty texts mean none."""

    text: str
    by: str = ""
    kind: PromiseKind = "ours"
    owner: str = ""
    told: bool = False


def refuse_private_of_theirs(kind: PromiseKind, told: bool | None) -> None:
    """Raises UsageFault if a promise of the client is to be private, because e-mails to them say it in any case."""
    if kind == "theirs" and told is False:
        raise UsageFault("What the client promised is never private.", "E-mails to them say it. Leave out --private.")


def add_promise(home: Home, ref: str, typed: TypedPromise) -> tuple[Deal, Promise]:
    """Records a promise. Raises Refused if the text says nothing, or if the deal has that promise already."""
    text = promise_text(typed.text)
    due = home.moment("--by", typed.by) if typed.by else None
    with home.writing() as session:
        subject = deal_to_record_for(session.query, ref)
        new = Promise(0, 0, text, due, session.at, None, typed.kind, _one_line(typed.owner), typed.told)
        promise = write_promise(session, subject, new)
        session.log(_sentence_added(subject, promise), subject.account.id, subject.id)
    return subject, promise


def write_promise(session: WriteSession, subject: Deal, new: Promise) -> Promise:
    """Writes a promise of the deal under the next free number. Raises Refused if the same one is open already."""
    take_over_milestones(session, subject)
    earlier = promises.of_deal_with_dropped(session.query, subject.id)
    if any(_is_same(promise, new) and promise.is_open for promise in earlier):
        raise Refused(f"{subject.called} has that promise already.", "Nothing was recorded.")
    number = max((promise.number for promise in earlier), default=0) + 1
    row = session.add(session.models.Promise(
        deal_id=subject.id, number=number, text=new.text, due=new.due, at=session.at, kind=new.kind, owner=new.owner,
        told=int(new.told),
    ))  # fmt: skip
    assert row.id is not None
    return promises.by_id(session.query, row.id)


def _is_same(one: Promise, other: Promise) -> bool:
    return one.kind == other.kind and fold(one.text) == fold(other.text)


def take_over_milestones(session: WriteSession, subject: Deal) -> None:
    """Writes the milestones that only the field of the deal has as promises, under the numbers they are listed with."""
    for promise in promises.of_deal_with_dropped(session.query, subject.id):
        if not promise.id:
            session.add(session.models.Promise(
                deal_id=subject.id, number=promise.number, text=promise.text, at=promise.at, kind=promise.kind
            ))  # fmt: skip


def promise_text(text: str) -> str:
    """Returns the text of a promise on one line. Raises Refused if it says nothing."""
    promised = _one_line(text)
    if not promised or is_placeholder(promised) or len(promised) > LONGEST_TEXT:
        raise Refused(f'"{promised[:40]}" is no promise.', "Say what was promised, as in: training on site in May")
    return promised


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence_added(subject: Deal, promise: Promise) -> str:
    beginning = {
        "ours": f"Promised {subject.called}", "theirs": f"{subject.called} promised",
        "milestone": f"Milestone of {subject.called}",
    }[promise.kind]  # fmt: skip
    owner = f" ({promise.owner})" if promise.owner else ""
    deadline = f", by {promise.due}" if promise.due else ""
    return f"{beginning}: {promise.clause}{owner}{deadline}."


@dataclass(frozen=True)
class PromiseEdit:
    """What is to change of a promise, as typed; None leaves it as it is. An empty `by` takes the date away."""

    text: str | None = None
    by: str | None = None
    kind: PromiseKind | None = None
    owner: str | None = None
    told: bool | None = None


def edit_promise(home: Home, ref: str, which: str, edit: PromiseEdit) -> tuple[Deal, Promise]:
    """Changes an open promise.

    Raises NotReady or NotFound as `mark_kept` does, Refused for a bad text or date, and UsageFault if a promise of the
    client is to be private.
    """
    columns = _edited_columns(home, edit)
    with home.writing() as session:
        subject = deal_to_record_for(session.query, ref)
        take_over_milestones(session, subject)
        promise = _open_promise(session.query, subject, which, "edit")
        refuse_private_of_theirs(edit.kind or promise.kind, edit.told)
        session.change(session.models.Promise, promise.id, **columns)
        changed = promises.by_id(session.query, promise.id)
        session.log(f"Changed a promise. {_sentence_added(subject, changed)}", subject.account.id, subject.id)
    return subject, changed


def _edited_columns(home: Home, edit: PromiseEdit) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if edit.text is not None:
        columns["text"] = promise_text(edit.text)
    if edit.by is not None:
        columns["due"] = home.moment("--by", edit.by) if edit.by else None
    if edit.kind is not None:
        columns["kind"] = edit.kind
    if edit.owner is not None:
        columns["owner"] = _one_line(edit.owner)
    if edit.told is not None:
        columns["told"] = int(edit.told)
    return columns


def mark_kept(home: Home, ref: str, which: str) -> tuple[Deal, Promise]:
    """Records that a promise was kept: the one with this number or beginning, or the only open one.

    The open step that the client was told of as this promise is done with it.

    Raises NotReady if none is open, NotFound if `which` fits none or several.
    """
    with home.writing() as session:
        subject = deal_to_record_for(session.query, ref)
        take_over_milestones(session, subject)
        promise = _open_promise(session.query, subject, which, "kept")
        session.change(session.models.Promise, promise.id, kept_at=session.at)
        for step_id in promises.open_steps_told_as(session.query, promise.id):
            session.change(session.models.Step, step_id, done_at=session.at)
        session.log(_sentence_kept(subject, promise), subject.account.id, subject.id)
    return subject, promise


def _sentence_kept(subject: Deal, promise: Promise) -> str:
    if promise.kind == "theirs":
        return f"{subject.called} kept what they promised: {promise.clause}."
    if promise.kind == "milestone":
        return f"Milestone of {subject.called} reached: {promise.clause}."
    return f"Kept what was promised to {subject.called}: {promise.clause}."


def drop_promise(home: Home, ref: str, which: str, because: str = "") -> tuple[Deal, Promise]:
    """Records that nobody waits for a promise any more. Raises NotReady or NotFound as `mark_kept` does."""
    with home.writing() as session:
        subject = deal_to_record_for(session.query, ref)
        take_over_milestones(session, subject)
        promise = _open_promise(session.query, subject, which, "drop")
        session.change(session.models.Promise, promise.id, dropped_at=session.at)
        reason = f" ({_one_line(because)})" if because.strip() else ""
        session.log(f"Dropped a promise of {subject.called}: {promise.clause}{reason}.", subject.account.id, subject.id)
    return subject, promise


def _open_promise(query: Query, subject: Deal, which: str, verb: str) -> Promise:
    """Returns the open promise with this number, else the only one that begins so. `verb` is the command's."""
    still_open = [promise for promise in promises.of_deal(query, subject.id) if promise.is_open]
    if not still_open:
        raise NotReady(
            f"{subject.called} has no open promise.",
            f'Record one with: handoffctl promise add {subject.ref} "TEXT" --by +7d',
        )
    wanted = fold(which)
    matches = [promise for promise in still_open if wanted == str(promise.number)] or [
        promise for promise in still_open if fold(promise.text).startswith(wanted)
    ]
    if len(matches) == 1:
        return matches[0]
    lines = [f"{promise.number}  {promise.text}" for promise in still_open]
    message = f'No open promise to {subject.called} begins with "{which[:40]}".' if not matches else (
        f"{subject.called} has {len(matches)} open promises that could be meant."
    )  # fmt: skip
    hint = f"Name one by its number: handoffctl promise {verb} {subject.ref} {still_open[0].number}"
    raise NotFound(message, hint, lines)


def list_promises(home: Home, ref: str, kept_too: bool) -> list[DealPromise]:
    """Returns the open promises of all deals, or of the account or deal named; with `kept_too` the kept ones too."""
    with home.reading() as query:
        account, deal_id = account_or_deal(query, ref) if ref else (None, None)
        return promises.of_every_deal(query, kept_too, account.id if account else None, deal_id)


def state_of(deal_promise: DealPromise, clock: Clock) -> str:
    """Returns what the list says of a promise: kept or dropped on a day, overdue, or nothing."""
    promise = deal_promise.promise
    if promise.kept_at:
        return f"kept {day_and_time(promise.kept_at, clock)}"
    if promise.dropped_at:
        return f"dropped {day_and_time(promise.dropped_at, clock)}"
    return "overdue" if deal_promise.is_overdue(clock) else ""
