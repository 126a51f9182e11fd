"""The options of the throughput report."""

from typing import NamedTuple


class ThroughputOptions(NamedTuple):
    """How the stays are segmented, as typed: by what, only in which stage, before and after what."""

    by: str = ""
    stage: str = ""
    compare: str = ""
