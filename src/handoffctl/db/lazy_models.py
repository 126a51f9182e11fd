"""The one way to the SQLModel classes: the module of each is imported when a command first writes such a row.

Making such a class takes time, and a command writes only a few kinds of rows.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from handoffctl.db.models import (
        account,
        agreement,
        answer,
        asked_twice,
        command,
        contact,
        deal,
        decision,
        field_value,
        former,
        gap,
        handoff,
        letter,
        meeting,
        meeting_criterion,
        meeting_guest,
        origin,
        path,
        person,
        person_role,
        playbook_revision,
        promise,
        refusal,
        review,
        sighting,
        step,
        summary,
        touch,
        trial,
        trial_deal,
        typed_number,
        value_entry,
        visit,
    )

Row = TypeVar("Row")


class LazyModel(Generic[Row]):
    """An attribute that is the model class of this table; reading it imports the class. It is called like the class,
    without `Record`."""

    def __init__(self, table: str) -> None:
        self._module = f"handoffctl.db.models.{table}"

    def __set_name__(self, owner: type, name: str) -> None:
        self._class_name = f"{name}Record"

    def __get__(self, models: object, owner: type) -> type[Row]:
        model: type[Row] = getattr(import_module(self._module), self._class_name)
        return model


class Models:
    """The model classes, by the name of what a row of them records."""

    Account: "LazyModel[account.AccountRecord]" = LazyModel("account")
    Agreement: "LazyModel[agreement.AgreementRecord]" = LazyModel("agreement")
    Answer: "LazyModel[answer.AnswerRecord]" = LazyModel("answer")
    AskedTwice: "LazyModel[asked_twice.AskedTwiceRecord]" = LazyModel("asked_twice")
    Command: "LazyModel[command.CommandRecord]" = LazyModel("command")
    Contact: "LazyModel[contact.ContactRecord]" = LazyModel("contact")
    Deal: "LazyModel[deal.DealRecord]" = LazyModel("deal")
    Decision: "LazyModel[decision.DecisionRecord]" = LazyModel("decision")
    FieldValue: "LazyModel[field_value.FieldValueRecord]" = LazyModel("field_value")
    Former: "LazyModel[former.FormerRecord]" = LazyModel("former")
    Gap: "LazyModel[gap.GapRecord]" = LazyModel("gap")
    Handoff: "LazyModel[handoff.HandoffRecord]" = LazyModel("handoff")
    Letter: "LazyModel[letter.LetterRecord]" = LazyModel("letter")
    Meeting: "LazyModel[meeting.MeetingRecord]" = LazyModel("meeting")
    MeetingCriterion: "LazyModel[meeting_criterion.MeetingCriterionRecord]" = LazyModel("meeting_criterion")
    MeetingGuest: "LazyModel[meeting_guest.MeetingGuestRecord]" = LazyModel("meeting_guest")
    Origin: "LazyModel[origin.OriginRecord]" = LazyModel("origin")
    Path: "LazyModel[path.PathRecord]" = LazyModel("path")
    Person: "LazyModel[person.PersonRecord]" = LazyModel("person")
    PersonRole: "LazyModel[person_role.PersonRoleRecord]" = LazyModel("person_role")
    PlaybookRevision: "LazyModel[playbook_revision.PlaybookRevisionRecord]" = LazyModel("playbook_revision")
    Promise: "LazyModel[promise.PromiseRecord]" = LazyModel("promise")
    Refusal: "LazyModel[refusal.RefusalRecord]" = LazyModel("refusal")
    Review: "LazyModel[review.ReviewRecord]" = LazyModel("review")
    Sighting: "LazyModel[sighting.SightingRecord]" = LazyModel("sighting")
    Step: "LazyModel[step.StepRecord]" = LazyModel("step")
    Summary: "LazyModel[summary.SummaryRecord]" = LazyModel("summary")
    Touch: "LazyModel[touch.TouchRecord]" = LazyModel("touch")
    Trial: "LazyModel[trial.TrialRecord]" = LazyModel("trial")
    TrialDeal: "LazyModel[trial_deal.TrialDealRecord]" = LazyModel("trial_deal")
    TypedNumber: "LazyModel[typed_number.TypedNumberRecord]" = LazyModel("typed_number")
    ValueEntry: "LazyModel[value_entry.ValueEntryRecord]" = LazyModel("value_entry")
    Visit: "LazyModel[visit.VisitRecord]" = LazyModel("visit")
