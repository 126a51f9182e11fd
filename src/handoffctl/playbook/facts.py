"""The facts of one deal, as the gate sees them. Values are in their written form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handoffctl.core.moments import Moment

CONTACT_LEVELS = ("user", "manager", "director", "vp", "c-suite")


@dataclass(frozen=True)
class Touch:
    """One interaction; `met` is the role or contact it was with."""

    kind: str
    direction: str
    outcome: str
    met: str
    at: Moment


@dataclass(frozen=True)
class Step:
    """The next step: what, and by when."""

    text: str
    due: Moment | None


@dataclass(frozen=True)
class SummaryAnswer:
    """The client's newest answer to a summary; `state` is confirmed or corrected.

    `line` is what they wrote and `mail` the file in which it stands; both are empty if the user took the answer down.
    `note` is what the user wrote about it. `stay` is the number of the stay in which it was recorded. `confirmed` has
    everything that the client has confirmed or corrected so far, by field.
    """

    state: str = "confirmed"
    sent_at: Moment | None = None
    answered_at: Moment | None = None
    line: str = ""
    mail: str = ""
    note: str = ""
    stay: int | None = None
    confirmed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LearnedValue:
    """A value of a field with the moment at which it was recorded."""

    name: str
    value: str
    at: Moment


@dataclass(frozen=True)
class CountedFacts:
    """What dispositions ask about a deal and nobody types: it is counted from the records.

    `entered_at` is when the present stay began and `touched_at` when somebody was last in touch in it, else when it
    began; both are None if not known. `attempts` are those of the stay. `slips` is how often the close date was moved
    to a later day, and `heard_from` how many contacts were heard from lately. `pool_left` is how many target accounts
    were never added; None if the playbook has no `targets`. `usual_days` is within how many days 85 % of the earlier
    stays went forward that did; None while there are too few. `target_days` is the target of the stage.
    """

    entered_at: Moment | None = None
    touched_at: Moment | None = None
    attempts: int = 0
    slips: int = 0
    heard_from: int = 0
    pool_left: int | None = None
    usual_days: float | None = None
    target_days: float | None = None


@dataclass(frozen=True)
class Facts:
    """Everything a criterion may look at. `ref` is how a command names the deal.

    `summary` is the state of the newest summary that was sent, `answer` the client's newest answer to any of them, and
    `stay` the number of the present stay. `learned` has every value that was ever recorded, in order, but those of
    built-in fields, which may change without a note of when. `counted` is there where a disposition is judged, and None
    elsewhere. `contact_levels` has the known levels of all contacts of the account.
    """

    ref: str
    values: Mapping[str, str] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()
    summary: str | None = None
    step: Step | None = None
    answer: SummaryAnswer | None = None
    stay: int = 0
    learned: tuple[LearnedValue, ...] = ()
    counted: CountedFacts | None = None
    contact_levels: tuple[str, ...] = ()
