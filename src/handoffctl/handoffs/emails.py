"""Drafts the e-mails that a handoff calls for, and records each with the handoff."""

from dataclasses import dataclass, field, replace
from time import monotonic

from handoffctl.db.session import WriteSession
from handoffctl.deals.lookup_query import again
from handoffctl.emails.context import TemplateContext
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.email import Email, render_email, with_upgrade_notice
from handoffctl.emails.occasion import refuse_without_occasion
from handoffctl.emails.summary.draft import DraftText, as_edited, keep_draft, reference_for
from handoffctl.emails.summary.text import render_summary, with_summary_content
from handoffctl.emails.templates import CLIENT, load_template, template_paths
from handoffctl.errors import HandoffError
from handoffctl.handoffs.attempt import HandoffAttempt, preview
from handoffctl.playbook.facts import Facts
from handoffctl.playbook.model import NEXT_STEP
from handoffctl.workspace.home import Home

MOST_SECONDS = 3  # others wait for the database meanwhile


@dataclass
class HandoffEmails:
    """The e-mails that were drafted, and remarks on them and on those that could not be."""

    emails: list[Email] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def writes_to_client(home: Home, attempt: HandoffAttempt) -> bool:
    """Returns True if one of the e-mails that the handoff calls for is for the client."""
    known = template_paths(home)
    return any(load_template(home, name).reader == CLIENT for name in attempt.handoff.emails if name in known)


def would_pass(home: Home, attempt: HandoffAttempt, step_given: bool) -> bool:
    """Returns True if nothing required is missing as things are now, so that the e-mails will be written.

    `step_given` is True if a next step comes with the handoff.
    """
    _, verdict = preview(home, attempt.deal.full_ref, attempt.handoff.key, attempt.person)
    return all(item.name == NEXT_STEP and step_given for item in verdict.missing)


def draft_handoff_emails(
    session: WriteSession, home: Home, attempt: HandoffAttempt, facts: Facts, handoff_id: int
) -> HandoffEmails:
    """Drafts the handoff's e-mails. One that cannot be written becomes a remark, for it stops no handoff."""
    deal = again(session.query, attempt.deal)
    snapshot = deal_snapshot(session.query, deal, facts)
    reference = reference_for(home, session.query, deal, snapshot.summaries)
    to_title = attempt.to_title if attempt.handoff.to else ""
    context = TemplateContext(
        snapshot, attempt.rules.playbook, attempt.handoff, attempt.deal.owner, attempt.to_owner, to_title
    )
    edited = next((summary for summary in snapshot.summaries if summary.state == "draft" and summary.edited), None)
    content = with_summary_content(home, context).content
    drafts = HandoffEmails()
    began = monotonic()
    for template in attempt.handoff.emails:
        if monotonic() - began > MOST_SECONDS:
            drafts.remarks.append(
                f"No e-mail {template}: those before it took too long. Look for it: handoffctl template check"
            )
            continue
        try:
            if edited and template == "summary":
                email = as_edited(edited, context)
            elif template == "summary" and content and content.kind == "nothing":
                drafts.remarks.append("No e-mail summary: nothing is new since the client answered the last one.")
                continue
            elif template == "summary":
                email = render_summary(home, replace(context, content=content), reference)
            else:
                refuse_without_occasion(template, context, home.clock)
                email = render_email(home, template, context, reference)
        except HandoffError as fault:
            drafts.remarks.append(" ".join([f"No e-mail {template}: {fault.message}", fault.hint, *fault.problems]))
            continue
        email = with_upgrade_notice(home, email, context.playbook)
        drafts.emails.append(email)
        drafts.remarks += email.remarks
    for email in drafts.emails:
        if email.template == "summary" and not edited:
            keep_draft(session, home, deal, DraftText(email, reference, content=content))
        _record(session, email, handoff_id)
    return drafts


def _record(session: WriteSession, email: Email, handoff_id: int) -> None:
    session.add(
        session.models.Letter(
            handoff_id=handoff_id, template=email.template, recipient=email.to, subject=email.subject, at=session.at
        )
    )
