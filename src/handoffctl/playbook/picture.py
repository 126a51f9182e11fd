"""Draws a playbook in the terminal: stages one below the other, with the handoffs that leave each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from handoffctl.console.table import cut_short, width
from handoffctl.core.names import escape_controls
from handoffctl.playbook.agreements import AgreedRevision
from handoffctl.playbook.describe import HandoffDescription, ItemDescription, PlaybookDescription, StageDescription
from handoffctl.playbook.describe_rules import (
    AgreementDescription,
    DispositionDescription,
    ObjectiveDescription,
    SignalDescription,
)
from handoffctl.playbook.quantities import length

WIDEST = 100  # columns
NARROWEST = 50
LABELS = 14  # columns for what a line is about


@dataclass(frozen=True)
class Lines:
    """The characters the picture is drawn with."""

    corner: str
    along: str
    down: str
    branch: str
    arrow: str


PLAIN = Lines("+", "-", "|", "+-->", "v")  # for a pipe
DRAWN = Lines("┌", "─", "│", "├──▶", "▼")


@dataclass(frozen=True)
class Line:
    """One line; a heading may be styled."""

    text: str
    heading: bool = False


def draw_playbook(playbook: PlaybookDescription, columns: int, lines: Lines = PLAIN) -> list[Line]:
    """Draws a playbook in lines of this width, at most a hundred columns."""
    return _Picture(max(NARROWEST, min(columns, WIDEST)), lines).of(playbook)


class _Picture:
    def __init__(self, columns: int, lines: Lines) -> None:
        self.columns = columns
        self.lines = lines
        self.drawn: list[Line] = []

    def of(self, playbook: PlaybookDescription) -> list[Line]:
        self.top(playbook.title, playbook.path)
        self.words("", playbook.about, "")
        if playbook.reviewed:
            self.words("", f"Last reviewed on {playbook.reviewed}.", "")
        if playbook.draft:
            self.words("", "A draft: what lacks a reason or a benefit is refused.", "")
        if playbook.roles:
            self.drawn.append(Line(""))
            self.section("Roles", playbook.roles.items())
        if playbook.agreed:
            self.drawn.append(Line(""))
            self.section("Agreed to", ((agreed.who, _agreed(agreed)) for agreed in playbook.agreed))
        self.drawn.append(Line(""))
        stages = playbook.stages
        for n, stage in enumerate(stages):
            self.stage(stage, stages[n + 1].stage if n + 1 < len(stages) else "")
        self.sections(playbook)
        while self.drawn and not self.drawn[-1].text:
            self.drawn.pop()
        return self.drawn

    def top(self, title: str, path: str) -> None:
        """Draws the title and the file's path, which is never broken, so that it can be copied."""
        if width(escape_controls(f"{title}  ({path})")) <= self.columns:
            self.heading(f"{title}  ({path})")
            return
        for line in _wrapped(title, self.columns):
            self.heading(line)
        self.drawn.append(Line(escape_controls(path)))

    def heading(self, text: str) -> None:
        self.drawn.append(Line(escape_controls(text), heading=True))

    def words(self, margin: str, text: str, label: str, indent: int = 0) -> None:
        """Wraps words beside a label, right of the margin."""
        if not text:
            return
        first = margin + label.ljust(indent)
        further = margin + " " * indent
        room = max(self.columns - width(further), 20)
        for n, line in enumerate(_wrapped(text, room)):
            self.drawn.append(Line(f"{further if n else first}{line}".rstrip()))

    def stage(self, stage: StageDescription, following: str) -> None:
        kind = [] if stage.kind == "open" else [stage.kind]
        target = [f"target {stage.target}"] if stage.target else []
        self.bar(stage.title, ", ".join([*kind, stage.owner, *target]))
        leads_on = any(handoff.to == following for handoff in stage.handoffs)
        open_below = bool(stage.handoffs)
        down = f"{self.lines.down}  " if open_below else "   "
        labelled_texts = [("begins when", stage.begins_when), ("to enter", _labels(stage.entry)),
                    ("to leave", _labels(stage.exit)), ("follow-up", stage.follow_up_in_words)]  # fmt: skip
        for label, text in labelled_texts:
            self.words(down, text, label, LABELS)
        for handoff in stage.handoffs:
            self.drawn.append(Line(self.lines.down))
            self.handoff(handoff, down)
        self.drawn.append(Line(self.lines.arrow if leads_on else ""))

    def bar(self, title: str, right: str) -> None:
        """Draws `+- Lead ---------- seller, target 3 days`"""
        left = f"{self.lines.corner}{self.lines.along} {escape_controls(title)} "
        rest = f" {escape_controls(right)}"
        if width(left) + width(rest) + 3 > self.columns:
            self.drawn.append(Line(cut_short(left.rstrip(), self.columns), heading=True))
            self.words("   ", escape_controls(right), "")
            return
        self.drawn.append(Line(left + self.lines.along * (self.columns - width(left) - width(rest)) + rest, True))

    def handoff(self, handoff: HandoffDescription, down: str) -> None:
        title = handoff.title + (f"  ({handoff.name})" if handoff.name else "")
        margin = down + "  "
        self.words("", f"{title}   {handoff.sender} to {handoff.receiver}", f"{self.lines.branch} ", 5)
        for label, text in (("trigger", handoff.trigger), ("", _trigger_criteria(handoff.when)),
                            ("reason", handoff.reason), ("benefit", handoff.benefit)):  # fmt: skip
            self.words(margin, text, label, LABELS)
        for label, items in (("required", handoff.required), ("nice to have", handoff.nice_to_have)):
            for n, item in enumerate(items):
                asks = f" [{item.asks}]" if item.asks else ""
                self.words(margin, f"{item.label} - {item.why}{asks}", "" if n else label, LABELS)
        self.words(margin, ", ".join(handoff.emails), "e-mails", LABELS)
        self.words(margin, _labels(handoff.like), "kind", LABELS)

    def sections(self, playbook: PlaybookDescription) -> None:
        signals = [(signal.label or name, _signal(signal)) for name, signal in playbook.signals.items()]
        self.section_if_any("Signals", signals)
        dispositions = [(name, _disposition(rule)) for name, rule in playbook.dispositions.items()]
        self.section_if_any("Dispositions", dispositions)
        woken = [("", f"Whatever was put aside is shown again when {_joined(playbook.wake_when, 'or')}.")]
        self.section_if_any("Put aside", woken if playbook.wake_when else [])
        agreements = [(name, _agreement(rule)) for name, rule in playbook.sla.items()]
        self.section_if_any("What the teams have agreed (sla)", agreements)
        objectives = [(name, _objective(objective)) for name, objective in playbook.objectives.items()]
        self.section_if_any("Objectives", objectives)
        reasons = [(occasion, _reasons(by_name)) for occasion, by_name in playbook.reasons.items()]
        self.section_if_any("Reasons to choose from (--as)", reasons)
        self.section_if_any("Goal", [("", playbook.goal.in_words)] if playbook.goal else [])
        verdicts = playbook.verdicts
        judged = f"often missing from {verdicts.often:.0%}, placeholders from {verdicts.placeholders:.0%}"
        self.section("Verdicts", [("", f"On items from {verdicts.attempts} first attempts on; {judged}.")])
        self.drawn.append(Line(""))
        if improve := playbook.rules.improve:
            first = f"{improve.candidate} first" if improve.candidate else "the one that takes most time first"
            self.section_if_any("Improve", [("", f"Try without an item every {length(improve.every)}; {first}.")])
        if value := playbook.value:
            names = (("seen at signing", value.seen), ("signed with", value.signed),
                     ("first had", value.first), ("borne out in", value.log))  # fmt: skip
            self.section("Value", [(label, name) for label, name in names if name])

    def section_if_any(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        if entries:
            self.section(title, entries)
            self.drawn.append(Line(""))

    def section(self, title: str, entries: Iterable[tuple[str, str]]) -> None:
        escaped = [(escape_controls(label), escape_controls(text)) for label, text in entries]
        self.heading(title)
        indent = max((width(label) for label, _ in escaped), default=0) + 2
        if indent > self.columns // 3:  # long labels stand on a line of their own
            for label, text in escaped:
                self.words("  ", label, "")
                self.words("    ", text, "")
            return
        for label, text in escaped:
            self.words("  ", text, label + " " * (indent - width(label)) if label else "", indent if label else 0)


def _wrapped(text: str, room: int) -> list[str]:
    """Wraps the words to this width; wide characters count twice."""
    wrapped = []
    for part in escape_controls(text).split("\n"):
        lines = wrap(part, room, break_on_hyphens=False)
        if any(width(line) > room for line in lines):
            lines = wrap(part, room // 2, break_on_hyphens=False)
        wrapped += lines
    return wrapped


def _labels(items: Iterable[ItemDescription]) -> str:
    return ", ".join(item.label for item in items)


def _trigger_criteria(when: list[str]) -> str:
    return f"seen when {_joined(when, 'and')}" if when else ""


def _joined(parts: list[str], word: str) -> str:
    """Joins criteria into one sentence; lists among them get brackets."""
    if len(parts) == 1:
        return parts[0]
    return f", {word} ".join(f"({part})" if "; " in part else part for part in parts)


def _agreed(agreed: AgreedRevision) -> str:
    return f"{agreed.at[:10]}" + ("" if agreed.present else ", to what it said before")


def _signal(signal: SignalDescription) -> str:
    points = f"{signal.points} point{'' if signal.points == 1 else 's'}"
    points += f", half of them after {signal.fades}" if signal.fades else ""
    return f"{points}: {_joined(signal.when, 'and')}" + (f" - {signal.why}" if signal.why else "")


def _disposition(rule: DispositionDescription) -> str:
    wake = f", to wake after {rule.wake}" if rule.wake else f" for {rule.for_}" if rule.for_ else ""
    unless = f"\nunless {_joined(rule.unless, 'or')}" if rule.unless else ""
    return f"{rule.propose}{wake} - {rule.because}\nwhen {_joined(rule.when, 'and')}{unless}"


def _agreement(rule: AgreementDescription) -> str:
    return f"{rule.from_} to {rule.to}: {rule.promise}\n{rule.in_words}"


def _objective(objective: ObjectiveDescription) -> str:
    whose = f"{objective.role} ({objective.person})" if objective.person else objective.role
    of = f", where {objective.of}" if objective.of else ""
    return f"{whose}: {objective.in_words}{of} - {objective.serves}"


def _reasons(by_name: Mapping[str, str]) -> str:
    return "\n".join(f"{name} - {words}" for name, words in by_name.items())
