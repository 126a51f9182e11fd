"""Promises between seller and client: ours, theirs, and milestones of both; and the value that the client sees."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from handoffctl.core.moments import Clock, Moment, is_before

PromiseKind = Literal["ours", "theirs", "milestone"]


def without_full_stop(text: str) -> str:
    """Returns the text without a full stop at its end; an ellipsis and the stop of a.m. and p.m. stay."""
    return text if text.endswith(("..", "a.m.", "p.m.")) else text.removesuffix(".")


@dataclass(frozen=True)
class Promise:
    """One promise; `number` counts within its deal, from 1.

    `kind` is ours, theirs (the client's) or milestone. `owner` is who keeps it, empty if nobody was named, and `author`
    who recorded it. A promise that was `told` may stand in what the client reads; nobody waits for one that was
    dropped.
    """

    id: int
    number: int
    text: str
    due: Moment | None
    at: Moment
    kept_at: Moment | None
    kind: PromiseKind = "ours"
    owner: str = ""
    told: bool = False
    dropped_at: Moment | None = None
    author: str = ""

    @property
    def clause(self) -> str:
        """The text as it stands inside a sentence: without a full stop at its end; an ellipsis stays."""
        return without_full_stop(self.text)

    @property
    def kept_by(self) -> str:
        """Who keeps it: the owner, or for one of ours without an owner who made it. Empty if that is not known."""
        return self.owner or (self.author if self.kind == "ours" else "")

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.dropped_at is None


@dataclass(frozen=True)
class ValueEntry:
    """Something that bore out the value of a deal (`effect` 1) or lowered it (-1); `number` counts within the deal.

    `recorded` is False if only a field of the deal has it.
    """

    number: int
    effect: int
    text: str
    at: Moment
    recorded: bool = True


class ListedPromise(NamedTuple):
    """A `DealPromise` as `promise list --json` prints it. `name` is the account's."""

    account: str
    name: str
    deal: str
    number: int
    text: str
    due: Moment | None
    at: Moment
    kept_at: Moment | None
    ref: str
    overdue: bool
    kind: PromiseKind
    owner: str
    told: bool
    dropped_at: Moment | None


@dataclass(frozen=True)
class DealPromise:
    """A promise with the account and deal it belongs to; `ref` is how a command names the deal."""

    promise: Promise
    account: str
    name: str
    deal: str
    ref: str

    def is_overdue(self, clock: Clock) -> bool:
        """Returns True if the promise is open and its due date has passed."""
        promise = self.promise
        return promise.is_open and promise.due is not None and is_before(promise.due, clock.now, clock.zone)

    def as_json(self, clock: Clock) -> ListedPromise:
        promise = self.promise
        return ListedPromise(
            self.account, self.name, self.deal, promise.number, promise.text, promise.due, promise.at,
            promise.kept_at, self.ref, self.is_overdue(clock), promise.kind, promise.owner, promise.told,
            promise.dropped_at,
        )  # fmt: skip
