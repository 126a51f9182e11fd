"""Draws a playbook in the terminal: stages one below the other, with the handoffs that leave each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from handoffctl.console.table import cut_short, width
from handoffctl.core.names import escape_controls

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
Look = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One line; a heading may be styled."""

    text: str
    heading: bool = False


def picture(found: Look, columns: int, lines: Lines = PLAIN) -> list[Line]:
    """Draws a described playbook in lines of this width, at most a hundred columns."""
    return _Picture(max(NARROWEST, min(columns, WIDEST)), lines).of(found)


class _Picture:
    def __init__(self, columns: int, lines: Lines) -> None:
        self.columns = columns
        self.lines = lines
        self.drawn: list[Line] = []

    def of(self, found: Look) -> list[Line]:
        self.top(found["title"], found["path"])
        self.words("", found["about"], "")
        if found["reviewed"]:
            self.words("", f"Last reviewed on {found['reviewed']}.", "")
        if found["draft"]:
            self.words("", "A draft: what lacks a reason or a benefit is refused.", "")
        if found["roles"]:
            self.drawn.append(Line(""))
            self.section("Roles", found["roles"].items())
        if found["agreed"]:
            self.drawn.append(Line(""))
            self.section("Agreed to", ((one["who"], _agreed(one)) for one in found["agreed"]))
        self.drawn.append(Line(""))
        stages = found["stages"]
        for n, stage in enumerate(stages):
            self.stage(stage, stages[n + 1]["stage"] if n + 1 < len(stages) else "")
        self.sections(found)
        while self.drawn and not self.drawn[-1].text:
            self.drawn.pop()
        return self.drawn

    def top(self, title: str, path: str) -> None:
        """The title and the file's path, which is never broken, so that it can be copied."""
        if width(escape_controls(f"{title}  ({path})")) <= self.columns:
            self.heading(f"{title}  ({path})")
            return
        for line in _wrapped(title, self.columns):
            self.heading(line)
        self.drawn.append(Line(escape_controls(path)))

    def heading(self, text: str) -> None:
        self.drawn.append(Line(escape_controls(text), heading=True))

    def words(self, margin: str, said: str, label: str, indent: int = 0) -> None:
        """Wraps words beside a label, right of the margin."""
        if not said:
            return
        first = margin + label.ljust(indent)
        further = margin + " " * indent
        room = max(self.columns - width(further), 20)
        for n, line in enumerate(_wrapped(said, room)):
            self.drawn.append(Line(f"{further if n else first}{line}".rstrip()))

    def stage(self, stage: Look, following: str) -> None:
        kind = [] if stage["kind"] == "open" else [stage["kind"]]
        target = [f"target {stage['target']}"] if stage["target"] else []
        self.bar(stage["title"], ", ".join([*kind, stage["owner"], *target]))
        leads_on = any(handoff["to"] == following for handoff in stage["handoffs"])
        open_below = bool(stage["handoffs"])
        down = f"{self.lines.down}  " if open_below else "   "
        labelled = [("begins when", stage["begins_when"]), ("to enter", _labels(stage["entry"])),
                    ("to leave", _labels(stage["exit"])), ("follow-up", stage["follow_up_in_words"])]  # fmt: skip
        for label, said in labelled:
            self.words(down, said, label, LABELS)
        for handoff in stage["handoffs"]:
            self.drawn.append(Line(self.lines.down))
            self.handoff(handoff, down)
        self.drawn.append(Line(self.lines.arrow if leads_on else ""))

    def bar(self, title: str, right: str) -> None:
        """`+- Lead ---------- seller, target 3 days`"""
        left = f"{self.lines.corner}{self.lines.along} {escape_controls(title)} "
        rest = f" {escape_controls(right)}"
        if width(left) + width(rest) + 3 > self.columns:
            self.drawn.append(Line(cut_short(left.rstrip(), self.columns), heading=True))
            self.words("   ", escape_controls(right), "")
            return
        self.drawn.append(Line(left + self.lines.along * (self.columns - width(left) - width(rest)) + rest, True))

    def handoff(self, handoff: Look, down: str) -> None:
        called = handoff["title"] + (f"  ({handoff['name']})" if handoff["name"] else "")
        margin = down + "  "
        self.words("", f"{called}   {handoff['sender']} to {handoff['receiver']}", f"{self.lines.branch} ", 5)
        for label, said in (("trigger", handoff["trigger"]), ("", _seen(handoff["when"])),
                            ("reason", handoff["reason"]), ("benefit", handoff["benefit"])):  # fmt: skip
            self.words(margin, said, label, LABELS)
        for label, key in (("required", "required"), ("nice to have", "nice_to_have")):
            for n, item in enumerate(handoff[key]):
                more = f" [{item['asks']}]" if item["asks"] else ""
                self.words(margin, f"{item['label']} - {item['why']}{more}", "" if n else label, LABELS)
        self.words(margin, ", ".join(handoff["emails"]), "e-mails", LABELS)

    def sections(self, found: Look) -> None:
        for title, key, told in _SECTIONS:
            if found[key]:
                self.section(title, ((one.get("label") or name, told(one)) for name, one in found[key].items()))
                self.drawn.append(Line(""))
        verdicts = found["verdicts"]
        judged = f"often missing from {verdicts['often']:.0%}, placeholders from {verdicts['placeholders']:.0%}"
        self.section("Verdicts", [("", f"On items from {verdicts['attempts']} first attempts on; {judged}.")])
        self.drawn.append(Line(""))
        if found["value"]:
            names = {"seen": "seen at signing", "signed": "signed with", "first": "first had", "log": "borne out in"}
            self.section("Value", [(names[key], name) for key, name in found["value"].items() if name])

    def section(self, title: str, entries: Iterable[tuple[str, str]]) -> None:
        told = [(escape_controls(label), escape_controls(said)) for label, said in entries]
        self.heading(title)
        indent = max((width(label) for label, _ in told), default=0) + 2
        if indent > self.columns // 3:  # long labels stand on a line of their own
            for label, said in told:
                self.words("  ", label, "")
                self.words("    ", said, "")
            return
        for label, said in told:
            self.words("  ", said, label + " " * (indent - width(label)) if label else "", indent if label else 0)


