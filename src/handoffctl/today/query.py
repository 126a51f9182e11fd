"""Queries for the `today` view: a constant number of statements for all deals, or those of one account.

They return plain rows; whether something is due is decided elsewhere. Test accounts are left out unless one is named.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import QueryConnection
from handoffctl.playbook.query import KeptContent, kept_content

StageKey = tuple[str, str, int | None]  # a playbook, its stage, and the revision that is kept of the playbook


class DealRow(NamedTuple):
    """The stage, owner and open step of a deal. `deals` counts those of its account."""

    deal_id: int
    account: str
    name: str
    slug: str
    deal_name: str | None
    deals: int
    visit: int
    playbook: str
    stage: str
    kind: str
    owner: str
    since: Moment | None
    imported: int
    wakes_on: Moment | None
    step: str | None
    due: Moment | None
    step_id: int | None
    step_done: Moment | None  # when the last one was done, where none is open
    revision_id: int | None
    hash: str | None
    promised: int  # 1: the client was told of the step as a promise for the same day, which has an item of its own
    expected_close: str | None

    @property
    def stage_key(self) -> StageKey:
        """The stage in the playbook as the deal has it; thousands of deals share a few."""
        return self.playbook, self.stage, self.revision_id

    @property
    def content(self) -> KeptContent | None:
        """The content of the shipped playbook with which the deal entered it."""
        return kept_content(self.revision_id, self.hash)


_WHOSE = "(a.test = 0 OR :account IS NOT NULL) AND a.id = coalesce(:account, a.id)"

# A step from before a deal was put aside waits with it.
_DEALS = f"""
    SELECT d.id, a.slug, a.name, d.slug, d.name, (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id), v.id,
           v.playbook, v.stage, v.kind, v.owner, v.entered_at, v.imported, v.wakes_on, s.text, s.due, s.id,
           CASE WHEN s.id IS NULL THEN (SELECT max(e.done_at) FROM step AS e WHERE e.deal_id = d.id) END,
           d.revision_id, r.hash,
           CASE WHEN s.promise_id IS NULL THEN 0 ELSE (SELECT count(*) FROM promise AS w WHERE w.id = s.promise_id
               AND w.kept_at IS NULL AND w.dropped_at IS NULL AND w.due = s.due) END,
           d.expected_close
    FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
    LEFT JOIN step AS s ON s.deal_id = d.id AND s.done_at IS NULL AND s.replaced_at IS NULL
         AND (v.kind <> 'nurture' OR s.at >= v.entered_at)
    LEFT JOIN playbook_revision AS r ON r.id = d.revision_id
    WHERE v.ended = 0 AND {{which}} AND {_WHOSE}"""

# A customer was won; what still waits there is a promise, the value they see, or somebody who has not taken the deal
# over.
_CUSTOMERS = """v.kind = 'won' AND d.id IN (
    SELECT deal_id FROM promise WHERE kept_at IS NULL AND dropped_at IS NULL UNION ALL
    SELECT deal_id FROM value_entry UNION ALL
    SELECT deal_id FROM handoff WHERE state = 'completed' AND from_owner <> to_owner UNION ALL
    SELECT deal_id FROM meeting WHERE state IN ('booked', 'no-show') UNION ALL
    SELECT deal_id FROM step WHERE done_at IS NULL AND replaced_at IS NULL)"""
_STILL_MEETING = "v.kind = 'lost' AND d.id IN (SELECT deal_id FROM meeting WHERE state = 'booked')"


def deal_rows(query: QueryConnection, account: int | None) -> Iterator[DealRow]:
    """Returns the deals that may need attention: open or parked ones, and some closed ones."""
    for which in ("v.kind IN ('open', 'nurture')", _CUSTOMERS, _STILL_MEETING):
        yield from map(DealRow._make, query.each(_DEALS.format(which=which), account=account))


def won_deals_in(query: QueryConnection, playbooks: Sequence[str], account: int | None) -> Iterator[DealRow]:
    """Yields the won deals in these playbooks, but not those that an import brought there."""
    if not playbooks:
        return
    named = {f"playbook{place}": name for place, name in enumerate(playbooks)}
    which = f"v.kind = 'won' AND v.imported = 0 AND v.playbook IN ({', '.join(f':{place}' for place in named)})"
    yield from map(DealRow._make, query.each(_DEALS.format(which=which), account=account, **named))


def touches(query: QueryConnection, account: int | None) -> Iterator[tuple[int, str, str, str, Moment]]:
    """Yields the touches of open or parked deals: deal, kind, direction, outcome, moment; and equivalents, as in
    follow_up.query. Those from before the day the stay began, anywhere on earth, are left out.
    """
    sql = f"""
        WITH p AS MATERIALIZED (
            SELECT d.id AS deal, date(v.entered_at, '-1 day') AS early
            FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
            WHERE v.ended = 0 AND v.kind IN ('open', 'nurture') AND {_WHOSE})
        SELECT p.deal, t.kind, t.direction, t.outcome, t.at FROM p
        CROSS JOIN touch AS t ON t.deal_id = p.deal AND t.at >= p.early
        UNION ALL SELECT p.deal, 'meeting', 'in', 'booked', m.booked_at FROM p
        CROSS JOIN meeting AS m ON m.deal_id = p.deal AND m.booked_at >= p.early
            AND m.state NOT IN ('moved', 'cancelled')
        UNION ALL SELECT p.deal, 'email', 'out', 'sent', s.sent_at FROM p
        CROSS JOIN summary AS s ON s.deal_id = p.deal AND s.sent_at >= p.early
        UNION ALL SELECT p.deal, 'call', 'in', 'answered', s.confirmed_at FROM p
        CROSS JOIN summary AS s ON s.deal_id = p.deal AND s.confirmed_at >= p.early"""
    return query.each(sql, account=account)


def owners(query: QueryConnection) -> list[str]:
    """Returns the owners of open or parked deals."""
    sql = "SELECT DISTINCT owner FROM visit WHERE ended = 0 AND kind IN ('open', 'nurture')"
    return [owner for (owner,) in query.each(sql)]


class SummaryRow(NamedTuple):
    """A summary without an answer: when it was sent, when the client was reminded of it, and who the contact is."""

    deal: int
    at: Moment
    nudged_at: Moment | None
    contact: str | None


class DatedRow(NamedTuple):
    """Something of a deal that has a date: its text, and its number if it has one."""

    deal: int
    what: str
    at: Moment
    number: int = 0


class MeetingRow(NamedTuple):
    """A booked meeting or a no-show, with whom it is."""

    deal: int
    met: str
    at: Moment
    minutes: int
    state: str
    uid: str
    step: int | None  # that stands for it


class PromiseRow(NamedTuple):
    """An open promise with its date; `whose` is ours, theirs or milestone, `owner` who keeps it or empty."""

    deal: int
    what: str
    at: Moment
    number: int
    whose: str
    owner: str


def promises(query: QueryConnection) -> Iterator[PromiseRow]:
    """Returns open promises of both sides, and milestones, that have a date."""
    sql = """SELECT deal_id, text, due, number, kind, owner FROM promise
             WHERE kept_at IS NULL AND dropped_at IS NULL AND due IS NOT NULL ORDER BY id"""
    return map(PromiseRow._make, query.each(sql))


def drafts(query: QueryConnection) -> Iterator[DatedRow]:
    """Returns drafted summaries that were not sent, with the time of their last change."""
    sql = """SELECT s.deal_id, coalesce(s.reference, ''), c.at, 0 FROM summary AS s
             JOIN command AS c ON c.id = coalesce(s.text_command_id, s.command_id)
             WHERE s.state = 'draft' ORDER BY s.id"""
    return map(DatedRow._make, query.each(sql))


def summaries(query: QueryConnection) -> Iterator[SummaryRow]:
    """Returns sent summaries without an answer. A later one takes the place of those before it."""
    sql = """SELECT s.deal_id, s.sent_at, s.nudged_at, (
                 SELECT c.name FROM contact AS c JOIN deal AS d ON d.account_id = c.account_id
                 WHERE d.id = s.deal_id AND c.name IS NOT NULL ORDER BY c.main DESC, c.id LIMIT 1)
             FROM summary AS s
             WHERE s.state = 'sent' AND s.sent_at IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM summary AS t WHERE t.deal_id = s.deal_id AND t.state <> 'draft'
                 AND (t.sent_at, t.id) > (s.sent_at, s.id)) ORDER BY s.id"""
    return map(SummaryRow._make, query.each(sql))


def meetings(query: QueryConnection) -> Iterator[MeetingRow]:
    """Returns booked meetings, and no-shows after which none was booked or held."""
    sql = """SELECT m.deal_id, m.met, m.at, m.minutes, m.state, m.uid, m.step_id FROM meeting AS m
             WHERE m.state = 'booked' OR (m.state = 'no-show' AND NOT EXISTS (
                 SELECT 1 FROM meeting AS n WHERE n.deal_id = m.deal_id AND n.id > m.id
                 AND n.state NOT IN ('cancelled', 'moved')) AND NOT EXISTS (
                 SELECT 1 FROM touch AS t WHERE t.deal_id = m.deal_id AND t.outcome = 'held' AND t.at > m.at))
             ORDER BY m.id"""
    return map(MeetingRow._make, query.each(sql))


def triggers(query: QueryConnection) -> Iterator[DatedRow]:
    """Returns triggers seen in current stays whose handoff was not made."""
    sql = """SELECT g.deal_id, g.handoff, g.at, 0 FROM sighting AS g JOIN visit AS v ON v.id = g.visit_id
             WHERE v.ended = 0 AND v.kind = 'open' AND NOT EXISTS (
                 SELECT 1 FROM handoff AS h WHERE h.visit_id = g.visit_id AND h.name = g.handoff
                 AND h.state IN ('completed', 'accepted')) ORDER BY g.id"""
    return map(DatedRow._make, query.each(sql))


class HandoffToAccept(NamedTuple):
    """A handoff nobody accepted: sender, time, and which handoff of which playbook."""

    deal: int
    sender: str
    at: Moment
    handoff: str
    playbook: str
    content: KeptContent


def not_accepted(query: QueryConnection) -> Iterator[HandoffToAccept]:
    """Returns handoffs that brought a deal where it is, to somebody else who has not accepted it."""
    sql = """
        SELECT h.deal_id, h.from_owner, h.at, h.name, r.playbook, r.id, r.hash FROM handoff AS h
        JOIN playbook_revision AS r ON r.id = h.revision_id
        JOIN visit AS v ON v.deal_id = h.deal_id AND v.ended = 0
        WHERE h.state = 'completed' AND h.from_owner <> h.to_owner AND v.kind IN ('open', 'won')
        AND (v.handoff_id = h.id OR v.id = h.visit_id) AND NOT EXISTS (
            SELECT 1 FROM handoff AS n WHERE n.deal_id = h.deal_id AND n.id > h.id
            AND n.state IN ('completed', 'accepted'))
        ORDER BY h.id"""
    return (HandoffToAccept._make((*row, KeptContent(id, hash))) for *row, id, hash in query.each(sql))
