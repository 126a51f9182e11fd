"""Reads everything the report needs, once: handoffs with what followed, owners, answers and meetings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handoffctl.core.moments import Moment, local_date
from handoffctl.reports.attempts_query import gaps, revision_contents
from handoffctl.reports.context import ReportContext
from handoffctl.reports.requirements import RequirementsAtTime
from handoffctl.reports.signs import query as signs_query
from handoffctl.reports.signs.counts import (
    Counted,
    answers_behind,
    count_held_at_once,
    count_no_shows,
    count_same_texts,
    count_short_answers,
)
from handoffctl.reports.signs.figures import HandedOff, end_within, nothing_to_spare
from handoffctl.reports.signs.query import LostStay, SentHandoff

COVER = "cover"  # the name under which a handoff to a colleague in the same stage is recorded


class SignsHistory:
    """The handoffs of a playbook and what belongs to them, as of the moment of the report.

    `handoffs` are those within the window that led on, without test accounts and those whose loss has no date. `test`
    and `undated` count what was left out, `begun` is the day from which each owner has owned open deals.
    """

    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._playbook = context.playbook.playbook
        occurred = signs_query.sent_handoffs(context.query, self._playbook)
        occurred = [handoff for handoff in occurred if context.window.occurred(handoff.at)]
        self._every = [handoff for handoff in occurred if not handoff.test]
        self._requirements = RequirementsAtTime(context, revision_contents(context.query, self._playbook))
        self._gaps = self._gaps_by_kind()
        self.begun = first_days(context, signs_query.owners(context.query), self._every)
        wanted = [handoff for handoff in occurred if handoff.name != COVER and context.window.contains(handoff.at)]
        self.test = sum(handoff.test for handoff in wanted)
        self.undated = 0
        self.handoffs = self._handed_off([handoff for handoff in wanted if not handoff.test])

    def counts(self) -> list[Mapping[str, Counted]]:
        """Returns the plain counts by owner: short answers, same texts, meetings held at once, no-shows."""
        query, window = self._context.query, self._context.window
        found = answers_behind(self._every, signs_query.answers(query, self._playbook), self._least_words)
        found = [answer for answer in found if window.contains(answer.handoff.at)]
        meetings = list(signs_query.meetings(query, self._playbook))
        touches = signs_query.touches(query)
        return [
            count_short_answers(found),
            count_same_texts(found),
            count_held_at_once(meetings, touches, window),
            count_no_shows(meetings, window),
        ]

    def _gaps_by_kind(self) -> Mapping[tuple[int, str], set[str]]:
        found: dict[tuple[int, str], set[str]] = defaultdict(set)
        for gap in gaps(self._context.query, self._playbook):
            found[gap.handoff, gap.kind].add(gap.name)
        return found

    def _handed_off(self, handoffs: Sequence[SentHandoff]) -> list[HandedOff]:
        lost, window, zone = signs_query.lost_stays(self._context.query), self._context.window, self._context.clock.zone
        found = []
        for handoff in handoffs:
            stay = next((each for each in lost.get(handoff.deal, ()) if each.command > handoff.command), None)
            if stay and stay.entered_at is None:
                self.undated += 1
                continue
            returned_at, lost_at = (at if window.occurred(at) else None for at in (handoff.returned_at, _entered(stay)))
            end = end_within(handoff.at, returned_at, lost_at, zone)
            found.append(HandedOff(handoff.deal, handoff.owner, local_date(handoff.at, zone), end, self._bare(handoff)))
        return found

    def _bare(self, handoff: SentHandoff) -> bool | None:
        key = handoff.from_stage, handoff.name
        requirements = self._requirements.at_revision(handoff.revision, key, handoff.to_stage)
        if requirements is None:
            return None
        missing, not_asked = (self._gaps.get((handoff.id, kind), set()) for kind in ("nice_to_have", "not_asked"))
        return nothing_to_spare(requirements, handoff.score, missing, not_asked)

    def _least_words(self, handoff: SentHandoff, name: str) -> int:
        key = handoff.from_stage, handoff.name
        requirements = self._requirements.at_revision(handoff.revision, key, handoff.to_stage)
        field = requirements.playbook.fields.get(name) if requirements else None
        return field.min_words if field else 0


def first_days(
    context: ReportContext, owners: Iterable[signs_query.OwnerFrom], handoffs: Iterable[SentHandoff]
) -> dict[str, date]:
    """Returns the day from which each owner, a person or a role, has owned open deals or handed them off."""
    begun: dict[str, date] = {}
    moments: list[tuple[str, Moment]] = [*owners, *((handoff.owner, handoff.at) for handoff in handoffs)]
    for owner, at in moments:
        if context.window.occurred(at):
            day = local_date(at, context.clock.zone)
            begun[owner] = min(day, begun.get(owner, day))
    return begun


def _entered(stay: LostStay | None) -> Moment | None:
    return stay.entered_at if stay else None
