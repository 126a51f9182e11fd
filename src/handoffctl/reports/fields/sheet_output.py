"""The interview sheet on paper: what each handoff asks, what that costs, and room to write down what people say."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from handoffctl.core.names import visible

WIDEST = 78  # columns, that printers and mail programs keep in one line
LINE = "_" * 72
DOTTED = "." * 60  # for Markdown, to which underscores mean something
ABOUT = (
    "Go through this with those who give deals away and those who take them over, separately. Ask of each item which "
    "decision fails without it, and write down the decision, not the wish. An item without a decision can go."
)


def text(sheet: Mapping[str, Any]) -> list[str]:
    """The sheet in lines, for a printer; indented lines belong to the line above."""
    lines = [*_lines(f"{sheet['title']}: what each handoff asks ({sheet['as_of'][:10]})"), "", *_lines(ABOUT)]
    for handoff in sheet["handoffs"]:
        lines += ["", *_lines(handoff["called"])]
        for name in ("trigger", "reason", "benefit"):
            lines += _lines(f"{name}: {handoff[name]}", 2) if handoff[name] else []
        for number, item in enumerate(handoff["items"], 1):
            lines += ["", *_lines(f"{number}. {_called(item)}", 2)]
            for said in (f"Why: {item['why']}", _figures(item), sheet["question"]):
                lines += _lines(said, 5)
            for who in _who(handoff):
                lines += [*_lines(f"{who}:", 5), f"     {LINE}", f"     {LINE}"]
    return lines


def _lines(said: str, indent: int = 0) -> list[str]:
    """The sentences in lines that a printer does not break; further ones are set in a little more, if any is."""
    first, further = " " * indent, " " * (indent + 2 if indent else 0)
    return wrap(visible(said), WIDEST, initial_indent=first, subsequent_indent=further, break_on_hyphens=False)


def markdown(sheet: Mapping[str, Any]) -> str:
    """The same as Markdown."""
    blocks = [f"# {_plain(sheet['title'])}: what each handoff asks", f"As of {sheet['as_of'][:10]}.", ABOUT]
    for handoff in sheet["handoffs"]:
        blocks.append(f"## {_plain(handoff['called'])}")
        said = [f"- {name}: {_plain(handoff[name])}" for name in ("trigger", "reason", "benefit") if handoff[name]]
        blocks += ["\n".join(said)] if said else []
        for number, item in enumerate(handoff["items"], 1):
            blocks.append(f"### {number}. {_plain(_called(item))}")
            blocks += [_plain(f"Why: {item['why']}"), _plain(_figures(item)), f"**{_plain(sheet['question'])}**"]
            blocks += [f"{_plain(who)}: {DOTTED}" for who in _who(handoff)]
    return "\n\n".join(blocks)


def _called(item: Mapping[str, Any]) -> str:
    return f"{item['label']}{'' if item['level'] == 'required' else ' (nice to have)'}"


def _figures(item: Mapping[str, Any]) -> str:
    if not item["asked"]:
        return "Not asked yet."
    said = [f"Missing at {item['missing']:,} of {_tries(item['asked'])} ({item['missing_share']:.0%})."]
    if item["missing_though_completed"]:
        said.append(f"Passed on without it: {item['missing_though_completed']:,}.")
    if item["named_in_returns"]:
        said.append(f"Named in returns: {item['named_in_returns']:,}.")
    if item["median_seconds"] is not None:
        said.append(f"An answer takes {item['median_seconds']:.0f} seconds.")
    return " ".join([*said, f"So far: {item['verdict']}."])


def _tries(count: int) -> str:
    return f"{count:,} first {'try' if count == 1 else 'tries'}"


def _who(handoff: Mapping[str, Any]) -> list[str]:
    """Those to ask: who gives, and who receives. One person may well be both, at different times."""
    return [
        f"Who gives{_named(handoff['sender'])}",
        f"Who receives{_named(handoff['receiver'])}",
    ]


def _named(role: str) -> str:
    return f" ({role})" if role else ""


def _plain(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text)
