"""The one door to the SQLModel classes: a module of them is imported when a command first writes a row of it.

Making such a class takes time, and a command writes only a few kinds of rows.
"""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffctl.db import models
    from handoffctl.db.models import accounts, activity, deciding, emails, fields, handoffs, planning, stays, undo

    # The classes of each module, in the order of the alphabet.
    Accounts = tuple[
        type[accounts.AccountRecord],
        type[accounts.ContactRecord],
        type[accounts.DealRecord],
        type[accounts.OriginRecord],
    ]
    Activity = tuple[type[activity.SightingRecord], type[activity.StepRecord], type[activity.TouchRecord]]
    Deciding = tuple[
        type[deciding.DecisionRecord],
        type[deciding.TrialRecord],
        type[deciding.TrialDealRecord],
        type[deciding.TypedNumberRecord],
    ]
    Emails = tuple[
        type[emails.AnswerRecord],
        type[emails.LetterRecord],
        type[emails.PromiseRecord],
        type[emails.SummaryRecord],
        type[emails.ValueEntryRecord],
    ]
    Fields = tuple[type[fields.FieldValueRecord], type[fields.RefusalRecord]]
    Handoffs = tuple[
        type[handoffs.AgreementRecord],
        type[handoffs.AskedTwiceRecord],
        type[handoffs.GapRecord],
        type[handoffs.HandoffRecord],
        type[handoffs.PlaybookRevisionRecord],
    ]
    Planning = tuple[
        type[planning.MeetingRecord],
        type[planning.MeetingCriterionRecord],
        type[planning.MeetingGuestRecord],
        type[planning.PersonRecord],
        type[planning.PersonRoleRecord],
        type[planning.ReviewRecord],
    ]
    Stays = tuple[type[stays.PathRecord], type[stays.VisitRecord]]
    Undo = tuple[type[undo.FormerRecord]]


