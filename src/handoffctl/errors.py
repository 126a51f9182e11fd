"""What the user can put right: a sentence, a hint and an exit code. Anything else is a bug and keeps its traceback."""

from collections.abc import Sequence
from difflib import get_close_matches

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


class Interrupted(HandoffError):
    """The user pressed Ctrl-C; what was saved before stays saved."""

    exit_code = INTERRUPTED


def nearest(name: str, known: Sequence[str]) -> str:
    """`(did you mean "budget"?)` for the closest of the known names, or nothing where none is close."""
    close = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    return f'(did you mean "{close[0]}"?)' if close else ""
