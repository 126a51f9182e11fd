"""The facts of a deal as they were known at an attempt, or as they are known by now."""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from handoffctl.core.moments import Clock, Moment
from handoffctl.core.money import from_cents
from handoffctl.core.windows import Window
from handoffctl.db.query import QueryConnection
from handoffctl.deals.facts_query import BUILT_IN_BEGIN, CONTACT_PARTS
from handoffctl.playbook.facts import Facts, Step, SummaryAnswer, Touch
from handoffctl.reports.rehearsal import query as rehearsal_query
from handoffctl.reports.rehearsal.query import (
    RecordedAnswer,
    RecordedAttempt,
    RecordedContact,
    RecordedStep,
    RecordedSummary,
    RecordedTouch,
    RecordedValue,
    RowNote,
)
from handoffctl.reports.rehearsal.row_versions import RowVersions

Row = TypeVar("Row", RecordedTouch, RecordedStep, RecordedContact, RecordedSummary)


class _Then(NamedTuple):
    """A moment in the records: whether a command was given by then, and whether a change of a row came later.

    `at` is the moment by the clock.
    """

    knows: Callable[[int, Moment], bool]
    is_later: Callable[[RowNote], bool]
    at: Moment


class Interview(NamedTuple):
    """The fields that were answered in the interview of an attempt, which began after the command `after`."""

    fields: Collection[str]
    after: int


