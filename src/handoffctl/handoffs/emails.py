"""The e-mails that a handoff calls for, written when it is done; each that was drafted is recorded with it."""

from time import monotonic

from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import again
from handoffctl.emails.context import TemplateContext
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.email import Email, render_email
from handoffctl.emails.summary.draft import DraftText, as_edited, keep_draft, reference_for
from handoffctl.errors import HandoffError
from handoffctl.handoffs.attempt import HandoffAttempt
from handoffctl.playbook.facts import Facts
from handoffctl.workspace.home import Home

MOST_SECONDS = 3  # others wait for the database meanwhile


def drafted(
    session: WriteSession, home: Home, tried: HandoffAttempt, known: Facts, handoff_id: int
) -> tuple[list[Email], list[str]]:
    """The e-mails, and remarks on them; one that cannot be written is a remark, for it stops no handoff."""
    found = again(session.query, tried.deal)
    snapshot = deal_snapshot(session.query, found, known)
    reference = reference_for(home, session.query, found, snapshot.summaries)
    goes_to = tried.to_title if tried.handoff.to else ""
    context = TemplateContext(snapshot, tried.rules.playbook, tried.handoff, tried.deal.owner, tried.to_owner, goes_to)
    written = next((one for one in snapshot.summaries if one.state == "draft" and one.edited), None)
    made: list[Email] = []
    remarks: list[str] = []
    began = monotonic()
    for template in tried.handoff.emails:
        if monotonic() - began > MOST_SECONDS:
            remarks.append(
                f"No e-mail {template}: those before it took too long. Look for it: handoffctl template check"
            )
            continue
        try:
            one = as_edited(written, context) if written and template == "summary" else None
            made.append(one or render_email(home, template, context, reference))
            remarks += made[-1].remarks
        except HandoffError as fault:
            remarks.append(" ".join([f"No e-mail {template}: {fault.message}", fault.hint, *fault.problems]))
    for one in made:
        if one.template == "summary" and not written:
            keep_draft(session, home, found, DraftText(one, reference))
        _record(session, one, handoff_id)
    return made, remarks


def _record(session: WriteSession, made: Email, handoff_id: int) -> None:
    session.add(
        session.models.Letter(
            handoff_id=handoff_id, template=made.template, recipient=made.to, subject=made.subject, at=session.at
        )
    )
