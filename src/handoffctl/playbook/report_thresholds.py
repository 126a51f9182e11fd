"""Settings for the reports: when to doubt an item, what to leave out, and where a customer's value is recorded."""

from typing import Annotated

from handoffctl.core.yaml.types import Days, Key, Share, StrictModel, Text


class Verdicts(StrictModel):
    """Thresholds of the report on fields.

    Below `attempts` first attempts there is not enough data. An item is often missing from the share `often` on, and
    often filled with a placeholder from the share `placeholders` on.
    """

    attempts: Annotated[int, Key(ge=1, le=10_000)] = 20
    often: Share = 0.5
    placeholders: Share = 0.2


class Improve(StrictModel):
    """How often to look for an item that can be left out, and which one to try first, as HANDOFF.ITEM."""

    every: Days = 30.0
    candidate: Text | None = None


class Value(StrictModel):
    """The value a customer sees in what they bought, as names of fields.

    `seen` is what they saw at signing. `signed` is the stage that begins with the signature, if it is not a won one.
    `first` is a stage, or a date field: when they first had some of it. `log` is what has confirmed or lowered it
    since; each value it was given is an entry.
    """

    seen: Text
    signed: Text | None = None
    first: Text | None = None
    log: Text | None = None
