"""The facts of a deal as they were known at an attempt, or as they are known by now."""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from math import inf
from typing import NamedTuple, TypeVar

from handoffctl.core.moments import Moment
from handoffctl.core.money import from_cents
from handoffctl.core.windows import Window
from handoffctl.db.query import QueryConnection
from handoffctl.deals.facts_query import CONTACT_PARTS
from handoffctl.playbook.facts import Facts, LearnedValue, Step, SummaryAnswer, Touch
from handoffctl.reports.rehearsal import query as rehearsal_query
from handoffctl.reports.rehearsal.changes import FactsNeeded
from handoffctl.reports.rehearsal.query import (
    DealColumns,
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

Dated = TypeVar("Dated", RecordedValue, RecordedTouch, RecordedStep, RecordedContact, RecordedAnswer)
Row = TypeVar("Row", RecordedTouch, RecordedStep, RecordedContact, RecordedSummary)


# The columns that criteria look at and that commands change, by table.
_CHANGING = {
    "touch": ("kind", "direction", "outcome", "met", "at"),
    "step": ("text", "due", "done_at", "replaced_at"),
    "contact": (*CONTACT_PARTS, "main"),
    "summary": ("state", "sent_at", "confirmed_at"),
}


class _Then(NamedTuple):
    """A moment in the records, which knows the commands up to `newest`; `at` is the moment by the clock.

    `is_later` says of a change of a row whether it came later.
    """

    newest: float
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

    def __init__(self, query: QueryConnection, playbook: str, window: Window, needed: FactsNeeded) -> None:
        """Reads what is `needed` besides the values of fields; what had not happened by now is left out."""
        self._window, self._clock, self._needed = window, window.clock, needed
        values = rehearsal_query.values(query, playbook)
        self._values = self._happened(values)
        self._touches = self._happened(rehearsal_query.touches(query, playbook)) if needed.others else {}
        self._steps = self._happened(rehearsal_query.steps(query, playbook)) if needed.step else {}
        self._summaries = rehearsal_query.summaries(query, playbook) if needed.others else {}
        self._answers = self._happened(rehearsal_query.answers(query, playbook)) if needed.others else {}
        built_in = needed.built_in or needed.others
        self._contacts = self._happened(rehearsal_query.contacts(query, playbook)) if built_in else {}
        self._undated = _without_history(rehearsal_query.deal_columns(query, playbook), values) if built_in else {}
        notes = rehearsal_query.notes(query) if any(needed) else []
        self._versions = RowVersions(notes)

    def _happened(self, rows: dict[int, list[Dated]]) -> dict[int, list[Dated]]:
        occurred = self._window.occurred
        return {key: [row for row in of_key if occurred(row.at)] for key, of_key in rows.items()}

    def at_attempt(self, attempt: RecordedAttempt, interview: Interview | None = None) -> Facts:
        """Returns the facts at an attempt; with an interview, those before it."""
        then = _Then(attempt.command, lambda note: note.command > attempt.command, attempt.at)
        return self._facts(attempt, then, interview)

    def by_now(self, attempt: RecordedAttempt) -> Facts:
        """Returns the facts of the attempt's deal at the moment of the report."""
        return self._facts(attempt, self._now, None)

    @cached_property
    def _now(self) -> _Then:
        return _Then(inf, lambda note: not self._window.occurred(note.at), self._clock.now)

    @cached_property
    def names_known(self) -> set[str]:
        """The fields of which a value is known for any of the deals by now."""
        names = {value.name for of_account in self._values.values() for value in of_account}
        for of_account in self._contacts.values():
            for contact in of_account:
                version = self._version("contact", contact, self._now)
                names |= {f"contact.{part}" for part in CONTACT_PARTS if getattr(version, part, None)}
        return names.union(*self._undated.values())

    @cached_property
    def roles_met(self) -> set[str]:
        """The roles and contacts that any of the prospects has met by now."""
        return {touch.met for of_deal in self._touches.values() for touch in of_deal}

    @cached_property
    def any_summary(self) -> bool:
        """True if a summary was sent to any of the prospects by now."""
        return any(
            summary.state != "draft" and self._window.occurred(summary.sent_at)
            for of_deal in self._summaries.values()
            for summary in of_deal
        )

    def _facts(self, attempt: RecordedAttempt, then: _Then, interview: Interview | None) -> Facts:
        deal, needed = attempt.deal, self._needed
        recorded = [
            value
            for value in self._values.get(attempt.account, ())
            if value.command <= then.newest and (value.deal is None or value.deal == deal)
        ]
        before = [value for value in recorded if not _answered_in(interview, value)] if interview else recorded
        values = {value.name: value.value for value in before}
        if needed.built_in or needed.others:
            answered = {value.name for value in recorded if _answered_in(interview, value)}
            values = self._with_built_in(attempt, then, values, answered)
        return Facts(
            str(deal),
            values,
            tuple(self._touches_then(deal, then)) if needed.others else (),
            self._summary_then(deal, then) if needed.others else None,
            self._step_then(deal, then) if needed.step else None,
            self._answer_then(deal, then, recorded) if needed.others else None,
            attempt.stay_number,
            tuple(LearnedValue(value.name, value.value, value.at) for value in before if "." not in value.name),
        )

    def _with_built_in(
        self, attempt: RecordedAttempt, then: _Then, values: dict[str, str], answered: Collection[str]
    ) -> dict[str, str]:
        """Returns the values with the built-in ones, of contacts by their rows, but without what was `answered`.

        Those of deals and accounts are known by their history, or as they are now if they never had one.
        """
        known = {name: value for name, value in values.items() if not name.startswith("contact.")}
        known |= self._undated.get(attempt.deal, {})
        rows = [row for row in self._contacts.get(attempt.account, ()) if row.command <= then.newest]
        versions = [version for row in rows if (version := self._version("contact", row, then))]
        versions.sort(key=lambda version: (-version.main, version.id))
        for part in CONTACT_PARTS:
            value = next((value for version in versions if (value := getattr(version, part))), None)
            if value and f"contact.{part}" not in answered:
                known[f"contact.{part}"] = value
        return known

    def _version(self, table: str, row: Row, then: _Then) -> Row | None:
        """Returns a row as it was then; None if it was not there."""
        changed = self._versions.changed(table, row.id, then.is_later)
        if changed is None:
            return row
        return row._replace(**{name: changed[name] for name in _CHANGING[table]}) if changed else None

    def _touches_then(self, deal: int, then: _Then) -> Iterator[Touch]:
        for row in self._touches.get(deal, ()):
            if row.command <= then.newest and (touch := self._version("touch", row, then)):
                yield Touch(touch.kind, touch.direction, touch.outcome, touch.met, touch.at)

    def _step_then(self, deal: int, then: _Then) -> Step | None:
        """Returns the step that was open then. Of a step without notes the moments tell."""
        for row in reversed(self._steps.get(deal, ())):
            if row.command <= then.newest and (step := self._version("step", row, then)):
                ended = step.done_at or step.replaced_at
                if not ended or self._clock.is_before(then.at, ended):
                    return Step(step.text, step.due)
        return None

    def _summary_then(self, deal: int, then: _Then) -> str | None:
        """Returns the state that the newest summary had then; drafts do not count."""
        sent: list[tuple[Moment, int, RecordedSummary]] = []
        for row in self._summaries.get(deal, ()):
            summary = self._version("summary", row, then) if row.command <= then.newest else None
            at = summary.sent_at if summary and summary.state != "draft" else None
            if summary and at and self._window.occurred(at) and not self._clock.is_before(then.at, at):
                sent.append((at, row.id, summary))
        if not sent:
            return None
        newest = max(sent)[2]
        confirmed_later = newest.confirmed_at and self._clock.is_before(then.at, newest.confirmed_at)
        return "sent" if confirmed_later else newest.state

    def _answer_then(self, deal: int, then: _Then, recorded: list[RecordedValue]) -> SummaryAnswer | None:
        """Returns the client's newest answer by then, with everything that they had confirmed."""
        given = [answer for answer in self._answers.get(deal, ()) if answer.command <= then.newest]
        if not given:
            return None
        last = given[-1]
        confirmed = {value.name: value.value for answer in given for value in recorded if _is_confirmed(answer, value)}
        return SummaryAnswer(last.taken_as, None, last.at, stay=last.stay_number, confirmed=confirmed)


def _without_history(
    deals: dict[int, DealColumns], values: dict[int, list[RecordedValue]]
) -> dict[int, dict[str, str]]:
    """Returns the built-in values of each deal and its account that were never recorded with a moment."""
    undated = {}
    for deal, columns in deals.items():
        fields = {
            "account.domain": columns.domain,
            "deal.amount": None if columns.amount_cents is None else from_cents(columns.amount_cents),
            "deal.expected_close": columns.expected_close,
            "deal.source": columns.source,
        }
        dated = {value.name for value in values.get(columns.account, ()) if value.deal in (None, deal)}
        undated[deal] = {name: value for name, value in fields.items() if value and name not in dated}
    return undated


def _answered_in(interview: Interview | None, value: RecordedValue) -> bool:
    """True for a value that the interview of the attempt asked for."""
    if interview is None or value.seconds is None:
        return False
    return value.command > interview.after and value.name in interview.fields


def _is_confirmed(answer: RecordedAnswer, value: RecordedValue) -> bool:
    """True for a value that the confirmed text had, or that the client corrected."""
    in_text = answer.text_command is not None and value.command <= answer.text_command
    return in_text or value.command == answer.command
