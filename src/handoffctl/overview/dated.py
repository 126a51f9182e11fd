"""Ages and due steps, for lists and `show`."""

from typing import NamedTuple

from handoffctl.core.moments import Moment, days_between
from handoffctl.workspace.home import Home


class DatedStep(NamedTuple):
    """The open next step of a deal; `due` is None if it has no date."""

    text: str
    due: Moment | None


def dated_step(text: str | None, due: Moment | None) -> DatedStep | None:
    """Returns the step; None without a text."""
    return DatedStep(text, due) if text else None


def age(home: Home, since: Moment | None) -> float | None:
    """Returns the days since then; None if that is unknown."""
    return None if since is None else days_between(since, home.clock.now, home.clock.zone)
