"""Looks up the account or deal a user names: by slug, by name in any case, by unique prefix, or as account/deal."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from handoffctl.core.moments import Moment
from handoffctl.core.names import folded
from handoffctl.db.query import Query, Row
from handoffctl.errors import NotFound, nearest

OPEN_OR_WON = ("open", "won")  # kinds of stages in which the client still hears from us
LAST = "\U0010ffff"
MOST_NAMED = 8


@dataclass(frozen=True)
class Account:
    """An account, as commands look it up."""

    id: int
    slug: str
    name: str
    domain: str | None
    test: bool


@dataclass(frozen=True)
class Deal:
    """A deal with its current stay. `ref` is the shortest name by which commands find it."""

    id: int
    slug: str
    name: str | None
    account: Account
    ref: str
    visit_id: int
    number: int
    playbook: str
    stage: str
    kind: str
    owner: str
    entered_at: Moment | None
    handoff_id: int | None
    outside_stage: str | None
    outside_at: Moment | None

    @property
    def called(self) -> str:
        """The deal's name in sentences: the account's name, plus the deal's own if the account has several."""
        return f"{self.account.name} ({self.name or self.slug})" if "/" in self.ref else self.account.name


_ACCOUNT = "SELECT id, slug, name, domain, test FROM account"


def account(query: Query, ref: str, allow_prefix: bool) -> Account:
    """Returns the account with this slug or name. Raises NotFound with the nearest name, or all that match."""
    exact = _exact(query, ref)
    found = exact or (_beginning(query, ref) if allow_prefix else [])
    if len(found) == 1:
        return found[0]
    if found:
        raise _several(ref, [f"{one.slug}  {one.name}" for one in found])
    begun = [] if allow_prefix else _beginning(query, ref)
    if len(begun) == 1:
        raise NotFound(
            f'No account is called "{_short(ref)}" (did you mean "{begun[0].slug}"?).',
            "A command that writes needs the whole name, unless you are on a terminal.",
        )
    raise NotFound(
        f'No account is called "{_short(ref)}" {nearest(ref, _similar(query, ref))}'.rstrip() + ".",
        "handoffctl list shows the accounts there are; handoffctl add makes a new one.",
    )


def _exact(query: Query, ref: str) -> list[Account]:
    rows = query(f"{_ACCOUNT} WHERE slug = :ref", ref=ref.strip())
    rows = rows or query(f"{_ACCOUNT} WHERE folded = :folded ORDER BY slug", folded=folded(ref))
    return [_account(row) for row in rows]


def _beginning(query: Query, ref: str) -> list[Account]:
    start = folded(ref)
    if not start:
        return []
    sql = f"""{_ACCOUNT} WHERE slug >= :start AND slug < :end UNION
              {_ACCOUNT} WHERE folded >= :start AND folded < :end LIMIT :most"""
    return [_account(row) for row in query(sql, start=start, end=start + LAST, most=MOST_NAMED + 1)]


def _similar(query: Query, ref: str) -> list[str]:
    start = folded(ref)[:1]
    sql = "SELECT slug FROM account WHERE slug >= :start AND slug < :end LIMIT 500"
    return [row[0] for row in query(sql, start=start, end=start + LAST)]


def _account(row: Row) -> Account:
    return Account(row["id"], row["slug"], row["name"], row["domain"], bool(row["test"]))


def deal(query: Query, ref: str, allow_prefix: bool, kinds: Sequence[str] = ("open",)) -> Deal:
    """Returns the named deal, or the account's only deal in a stage of one of these kinds. Raises NotFound."""
    name, which = _split(query, ref)
    owner = account(query, name, allow_prefix)
    all_deals = deals_of(query, owner)
    if which:
        return _named(all_deals, which, allow_prefix, ref)
    fitting = [one for one in all_deals if one.kind in kinds]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _several(ref, [f"{owner.slug}/{one.slug}  {one.name or one.stage}" for one in fitting])
    raise _none_fits(owner, all_deals, kinds)


def deal_or_customer(query: Query, ref: str, allow_prefix: bool) -> Deal:
    """Returns the open deal, otherwise the won one: customers are still talked to. Raises NotFound."""
    return deal_or(query, ref, allow_prefix, ("open", "won"))


def deal_or(query: Query, ref: str, allow_prefix: bool, *others: Sequence[str]) -> Deal:
    """Returns the open deal; otherwise tries each group of kinds in turn and returns the first match.

    Raises the NotFound of the open deal if none matches.
    """
    try:
        return deal(query, ref, allow_prefix)
    except NotFound as fault:
        for kinds in others:
            with suppress(NotFound):
                return deal(query, ref, allow_prefix, kinds)
        raise fault


