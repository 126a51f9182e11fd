"""The interactive handoff: asks for just what is missing, saves each answer as it comes, offers the next step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from handoffctl.console.output import echo, echo_heading
from handoffctl.console.prompts import ask_line, choose, hold_interrupts
from handoffctl.deals.fields import LONGEST_ANSWER_SECONDS, due_of, set_values
from handoffctl.deals.next_step import NextStep
from handoffctl.deals.steps import plan
from handoffctl.emails.summary.reply import record_reply
from handoffctl.emails.summary.sent import record_sent
from handoffctl.errors import Refused, RefusedValue, UsageFault
from handoffctl.handoffs.attempt import HandoffAttempt, preview, ways
from handoffctl.handoffs.gate import Gap, Verdict
from handoffctl.handoffs.receiver import in_role
from handoffctl.handoffs.touch import touch
from handoffctl.playbook.fix import FixKind
from handoffctl.playbook.model import NEXT_STEP
from handoffctl.workspace.home import Home


def which_handoff(home: Home, account: str) -> str:
    """The name of the handoff that is meant, where there are several; nothing where there is no choice."""
    found, options = ways(home, account, allow_prefix=True)
    if len(options) < 2:
        return ""
    picked = choose(f"{found.called} can be handed off in {len(options)} ways:", [name for name, _ in options])
    if picked is None:
        raise UsageFault("No handoff was picked.", f'Name one, as in: --to "{options[0][0]}"')
    return picked


def whose(home: Home, tried: HandoffAttempt) -> HandoffAttempt:
    """Asks which of several people with the receiver's role takes the deal over. Enter leaves it to the role."""
    fitting = [] if tried.person else [one for one in in_role(home, tried.takes) if one.name != tried.deal.owner]
    if len(fitting) < 2:
        return tried
    called = {
        one.name + (f" (away until {one.away_to})" if one.away_on(home.clock.today) else ""): one for one in fitting
    }
    question = f"Who takes over {tried.deal.called}? Enter leaves it to the role {tried.takes}."
    picked = choose(question, list(called))
    return replace(tried, person=called[picked].name) if picked else tried


def interview(
    home: Home, tried: HandoffAttempt, verdict: Verdict, given: Mapping[str, str], step: NextStep | None
) -> tuple[NextStep | None, float | None, Verdict]:
    """Asks what is missing. Gives the next step, if one was told, the seconds that answers took, and what was asked."""
    ref = f"{tried.deal.account.slug}/{tried.deal.slug}"
    if given:
        with home.recording_as("set"):
            set_values(home, ref, given, allow_prefix=False)
        tried, verdict = preview(home, ref, tried.handoff.key, False, tried.person)
    if step is not None:
        verdict = _without_step(verdict)
    seconds: list[float] = []
    wanted = next((gap for gap in (*verdict.missing, *verdict.nice_to_have) if gap.name == NEXT_STEP), None)
    items = [gap for gap in verdict.missing if gap is not wanted]
    if items:
        _introduce(tried, verdict.missing)
    for number, gap in enumerate(items, 1):
        _ask_gap(home, tried, gap, f"{number} of {len(verdict.missing)}", seconds)
    if step is None and wanted:
        last = len(verdict.missing)
        step = _ask_step(home, tried, wanted, f" ({last} of {last})" if len(items) < last else "", seconds)
    echo()
    return step, round(sum(seconds), 1) if seconds else None, verdict


def _without_step(verdict: Verdict) -> Verdict:
    missing, nice = (
        tuple(gap for gap in gaps if gap.name != NEXT_STEP) for gaps in (verdict.missing, verdict.nice_to_have)
    )
    return Verdict(missing, nice)


def _introduce(tried: HandoffAttempt, gaps: Sequence[Gap]) -> None:
    echo_heading(f"{tried.deal.called}: {tried.from_title} -> {tried.to_title}")
    echo("Missing: " + ", ".join(gap.label for gap in gaps) + ".")
    echo("Answer what you know. Enter leaves it missing; Ctrl-C stops, and what you answered stays.")


def _ask_gap(home: Home, tried: HandoffAttempt, gap: Gap, place: str, seconds: list[float]) -> None:
    echo()
    echo_heading(f"{gap.label} ({place})")
    echo(f"  Why: {gap.why}")
    if not gap.asks:
        _ask_whether_done(home, tried, gap, seconds)
        return
    for name in gap.asks:
        if _ask_field(home, tried, name, gap, seconds) and not _still_open(home, tried, gap):
            return


