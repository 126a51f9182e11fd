"""The next step of a deal as it is typed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NextStep:
    """The next step as typed: what, and by when."""

    text: str
    due: str = ""
