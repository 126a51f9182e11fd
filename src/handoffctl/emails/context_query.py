"""Reads everything that an e-mail about a deal may use."""

from handoffctl.db.query import Query
from handoffctl.deals.confirmed_query import last_answer
from handoffctl.deals.facts_query import contacts, spoken
from handoffctl.deals.lookup_query import Deal
from handoffctl.emails import summary_query as summaries
from handoffctl.emails.context import DealSnapshot, EmailContact, TouchNote
from handoffctl.emails.summary_model import ANSWERED
from handoffctl.meetings.query import of_deal
from handoffctl.people.query import last_handover, people
from handoffctl.playbook.facts import Facts
from handoffctl.promises import query as promises


def deal_snapshot(query: Query, deal: Deal, facts: Facts) -> DealSnapshot:
    """Returns the deal with its contacts, touches, summaries, promises, meetings and values, and the team."""
    every_summary = summaries.of_deal(query, deal.id)
    answered = [summary for summary in every_summary if summary.state in ANSWERED]
    return DealSnapshot(
        deal,
        facts,
        [
            EmailContact(contact.name, contact.email, contact.phone, contact.title, contact.level)
            for contact in contacts(query, deal.account.id)
        ],
        [
            TouchNote(row["kind"], row["direction"], row["outcome"], row["met"], row["text"], row["at"])
            for row in spoken(query, deal)
        ],
        every_summary,
        confirmed.confirmed if (confirmed := last_answer(query, deal)) else {},
        {summary.id: summaries.corrections(query, summary) for summary in answered},
        promises.of_deal(query, deal.id),
        people(query),
        of_deal(query, deal.id, "booked", "held", "no-show"),
        promises.values_seen(query, deal.id),
        last_handover(query, deal.id, deal.owner),
        summaries.client_line(query, answered[-1]) if answered else "",
    )
