"""Whom an introduction introduces: the person who would take the deal over, unless they have it already."""

from dataclasses import replace

from handoffctl.emails.context import DealSnapshot, TemplateContext
from handoffctl.errors import NotReady

INTRODUCTION = "introduction"


def with_newcomer(template: str, context: TemplateContext, me: str) -> TemplateContext:
    """Returns the context with the person who is to be introduced, if the template is the introduction.

    A role stands for the only person who has it. Once somebody handed the deal over, its owner is introduced, unless
    that person or role is named, or a meeting with the next one is booked. A firm of one has nobody to introduce, and
    writes that; so does `me`, the user, who takes over. Raises NotReady if the receiver has the deal already, or if it
    is not known which person it is.
    """
    snapshot, owner = context.snapshot, context.deal.owner
    if template != INTRODUCTION:
        return context
    newcomer, passed = _only_person(context), _passed(context)
    if passed and not context.receiver and not _comes_to_a_meeting(snapshot, newcomer):
        newcomer = owner
    if newcomer == owner and (owner == me or not passed) and _is_person(snapshot, owner) and len(snapshot.team) > 1:
        raise NotReady(
            f"{owner} has {context.deal.called} already, so there is nobody to introduce.",
            f'For somebody else: handoffctl email {INTRODUCTION} {context.deal.ref} --for "NAME"',
        )
    _refuse_unknown_person(context, newcomer)
    if newcomer == me:
        newcomer = owner
    snapshot = snapshot if passed else replace(snapshot, handover=None)
    return replace(context, snapshot=snapshot, receiver=newcomer)


def _refuse_unknown_person(context: TemplateContext, newcomer: str) -> None:
    """Raises NotReady if a role that nobody or several have takes over from another. A team of one is a firm of one."""
    team, delivers_alone = context.snapshot.team, context.snapshot.facts.values.get("delivered_by") == "me"
    goes_on = newcomer == (context.sender or context.deal.owner)
    if len(team) < 2 or delivers_alone or goes_on or _is_person(context.snapshot, newcomer):
        return
    names = [person.name for person in team if newcomer in person.roles] or [person.name for person in team]
    raise NotReady(
        f"It is not known who takes {context.deal.called} over as {newcomer}, so nobody can be introduced.",
        f'Name the person: handoffctl email {INTRODUCTION} {context.deal.ref} --for "{names[0]}"',
    )


def _only_person(context: TemplateContext) -> str:
    """Returns the receiver; for a role its owner if they have it too, else the only person who has it."""
    receiver, snapshot = context.receiver_name, context.snapshot
    with_role = [person.name for person in snapshot.team if receiver in person.roles]
    if snapshot.deal.owner in with_role:
        return snapshot.deal.owner
    return with_role[0] if len(with_role) == 1 else receiver


def _passed(context: TemplateContext) -> bool:
    """Returns True if the owner got the deal from somebody else, not only from a role of their own."""
    snapshot, owner = context.snapshot, context.deal.owner
    own_roles = [role for person in snapshot.team if person.name == owner for role in person.roles]
    givers = (snapshot.handover.giver if snapshot.handover else "", context.sender)
    return any(giver not in ("", owner, *own_roles) for giver in givers)


def _is_person(snapshot: DealSnapshot, name: str) -> bool:
    return any(person.name == name for person in snapshot.team)


def _comes_to_a_meeting(snapshot: DealSnapshot, name: str) -> bool:
    booked = [meeting for meeting in snapshot.meetings if meeting.state == "booked"]
    return any(guest.name == name for meeting in booked for guest in meeting.guests)