class KnownFacts:
    """The facts of all deals that were tried, read at once.

    What was undone since was never known. Where deleting something has dropped what is kept for undo, contacts,
    meetings and the days of steps are taken as they are now.
    """

    def __init__(self, query: QueryConnection, playbook: str, window: Window) -> None:
        self._window = window
        self._values = rehearsal_query.values(query, playbook)
        self._touches = rehearsal_query.touches(query, playbook)
        self._steps = rehearsal_query.steps(query, playbook)
        self._contacts = rehearsal_query.contacts(query, playbook)
        self._summaries = rehearsal_query.summaries(query, playbook)
        self._answers = rehearsal_query.answers(query, playbook)
        self._deals = rehearsal_query.deal_columns(query, playbook)
        self._versions = RowVersions(rehearsal_query.notes(query))

    def at_attempt(self, attempt: RecordedAttempt, interview: Interview | None = None) -> Facts:
        """Returns the facts at an attempt; with an interview, those before it."""
        then = _Then(
            lambda command, at: command <= attempt.command and self._window.occurred(at),
            lambda note: note.command > attempt.command,
            attempt.at,
        )
        return self._facts(attempt, then, interview)

    def by_now(self, attempt: RecordedAttempt) -> Facts:
        """Returns the facts of the attempt's deal at the moment of the report."""
        then = _Then(
            lambda _, at: self._window.occurred(at),
            lambda note: not self._window.occurred(note.at),
            self._window.clock.now,
        )
        return self._facts(attempt, then, None)

    @cached_property
    def names_known(self) -> set[str]:
        """The fields of which a value is known for any of the deals by now."""
        names = {value.name for of_account in self._values.values() for value in of_account if self._occurred(value.at)}
        for of_account in self._contacts.values():
            for contact in of_account:
                names |= {f"contact.{part}" for part in CONTACT_PARTS if getattr(contact, part)}
        for columns in self._deals.values():
            names |= self._columns(columns.deal).keys()
        return names

    @cached_property
    def roles_met(self) -> set[str]:
        """The roles and contacts that any of the prospects has met by now."""
        return {touch.met for of_deal in self._touches.values() for touch in of_deal if self._occurred(touch.at)}

    @cached_property
    def any_summary(self) -> bool:
        """True if a summary was sent to any of the prospects by now."""
        return any(
            summary.state != "draft" and self._window.occurred(summary.sent_at)
            for of_deal in self._summaries.values()
            for summary in of_deal
        )

    def _occurred(self, at: Moment) -> bool:
        return self._window.occurred(at)

    def _facts(self, attempt: RecordedAttempt, then: _Then, interview: Interview | None) -> Facts:
        deal, account = attempt.deal, attempt.account
        recorded = [
            value
            for value in self._values.get(account, ())
            if value.deal in (None, deal) and then.knows(value.command, value.at)
        ]
        before = [value for value in recorded if not _answered_in(interview, value)]
        values = {value.name: value.value for value in before}
        known = {name: value for name, value in values.items() if not name.startswith(BUILT_IN_BEGIN)}
        known |= self._built_in(attempt, then, values)
        for value in recorded:
            if value.name.startswith("contact.") and _answered_in(interview, value):
                known.pop(value.name, None)
        return Facts(
            str(deal),
            known,
            tuple(self._touches_then(deal, then)),
            self._summary_then(deal, then),
            self._step_then(deal, then),
            self._answer_then(deal, then, recorded),
            attempt.stay_number,
        )

    def _built_in(self, attempt: RecordedAttempt, then: _Then, values: dict[str, str]) -> dict[str, str]:
        """Returns the built-in values; those of deals by their history, or as they are if they never had one."""
        dated = {value.name for value in self._values.get(attempt.account, ()) if value.deal in (None, attempt.deal)}
        columns = self._columns(attempt.deal)
        known = {name: value for name, value in columns.items() if name not in dated}
        known |= {name: values[name] for name in values if name.startswith(("deal.", "account."))}
        people = [row for row in self._contacts.get(attempt.account, ()) if then.knows(row.command, row.at)]
        then_people = sorted(
            (version for row in people if (version := self._version("contact", row, then))),
            key=lambda version: (-version["main"], version["id"]),
        )
        for part in CONTACT_PARTS:
            value = next((person[part] for person in then_people if person[part]), None)
            if value:
                known[f"contact.{part}"] = value
        return known

    def _columns(self, deal: int) -> dict[str, str]:
        columns = self._deals[deal]
        fields = {
            "account.domain": columns.domain,
            "deal.amount": None if columns.amount_cents is None else from_cents(columns.amount_cents),
            "deal.expected_close": columns.expected_close,
            "deal.source": columns.source,
        }
        return {name: value for name, value in fields.items() if value}

    def _version(self, table: str, row: Row, then: _Then) -> dict[str, Any]:
        """Returns the columns of a row as they were then; empty if it was not there."""
        changed = self._versions.changed(table, row.id, then.is_later)
        return row._asdict() if changed is None else changed

    def _touches_then(self, deal: int, then: _Then) -> list[Touch]:
        rows = [row for row in self._touches.get(deal, ()) if then.knows(row.command, row.at)]
        versions = (self._version("touch", row, then) for row in rows)
        return [
            Touch(*(version[name] for name in ("kind", "direction", "outcome", "met", "at")))
            for version in versions
            if version
        ]

    def _step_then(self, deal: int, then: _Then) -> Step | None:
        """Returns the step that was open then. Of a step without notes the moments tell."""
        for row in reversed(self._steps.get(deal, ())):
            if then.knows(row.command, row.at):
                version = self._version("step", row, then)
                ended = version and (version["done_at"] or version["replaced_at"])
                if version and (not ended or self._clock.is_before(then.at, ended)):
                    return Step(version["text"], version["due"])
        return None

    def _summary_then(self, deal: int, then: _Then) -> str | None:
        """Returns the state that the newest summary had then; drafts do not count."""
        sent = []
        for row in self._summaries.get(deal, ()):
            version = self._version("summary", row, then)
            at = version.get("sent_at")
            if not at or version["state"] == "draft" or not then.knows(row.command, at):
                continue
            if not self._clock.is_before(then.at, at):
                sent.append((at, row.id, version))
        if not sent:
            return None
        newest = max(sent, key=lambda found: found[:2])[2]
        confirmed_at = newest.get("confirmed_at")
        state: str = newest["state"]
        return "sent" if confirmed_at and self._clock.is_before(then.at, confirmed_at) else state

    def _answer_then(self, deal: int, then: _Then, recorded: list[RecordedValue]) -> SummaryAnswer | None:
        """Returns the client's newest answer by then, with everything that they had confirmed."""
        given = [answer for answer in self._answers.get(deal, ()) if then.knows(answer.command, answer.at)]
        if not given:
            return None
        last = given[-1]
        confirmed = {value.name: value.value for answer in given for value in recorded if _is_confirmed(answer, value)}
        return SummaryAnswer(last.taken_as, None, last.at, stay=last.stay_number, confirmed=confirmed)

    @cached_property
    def _clock(self) -> Clock:
        return self._window.clock


def _answered_in(interview: Interview | None, value: RecordedValue) -> bool:
    """True for a value that the interview of the attempt asked for."""
    if interview is None or value.seconds is None:
        return False
    return value.command > interview.after and value.name in interview.fields


def _is_confirmed(answer: RecordedAnswer, value: RecordedValue) -> bool:
    """True for a value that the confirmed text had, or that the client corrected."""
    in_text = answer.text_command is not None and value.command <= answer.text_command
    return in_text or value.command == answer.command
