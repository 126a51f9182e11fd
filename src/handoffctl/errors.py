"""Errors that the user can fix: a sentence, a hint and an exit code. Anything else is a bug and keeps its traceback."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

DONE = 0
UNEXPECTED = 1
USAGE = 2
MISSING = 3
NOT_FOUND = 4
RULES_AT_FAULT = 5
REFUSED = 6
INTERRUPTED = 130


class ErrorDetails(NamedTuple):
    """An error as `--json` prints it, under the key `error`."""

    code: int
    message: str
    hint: str
    problems: list[str]


class ErrorJson(NamedTuple):
    """The document that `--json` prints of an error."""

    error: ErrorDetails


class HandoffError(Exception):
    """Base of errors that the user can fix; `main` prints them and exits with `exit_code`."""

    exit_code = UNEXPECTED

    def __init__(self, message: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = list(problems)

    def details(self) -> ErrorDetails:
        return ErrorDetails(self.exit_code, self.message, self.hint, self.problems)

    def as_json(self) -> NamedTuple:
        """Returns the error as `--json` prints it."""
        return ErrorJson(self.details())


class UsageFault(HandoffError):
    """Invalid usage of a command."""

    exit_code = USAGE


class NotReady(HandoffError):
    """Something required is missing, or the deal is not in the expected stage."""

    exit_code = MISSING


class NotFound(HandoffError):
    """A name matches nothing, or more than one thing."""

    exit_code = NOT_FOUND


class RulesFault(HandoffError):
    """A faulty playbook, template or configuration."""

    exit_code = RULES_AT_FAULT


class Refused(HandoffError):
    """A value, file or database that cannot be accepted."""

    exit_code = REFUSED


class RefusedValue(Refused):
    """A value that cannot be accepted. The message begins with its name; `fault` is the sentence without it."""

    def __init__(self, about: str, fault: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(f"{about}: {fault}", hint, problems)
        self.fault = fault


class Interrupted(HandoffError):
    """The user pressed Ctrl-C. What was saved before stays saved."""

    exit_code = INTERRUPTED


def closest(name: str, known: Sequence[str]) -> str:
    """Returns the known name most like this one, or an empty string if none is close."""
    return next(iter(get_close_matches(name.casefold(), known, n=1, cutoff=0.6)), "")


def nearest(name: str, known: Sequence[str]) -> str:
    """Returns `(did you mean "budget"?)` for the closest known name, or an empty string."""
    close = closest(name, known)
    return f'(did you mean "{close}"?)' if close else ""
