"""Prints the interview sheet: what each handoff asks for, what that costs, and room to write down what people say."""

from textwrap import wrap

from handoffctl.core.names import escape_controls
from handoffctl.reports.fields.interview_sheet import InterviewSheet, SheetHandoff
from handoffctl.reports.fields.report import FieldLine

MAX_WIDTH = 78  # columns that printers and mail programs keep in one line
LINE = "_" * 72
DOTTED = "." * 60  # for Markdown, in which underscores have a meaning
ABOUT = (
    "Go through this with those who give deals away and those who take them over, separately. Ask of each item which "
    "decision fails without it, and write down the decision, not the wish. An item without a decision can go."
)


def text(sheet: InterviewSheet) -> list[str]:
    """Returns the sheet in lines for a printer; indented lines belong to the line above."""
    lines = [*_lines(f"{sheet.title}: what each handoff asks ({sheet.head.as_of[:10]})"), "", *_lines(ABOUT)]
    for handoff in sheet.handoffs:
        lines += ["", *_lines(handoff.called)]
        for name, sentence in _sentences(handoff):
            lines += _lines(f"{name}: {sentence}", 2)
        for number, item in enumerate(handoff.items, 1):
            lines += ["", *_lines(f"{number}. {_item_title(item.line)}", 2)]
            for sentence in (f"Why: {item.line.why}", _figures(item.line), sheet.question):
                lines += _lines(sentence, 5)
            for role in _roles(handoff):
                lines += [*_lines(f"{role}:", 5), f"     {LINE}", f"     {LINE}"]
    return lines


def _lines(sentences: str, indent: int = 0) -> list[str]:
    """Wraps sentences to lines that a printer does not break; indented text gets a hanging indent."""
    first, further = " " * indent, " " * (indent + 2 if indent else 0)
    return wrap(
        escape_controls(sentences), MAX_WIDTH, initial_indent=first, subsequent_indent=further, break_on_hyphens=False
    )


def markdown(sheet: InterviewSheet) -> str:
    """Returns the sheet as Markdown."""
    blocks = [f"# {_escaped(sheet.title)}: what each handoff asks", f"As of {sheet.head.as_of[:10]}.", ABOUT]
    for handoff in sheet.handoffs:
        blocks.append(f"## {_escaped(handoff.called)}")
        sentences = [f"- {name}: {_escaped(sentence)}" for name, sentence in _sentences(handoff)]
        blocks += ["\n".join(sentences)] if sentences else []
        for number, item in enumerate(handoff.items, 1):
            line = item.line
            blocks.append(f"### {number}. {_escaped(_item_title(line))}")
            blocks += [_escaped(f"Why: {line.why}"), _escaped(_figures(line)), f"**{_escaped(sheet.question)}**"]
            blocks += [f"{_escaped(role)}: {DOTTED}" for role in _roles(handoff)]
    return "\n\n".join(blocks)


def _sentences(handoff: SheetHandoff) -> list[tuple[str, str]]:
    """Returns the texts that the playbook has about the handoff, by name."""
    texts = (("trigger", handoff.trigger), ("reason", handoff.reason), ("benefit", handoff.benefit))
    return [(name, sentence) for name, sentence in texts if sentence]


def _item_title(line: FieldLine) -> str:
    return f"{line.label}{'' if line.level == 'required' else ' (nice to have)'}"


def _figures(line: FieldLine) -> str:
    if not line.asked:
        return "Not asked yet."
    tries = f"{line.asked:,} first {'try' if line.asked == 1 else 'tries'}"
    sentences = [f"Missing at {line.missing:,} of {tries} ({line.missing_share:.0%})."]
    if line.missing_though_completed:
        sentences.append(f"Passed on without it: {line.missing_though_completed:,}.")
    if line.named_in_returns:
        sentences.append(f"Named in returns: {line.named_in_returns:,}.")
    if line.median_seconds is not None:
        sentences.append(f"An answer takes {line.median_seconds:.0f} seconds.")
    return " ".join([*sentences, f"So far: {line.verdict}."])


def _roles(handoff: SheetHandoff) -> list[str]:
    """Returns the roles to ask. One person may have both, at different times."""
    roles = (("Who gives", handoff.sender), ("Who receives", handoff.receiver))
    return [f"{question} ({role})" if role else question for question, role in roles]


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text)
