"""Records the next steps that a client will read: the open step as our promise, and what they said as theirs."""

from typing import NamedTuple

from handoffctl.core.names import first_name_of
from handoffctl.db.session import WriteSession
from handoffctl.deals.facts_query import contacts
from handoffctl.deals.lookup_query import Deal, deal_to_record_for
from handoffctl.promises import query as promises
from handoffctl.promises.changes import promise_text, write_promise
from handoffctl.promises.model import Promise
from handoffctl.promises.telling import PrivateStep, Telling, words_for_client
from handoffctl.workspace.home import Home


class NextStepsOfDeal(NamedTuple):
    """What the question about the next steps needs: the open step, the first name of the client, and their promises."""

    step: PrivateStep | None
    client: str
    theirs_open: bool


def next_steps_of(home: Home, ref: str) -> NextStepsOfDeal:
    """Returns the open step of the deal, the client's first name, and if they have open promises. Raises NotFound."""
    with home.reading() as query:
        subject = deal_to_record_for(query, ref)
        name = next((contact.name for contact in contacts(query, subject.account.id) if contact.name), "")
        theirs_open = any(one.kind == "theirs" and one.is_open for one in promises.of_deal(query, subject.id))
        first_name = first_name_of(name) if name else ""
        return NextStepsOfDeal(promises.private_step(query, subject.id), first_name, theirs_open)


def tell_client(home: Home, ref: str, telling: Telling) -> None:
    """Records the next steps in a transaction of its own. Raises NotFound, NotReady, Refused."""
    if telling.is_empty:
        return
    with home.recording_as("promise add"), home.writing() as session:
        subject = deal_to_record_for(session.query, ref)
        record_told(session, subject, telling)
        session.log(f"Chose the next steps that {subject.called} will read.", subject.account.id, subject.id)


def record_told(session: WriteSession, subject: Deal, telling: Telling) -> None:
    """Writes the next steps as promises; a step that is a promise already gives no second one."""
    step = promises.private_step(session.query, subject.id)
    if words := words_for_client(subject, step, telling):
        _tell_ours(session, subject, step, words, telling.as_worded)
    elif telling.left_out and step and step.id is not None:
        session.change(session.models.Step, step.id, left_out=1)
    if telling.theirs:
        theirs = Promise(
            0, 0, promise_text(telling.theirs), telling.theirs_by, session.at, None, "theirs", telling.client, told=True
        )
        write_promise(session, subject, theirs)


def _tell_ours(session: WriteSession, subject: Deal, step: PrivateStep | None, words: str, as_worded: bool) -> None:
    """Writes the words as our promise with the date of the step, or rewords the promise that the step became."""
    text = promise_text(words)
    own = step if step and not step.made else None
    if own and own.promise_id is not None:
        if not as_worded:
            session.change(session.models.Promise, own.promise_id, text=text)
        return
    same = promises.open_promise_with(session.query, subject.id, text)
    if same:
        session.change(session.models.Promise, same.id, told=1)
    due = own.due if own else None
    promise = same or write_promise(session, subject, Promise(0, 0, text, due, session.at, None, told=True))
    if own and own.id is not None:
        session.change(session.models.Step, own.id, promise_id=promise.id)