def _wrapped(said: str, room: int) -> list[str]:
    """Wraps the words to this width; wide characters count twice."""
    found = []
    for part in escape_controls(said).split("\n"):
        lines = wrap(part, room, break_on_hyphens=False)
        if any(width(line) > room for line in lines):
            lines = wrap(part, room // 2, break_on_hyphens=False)
        found += lines
    return found


def _labels(items: Iterable[Look]) -> str:
    return ", ".join(item["label"] for item in items)


def _seen(when: list[str]) -> str:
    return f"seen when {_joined(when, 'and')}" if when else ""


def _joined(parts: list[str], word: str) -> str:
    """Joins criteria into one sentence; lists among them get brackets."""
    if len(parts) == 1:
        return parts[0]
    return f", {word} ".join(f"({part})" if "; " in part else part for part in parts)


def _agreed(one: Look) -> str:
    return f"{one['at'][:10]}" + ("" if one["present"] else ", to what it said before")


def _signal(one: Look) -> str:
    points = f"{one['points']} point{'' if one['points'] == 1 else 's'}"
    return f"{points}: {_joined(one['when'], 'and')}" + (f" - {one['why']}" if one["why"] else "")


def _disposition(one: Look) -> str:
    wake = f", to wake after {one['wake']}" if one["wake"] else ""
    unless = f"\nunless {_joined(one['unless'], 'or')}" if one["unless"] else ""
    return f"{one['propose']}{wake} - {one['because']}\nwhen {_joined(one['when'], 'and')}{unless}"


def _agreement(one: Look) -> str:
    return f"{one['from']} to {one['to']}: {one['promise']}\n{one['in_words']}"


def _objective(one: Look) -> str:
    return f"{one['role']}: {one['in_words']} - {one['serves']}"


_SECTIONS = (
    ("Signals", "signals", _signal), ("Dispositions", "dispositions", _disposition),
    ("What the teams have agreed (sla)", "sla", _agreement), ("Objectives", "objectives", _objective),
)  # fmt: skip
