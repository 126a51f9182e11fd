"""What the next summary says: everything, or what is new since the summary that the client answered last, or nothing.

The dates are moments as they are kept, and the values stand in their written form: a template formats both.
"""

from typing import Literal, NamedTuple

from handoffctl.core.moments import Moment

ContentKind = Literal["whole", "news", "nothing"]


class EarlierSummary(NamedTuple):
    """A summary that was sent before, in whose thread the next one goes. `message_id` may be empty."""

    id: int
    subject: str
    message_id: str
    sent_at: Moment | None


class BaseSummary(NamedTuple):
    """The summary that the client answered last, with their answer; what is new is counted from it.

    `state` is confirmed or corrected. `line` is what the client wrote, and `mail` the file in which it stands; both are
    empty if the user took the answer down.
    """

    id: int
    state: str
    sent_at: Moment | None
    answered_at: Moment | None
    line: str = ""
    mail: str = ""


class NewItem(NamedTuple):
    """A field that is known now and that the client has not confirmed; `head` is the head of the summary it feeds."""

    name: str
    head: str
    value: str


class ChangedItem(NamedTuple):
    """A field whose value is different from the one that the client confirmed (`was`)."""

    name: str
    head: str
    was: str
    now: str


class DoneItem(NamedTuple):
    """A promise that was kept since the base; `kind` is ours, theirs (the client's) or milestone."""

    text: str
    kind: str
    owner: str
    kept_at: Moment


class SeenValue(NamedTuple):
    """Something that bore out the value of the deal."""

    text: str
    at: Moment


class SummaryQuestion(NamedTuple):
    """The one question of a summary: the field it asks for, the head that this field feeds, and its words."""

    name: str
    head: str
    ask: str


class SummaryContent(NamedTuple):
    """The content of the next summary.

    `whole`: everything known; `replaces` is the unanswered summary that it supersedes, if there is one.
    `news`: `new`, `changed`, `done` and the values `seen` since `base`. `nothing`: none of them, so that no mail is
    written.
    `thread` has the earlier summaries, oldest first: the subject is `Re:` that of the first, and an .eml file refers to
    their Message-IDs.
    """

    kind: ContentKind = "whole"
    new: tuple[NewItem, ...] = ()
    changed: tuple[ChangedItem, ...] = ()
    done: tuple[DoneItem, ...] = ()
    seen: tuple[SeenValue, ...] = ()
    base: BaseSummary | None = None
    replaces: EarlierSummary | None = None
    thread: tuple[EarlierSummary, ...] = ()
    question: SummaryQuestion | None = None

    @property
    def thread_subject(self) -> str:
        """The subject of the first summary that was sent, without `Re:`; empty for a first summary."""
        return next((earlier.subject for earlier in self.thread if earlier.subject), "")

    @property
    def references(self) -> tuple[str, ...]:
        """The Message-IDs of the earlier summaries, oldest first; the last one is the one to reply to."""
        return tuple(earlier.message_id for earlier in self.thread if earlier.message_id)