class Models:
    """The model classes, by the name of what a row of them records."""

    @cached_property
    def Command(self) -> "type[models.CommandRecord]":
        from handoffctl.db.models import CommandRecord

        return CommandRecord

    @cached_property
    def _accounts(self) -> "Accounts":
        from handoffctl.db.models.accounts import AccountRecord, ContactRecord, DealRecord, OriginRecord

        return AccountRecord, ContactRecord, DealRecord, OriginRecord

    @property
    def Account(self) -> "type[accounts.AccountRecord]":
        return self._accounts[0]

    @property
    def Contact(self) -> "type[accounts.ContactRecord]":
        return self._accounts[1]

    @property
    def Deal(self) -> "type[accounts.DealRecord]":
        return self._accounts[2]

    @property
    def Origin(self) -> "type[accounts.OriginRecord]":
        return self._accounts[3]

    @cached_property
    def _activity(self) -> "Activity":
        from handoffctl.db.models.activity import SightingRecord, StepRecord, TouchRecord

        return SightingRecord, StepRecord, TouchRecord

    @property
    def Sighting(self) -> "type[activity.SightingRecord]":
        return self._activity[0]

    @property
    def Step(self) -> "type[activity.StepRecord]":
        return self._activity[1]

    @property
    def Touch(self) -> "type[activity.TouchRecord]":
        return self._activity[2]

    @cached_property
    def _deciding(self) -> "Deciding":
        from handoffctl.db.models.deciding import DecisionRecord, TrialDealRecord, TrialRecord, TypedNumberRecord

        return DecisionRecord, TrialRecord, TrialDealRecord, TypedNumberRecord

    @property
    def Decision(self) -> "type[deciding.DecisionRecord]":
        return self._deciding[0]

    @property
    def Trial(self) -> "type[deciding.TrialRecord]":
        return self._deciding[1]

    @property
    def TrialDeal(self) -> "type[deciding.TrialDealRecord]":
        return self._deciding[2]

    @property
    def TypedNumber(self) -> "type[deciding.TypedNumberRecord]":
        return self._deciding[3]

    @cached_property
    def _emails(self) -> "Emails":
        from handoffctl.db.models.emails import (
            AnswerRecord,
            LetterRecord,
            PromiseRecord,
            SummaryRecord,
            ValueEntryRecord,
        )

        return AnswerRecord, LetterRecord, PromiseRecord, SummaryRecord, ValueEntryRecord

    @property
    def Answer(self) -> "type[emails.AnswerRecord]":
        return self._emails[0]

    @property
    def Letter(self) -> "type[emails.LetterRecord]":
        return self._emails[1]

    @property
    def Promise(self) -> "type[emails.PromiseRecord]":
        return self._emails[2]

    @property
    def Summary(self) -> "type[emails.SummaryRecord]":
        return self._emails[3]

    @property
    def ValueEntry(self) -> "type[emails.ValueEntryRecord]":
        return self._emails[4]

    @cached_property
    def _fields(self) -> "Fields":
        from handoffctl.db.models.fields import FieldValueRecord, RefusalRecord

        return FieldValueRecord, RefusalRecord

    @property
    def FieldValue(self) -> "type[fields.FieldValueRecord]":
        return self._fields[0]

    @property
    def Refusal(self) -> "type[fields.RefusalRecord]":
        return self._fields[1]

    @cached_property
    def _handoffs(self) -> "Handoffs":
        from handoffctl.db.models.handoffs import (
            AgreementRecord,
            AskedTwiceRecord,
            GapRecord,
            HandoffRecord,
            PlaybookRevisionRecord,
        )

        return AgreementRecord, AskedTwiceRecord, GapRecord, HandoffRecord, PlaybookRevisionRecord

    @property
    def Agreement(self) -> "type[handoffs.AgreementRecord]":
        return self._handoffs[0]

    @property
    def AskedTwice(self) -> "type[handoffs.AskedTwiceRecord]":
        return self._handoffs[1]

    @property
    def Gap(self) -> "type[handoffs.GapRecord]":
        return self._handoffs[2]

    @property
    def Handoff(self) -> "type[handoffs.HandoffRecord]":
        return self._handoffs[3]

    @property
    def PlaybookRevision(self) -> "type[handoffs.PlaybookRevisionRecord]":
        return self._handoffs[4]

    @cached_property
    def _planning(self) -> "Planning":
        from handoffctl.db.models.planning import (
            MeetingCriterionRecord,
            MeetingGuestRecord,
            MeetingRecord,
            PersonRecord,
            PersonRoleRecord,
            ReviewRecord,
        )

        return MeetingRecord, MeetingCriterionRecord, MeetingGuestRecord, PersonRecord, PersonRoleRecord, ReviewRecord

    @property
    def Meeting(self) -> "type[planning.MeetingRecord]":
        return self._planning[0]

    @property
    def MeetingCriterion(self) -> "type[planning.MeetingCriterionRecord]":
        return self._planning[1]

    @property
    def MeetingGuest(self) -> "type[planning.MeetingGuestRecord]":
        return self._planning[2]

    @property
    def Person(self) -> "type[planning.PersonRecord]":
        return self._planning[3]

    @property
    def PersonRole(self) -> "type[planning.PersonRoleRecord]":
        return self._planning[4]

    @property
    def Review(self) -> "type[planning.ReviewRecord]":
        return self._planning[5]

    @cached_property
    def _stays(self) -> "Stays":
        from handoffctl.db.models.stays import PathRecord, VisitRecord

        return PathRecord, VisitRecord

    @property
    def Path(self) -> "type[stays.PathRecord]":
        return self._stays[0]

    @property
    def Visit(self) -> "type[stays.VisitRecord]":
        return self._stays[1]

    @cached_property
    def _undo(self) -> "Undo":
        from handoffctl.db.models.undo import FormerRecord

        return (FormerRecord,)

    @property
    def Former(self) -> "type[undo.FormerRecord]":
        return self._undo[0]
