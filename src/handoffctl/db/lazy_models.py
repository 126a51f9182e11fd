"""The one door to the SQLModel classes: each is imported when a command first writes a row of it.

Making such a class takes time, and a command writes only a few kinds of rows.
"""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffctl.db.models import Command
    from handoffctl.db.models.accounts import Account, Contact, Deal, Origin
    from handoffctl.db.models.activity import Sighting, Step, Touch
    from handoffctl.db.models.emails import Answer, Letter, Promise, Summary
    from handoffctl.db.models.fields import FieldValue, Refusal
    from handoffctl.db.models.handoffs import Agreement, Gap, Handoff, PlaybookRevision
    from handoffctl.db.models.planning import Meeting, MeetingCriterion, Person, PersonRole, Review
    from handoffctl.db.models.stays import Path, Visit
    from handoffctl.db.models.undo import Former


class Models:
    """The model classes, by name."""

    @cached_property
    def Account(self) -> "type[Account]":
        from handoffctl.db.models.accounts import Account

        return Account

    @cached_property
    def Agreement(self) -> "type[Agreement]":
        from handoffctl.db.models.handoffs import Agreement

        return Agreement

    @cached_property
    def Answer(self) -> "type[Answer]":
        from handoffctl.db.models.emails import Answer

        return Answer

    @cached_property
    def Command(self) -> "type[Command]":
        from handoffctl.db.models import Command

        return Command

    @cached_property
    def Contact(self) -> "type[Contact]":
        from handoffctl.db.models.accounts import Contact

        return Contact

    @cached_property
    def Deal(self) -> "type[Deal]":
        from handoffctl.db.models.accounts import Deal

        return Deal

    @cached_property
    def FieldValue(self) -> "type[FieldValue]":
        from handoffctl.db.models.fields import FieldValue

        return FieldValue

    @cached_property
    def Former(self) -> "type[Former]":
        from handoffctl.db.models.undo import Former

        return Former

    @cached_property
    def Gap(self) -> "type[Gap]":
        from handoffctl.db.models.handoffs import Gap

        return Gap

    @cached_property
    def Handoff(self) -> "type[Handoff]":
        from handoffctl.db.models.handoffs import Handoff

        return Handoff

    @cached_property
    def Letter(self) -> "type[Letter]":
        from handoffctl.db.models.emails import Letter

        return Letter

    @cached_property
    def Meeting(self) -> "type[Meeting]":
        from handoffctl.db.models.planning import Meeting

        return Meeting

    @cached_property
    def MeetingCriterion(self) -> "type[MeetingCriterion]":
        from handoffctl.db.models.planning import MeetingCriterion

        return MeetingCriterion

    @cached_property
    def Origin(self) -> "type[Origin]":
        from handoffctl.db.models.accounts import Origin

        return Origin

    @cached_property
    def Path(self) -> "type[Path]":
        from handoffctl.db.models.stays import Path

        return Path

    @cached_property
    def Person(self) -> "type[Person]":
        from handoffctl.db.models.planning import Person

        return Person

    @cached_property
    def PersonRole(self) -> "type[PersonRole]":
        from handoffctl.db.models.planning import PersonRole

        return PersonRole

    @cached_property
    def PlaybookRevision(self) -> "type[PlaybookRevision]":
        from handoffctl.db.models.handoffs import PlaybookRevision

        return PlaybookRevision

    @cached_property
    def Promise(self) -> "type[Promise]":
        from handoffctl.db.models.emails import Promise

        return Promise

    @cached_property
    def Refusal(self) -> "type[Refusal]":
        from handoffctl.db.models.fields import Refusal

        return Refusal

    @cached_property
    def Review(self) -> "type[Review]":
        from handoffctl.db.models.planning import Review

        return Review

    @cached_property
    def Sighting(self) -> "type[Sighting]":
        from handoffctl.db.models.activity import Sighting

        return Sighting

    @cached_property
    def Step(self) -> "type[Step]":
        from handoffctl.db.models.activity import Step

        return Step

    @cached_property
    def Summary(self) -> "type[Summary]":
        from handoffctl.db.models.emails import Summary

        return Summary

    @cached_property
    def Touch(self) -> "type[Touch]":
        from handoffctl.db.models.activity import Touch

        return Touch

    @cached_property
    def Visit(self) -> "type[Visit]":
        from handoffctl.db.models.stays import Visit

        return Visit
