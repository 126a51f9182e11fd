"""The one door to the SQLModel classes: each is imported when a command first writes a row of it.

Making such a class takes time, and a command writes only a few kinds of rows.
"""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffctl.db.models import CommandRecord
    from handoffctl.db.models.accounts import AccountRecord, ContactRecord, DealRecord, OriginRecord
    from handoffctl.db.models.activity import SightingRecord, StepRecord, TouchRecord
    from handoffctl.db.models.emails import (
        AnswerRecord,
        LetterRecord,
        PromiseRecord,
        SummaryRecord,
        ValueEntryRecord,
    )
    from handoffctl.db.models.fields import FieldValueRecord, RefusalRecord
    from handoffctl.db.models.handoffs import AgreementRecord, GapRecord, HandoffRecord, PlaybookRevisionRecord
    from handoffctl.db.models.planning import (
        MeetingCriterionRecord,
        MeetingGuestRecord,
        MeetingRecord,
        PersonRecord,
        PersonRoleRecord,
        ReviewRecord,
    )
    from handoffctl.db.models.stays import PathRecord, VisitRecord
    from handoffctl.db.models.undo import FormerRecord


class Models:
    """The model classes, by the name of what a row of them records."""

    @cached_property
    def Account(self) -> "type[AccountRecord]":
        from handoffctl.db.models.accounts import AccountRecord

        return AccountRecord

    @cached_property
    def Agreement(self) -> "type[AgreementRecord]":
        from handoffctl.db.models.handoffs import AgreementRecord

        return AgreementRecord

    @cached_property
    def Command(self) -> "type[CommandRecord]":
        from handoffctl.db.models import CommandRecord

        return CommandRecord

    @cached_property
    def Contact(self) -> "type[ContactRecord]":
        from handoffctl.db.models.accounts import ContactRecord

        return ContactRecord

    @cached_property
    def Deal(self) -> "type[DealRecord]":
        from handoffctl.db.models.accounts import DealRecord

        return DealRecord

    @cached_property
    def FieldValue(self) -> "type[FieldValueRecord]":
        from handoffctl.db.models.fields import FieldValueRecord

        return FieldValueRecord

    @cached_property
    def Former(self) -> "type[FormerRecord]":
        from handoffctl.db.models.undo import FormerRecord

        return FormerRecord

    @cached_property
    def Gap(self) -> "type[GapRecord]":
        from handoffctl.db.models.handoffs import GapRecord

        return GapRecord

    @cached_property
    def Handoff(self) -> "type[HandoffRecord]":
        from handoffctl.db.models.handoffs import HandoffRecord

        return HandoffRecord

    @cached_property
    def Letter(self) -> "type[LetterRecord]":
        from handoffctl.db.models.emails import LetterRecord

        return LetterRecord

    @cached_property
    def Origin(self) -> "type[OriginRecord]":
        from handoffctl.db.models.accounts import OriginRecord

        return OriginRecord

    @cached_property
    def Path(self) -> "type[PathRecord]":
        from handoffctl.db.models.stays import PathRecord

        return PathRecord

    @cached_property
    def Person(self) -> "type[PersonRecord]":
        from handoffctl.db.models.planning import PersonRecord

        return PersonRecord

    @cached_property
    def PersonRole(self) -> "type[PersonRoleRecord]":
        from handoffctl.db.models.planning import PersonRoleRecord

        return PersonRoleRecord

    @cached_property
    def PlaybookRevision(self) -> "type[PlaybookRevisionRecord]":
        from handoffctl.db.models.handoffs import PlaybookRevisionRecord

        return PlaybookRevisionRecord

    @cached_property
    def Refusal(self) -> "type[RefusalRecord]":
        from handoffctl.db.models.fields import RefusalRecord

        return RefusalRecord

    @cached_property
    def Review(self) -> "type[ReviewRecord]":
        from handoffctl.db.models.planning import ReviewRecord

        return ReviewRecord

    @cached_property
    def Sighting(self) -> "type[SightingRecord]":
        from handoffctl.db.models.activity import SightingRecord

        return SightingRecord

    @cached_property
    def Step(self) -> "type[StepRecord]":
        from handoffctl.db.models.activity import StepRecord

        return StepRecord

    @cached_property
    def Touch(self) -> "type[TouchRecord]":
        from handoffctl.db.models.activity import TouchRecord

        return TouchRecord

    @cached_property
    def Visit(self) -> "type[VisitRecord]":
        from handoffctl.db.models.stays import VisitRecord

        return VisitRecord

    # Rows that one command writes together come from one import.

    @property
    def Answer(self) -> "type[AnswerRecord]":
        return self._summaries[1]

    @property
    def Summary(self) -> "type[SummaryRecord]":
        return self._summaries[0]

    @cached_property
    def _summaries(self) -> "tuple[type[SummaryRecord], type[AnswerRecord]]":
        from handoffctl.db.models.emails import AnswerRecord, SummaryRecord

        return SummaryRecord, AnswerRecord

    @property
    def Promise(self) -> "type[PromiseRecord]":
        return self._promises[0]

    @property
    def ValueEntry(self) -> "type[ValueEntryRecord]":
        return self._promises[1]

    @cached_property
    def _promises(self) -> "tuple[type[PromiseRecord], type[ValueEntryRecord]]":
        from handoffctl.db.models.emails import PromiseRecord, ValueEntryRecord

        return PromiseRecord, ValueEntryRecord

    @property
    def Meeting(self) -> "type[MeetingRecord]":
        return self._meetings[0]

    @property
    def MeetingGuest(self) -> "type[MeetingGuestRecord]":
        return self._meetings[1]

    @property
    def MeetingCriterion(self) -> "type[MeetingCriterionRecord]":
        return self._meetings[2]

    @cached_property
    def _meetings(self) -> "tuple[type[MeetingRecord], type[MeetingGuestRecord], type[MeetingCriterionRecord]]":
        from handoffctl.db.models.planning import MeetingCriterionRecord, MeetingGuestRecord, MeetingRecord

        return MeetingRecord, MeetingGuestRecord, MeetingCriterionRecord
