"""The amounts of deals as they were known at any moment, in the usual currency only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from handoffctl.core.moments import Clock, Moment, is_before
from handoffctl.reports.forecast.query import DealVersion
from handoffctl.reports.forecast.typed import TypedFacts


class KnownAmounts:
    """The amounts of deals in whole units of the usual currency. One in another currency is not known here.

    What a deal was recorded with counts even before that: an import brings deals with an older past.
    """

    def __init__(
        self, versions: Sequence[DealVersion], facts: Mapping[int, TypedFacts], usual: str, clock: Clock
    ) -> None:
        self._clock = clock
        self._versions: dict[int, list[DealVersion]] = defaultdict(list)
        for version in versions:
            known = facts.get(version.deal)
            if known is not None and known.currency == usual:
                self._versions[version.deal].append(version)

    def at(self, deal: int, moment: Moment) -> float | None:
        """Returns the amount as known at a moment; None if it was not."""
        known = self._known(deal, moment)
        return _units(known[-1]) if known else None

    def at_or_after(self, deal: int, moment: Moment) -> float | None:
        """Returns the amount as known at a moment, else the first that was typed later, by now."""
        amount = self.at(deal, moment)
        if amount is not None:
            return amount
        amounts = map(_units, self._known(deal, self._clock.now)[len(self._known(deal, moment)) :])
        return next((amount for amount in amounts if amount is not None), None)

    def _known(self, deal: int, moment: Moment) -> list[DealVersion]:
        versions = self._versions.get(deal, [])
        later = [version for version in versions[1:] if not is_before(moment, version.at, self._clock.zone)]
        return [*versions[:1], *later]


def _units(version: DealVersion) -> float | None:
    return None if version.amount_cents is None else version.amount_cents / 100
