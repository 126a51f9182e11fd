"""The result of running a template, as it passes from the child process to the program."""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Withheld(Enum):
    """The type of a value that is internal, and so is kept from a template that clients read or hear."""

    WITHHELD = "withheld"


WITHHELD: Final = Withheld.WITHHELD


@dataclass(frozen=True)
class RenderResult:
    """The result of running a template: its text, or one of the reasons why there is none.

    `unknown` names the unknown values that it prints, `undefined` a variable that does not exist, `fault` is the end of
    a sentence about the template, and `hint` what to do about it, empty if that is plain. `withheld` names the internal
    values that it would have used.
    """

    text: str = ""
    withheld: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    undefined: str | None = None
    fault: str = ""
    hint: str = ""
