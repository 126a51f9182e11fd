"""The stage in which the program of an import had a deal."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.deals.lookup_query import Deal


class OutsideStage(NamedTuple):
    """The stage that the program of an import had a deal in, and since when."""

    stage: str
    at: Moment | None


def outside_stage(deal: Deal) -> OutsideStage | None:
    """Returns the deal's stage in the other program, or None where none is known."""
    return OutsideStage(deal.outside_stage, deal.outside_at) if deal.outside_stage else None
