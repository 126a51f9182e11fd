"""The next step of a deal, as the user typed it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TypedStep:
    """The text of a next step and, unparsed, when it is due."""

    text: str
    due: str = ""
