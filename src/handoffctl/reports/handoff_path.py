"""The key by which reports group handoffs."""

from typing import NamedTuple


class HandoffPath(NamedTuple):
    """A handoff by its name, the stage it leaves, and the stage it leads to."""

    name: str
    from_stage: str
    to_stage: str
