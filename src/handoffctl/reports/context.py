"""The context of a report: its playbook, its window of time and the database it reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from handoffctl.core.json_record import OMITTED, NamedRecord, Omitted, json_object
from handoffctl.core.moments import Clock, Moment, is_before
from handoffctl.core.windows import Window
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals.stays_query import playbook_was_used, playbooks_used
from handoffctl.errors import NotFound, RulesFault, UsageFault
from handoffctl.playbook.library import archived_playbook, load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

ProgressCallback = Callable[[int, int], None]  # rows read so far, rows in all


def _no_progress(done: int, size: int) -> None:
    pass


class ReportOptions(NamedTuple):
    """The options of a report as typed; empty where one was not given."""

    playbook: str = ""
    since: str = ""
    until: str = ""
    progress: ProgressCallback = _no_progress


class ReportHeadJson(NamedTuple):
    """The head of a report as `--json` prints it; an open end of the window has no key."""

    playbook: str
    as_of: Moment
    since: Moment | Omitted
    until: Moment | Omitted


class ReportHead(NamedTuple):
    """The keys with which the JSON of every report begins."""

    playbook: str
    as_of: Moment
    since: Moment | None = None
    until: Moment | None = None

    @property
    def limited(self) -> bool:
        """True if the report looks at part of the time only."""
        return bool(self.since or self.until)

    def as_json(self) -> ReportHeadJson:
        return ReportHeadJson(self.playbook, self.as_of, self.since or OMITTED, self.until or OMITTED)


class ReportResult(NamedRecord, Protocol):
    """The figures of a report: `head` first, then the fields that the report adds."""

    @property
    def head(self) -> ReportHead: ...


def report_json(result: ReportResult) -> dict[str, Any]:
    """Returns the figures of a report as `--json` prints them: the head's keys first, then those of the report."""
    body = json_object(result)
    del body["head"]
    return json_object(result.head.as_json()) | body


@dataclass(frozen=True)
class ReportContext:
    """Everything that a report is computed from. `remarks` collects sentences that are printed beside the report."""

    home: Home
    query: QueryConnection
    playbook: Playbook
    window: Window
    progress: ProgressCallback = _no_progress
    remarks: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """The clock that stands at the moment of the report."""
        return self.home.clock

    @property
    def head(self) -> ReportHead:
        """The head of the report's JSON."""
        return ReportHead(self.playbook.playbook, self.clock.now, self.window.since, self.window.until)


@contextmanager
def open_report(home: Home, options: ReportOptions) -> Iterator[ReportContext]:
    """Opens the database and yields the context of a report.

    Raises NotFound or RulesFault for the playbook, Refused for a moment that cannot be read, and UsageFault if the
    window ends before it begins.
    """
    window = window_of(home, options)
    with home.reading() as query:
        playbook, remarks = _playbook(home, query, options.playbook)
        others = [name for name in playbooks_used(query) if name != playbook.playbook]
        if others and not playbook_was_used(query, playbook.playbook):
            remarks.append(f"Deals are in: {', '.join(others)}. Add: --playbook {others[0]}")
        if window.since and not window.occurred(window.since):
            remarks.append(f"--since {options.since} is still to come, so there is nothing to look at.")
        yield ReportContext(home, query, playbook, window, options.progress, remarks)


def window_of(home: Home, options: ReportOptions) -> Window:
    """Returns the window that --since and --until describe. Raises Refused, or UsageFault if it ends too early."""
    since = home.moment("--since", options.since) if options.since else None
    until = home.moment("--until", options.until) if options.until else None
    if since and until and is_before(until, since, home.clock.zone):
        raise UsageFault(
            f"--until {options.until} is before --since {options.since}.", "The earlier one goes with --since."
        )
    return Window(home.clock, since, until)


def _playbook(home: Home, query: Query, name: str) -> tuple[Playbook, list[str]]:
    """Returns the playbook and remarks on it. A faulty file is replaced by the content last used, if there is one."""
    name = name or default_playbook(home, query)
    try:
        return load_playbook(home, name).playbook, []
    except (NotFound, RulesFault) as fault:
        last_used = archived_playbook(query, name)
        if last_used is None:
            raise
        return last_used, [f"{fault.message} The content kept when it was last used stands in for it."]


def default_playbook(home: Home, query: Query) -> str:
    """Returns the name of the only playbook that deals are in, or else of the configured one."""
    used = playbooks_used(query)
    return used[0] if len(used) == 1 else home.configuration.playbook


def usual_playbook(home: Home) -> Playbook:
    """Returns the playbook that `default_playbook` names. Raises HandoffError if it cannot be read."""
    with home.reading() as query:
        return load_playbook(home, default_playbook(home, query)).playbook
