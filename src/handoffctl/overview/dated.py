"""Ages and due steps as lists and `show` give them."""

from typing import Any

from handoffctl.core.moments import Moment, days_between
from handoffctl.workspace.home import Home


def dated_step(text: str | None, due: Moment | None) -> dict[str, Any] | None:
    return {"text": text, "due": due} if text else None


def age(home: Home, since: Moment | None) -> float | None:
    """Days since then, or None where it is not known since when."""
    return None if since is None else days_between(since, home.clock.now, home.clock.zone)
