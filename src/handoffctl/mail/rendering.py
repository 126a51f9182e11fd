"""Renders a template as subject and body: sandboxed, and refusing what is not known instead of leaving a hole."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from handoffctl.errors import RulesFault

LONGEST_RANGE = 1000


class Letter(NamedTuple):
    """A rendered e-mail."""

    subject: str
    body: str


class Unknown(Exception):
    """The template needs something that is not known; `name` as far as Jinja tells it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
    )
    environment.globals = {"range": lambda *ends: range(*ends)[:LONGEST_RANGE]}
    return environment


def letter(name: str, source: str, known: Mapping[str, Any]) -> Letter:
    """The e-mail of this template. Raises Unknown for what is not known, RulesFault for a faulty template."""
    try:
        text = _environment().from_string(source).render(known)
    except UndefinedError as error:
        raise Unknown(_named(str(error))) from None
    except SecurityError as error:
        raise RulesFault(f"The template {name} does what templates may not: {error}.", "Take that out of it.") from None
    except Exception as error:  # a template is a program of somebody else's: whatever it raises is its fault
        line = getattr(error, "lineno", None)
        at = f", line {line}" if line else ""
        raise RulesFault(
            f"The template {name} is faulty{at}: {str(error).rstrip('.')}.", "Put it right and try again."
        ) from None
    return _parted(name, text)


def checked(name: str, source: str) -> None:
    """Raises RulesFault for a template that cannot be understood."""
    try:
        _environment().parse(source)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise RulesFault(f"The template {name} is faulty, line {line}: {error}.", "Put it right.") from None


def _named(error: str) -> str:
    match = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", error)
    return (match[1] or match[2]) if match else error


def _parted(name: str, text: str) -> Letter:
    head, _, body = text.strip().partition("\n")
    if not head.startswith("Subject:"):
        raise RulesFault(f"The template {name} does not begin with a subject.", "Its first line is: Subject: ...")
    return Letter(head.removeprefix("Subject:").strip(), _tidy(body))


def _tidy(text: str) -> str:
    """No trailing space, no double blank line."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)
