"""Lists deals, and accounts without a deal."""

from collections.abc import Sequence
from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, Omitted
from handoffctl.core.moments import Moment
from handoffctl.core.names import fold
from handoffctl.db.query import Query, Row
from handoffctl.deals.missing_stages import MissingStage, gone_among
from handoffctl.deals.stays_query import playbooks_used
from handoffctl.errors import NotFound, nearest
from handoffctl.overview import query as listing
from handoffctl.overview.dated import DatedStep, age, dated_step
from handoffctl.overview.scored import scores
from handoffctl.people.query import owner_called
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.query import stages_taken
from handoffctl.workspace.home import Home

EVERY = 2**31  # a limit that no list reaches


class ListedDeal(NamedTuple):
    """A deal with its account, its stage and its next step. `name` is the account's; `days` is the time in it.

    `score` is there if the list is sorted by it, and None for a playbook without signals.
    """

    account: str
    name: str
    deal: str
    playbook: str
    stage: str
    kind: str
    owner: str
    deal_name: str | None
    entered_at: Moment | None
    days: float | None
    step: DatedStep | None
    wakes_on: Moment | None
    test: bool
    score: int | Omitted | None = OMITTED


class AccountWithoutDeal(NamedTuple):
    """The slug and the name of an account without a deal."""

    account: str
    name: str


class DealList(NamedTuple):
    """The first deals and how many there are in all, accounts without one, and stages missing from their playbooks."""

    deals: Sequence[ListedDeal]
    total: int
    without_deal: Sequence[AccountWithoutDeal]
    stages_gone: Sequence[MissingStage]


def deals(
    home: Home,
    most: int,
    playbook: str | None,
    stage: str | None,
    owner: str | None,
    closed: bool,
    by_score: bool = False,
) -> DealList:
    """Returns open deals (all with `closed`), by account or by score, and accounts without a deal."""
    stage = _stage_named(home, stage, playbook) if stage else None
    if playbook:
        load_playbook(home, playbook)  # raises where there is none
    with home.reading() as query:
        kind = None if closed else "open"
        owner = owner_called(query, owner) if owner else None
        enough = EVERY if by_score else most
        rows, total = listing.deals(query, enough, playbook=playbook, stage=stage, owner=owner, kind=kind)
        listed = [_listed_deal(home, row) for row in rows if row["deal"]]
        if by_score:
            listed = _by_score(home, query, listed)[:most]
    without_deal = [AccountWithoutDeal(row["account"], row["name"]) for row in rows if not row["deal"]]
    missing = gone_among(home, {(deal.playbook, deal.stage) for deal in listed})
    return DealList(listed, total, without_deal, missing)


def _by_score(home: Home, query: Query, listed: Sequence[ListedDeal]) -> list[ListedDeal]:
    """Returns the deals with their scores, the highest first; those without one come last."""
    points = scores(home, query, ((deal.account, deal.deal) for deal in listed))
    scored = [deal._replace(score=points.get((deal.account, deal.deal))) for deal in listed]
    return sorted(scored, key=lambda deal: -points.get((deal.account, deal.deal), -1))


def _listed_deal(home: Home, row: Row) -> ListedDeal:
    return ListedDeal(
        row["account"], row["name"], row["deal"], row["playbook"], row["stage"], row["kind"], row["owner"],
        row["deal_name"], row["entered_at"], age(home, row["entered_at"]), dated_step(row["step"], row["due"]),
        row["wakes_on"], bool(row["test"]),
    )  # fmt: skip


def _stage_named(home: Home, stage: str, playbook: str | None) -> str:
    """Returns the stage of this name or title. Raises NotFound if no relevant playbook has one."""
    with home.reading() as query:
        names = [playbook] if playbook else dict.fromkeys([*playbooks_used(query), home.configuration.playbook])
        taken = [row["stage"] for row in stages_taken(query) if row["playbook"] in names]
    known: dict[str, str] = {}
    for name in names:
        content = load_playbook(home, name).playbook
        known |= {fold(content.title_of(stage_name)): stage_name for stage_name in content.stages}
        known |= {fold(stage_name): stage_name for stage_name in content.stages}
    known |= {fold(stage_name): stage_name for stage_name in taken}  # some may be gone from their playbook
    if fold(stage) not in known:
        raise NotFound(
            f'No stage is called "{stage[:60]}" {nearest(stage, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(dict.fromkeys(known.values()))}.",
        )
    return known[fold(stage)]
