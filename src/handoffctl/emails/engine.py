"""Renders a template as subject and body: sandboxed, and refusing unknown values instead of leaving a hole."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from handoffctl.core.sandbox import OverLimit, within_limits
from handoffctl.emails.render_result import RenderResult
from handoffctl.errors import RulesFault

END_OF_SUBJECT = "\x1e"  # no printable text holds one


class RenderedEmail(NamedTuple):
    """A rendered e-mail. `withheld` names the internal values that the template asked for and did not get."""

    subject: str
    body: str
    withheld: tuple[str, ...] = ()


class UnknownValues(Exception):
    """The template prints unknown values; `names` are written as in the template. Those withheld are internal."""

    def __init__(self, names: list[str], withheld: Sequence[str] = ()) -> None:
        super().__init__(", ".join(names))
        self.names = names
        self.withheld = withheld


class UndefinedVariable(Exception):
    """The template uses a variable that does not exist; `name` as far as it can be determined."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def render_template(name: str, source: str, variables: Mapping[str, Any]) -> RenderedEmail:
    """Renders the e-mail of a template. None among the variables stands for an unknown value, WITHHELD for an
    internal one, which counts as unknown.

    Raises UnknownValues if it prints such a value, UndefinedVariable for a name that does not exist, RulesFault for a
    faulty template or one that exceeds the limits of time and memory.
    """
    try:
        result = RenderResult(**within_limits(lambda: asdict(_run(source, variables))))
    except OverLimit:
        raise RulesFault(
            f"The template {name} takes too long or too much memory.", "Look for a loop that does not end."
        ) from None
    if result.unknown:
        raise UnknownValues(list(result.unknown), result.withheld)
    if result.undefined is not None:
        raise UndefinedVariable(result.undefined)
    if result.fault:
        raise RulesFault(f"The template {name} {result.fault}.", result.hint or "Put it right and try again.")
    return _split_subject(name, result.text)._replace(withheld=tuple(result.withheld))


def _run(source: str, variables: Mapping[str, Any]) -> RenderResult:
    """Runs the template in the child process, which imports Jinja, so that the parent needs not."""
    from handoffctl.emails.jinja_engine import run_template

    return run_template(_mark_subject(source), variables)


def _mark_subject(source: str) -> str:
    """Returns the source with a mark at the end of its subject line: a value in it may hold line breaks."""
    return re.sub(r"(?m)^(Subject:.*)$", rf"\1{END_OF_SUBJECT}", source, count=1)


def _split_subject(name: str, text: str) -> RenderedEmail:
    first_line, mark, body = text.strip().partition(END_OF_SUBJECT)
    if not mark:
        first_line, _, body = text.strip().partition("\n")
    if not first_line.startswith("Subject:"):
        raise RulesFault(f"The template {name} does not begin with a subject.", "Its first line is: Subject: ...")
    subject = _one_stop(_printable(" ".join(first_line.removeprefix("Subject:").split())))
    email = RenderedEmail(subject, _one_stop(tidy(body)))
    for part, content in (("subject", email.subject), ("text", email.body)):
        if not content:
            raise RulesFault(
                f"The template {name} writes no {part}.", "After the subject and a blank line comes the text."
            )
    return email


def _one_stop(text: str) -> str:
    """Returns the text without a second full stop behind one, as after `at 10:00 a.m.`; an ellipsis stays."""
    return re.sub(r"(?<!\.)\.\.(?![.\w/\\])", ".", text)


def tidy(text: str) -> str:
    """Returns the text without trailing spaces, double blank lines and characters that could steer a terminal."""
    lines = "\n".join(_printable(line).rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _printable(text: str) -> str:
    return "".join(c for c in text if c == "\t" or unicodedata.category(c) not in ("Cc", "Cs"))
