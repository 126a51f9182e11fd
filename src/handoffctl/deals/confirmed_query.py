"""Reads what the client has confirmed about a deal: the values, by field, and the answer that shows it."""

from handoffctl.db.query import Query, Row
from handoffctl.deals.lookup_query import Deal
from handoffctl.playbook.facts import SummaryAnswer

_ANSWERED = """
    SELECT s.id, s.state, s.sent_at, s.confirmed_at, s.text_command_id, s.subject, n.id AS answer_id,
           n.command_id, n.taken_as, n.line, n.mail, n.note, n.sender,
           (SELECT max(v.number) FROM visit AS v WHERE v.deal_id = s.deal_id AND v.command_id < n.command_id) AS stay
    FROM summary AS s JOIN answer AS n ON n.summary_id = s.id AND n.taken_as IN ('confirmed', 'corrected')
    WHERE s.deal_id = :deal AND s.state IN ('confirmed', 'corrected') ORDER BY s.sent_at, s.id, n.id"""

_RECORDED = """
    SELECT name, value, command_id FROM field_value
    WHERE (account_id = :account AND deal_id IS NULL OR deal_id = :deal) AND NOT forgotten ORDER BY id"""


def last_answer(query: Query, deal: Deal) -> SummaryAnswer | None:
    """Returns the client's newest answer to a summary with everything that they have confirmed, or None."""
    answers = query(_ANSWERED, deal=deal.id)
    if not answers:
        return None
    newest = [answer for answer in answers if answer["id"] == answers[-1]["id"]]
    last = next((answer for answer in reversed(newest) if answer["taken_as"] == answer["state"]), newest[-1])
    return SummaryAnswer(
        last["state"], last["sent_at"], last["confirmed_at"], last["line"] or "", last["mail"] or "",
        last["note"] or "", last["stay"], _values(query, deal, answers),
    )  # fmt: skip


def _values(query: Query, deal: Deal, answers: list[Row]) -> dict[str, str]:
    """Returns the values known when each confirmed text was written, with the corrections; later texts count more."""
    recorded = query(_RECORDED, account=deal.account.id, deal=deal.id)
    confirmed: dict[str, str] = {}
    for answer in answers:
        for row in recorded:
            in_text = answer["text_command_id"] is not None and row["command_id"] <= answer["text_command_id"]
            if in_text or row["command_id"] == answer["command_id"]:
                confirmed[row["name"]] = row["value"]
    return confirmed
