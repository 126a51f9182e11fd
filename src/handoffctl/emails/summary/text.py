"""Renders the summary of a deal as it would be drafted now: in the thread of the earlier ones, or not at all."""

import re
from dataclasses import replace

from handoffctl.emails.context import TemplateContext
from handoffctl.emails.email import Email, render_email
from handoffctl.emails.next_summary import summary_content
from handoffctl.emails.summary_content import SummaryContent
from handoffctl.workspace.home import Home


def with_summary_content(home: Home, context: TemplateContext, whole: bool = False) -> TemplateContext:
    """Returns the context with the content of the next summary; `whole` asks for everything."""
    return replace(context, content=summary_content(context.snapshot, context.playbook, home.clock.zone, whole))


def render_summary(home: Home, context: TemplateContext, reference: str) -> Email:
    """Renders the summary. Where nothing is new, it says everything; callers check the content first.

    The subject is that of the thread, and has the reference only if the playbook says so.
    """
    content = context.content or with_summary_content(home, context).content
    if content and content.kind == "nothing":
        content = with_summary_content(home, context, whole=True).content
    email = render_email(home, "summary", replace(context, content=content), reference)
    return replace(email, subject=_subject(email.subject, content, reference, context.playbook.reference))


def _subject(rendered: str, content: SummaryContent | None, reference: str, wanted: bool) -> str:
    """Returns the subject with the reference or without, as `Re:` in a thread."""
    subject = f"Re: {content.thread_subject}" if content and content.thread_subject else rendered
    bare = _without_reference(subject, reference) or subject
    return f"{bare} [{reference}]" if wanted and reference else bare


def _without_reference(subject: str, reference: str) -> str:
    return " ".join(re.sub(rf"[\[(#]\s?{re.escape(reference)}[\])]?", " ", subject).split()) if reference else subject
