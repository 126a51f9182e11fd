"""What each transaction of a command is signed with."""

from dataclasses import dataclass

from handoffctl.core.moments import Moment


@dataclass(frozen=True)
class Invocation:
    """When a command was given, and how.

    `words` is the whole command line as typed. `kind` is the command alone, such as `handoff` or `summary sent`; empty
    where a caller from Python names none. `author` is who gave it, by the name in the configuration; else it is empty.
    """

    at: Moment
    words: str = ""
    kind: str = ""
    author: str = ""
