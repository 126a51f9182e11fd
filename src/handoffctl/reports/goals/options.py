"""The options of the report on goals."""

from typing import NamedTuple


class GoalsOptions(NamedTuple):
    """The options as typed; empty where one was not given. `month` is written like `2026-03`."""

    month: str = ""
    person: str = ""
