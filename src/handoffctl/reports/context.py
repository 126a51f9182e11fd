"""What every report begins with: the playbook it is about, the window it looks through, the database it asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from handoffctl.core.moments import Clock, before
from handoffctl.core.windows import Window
from handoffctl.db.query import Query, QueryConnection
from handoffctl.deals.stays_query import playbooks_used
from handoffctl.errors import NotFound, RulesFault, UsageFault
from handoffctl.playbook.library import kept, rules
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

Tell = Callable[[int, int], None]  # how many rows of how many were read


def _silent(done: int, size: int) -> None:
    pass


@dataclass(frozen=True)
class ReportOptions:
    """What a report was asked for, as typed; empty where nothing was."""

    playbook: str = ""
    since: str = ""
    until: str = ""
    tell: Tell = _silent


@dataclass(frozen=True)
class ReportContext:
    """One report about to be made. `remarks` are said beside it."""

    home: Home
    query: QueryConnection
    playbook: Playbook
    window: Window
    tell: Tell = _silent
    remarks: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return self.home.clock

    def head(self) -> dict[str, Any]:
        """How the JSON of every report begins."""
        told = {"playbook": self.playbook.playbook, "as_of": self.clock.now}
        ends = {"since": self.window.since, "until": self.window.until}
        return told | {name: end for name, end in ends.items() if end}


@contextmanager
def open_report(home: Home, asked: ReportOptions) -> Iterator[ReportContext]:
    """The frame of a report. Raises NotFound or RulesFault for the playbook, Refused for a moment."""
    window = window_of(home, asked)
    with home.reading() as query:
        playbook, remarks = _playbook(home, query, asked.playbook)
        used = [one for one in playbooks_used(query) if one != playbook.playbook]
        if used and not playbook_was_used(query, playbook.playbook):
            remarks.append(f"Deals are in: {', '.join(used)}. Add: --playbook {used[0]}")
        if window.since and not window.happened(window.since):
            remarks.append(f"--since {asked.since} is still to come, so there is nothing to look at.")
        yield ReportContext(home, query, playbook, window, asked.tell, remarks)


def window_of(home: Home, asked: ReportOptions) -> Window:
    since = home.moment("--since", asked.since) if asked.since else None
    until = home.moment("--until", asked.until) if asked.until else None
    if since and until and before(until, since, home.clock.zone):
        raise UsageFault(
            f"--until {asked.until} is before --since {asked.since}.", "The earlier one goes with --since."
        )
    return Window(home.clock, since, until)


def _playbook(home: Home, query: Query, name: str) -> tuple[Playbook, list[str]]:
    name = name or usual(home, query)
    try:
        return rules(home, name).playbook, []
    except (NotFound, RulesFault) as fault:
        old = kept(query, name)
        if old is None:
            raise
        return old, [f"{fault.message} The content kept when it was last used stands in for it."]


def usual(home: Home, query: Query) -> str:
    """The playbook that is meant when none is named: the usual one, or the only one that deals are in."""
    used = playbooks_used(query)
    return used[0] if len(used) == 1 else home.configuration.playbook


def playbook_was_used(query: Query, name: str) -> bool:
    """Whether a deal is or was in it."""
    return bool(query("SELECT 1 FROM path WHERE instr('>' || stages, '>' || :name || '/') LIMIT 1", name=name))
