"""The command that makes an item of a handoff hold, as a value; its text is the command line to type."""

from dataclasses import dataclass
from enum import Enum, auto


class FixKind(Enum):
    """What the command does."""

    SET_VALUE = auto()
    PLAN_STEP = auto()
    RECORD_TOUCH = auto()
    HOLD_MEETING = auto()
    SEND_SUMMARY = auto()
    CONFIRM_SUMMARY = auto()
    DRAFT_SUMMARY = auto()
    SHOW_SCORE = auto()  # no command makes it hold by itself: look at the signals and what to ask
    SHOW = auto()  # no command makes it hold by itself: look at the deal
    WAIT = auto()  # time alone makes it hold


@dataclass(frozen=True)
class Fix:
    """A command for one deal.

    `field` and `value` belong to SET_VALUE; `value` shows what to type in its place, such as `AMOUNT`. `touch` and
    `direction` belong to RECORD_TOUCH. `met` belongs to HOLD_MEETING: the role or contact that was there, or empty.
    """

    kind: FixKind
    deal: str
    field: str = ""
    value: str = ""
    touch: str = ""
    direction: str = ""
    met: str = ""

    def __str__(self) -> str:
        return f"handoffctl {self._words()}"

    def _words(self) -> str:
        match self.kind:
            case FixKind.SET_VALUE:
                return f"set {self.deal} {self.field}={_quoted(self.value)}"
            case FixKind.PLAN_STEP:
                return f'step {self.deal} "TEXT" --due +3d'
            case FixKind.RECORD_TOUCH:
                return f"touch {self.deal} {self.touch} --{self.direction}"
            case FixKind.HOLD_MEETING:
                return f"touch {self.deal} meeting --outcome held" + (f" --with {self.met}" if self.met else "")
            case FixKind.SEND_SUMMARY:
                return f"summary sent {self.deal}"
            case FixKind.CONFIRM_SUMMARY:
                return f"summary confirm {self.deal}"
            case FixKind.DRAFT_SUMMARY:
                return f"summary draft {self.deal}"
            case FixKind.SHOW_SCORE:
                return f"score {self.deal}"
            case FixKind.SHOW:
                return f"show {self.deal}"
            case FixKind.WAIT:
                return f"log {self.deal}  (time alone meets this: the last touch is too recent)"


def _quoted(value: str) -> str:
    return f'"{value}"' if value == "TEXT" or "|" in value or " " in value else value
