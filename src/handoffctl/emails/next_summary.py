"""Finds what the next summary says, and the one question it asks. Pure functions of what is recorded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from handoffctl.core.field_values import same_value
from handoffctl.core.moments import Moment, Zone, is_before
from handoffctl.emails.context import DealSnapshot, TemplateContext
from handoffctl.emails.summary_content import (
    BaseSummary,
    ChangedItem,
    ContentKind,
    DoneItem,
    EarlierSummary,
    NewItem,
    SeenValue,
    SummaryContent,
    SummaryQuestion,
)
from handoffctl.emails.summary_model import ANSWERED, SummaryEmail
from handoffctl.playbook.criteria.base import FIELD, ITEM
from handoffctl.playbook.handoff_names import next_handoffs
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.playbook.requirements import requirements_of
from handoffctl.workspace.home import Home

WITH_CONTENT = ("summary", "nudge", "thanks")  # the templates that say what the next summary says


def with_content(home: Home, template: str, context: TemplateContext) -> TemplateContext:
    """Returns the context with the content of the next summary, for a template that needs it."""
    if template not in WITH_CONTENT or context.content is not None:
        return context
    return replace(context, content=summary_content(context.snapshot, context.playbook, home.clock.zone))


def summary_content(snapshot: DealSnapshot, playbook: Playbook, zone: Zone, whole: bool = False) -> SummaryContent:
    """Returns what the next summary of this deal says; `whole` asks for everything."""
    sent = [summary for summary in snapshot.summaries if summary.state != "draft"]
    answered = [summary for summary in sent if summary.state in ANSWERED]
    thread = tuple(_earlier(summary) for summary in sent)
    question = summary_question(snapshot, playbook)
    unanswered = sent[sent.index(answered[-1]) + 1 :] if answered else sent
    replaces = _earlier(unanswered[-1]) if unanswered else None
    if not answered:
        return SummaryContent(replaces=replaces, thread=thread, question=question)
    base = _base(answered[-1])
    if whole:
        return SummaryContent(base=base, replaces=replaces, thread=thread, question=question)
    new, changed, done = _new(snapshot, playbook), _changed(snapshot, playbook), _done(snapshot, base.sent_at, zone)
    answered_at = base.answered_at or base.sent_at
    seen, promised = _seen(snapshot, answered_at, zone), _promised(snapshot, answered_at, zone)
    kind: ContentKind = "news" if new or changed or done or seen or promised else "nothing"
    return SummaryContent(kind, new, changed, done, seen, base, replaces, thread, question)


def _earlier(summary: SummaryEmail) -> EarlierSummary:
    """Returns it with its subject as a reply takes it up: without `Re:` and without its reference."""
    subject = summary.subject.removesuffix(f"[{summary.reference}]").strip() if summary.reference else summary.subject
    return EarlierSummary(summary.id, subject.removeprefix("Re: "), summary.sent_as, summary.sent_at)


def _base(summary: SummaryEmail) -> BaseSummary:
    return BaseSummary(
        summary.id, summary.state, summary.sent_at, summary.answered_at, summary.answer_line, summary.answer_mail
    )


def _known_in_summary(snapshot: DealSnapshot, playbook: Playbook) -> Iterator[tuple[str, str, str]]:
    """Yields name, head and value of each known field that a summary tells the client."""
    values = snapshot.facts.values
    yield from (
        (name, field.head, values[name]) for name, field in playbook.fields.items() if field.head and name in values
    )


def _new(snapshot: DealSnapshot, playbook: Playbook) -> tuple[NewItem, ...]:
    known = _known_in_summary(snapshot, playbook)
    return tuple(NewItem(name, head, value) for name, head, value in known if name not in snapshot.confirmed)


def _changed(snapshot: DealSnapshot, playbook: Playbook) -> tuple[ChangedItem, ...]:
    confirmed = snapshot.confirmed
    return tuple(
        ChangedItem(name, head, confirmed[name], value)
        for name, head, value in _known_in_summary(snapshot, playbook)
        if name in confirmed and not same_value(confirmed[name], value)
    )


def _done(snapshot: DealSnapshot, since: Moment | None, zone: Zone) -> tuple[DoneItem, ...]:
    """Returns the promises of both sides that the client knows of and that were kept after this moment."""
    return tuple(
        DoneItem(promise.text, promise.kind, promise.kept_by, promise.kept_at)
        for promise in snapshot.promises
        if (promise.told or promise.kind == "theirs")
        and promise.kept_at
        and since
        and is_before(since, promise.kept_at, zone)
    )


def _seen(snapshot: DealSnapshot, since: Moment | None, zone: Zone) -> tuple[SeenValue, ...]:
    """Returns what bore out the value of the deal since this moment."""
    return tuple(
        SeenValue(entry.text, entry.at)
        for entry in snapshot.values_seen
        if entry.effect > 0 and entry.recorded and since and is_before(since, entry.at, zone)
    )


def _promised(snapshot: DealSnapshot, since: Moment | None, zone: Zone) -> bool:
    """Returns True if either side promised something since this moment that the next summary can say."""
    return any(
        promise.is_open and (promise.told or promise.kind == "theirs") and since and is_before(since, promise.at, zone)
        for promise in snapshot.promises
        if promise.kind != "milestone"
    )


def summary_question(snapshot: DealSnapshot, playbook: Playbook) -> SummaryQuestion | None:
    """Returns the one question to the client, or None.

    It is the question that is still open from an earlier summary; else it asks for the first required field of the next
    handoff that is for clients and feeds a head of the summary under which nothing stands yet.
    """
    filled = {head for _, head, _ in _known_in_summary(snapshot, playbook)}
    asked = [summary.question for summary in snapshot.summaries if summary.state != "draft" and summary.question]
    open_still = [name for name in reversed(asked) if _can_be_asked(snapshot, playbook, name)]
    required = [name for name in _required_fields(snapshot, playbook) if _can_be_asked(snapshot, playbook, name)]
    empty = [name for name in required if playbook.fields[name].head not in filled]
    for name in [*open_still[:1], *empty]:
        field = playbook.fields[name]
        return SummaryQuestion(name, field.head, field.ask)
    return None


def _can_be_asked(snapshot: DealSnapshot, playbook: Playbook, name: str) -> bool:
    """Returns True for a field whose question may reach the client, and whose value is not known."""
    field = playbook.fields.get(name)
    return bool(field and field.head and field.client_facing and field.ask) and name not in snapshot.facts.values


def _required_fields(snapshot: DealSnapshot, playbook: Playbook) -> list[str]:
    """Returns the fields that the next handoff requires, also those its criteria are about, each once."""
    ahead = next_handoffs(playbook, snapshot.deal.stage)
    items = _required_items(playbook, ahead[0]) if ahead else ()
    return list(dict.fromkeys(name for item in items for name in _fields_of(playbook, item)))


def _required_items(playbook: Playbook, handoff: Handoff) -> Sequence[str]:
    return handoff.required if handoff.to_playbook else requirements_of(playbook, handoff).required


def _fields_of(playbook: Playbook, item: str, seen: Iterable[str] = ()) -> Iterator[str]:
    """Yields the fields that an item is about: itself, or those its criterion names; a circle ends here."""
    criterion = playbook.criteria.get(item)
    if criterion is None:
        yield from [item] if item in playbook.fields else []
        return
    for _, part in criterion.with_parts():
        for reference in part.names():
            if reference.what in (ITEM, FIELD) and reference.name not in (*seen, item):
                yield from _fields_of(playbook, reference.name, (*seen, item))
