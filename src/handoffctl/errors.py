"""What the user can put right: a sentence, a hint and an exit code. Anything else is a bug and keeps its traceback."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

DONE = 0
UNEXPECTED = 1
USAGE = 2
MISSING = 3
NOT_FOUND = 4
RULES_AT_FAULT = 5
REFUSED = 6
INTERRUPTED = 130


class HandoffError(Exception):
    """The user can put this right; `main` prints it and exits with `exit_code`."""

    exit_code = UNEXPECTED

    def __init__(self, message: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = list(problems)

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints for it."""
        told = {"code": self.exit_code, "message": self.message, "hint": self.hint, "problems": self.problems}
        return {"error": told}


class UsageFault(HandoffError):
    """The words of the command do not fit together."""

    exit_code = USAGE


class NotReady(HandoffError):
    """Something is missing, or the deal is not where the command takes it to be."""

    exit_code = MISSING


class NotFound(HandoffError):
    """A name fits nothing, or more than one thing."""

    exit_code = NOT_FOUND


class RulesFault(HandoffError):
    """A playbook, a template or the configuration is at fault."""

    exit_code = RULES_AT_FAULT


class Refused(HandoffError):
    """A value, a file or a database that cannot be taken as it is."""

    exit_code = REFUSED


class RefusedValue(Refused):
    """A value that cannot be taken. The message begins with its name; `fault` is the sentence without that name."""

    def __init__(self, about: str, fault: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(f"{about}: {fault}", hint, problems)
        self.fault = fault


class Interrupted(HandoffError):
    """The user pressed Ctrl-C; what was saved before stays saved."""

    exit_code = INTERRUPTED


def closest(name: str, known: Sequence[str]) -> str:
    """The known name that is most like this one, or nothing where none is close."""
    return next(iter(get_close_matches(name.casefold(), known, n=1, cutoff=0.6)), "")


def nearest(name: str, known: Sequence[str]) -> str:
    """`(did you mean "budget"?)` for the closest of the known names, or nothing where none is close."""
    close = closest(name, known)
    return f'(did you mean "{close}"?)' if close else ""
