"""Counts reasons: those from the playbook's lists by their names, and those in other words."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from handoffctl.core.moments import Clock, Moment, sort_key

IN_OTHER_WORDS = "in other words"
NONE_GIVEN = "no reason given"


class GivenReason(NamedTuple):
    """Why a handoff was returned (`occasion` is `return`) or a deal ended; `name` is None if it is on no list.

    `ref` is the name of the deal for commands; `at` is None if an import did not know it; `test` is 1 on a
    test account.
    """

    occasion: str
    name: str | None
    because: str
    at: Moment | None
    account: str
    ref: str
    test: int


class ReasonDeal(NamedTuple):
    """A deal behind a count: when it came back or ended, and what was said."""

    account: str
    ref: str
    at: Moment
    because: str


class ReasonLine(NamedTuple):
    """How often a reason was given on an occasion, its share of the occasion, and the deals, the newest first.

    `reason` is None for those in other words and those without any, which `title` says.
    """

    occasion: str
    reason: str | None
    title: str
    times: int
    share: float
    deals: list[ReasonDeal]


def count_reasons(
    given: Iterable[GivenReason], titles: Mapping[tuple[str, str], str], occasions: Iterable[str], clock: Clock
) -> list[ReasonLine]:
    """Counts dated reasons by occasion and reason; in each occasion the most frequent first, unlisted ones last.

    `titles` has the words of each reason by occasion and name.
    """
    groups: dict[str, dict[tuple[str | None, str], list[ReasonDeal]]] = {occasion: {} for occasion in occasions}
    for one in given:
        if one.at is not None:
            title = titles[one.occasion, one.name] if one.name else _unlisted(one)
            deal = ReasonDeal(one.account, one.ref, one.at, one.because)
            groups[one.occasion].setdefault((one.name, title), []).append(deal)
    lines = []
    for occasion, by_reason in groups.items():
        total = sum(map(len, by_reason.values()))
        counted = [
            ReasonLine(occasion, name, title, len(deals), len(deals) / total, _newest_first(deals, clock))
            for (name, title), deals in by_reason.items()
        ]
        lines += sorted(counted, key=lambda line: (line.reason is None, -line.times, line.title))
    return lines


def _unlisted(given: GivenReason) -> str:
    return IN_OTHER_WORDS if given.because else NONE_GIVEN


def _newest_first(deals: list[ReasonDeal], clock: Clock) -> list[ReasonDeal]:
    return sorted(deals, key=lambda deal: sort_key(deal.at, clock.zone), reverse=True)
