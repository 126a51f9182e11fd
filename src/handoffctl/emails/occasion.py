"""The occasions of mails to the client: what must have happened, so that what such a mail says is true.

A mail that would be false is refused. A mail that may be written a little early, such as the agenda of a kick-off, only
gets a remark.
"""

from collections.abc import Callable, Mapping

from handoffctl.core.moments import Clock, is_over, sort_key
from handoffctl.core.screen_dates import day_and_time, weekday_and_day
from handoffctl.emails.context import DealSnapshot, TemplateContext
from handoffctl.emails.next_steps import TOOK_PLACE, last_missed
from handoffctl.emails.summary_model import ANSWERED
from handoffctl.errors import NotReady
from handoffctl.playbook.handoff_names import destination_kind
from handoffctl.playbook.model import Handoff, Playbook

THANKS, NO_SHOW, KICK_OFF, WHAT_TO_EXPECT = "thanks", "no-show", "kick-off", "what-to-expect"
AFTER_SIGNING = (KICK_OFF, WHAT_TO_EXPECT, "internal-meeting", "support-packet")  # a handoff that calls for one signs


def refuse_without_occasion(template: str, context: TemplateContext, clock: Clock) -> None:
    """Raises NotReady if the mail would tell the client of something that is not on record."""
    if refuse := _REFUSALS.get(template):
        refuse(context, clock)


def occasion_remarks(template: str, context: TemplateContext, clock: Clock) -> tuple[str, ...]:
    """Returns the remark on a mail that is written before its time, or is late by now."""
    if template in (KICK_OFF, WHAT_TO_EXPECT) and not has_signed(context):
        title = context.playbook.title_of(context.deal.stage)
        return (f"{context.deal.called} has not signed yet: the deal is in {title}. Send this once they have.",)
    booked = [one for one in context.snapshot.meetings if one.state == "booked" and not is_over(one.at, 0, clock)]
    if template == NO_SHOW and booked:
        new = min((meeting.at for meeting in booked), key=lambda at: sort_key(at, clock.zone))
        return (f"A new date is booked already, {day_and_time(new, clock)}, and this offers two others.",)
    return ()


def _refuse_thanks(context: TemplateContext, clock: Clock) -> None:
    """Raises NotReady unless the client has answered the summary that was sent last."""
    deal = context.deal
    sent = [summary for summary in context.snapshot.summaries if summary.state != "draft"]
    if not sent:
        raise NotReady(
            f"Can't write {THANKS}: {deal.called} has not been sent a summary yet.",
            f"Draft one with: handoffctl summary draft {deal.ref}",
        )
    if sent[-1].state not in ANSWERED:
        day = f" of {weekday_and_day(sent[-1].sent_at, clock)}" if sent[-1].sent_at else ""
        raise NotReady(
            f"Can't write {THANKS}: {deal.called} has not answered the summary{day} yet.",
            "Take down what they answered: "
            f"handoffctl summary correct {deal.ref} NAME=VALUE, or summary confirm {deal.ref}",
        )


def _refuse_no_show(context: TemplateContext, clock: Clock) -> None:
    """Raises NotReady unless the client missed the last call or meeting."""
    snapshot, deal = context.snapshot, context.deal
    if last_missed(snapshot.meetings, clock.zone) or _last_call_was_missed(snapshot):
        return
    over = [one for one in snapshot.meetings if one.state == "booked" and is_over(one.at, one.minutes, clock)]
    record = f"meeting no-show {deal.ref}" if over else f"touch {deal.ref} call --outcome no-show"
    since = ", or one was held since" if _missed_any(snapshot) else ""
    raise NotReady(
        f"Can't write {NO_SHOW}: no meeting that {deal.called} missed is on record{since}.",
        f"Record it with: handoffctl {record}",
    )


def _last_call_was_missed(snapshot: DealSnapshot) -> bool:
    outcomes = [touch.outcome for touch in snapshot.touches if touch.kind in ("call", "meeting")]
    ended = [outcome for outcome in outcomes if outcome in (NO_SHOW, *TOOK_PLACE)]
    return ended[-1:] == [NO_SHOW]


def _missed_any(snapshot: DealSnapshot) -> bool:
    return any(one.state == NO_SHOW for one in snapshot.meetings) or any(
        touch.outcome == NO_SHOW for touch in snapshot.touches
    )


def _refuse_what_to_expect(context: TemplateContext, clock: Clock) -> None:
    """Raises NotReady before the stage in which the client signs: the mail welcomes them."""
    if has_signed(context) or _signs_next(context):
        return
    deal, title = context.deal, context.playbook.title_of(context.deal.stage)
    raise NotReady(
        f"Can't write {WHAT_TO_EXPECT}: {deal.called} has not signed yet, and the deal is in {title}.",
        f"Once they have signed: handoffctl close {deal.ref} --won, or handoffctl handoff {deal.ref}",
    )


_REFUSALS: Mapping[str, Callable[[TemplateContext, Clock], None]] = {
    THANKS: _refuse_thanks, NO_SHOW: _refuse_no_show, WHAT_TO_EXPECT: _refuse_what_to_expect,
}  # fmt: skip


def has_signed(context: TemplateContext) -> bool:
    """Returns True for a deal that is won or in a stage after the signature, or if the playbook knows of none."""
    playbook, deal = context.playbook, context.deal
    signing = _signing_handoffs(playbook)
    return not signing or deal.kind == "won" or deal.stage in _stages_after(playbook, signing)


def _signs_next(context: TemplateContext) -> bool:
    return any(handoff.from_stage == context.deal.stage for handoff in _signing_handoffs(context.playbook))


def _signing_handoffs(playbook: Playbook) -> list[Handoff]:
    """Returns the handoffs with which a client signs: to a won stage, or with a mail or paper that follows."""
    return [
        handoff
        for handoff in playbook.handoffs
        if destination_kind(playbook, handoff) == "won" or any(name in AFTER_SIGNING for name in handoff.emails)
    ]


def _stages_after(playbook: Playbook, handoffs: list[Handoff]) -> list[str]:
    """Returns the stages of the playbook that these handoffs lead to, and those that come after."""
    stages = [handoff.to_stage for handoff in handoffs if handoff.to and not handoff.to_playbook]
    for stage in stages:
        ahead = [handoff.to_stage for handoff in playbook.leaving(stage) if handoff.to and not handoff.to_playbook]
        stages += [each for each in ahead if each not in stages]
    return stages