def _ask_whether_done(home: Home, tried: HandoffAttempt, gap: Gap, seconds: list[float]) -> None:
    """For what is done rather than known: a meeting held, a summary confirmed. Records it where it has happened."""
    echo(f"  The command for it: {gap.fix}")
    recording = _recording(home, tried, gap)
    if recording is None:
        return
    answer, took = ask_line("  Has it happened? Type yes to record it now > ")
    seconds.append(min(took, LONGEST_ANSWER_SECONDS))
    if answer.casefold() in ("y", "yes"):
        kind, record = recording
        with home.recording_as(kind):
            record()


def _recording(home: Home, tried: HandoffAttempt, gap: Gap) -> tuple[str, Callable[[], object]] | None:
    """The kind of the gap's command, and what it would do."""
    ref = f"{tried.deal.account.slug}/{tried.deal.slug}"
    if gap.fix.kind is FixKind.CONFIRM_SUMMARY:
        return "summary confirm", partial(record_reply, home, ref, allow_prefix=False)
    if gap.fix.kind is FixKind.SEND_SUMMARY:
        return "summary sent", partial(record_sent, home, ref, allow_prefix=False)
    if gap.fix.kind is FixKind.HOLD_MEETING:
        met = gap.fix.met or None
        held = partial(touch, home, ref, "meeting", "", "out", None, "held", met, {}, None, allow_prefix=False)
        return "touch", held
    return None


def _still_open(home: Home, tried: HandoffAttempt, gap: Gap) -> bool:
    """Whether one answer was not enough, as for a criterion over several fields."""
    ref = f"{tried.deal.account.slug}/{tried.deal.slug}"
    _, verdict = preview(home, ref, tried.handoff.key, False, tried.person)
    return gap.name in {other.name for other in verdict.missing}


def _ask_field(home: Home, tried: HandoffAttempt, name: str, gap: Gap, seconds: list[float]) -> bool:
    """Asks until the answer fits or is left out. Saves it at once; says whether there was one."""
    playbook = tried.rules.playbook
    described = playbook.field(name) or tried.asks.rules.field(name)
    if described is None:
        return False
    if name != gap.name:
        echo(f"  {playbook.label_of(name)}:")
    if described.ask:
        echo(f"  {described.ask}")
    if shape := _shape(described.type, described.choices):
        echo(f"  ({shape})")
    spent = 0.0
    while True:
        answer, took = ask_line("> ")
        spent += min(took, LONGEST_ANSWER_SECONDS)
        if not answer:
            seconds.append(spent)
            return False
        try:
            ref = f"{tried.deal.account.slug}/{tried.deal.slug}"
            with hold_interrupts(), home.recording_as("set"):
                set_values(home, ref, {name: answer}, allow_prefix=False, seconds=round(spent, 1))
        except Refused as refused:
            echo(f"  {_fault(refused)}")
            echo("  Try again, or press Enter to leave it missing.")
            continue
        seconds.append(spent)
        return True


def _fault(refused: Refused) -> str:
    """What is wrong with the answer. The question names the value already."""
    return refused.fault if isinstance(refused, RefusedValue) else refused.message


def _shape(type: str, choices: Sequence[str]) -> str:
    """How to write an answer of this type, where that is not plain."""
    shapes = {
        "choice": ", ".join(choices),
        "date": "a date: fri, +3d, 2026-03-01",
        "money": "an amount: 12500",
        "number": "a number",
        "yes_no": "yes or no",
        "list": "several, with commas between",
    }
    return shapes.get(type, "")


def _ask_step(home: Home, tried: HandoffAttempt, wanted: Gap, place: str, seconds: list[float]) -> NextStep | None:
    echo()
    echo_heading(f"Next step{place}")
    echo(f"  Why: {wanted.why}")
    text = _asked_until_right(home, "  What happens next? > ", lambda answer: NextStep(answer), seconds)
    if not text:
        return None
    by_when = "  By when? (fri, +3d, 2026-03-01) > "
    try:
        return NextStep(text, _asked_until_right(home, by_when, lambda answer: NextStep(text, answer), seconds))
    except KeyboardInterrupt:  # what was answered stays
        with home.recording_as("step"):
            plan(home, f"{tried.deal.account.slug}/{tried.deal.slug}", NextStep(text), allow_prefix=False)
        raise


def _asked_until_right(home: Home, prompt: str, step: Callable[[str], NextStep], seconds: list[float]) -> str:
    """Asks until the answer fits into the step, or is left out."""
    while True:
        answer, took = ask_line(prompt)
        seconds.append(min(took, LONGEST_ANSWER_SECONDS))
        if not answer:
            return ""
        try:
            due_of(step(answer), home.clock)
        except Refused as refused:
            echo(f"  {_fault(refused)} {refused.hint}")
            continue
        return answer
