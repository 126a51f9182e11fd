"""The next steps that a client reads. A step is private; what the client may read of it becomes a promise, once."""

from dataclasses import dataclass

from handoffctl.core.moments import Clock, Moment
from handoffctl.core.screen_dates import day_and_time
from handoffctl.deals.lookup_query import Deal
from handoffctl.errors import NotReady
from handoffctl.promises.model import without_full_stop

LEAVE_OUT = "-"  # what the user types where the client is to be told nothing


@dataclass(frozen=True)
class PrivateStep:
    """The open step of a deal as the user worded it for themselves.

    `made` is True if the program made it, for a meeting. `left_out` is True if the user decided not to tell the client.
    `promise_id` is the promise as which the client was told of it. `id` is None for a step that is not recorded yet.
    """

    id: int | None
    text: str
    due: Moment | None
    made: bool = False
    left_out: bool = False
    promise_id: int | None = None

    @property
    def is_to_be_asked_about(self) -> bool:
        """True if the user has not decided yet whether the client may read of it. Steps of the program stay private."""
        return not self.made and not self.left_out and self.promise_id is None

    def as_shown(self, clock: Clock) -> str:
        """Returns the step as the question shows it: `sample export, by Tue 10 Mar`."""
        return f"{without_full_stop(self.text)}, by {day_and_time(self.due, clock)}" if self.due else self.text


@dataclass(frozen=True)
class Telling:
    """What the user decided to tell the client.

    `as_worded` tells the open step in its own words, `words` in these. `left_out` is True if the user chose to tell
    nothing of it. `theirs` is what the client said they would do, `theirs_by` by when, and `client` who said so.
    """

    as_worded: bool = False
    words: str = ""
    left_out: bool = False
    theirs: str = ""
    theirs_by: Moment | None = None
    client: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.as_worded or self.words or self.left_out or self.theirs)


def telling_of(answer: str) -> Telling:
    """Returns what an answer to the question about the open step means: Enter, `-`, or words of one's own."""
    if answer == LEAVE_OUT:
        return Telling(left_out=True)
    return Telling(words=answer) if answer else Telling(as_worded=True)


def words_for_client(deal: Deal, step: PrivateStep | None, telling: Telling) -> str:
    """Returns what the client will read that we do next; empty for nothing.

    Raises NotReady if the open step is to be told as it is worded, and there is none or the program made it.
    """
    if telling.words or not telling.as_worded:
        return telling.words
    hint = f'Say it in your words: --tell-as "TEXT"; or plan a step: handoffctl step {deal.ref} "TEXT" --due +3d'
    if step is None:
        raise NotReady(f"Can't tell the client the next step: {deal.called} has none.", hint)
    if step.made:
        raise NotReady(f'Can\'t tell the client "{step.text}": that step stands for a meeting.', hint)
    return step.text