def again(query: Query, seen: Deal) -> Deal:
    """Reads a deal again by id, so renames do not matter. Raises NotFound if it no longer exists."""
    rows = query(f"{_ACCOUNT} WHERE id = :id", id=seen.account.id)
    found = [one for row in rows for one in deals_of(query, _account(row)) if one.id == seen.id]
    if not found:
        raise NotFound(f"{seen.called} is not there any more.", "handoffctl list shows the accounts there are.")
    return found[0]


def _split(query: Query, ref: str) -> tuple[str, str]:
    """Splits `account/deal`; an account whose own name contains the slash takes precedence."""
    if "/" not in ref or _exact(query, ref):
        return ref, ""
    name, _, which = ref.rpartition("/")
    return name, which.strip()


def _named(deals: Sequence[Deal], which: str, allow_prefix: bool, ref: str) -> Deal:
    wanted = folded(which)
    fitting = [one for one in deals if one.slug == which or (one.name and folded(one.name) == wanted)]
    if not fitting and allow_prefix:
        fitting = [one for one in deals if one.slug.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0]
    slugs = [one.slug for one in deals]
    if fitting:
        raise _several(ref, [f"{one.account.slug}/{one.slug}" for one in fitting])
    raise NotFound(
        f'{deals[0].account.name if deals else "The account"} has no deal called "{_short(which)}" '
        f"{nearest(which, slugs)}".rstrip()
        + ".",
        f"Its deals: {', '.join(slugs[:MOST_NAMED]) or 'none'}.",
    )


def _none_fits(owner: Account, deals: Sequence[Deal], kinds: Sequence[str]) -> NotFound:
    if "open" in kinds:
        hint = f'Open one with: handoffctl deal add {owner.slug} "NAME"'
        if deals:
            closed = deals[-1].ref if len(deals) == 1 else f"{owner.slug}/{deals[-1].slug}"
            hint += f", or take a closed one up again with: handoffctl reopen {closed}"
        return NotFound(f"{owner.name} has no open deal.", hint)
    return NotFound(f"{owner.name} has no closed deal.", f"See its deals with: handoffctl show {owner.slug}")


def _several(ref: str, lines: Sequence[str]) -> NotFound:
    shown = [*lines[:MOST_NAMED], *(["..."] if len(lines) > MOST_NAMED else [])]
    return NotFound(f'"{_short(ref)}" could be several.', "Give one of these names in full.", shown)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


_DEALS = """
    SELECT d.id, d.slug, d.name, d.outside_stage, d.outside_at, v.id AS visit_id, v.number, v.playbook, v.stage, v.kind,
           v.owner, v.entered_at, v.handoff_id
    FROM deal AS d JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    WHERE d.account_id = :account ORDER BY d.id"""


def account_or_deal(query: Query, ref: str) -> tuple[Account, int | None]:
    """Returns the account, and the deal's id if a deal is named. Accepts prefixes, so for reading only."""
    try:
        return account(query, ref, allow_prefix=True), None
    except NotFound:
        if "/" not in ref:
            raise
    found = deal(query, ref, True)
    return found.account, found.id


def deals_of(query: Query, owner: Account) -> list[Deal]:
    """Returns all deals of the account, open and closed, oldest first."""
    rows = query(_DEALS, account=owner.id)
    open_deals = sum(row["kind"] == "open" for row in rows)
    return [_deal(row, owner, alone=(row["kind"] == "open" and open_deals == 1) or len(rows) == 1) for row in rows]


def _deal(row: Row, owner: Account, alone: bool) -> Deal:
    ref = owner.slug if alone else f"{owner.slug}/{row['slug']}"
    return Deal(
        row["id"], row["slug"], row["name"], owner, ref, row["visit_id"], row["number"], row["playbook"],
        row["stage"], row["kind"], row["owner"], row["entered_at"], row["handoff_id"], row["outside_stage"],
        row["outside_at"],
    )  # fmt: skip


def slugs_taken(query: Query, start: str) -> set[str]:
    """Returns the account slugs that begin with `start`, for choosing a free one."""
    sql = "SELECT slug FROM account WHERE slug >= :start AND slug < :end"
    return {row[0] for row in query(sql, start=start, end=start + LAST)}


def completions(query: Query, start: str, most: int = 50) -> list[tuple[str, str]]:
    """Returns up to `most` (slug, name) pairs of accounts whose slug begins with `start`."""
    sql = "SELECT slug, name FROM account WHERE slug >= :start AND slug < :end ORDER BY slug LIMIT :most"
    return [(row[0], row[1]) for row in query(sql, start=folded(start), end=folded(start) + LAST, most=most)]
