"""The interactive handoff: asks only for what is missing, saves each answer at once, and asks for the next step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from handoffctl.console.output import echo, echo_heading
from handoffctl.console.prompts import ask_line, choose, hold_interrupts
from handoffctl.core.moments import Clock
from handoffctl.core.names import Abbreviation
from handoffctl.core.screen_dates import day_and_time
from handoffctl.deals.fields import LONGEST_ANSWER_SECONDS, due_of, set_values
from handoffctl.deals.next_step import TypedStep
from handoffctl.deals.steps import plan
from handoffctl.deals.touches import NewTouch
from handoffctl.emails.summary.reply import record_reply
from handoffctl.emails.summary.sent import record_sent
from handoffctl.errors import Refused, RefusedValue, UsageFault
from handoffctl.handoffs.attempt import HandoffAttempt, handoffs_ahead, preview
from handoffctl.handoffs.check_output import signal_lines
from handoffctl.handoffs.gate import MissingItem, Verdict
from handoffctl.handoffs.receiver import people_in_role
from handoffctl.handoffs.receiver_query import OwnerLoad, loads
from handoffctl.handoffs.touch import touch
from handoffctl.people.query import Person
from handoffctl.playbook.fix import FixKind
from handoffctl.playbook.model import NEXT_STEP
from handoffctl.workspace.home import Home


def ask_which_handoff(home: Home, account: str) -> str:
    """Asks which of several handoffs is meant, and returns its name; empty where there is no choice.

    Raises UsageFault when none is picked.
    """
    deal, names = handoffs_ahead(home, Abbreviation(account))
    if len(names) < 2:
        return ""
    picked = choose(f"{deal.called} can be handed off in {len(names)} ways:", names)
    if picked is None:
        raise UsageFault("No handoff was picked.", f'Name one, as in: --to "{names[0]}"')
    return picked


def ask_receiver(home: Home, attempt: HandoffAttempt) -> HandoffAttempt:
    """Asks which of several people with the receiving role takes the deal over. Enter leaves it to the role."""
    role, deal = attempt.receiving_role, attempt.deal
    fitting = [] if attempt.person else [person for person in people_in_role(home, role) if person.name != deal.owner]
    if len(fitting) < 2:
        return attempt
    with home.reading() as query:
        by_owner = loads(query, home.clock, [person.name for person in fitting])
    names = {_with_load(person, by_owner.get(person.name, OwnerLoad()), home.clock): person.name for person in fitting}
    picked = choose(f"Who takes over {deal.called}? Enter leaves it to the role {role}.", list(names))
    return replace(attempt, person=names[picked]) if picked else attempt


def _with_load(person: Person, load: OwnerLoad, clock: Clock) -> str:
    """Returns `Bea Lind (away until 2026-03-05, 4 open of 12)`."""
    away = f"away until {person.away_to}, " if person.away_on(clock.today) else ""
    enough = f" of {person.capacity}" if person.capacity else ""
    return f"{person.name} ({away}{load.open} open{enough})"


@dataclass(frozen=True)
class InterviewResult:
    """The next step, if one was given; how many seconds the answers took (None when nothing was asked); and the verdict
    before anything was asked."""

    step: TypedStep | None
    seconds: float | None
    first_verdict: Verdict


def interview(
    home: Home, attempt: HandoffAttempt, verdict: Verdict, values: Mapping[str, str], step: TypedStep | None
) -> InterviewResult:
    """Saves the values that came with the command, then asks for what is still missing."""
    running = _Interview(home, attempt)
    if values:
        with home.recording_as("set"):
            set_values(home, running.ref, values)
        running.attempt, verdict = running.preview()
    if step is not None:
        verdict = _without_next_step(verdict)
    step = running.ask_all(verdict, step)
    seconds = running.answer_seconds
    return InterviewResult(step, round(sum(seconds), 1) if seconds else None, verdict)


def _without_next_step(verdict: Verdict) -> Verdict:
    return replace(
        verdict,
        missing=tuple(item for item in verdict.missing if item.name != NEXT_STEP),
        nice_to_have=tuple(item for item in verdict.nice_to_have if item.name != NEXT_STEP),
    )


@dataclass
class _Interview:
    """An interview under way. `answer_seconds` is how long each answer took."""

    home: Home
    attempt: HandoffAttempt
    answer_seconds: list[float] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """The full name of the deal, which no other deal has."""
        return self.attempt.deal.full_ref

    def preview(self) -> tuple[HandoffAttempt, Verdict]:
        """Returns the attempt and the gate's answer as things are now."""
        return preview(self.home, self.ref, self.attempt.handoff.key, self.attempt.person)

    def ask_all(self, verdict: Verdict, step: TypedStep | None) -> TypedStep | None:
        """Asks for each required item, and for the next step unless there is one. Returns the next step."""
        step_item = next((item for item in verdict.all_missing if item.name == NEXT_STEP), None)
        items = [item for item in verdict.missing if item is not step_item]
        total = len(verdict.missing)
        if items:
            self._introduce(verdict.missing)
        for number, item in enumerate(items, 1):
            self._ask_item(item, f"{number} of {total}")
        if step is None and step_item:
            step = self._ask_next_step(step_item, f" ({total} of {total})" if len(items) < total else "")
        echo()
        return step

    def _introduce(self, items: Sequence[MissingItem]) -> None:
        echo_heading(f"{self.attempt.deal.called}: {self.attempt.from_title} -> {self.attempt.to_title}")
        echo("Missing: " + ", ".join(item.label for item in items) + ".")
        echo("Answer what you know. Enter leaves it missing; Ctrl-C stops, and what you answered stays.")

    def _ask_item(self, item: MissingItem, position: str) -> None:
        echo()
        echo_heading(f"{item.label} ({position})")
        echo(f"  Why: {item.why}")
        for line in signal_lines(item):
            echo(line)
        if not item.fields:
            self._ask_whether_done(item)
            return
        for name in item.fields:
            if self._ask_field(name, item) and not self._still_missing(item):
                return

    def _ask_whether_done(self, item: MissingItem) -> None:
        """Asks about an item that is done rather than known, as a meeting held. Records it where it has happened."""
        echo(f"  The command for it: {item.fix}")
        recording = self._recording(item)
        if recording is None:
            return
        answer, seconds = ask_line("  Has it happened? Type yes to record it now > ")
        self._count(seconds)
        if answer.casefold() in ("y", "yes"):
            kind, record = recording
            with self.home.recording_as(kind):
                record()

    def _recording(self, item: MissingItem) -> tuple[str, Callable[[], object]] | None:
        """Returns the kind of the command that fixes the item, and a function that does the same."""
        if item.fix.kind is FixKind.CONFIRM_SUMMARY:
            return "summary confirm", partial(record_reply, self.home, self.ref)
        if item.fix.kind is FixKind.SEND_SUMMARY:
            return "summary sent", partial(record_sent, self.home, self.ref)
        if item.fix.kind is FixKind.HOLD_MEETING:
            held = NewTouch("meeting", outcome="held", met=item.fix.met)
            return "touch", partial(touch, self.home, self.ref, held)
        return None

    def _still_missing(self, item: MissingItem) -> bool:
        """True if the answer was not enough, as for a criterion over several fields."""
        _, verdict = self.preview()
        return item.name in {missing.name for missing in verdict.missing}

    def _ask_field(self, name: str, item: MissingItem) -> bool:
        """Asks until the answer fits or is left out, and saves it at once. Returns True if there was an answer."""
        playbook = self.attempt.rules.playbook
        asked_field = playbook.field(name) or self.attempt.requirements.playbook.field(name)
        if asked_field is None:
            return False
        if name != item.name:
            echo(f"  {playbook.label_of(name)}:")
        if asked_field.ask:
            echo(f"  {asked_field.ask}")
        if asked_field.hint:
            echo(f"  {asked_field.hint}")
        if shape := _shape(asked_field.type, asked_field.choices):
            echo(f"  ({shape})")
        spent = 0.0
        while True:
            answer, seconds = ask_line("> ")
            spent += min(seconds, LONGEST_ANSWER_SECONDS)
            if not answer or self._save(name, answer, round(spent, 1)):
                self.answer_seconds.append(spent)
                return bool(answer)

    def _save(self, name: str, answer: str, seconds: float) -> bool:
        """Saves the answer. Where it does not fit, prints why and returns False."""
        try:
            with hold_interrupts(), self.home.recording_as("set"):
                set_values(self.home, self.ref, {name: answer}, seconds=seconds)
        except Refused as refused:
            echo(f"  {_fault(refused)}")
            echo("  Try again, or press Enter to leave it missing.")
            return False
        return True

    def _ask_next_step(self, item: MissingItem, position: str) -> TypedStep | None:
        echo()
        echo_heading(f"Next step{position}")
        echo(f"  Why: {item.why}")
        text = self._ask_until_valid("  What happens next? > ", TypedStep)
        if not text:
            return None
        try:
            due = self._ask_due(text)
        except KeyboardInterrupt:  # what was answered stays
            with self.home.recording_as("step"):
                plan(self.home, self.ref, TypedStep(text))
            raise
        return TypedStep(text, due)

    def _ask_due(self, text: str) -> str:
        """Asks by when; once more where the day has passed. Enter keeps it then."""
        due = self._ask_until_valid("  By when? (fri, +3d, 2026-03-01) > ", partial(TypedStep, text))
        while due and (when := due_of(TypedStep(text, due), self.home.clock)) and self.home.clock.is_past_day(when):
            question = f"  {day_and_time(when, self.home.clock)} is past. By when? (Enter keeps it) > "
            instead = self._ask_until_valid(question, partial(TypedStep, text))
            if not instead:
                return due
            due = instead
        return due

    def _ask_until_valid(self, prompt: str, step: Callable[[str], TypedStep]) -> str:
        """Asks until the answer makes a valid next step, or is left out."""
        while True:
            answer, seconds = ask_line(prompt)
            self._count(seconds)
            if not answer:
                return ""
            try:
                due_of(step(answer), self.home.clock)
            except Refused as refused:
                echo(f"  {_fault(refused)} {refused.hint}")
                continue
            return answer

    def _count(self, seconds: float) -> None:
        self.answer_seconds.append(min(seconds, LONGEST_ANSWER_SECONDS))


def _fault(refused: Refused) -> str:
    """Returns what is wrong with the answer, without the name of the value: the question gives that already."""
    return refused.fault if isinstance(refused, RefusedValue) else refused.message


def _shape(type: str, choices: Sequence[str]) -> str:
    """Returns how to write an answer of this type; empty where that is plain."""
    shapes = {
        "choice": ", ".join(choices),
        "date": "a date: fri, +3d, 2026-03-01",
        "money": "an amount: 12500",
        "number": "a number",
        "yes_no": "yes or no",
        "list": "several, with commas between",
    }
    return shapes.get(type, "")
