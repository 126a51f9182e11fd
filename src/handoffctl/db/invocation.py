"""How a command was given, as recorded with everything it writes."""

from dataclasses import dataclass

from handoffctl.core.moments import Moment


@dataclass(frozen=True)
class Invocation:
    """When and how a command was given.

    `words` is the whole command line as typed. `kind` is the command alone, such as `handoff` or `summary sent`; empty
    if a Python caller names none. `author` is the name in the configuration, or empty. `continues` is the id of the
    command that the same run recorded in an earlier transaction; None if it begins one.
    """

    at: Moment
    words: str = ""
    kind: str = ""
    author: str = ""
    continues: int | None = None
