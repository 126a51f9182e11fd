"""The result of running a template, as it passes from the child process to the program."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RenderResult:
    """The result of running a template: its text, or one of the reasons why there is none.

    `unknown` names the unknown values that it prints, `undefined` a variable that does not exist, `fault` is the end of
    a sentence about the template.
    """

    text: str = ""
    internal: bool = False
    unknown: tuple[str, ...] = ()
    undefined: str | None = None
    fault: str = ""
