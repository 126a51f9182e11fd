"""The heart: hand a deal off; and the receiver's answers, accept and return."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from handoffctl.cli import here
from handoffctl.cli.arguments import Account, Due, Json, Sets, StepText, To
from handoffctl.cli.commands import command
from handoffctl.cli.screen import note, say, say_heading, say_json
from handoffctl.domain.moments import shown
from handoffctl.errors import MISSING, HandoffError

if TYPE_CHECKING:
    from handoffctl.actions.handing_off import Outcome, Passage
    from handoffctl.domain.gate import Gap, Verdict


def register(app: typer.Typer) -> None:
    command(
        app, "handoff",
        'handoffctl handoff acme-corp\nhandoffctl handoff acme-corp --to qualified --set budget=12000 --no-input',
    )(handoff)  # fmt: skip
    command(app, "accept", "handoffctl accept acme-corp")(accept)
    command(app, "return", 'handoffctl return acme-corp --because "Nobody knows the budget" --missing budget')(return_)


def handoff(
    account: Account,
    to: To = "",
    values: Sets = [],  # noqa: B006
    next_step: StepText = "",
    due: Due = "",
    json: Json = False,
) -> None:
    """Hand a deal off to the next stage or person. Blocked while something required is missing.

    On a terminal it asks for just what is missing, and then completes. With --no-input it never asks.
    """
    from handoffctl.actions.answering import pairs
    from handoffctl.actions.handing_off import look, refuse_in_haste, refuse_unfinished
    from handoffctl.cli.work import step_from

    given, step = pairs(values), step_from(next_step, due)
    asking = here.prompting()
    if asking and not to:
        from handoffctl.cli.interview import which_handoff

        to = which_handoff(here.home(), account)
    tried, verdict = look(here.home(), account, to or None, beginnings=asking)
    refuse_unfinished(tried)
    if not asking and not to:
        refuse_in_haste(tried, here.home().clock)
    seconds = None
    if asking:
        from handoffctl.cli.interview import interview

        step, seconds = interview(here.home(), tried, verdict, given, step)
        given = {}
    tell(_settled(tried, given, step, seconds), json)


def _settled(tried: "Passage", given: dict[str, str], step: Any, seconds: float | None) -> "Outcome":
    from handoffctl.actions.answering import counting_placeholders
    from handoffctl.actions.handing_off import settle

    with counting_placeholders(here.home(), tried.deal):
        return settle(here.home(), tried, given, step, seconds)


def tell(done: "Outcome", json: bool) -> None:
    """Says what came of a handoff, shows its e-mails, and exits with 3 where it was blocked."""
    emails, remarks = _emails(done) if done.handed_off else ([], [])
    if json:
        say_json(_as_json(done, emails))
    elif done.handed_off:
        _say_passed(done)
        for letter in emails:
            _say_email(letter)
    else:
        say_verdict(done.passage, done.verdict)
    for remark in remarks:
        note(remark)
    if not done.handed_off:
        raise typer.Exit(MISSING)


def _emails(done: "Outcome") -> tuple[list[dict[str, str]], list[str]]:
    """The e-mails that the handoff calls for; one that cannot be written is a remark, for the handoff is done."""
    tried, found, remarks = done.passage, [], []
    if not tried.handoff.emails:
        return [], []
    from handoffctl.actions.mailing import rendered

    for template in tried.handoff.emails:
        try:
            made = rendered(here.home(), template, tried.deal, done.facts, tried.rules.playbook, tried.handoff)
            found.append({"template": made.template, "to": made.to, "subject": made.subject, "body": made.body})
        except HandoffError as fault:
            remarks.append(f"No e-mail {template}: {fault.message} {fault.hint}")
    return found, remarks


def _as_json(done: "Outcome", emails: list[dict[str, str]]) -> dict[str, Any]:
    from handoffctl.actions.handing_off import verdict_as_json

    said = verdict_as_json(done.passage, done.verdict) | {"handed_off": done.handed_off}
    if done.handed_off:
        said["handoff"] = {
            "id": done.handoff_id,
            "at": done.at,
            "from_owner": done.passage.deal.owner,
            "to_owner": done.passage.to_owner,
            "seconds": done.seconds,
        }
        said["emails"] = emails
    return said


def _say_passed(done: "Outcome") -> None:
    tried = done.passage
    way = f"{tried.from_title} -> {tried.to_title}" if tried.handoff.to else f"in {tried.from_title}"
    say_heading(f"Handed off: {tried.deal.called}, {way}.")
    step = done.facts.step
    when = f" (by {shown(step.due, here.home().clock.zone)})" if step and step.due else ""
    say(f"Owner: {tried.to_owner}. Next step: {step.text + when if step else 'none'}.")
    if done.verdict.nice_to_have:
        say("Good to know, still open:")
        for gap in done.verdict.nice_to_have:
            say(f"  {gap.label}: {gap.fix}")


def _say_email(letter: dict[str, str]) -> None:
    say()
    say_heading(f"--- E-mail to paste: {letter['template']}, to {letter['to'] or '(no address yet)'}")
    say(f"Subject: {letter['subject']}\n\n{letter['body']}")
    say_heading("---")


def say_verdict(tried: "Passage", verdict: "Verdict") -> None:
    """What is missing, why, and how to put it right."""
    way = (
        f"{tried.from_title} -> {tried.to_title}" if tried.handoff.to else f"in {tried.from_title}, to {tried.to_owner}"
    )
    say_heading(f"{tried.deal.called}: {way}")
    if verdict.clear:
        say(f"Nothing required is missing. Hand it off with: handoffctl handoff {tried.deal.ref}")
    else:
        say(f"Missing ({len(verdict.missing)}):")
        _say_gaps(verdict.missing)
    if verdict.nice_to_have:
        say("Nice to have:")
        _say_gaps(verdict.nice_to_have)
    if tried.deal.outside_stage:
        since = f" since {shown(tried.deal.outside_at, here.home().clock.zone)}" if tried.deal.outside_at else ""
        note(f"Moved outside: the last export has it in {tried.deal.outside_stage}{since}.")


def _say_gaps(gaps: "tuple[Gap, ...]") -> None:
    for gap in gaps:
        say(f"  {gap.label}")
        say(f"      why: {gap.why}")
        say(f"      fix: {gap.fix}")


def accept(account: Account) -> None:
    """Accept a deal that was handed to you."""
    from handoffctl.actions.passing_back import accept as record

    found, last = record(here.home(), account, here.prompting())
    note(f"{last['to_owner']} accepted {found.called}.")


def return_(
    account: Account,
    because: Annotated[str, typer.Option(metavar="TEXT", help="Why it comes back. Needed.")],
    missing: Annotated[
        list[str], typer.Option(metavar="NAME", help="What was missing; may be given several times.")
    ] = [],  # noqa: B006
) -> None:
    """Return a deal to the stage and owner it came from, with the reason."""
    from handoffctl.actions.passing_back import hand_back

    found, last = hand_back(here.home(), account, because, missing, here.prompting())
    note(f"Returned {found.called} to {last['from_owner']}, in {last['from_stage']}.")
