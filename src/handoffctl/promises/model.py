"""A promise made to a client, beyond the questions of the playbook."""

from dataclasses import dataclass
from typing import Any

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

    def as_json(self, clock: Clock) -> dict[str, Any]:
        promise = self.promise
        return {
            "account": self.account, "name": self.name, "deal": self.deal, "number": promise.number,
            "text": promise.text, "due": promise.due, "at": promise.at, "kept_at": promise.kept_at, "ref": self.ref,
            "overdue": self.is_overdue(clock),
        }  # fmt: skip
