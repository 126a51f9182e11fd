"""A promise made to a client, beyond the questions of the playbook."""

from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, is_before


@dataclass(frozen=True)
class Promise:
    """One promise; `number` counts within its deal, from 1."""

    id: int
    number: int
    text: str
    due: Moment | None
    at: Moment
    kept_at: Moment | None


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
        return promise.kept_at is None and promise.due is not None and is_before(promise.due, clock.now, clock.zone)

    def as_json(self, clock: Clock) -> ListedPromise:
        promise = self.promise
        return ListedPromise(
            self.account, self.name, self.deal, promise.number, promise.text, promise.due, promise.at,
            promise.kept_at, self.ref, self.is_overdue(clock),
        )  # fmt: skip
