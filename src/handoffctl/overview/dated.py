"""Ages and due steps, for lists and `show`."""

from typing import Any

from handoffctl.core.moments import Moment, days_between
from handoffctl.workspace.home import Home


def dated_step(text: str | None, due: Moment | None) -> dict[str, Any] | None:
    return {"text": text, "due": due} if text else None


def age(home: Home, since: Moment | None) -> float | None:
    """Returns the days since then; None if that is unknown."""
    return None if since is None else days_between(since, home.clock.now, home.clock.zone)
