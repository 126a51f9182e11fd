"""Queries for judging deals: a constant number of statements for many deals, named by their ids."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db.query import Query, Row
from handoffctl.deals.facts_query import AccountContact
from handoffctl.deals.lookup_query import Account, Deal, deal_ref
from handoffctl.dispositions.model import DealToJudge, DecisionRow
from handoffctl.dispositions.stage_history import EndedStay
from handoffctl.follow_up.query import FollowUpTouch
from handoffctl.playbook.facts import Step, Touch
from handoffctl.playbook.query import kept_content

_DEALS = """
    SELECT d.id, d.slug, d.name, d.outside_stage, d.outside_at, d.amount_cents, d.expected_close, d.source,
           a.id AS account_id, a.slug AS account, a.name AS account_name, a.domain, a.test,
           v.id AS visit_id, v.number, v.playbook, v.stage, v.kind, v.owner, v.entered_at, v.handoff_id, v.imported,
           (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id) AS deals,
           (SELECT count(*) FROM deal AS o JOIN visit AS w ON w.deal_id = o.id AND w.ended = 0
            WHERE o.account_id = a.id AND w.kind = 'open') AS open_deals,
           d.revision_id, r.hash
    FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
    LEFT JOIN playbook_revision AS r ON r.id = d.revision_id
    WHERE v.ended = 0 AND {which}"""


def deals_with(query: Query, ids: Iterable[int]) -> list[DealToJudge]:
    """Returns the deals with these ids."""
    return [_deal(row) for row in query(_DEALS.format(which=f"d.id IN ({_listed(ids)})"))]


def open_deals(query: Query, account: int | None) -> list[DealToJudge]:
    """Returns the open deals: all but those of test accounts, or those of one account."""
    which = "v.kind = 'open' AND (a.test = 0 OR :account IS NOT NULL) AND a.id = coalesce(:account, a.id)"
    return [_deal(row) for row in query(_DEALS.format(which=which), account=account)]


def _listed(ids: Iterable[int]) -> str:
    """Returns the ids for an IN list; NULL, which is in none, where there are no ids."""
    return ", ".join(str(int(id)) for id in ids) or "NULL"


def _deal(row: Row) -> DealToJudge:
    account = Account(row["account_id"], row["account"], row["account_name"], row["domain"], bool(row["test"]))
    ref = deal_ref(account.slug, row["slug"], row["kind"], row["deals"], row["open_deals"])
    deal = Deal(
        row["id"], row["slug"], row["name"], account, ref, row["visit_id"], row["number"], row["playbook"],
        row["stage"], row["kind"], row["owner"], row["entered_at"], row["handoff_id"], row["outside_stage"],
        row["outside_at"], kept_content(row["revision_id"], row["hash"]),
    )  # fmt: skip
    since = None if row["imported"] else row["entered_at"]
    return DealToJudge(deal, since, row["amount_cents"], row["expected_close"], row["source"])


class TypedValue(NamedTuple):
    """A value of a deal, or of its account where `deal` is None, with the moment and the command that wrote it."""

    account: int
    deal: int | None
    name: str
    value: str
    command: int
    at: Moment


def values(query: Query, accounts: Iterable[int], deals: Iterable[int]) -> list[TypedValue]:
    """Returns what was typed for these accounts and deals, in the order in which it was."""
    sql = f"""SELECT account_id, deal_id, name, value, command_id, at, id FROM field_value
              WHERE account_id IN ({_listed(accounts)}) AND deal_id IS NULL AND forgotten = 0
              UNION ALL SELECT account_id, deal_id, name, value, command_id, at, id FROM field_value
              WHERE deal_id IN ({_listed(deals)}) AND forgotten = 0 ORDER BY id"""
    return [TypedValue(*row[:6]) for row in query(sql)]


def contacts(query: Query, accounts: Iterable[int]) -> dict[int, list[AccountContact]]:
    """Returns the contacts of each account, the main one first."""
    sql = f"""SELECT account_id, id, name, email, phone, title, level, main FROM contact
              WHERE account_id IN ({_listed(accounts)}) ORDER BY main DESC, id"""
    found: dict[int, list[AccountContact]] = defaultdict(list)
    for account, *contact, main in query(sql):
        id, name, email, phone, title, level = contact
        found[account].append(AccountContact(id, name, email, phone, title, level, bool(main)))
    return found


def touches(query: Query, deals: Iterable[int]) -> dict[int, list[Touch]]:
    """Returns the touches of each deal in the order they were recorded."""
    sql = f"""SELECT deal_id, kind, direction, outcome, met, at FROM touch WHERE deal_id IN ({_listed(deals)})
              ORDER BY id"""
    found: dict[int, list[Touch]] = defaultdict(list)
    for deal, *touch in query(sql):
        found[deal].append(Touch(*touch))
    return found


def counted_as_touches(query: Query, deals: Iterable[int]) -> dict[int, list[FollowUpTouch]]:
    """Returns the records of each deal that follow-up counts as touches: booked meetings, and summaries."""
    ids = _listed(deals)
    sql = f"""SELECT deal_id, 'meeting', 'in', 'booked', booked_at FROM meeting
              WHERE deal_id IN ({ids}) AND state NOT IN ('moved', 'cancelled')
              UNION ALL SELECT deal_id, 'email', 'out', 'sent', sent_at FROM summary
              WHERE deal_id IN ({ids}) AND sent_at IS NOT NULL
              UNION ALL SELECT deal_id, 'call', 'in', 'answered', confirmed_at FROM summary
              WHERE deal_id IN ({ids}) AND confirmed_at IS NOT NULL"""
    found: dict[int, list[FollowUpTouch]] = defaultdict(list)
    for deal, *touch in query(sql):
        found[deal].append(FollowUpTouch(*touch))
    return found


def summary_states(query: Query, deals: Iterable[int]) -> dict[int, str]:
    """Returns the state of the newest summary sent to the client, by deal."""
    sql = f"""SELECT deal_id, state FROM summary WHERE deal_id IN ({_listed(deals)}) AND state <> 'draft'
              ORDER BY coalesce(sent_at, ''), id"""
    return {row[0]: row[1] for row in query(sql)}


def open_steps(query: Query, deals: Iterable[int]) -> dict[int, Step]:
    """Returns the open next step of each deal that has one."""
    sql = f"""SELECT deal_id, text, due FROM step
              WHERE deal_id IN ({_listed(deals)}) AND done_at IS NULL AND replaced_at IS NULL"""
    return {row[0]: Step(row[1], row[2]) for row in query(sql)}


def accounts_added(query: Query, playbook: str) -> int:
    """Returns how many accounts ever had a deal in this playbook; test accounts are left out."""
    sql = """SELECT count(DISTINCT d.account_id) FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
             JOIN account AS a ON a.id = d.account_id AND a.test = 0 WHERE v.playbook = :playbook"""
    return int(query(sql, playbook=playbook)[0][0])


def ended_stays(query: Query, playbook: str) -> list[EndedStay]:
    """Returns the stays in the open stages of this playbook that ended, and of which the length is known."""
    sql = """SELECT v.stage, v.days, v.to_playbook, v.to_stage, v.to_kind FROM visit AS v
             JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE v.playbook = :playbook AND v.kind = 'open' AND v.ended = 1 AND v.days IS NOT NULL"""
    return [EndedStay(*row) for row in query(sql, playbook=playbook)]


def lasting_stays(query: Query, playbook: str) -> list[tuple[str, Moment]]:
    """Returns the stage of each stay in an open stage of this playbook that still lasts, and when it began."""
    sql = """SELECT v.stage, v.entered_at FROM visit AS v
             JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE v.playbook = :playbook AND v.kind = 'open' AND v.ended = 0 AND v.entered_at IS NOT NULL"""
    return [(row[0], row[1]) for row in query(sql, playbook=playbook)]


def newest_decisions(query: Query) -> dict[int, DecisionRow]:
    """Returns the newest decision about each deal that has one."""
    return {decision.deal: decision for decision in decisions(query)}


def decisions(query: Query) -> Sequence[DecisionRow]:
    """Returns every decision in the order in which they were made."""
    sql = """SELECT n.deal_id, n.rule, n.proposed, n.decided, n.until, n.because, n.at, v.owner FROM decision AS n
             JOIN visit AS v ON v.deal_id = n.deal_id AND v.ended = 0 ORDER BY n.id"""
    return [DecisionRow(*row) for row in query(sql)]


def answered(query: Query) -> set[int]:
    """Returns the deals of which the client answered a summary."""
    sql = "SELECT DISTINCT s.deal_id FROM summary AS s JOIN answer AS n ON n.summary_id = s.id"
    return {row[0] for row in query(sql)}


def deals_put_aside(query: Query, playbooks: Iterable[str], account: int | None) -> list[DealToJudge]:
    """Returns the deals put aside in these playbooks: all but those of test accounts, or those of one account."""
    named = {f"playbook{n}": name for n, name in enumerate(playbooks)}
    which = f"""v.kind = 'nurture' AND v.playbook IN ({", ".join(f":{place}" for place in named)})
                AND (a.test = 0 OR :account IS NOT NULL) AND a.id = coalesce(:account, a.id)"""
    return [_deal(row) for row in query(_DEALS.format(which=which), account=account, **named)]


def stay_commands(query: Query, deals: Iterable[int]) -> dict[int, int]:
    """Returns the id of the command that began the present stay of each deal."""
    sql = f"SELECT deal_id, command_id FROM visit WHERE ended = 0 AND deal_id IN ({_listed(deals)})"
    return {row[0]: row[1] for row in query(sql)}


def touches_of_stay(query: Query, deals: Iterable[int]) -> dict[int, list[Touch]]:
    """Returns the touches of each deal that were recorded in its present stay."""
    sql = f"""SELECT t.deal_id, t.kind, t.direction, t.outcome, t.met, t.at FROM touch AS t
              JOIN visit AS v ON v.deal_id = t.deal_id AND v.ended = 0
              WHERE t.deal_id IN ({_listed(deals)}) AND t.command_id > v.command_id ORDER BY t.id"""
    found: dict[int, list[Touch]] = defaultdict(list)
    for deal, *touch in query(sql):
        found[deal].append(Touch(*touch))
    return found


def contacts_added_by(query: Query, accounts: Iterable[int]) -> dict[int, int]:
    """Returns the id of the command that added each contact of these accounts, by the contact's id."""
    sql = f"SELECT id, command_id FROM contact WHERE account_id IN ({_listed(accounts)})"
    return {row[0]: row[1] for row in query(sql)}


class FormerContact(NamedTuple):
    """What a contact was before a command changed it: its columns as JSON, the command, and the contact's id."""

    contact: int
    command: int
    was: str


def former_contacts(query: Query) -> list[FormerContact]:
    """Returns what contacts were before they were changed, oldest first."""
    sql = "SELECT of_row, command_id, was FROM former WHERE of_table = 'contact' ORDER BY command_id, id"
    return [FormerContact(*row) for row in query(sql)]
