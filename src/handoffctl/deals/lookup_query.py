"""Looks up the account or deal a user names: by slug, by name in any case, by unique prefix, or as account/deal."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from handoffctl.core.moments import Moment
from handoffctl.core.names import Abbreviation, fold, part_of
from handoffctl.db.query import Query, Row
from handoffctl.errors import NotFound, nearest
from handoffctl.playbook.query import KeptContent, kept_content

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
    """A deal with its current stay. `ref` is the shortest name by which commands find it.

    `content` is that of the shipped playbook with which it entered; None for a user's own, and in older records.
    """

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
    content: KeptContent | None = None

    @property
    def full_ref(self) -> str:
        """The name `account/deal`, which means this deal whatever other deals the account gets."""
        return full_deal_ref(self.account.slug, self.slug)

    @property
    def called(self) -> str:
        """The deal's name in sentences: the account's name, plus the deal's own if the account has several."""
        return f"{self.account.name} ({self.name or self.slug})" if "/" in self.ref else self.account.name


def full_deal_ref(account: str, deal: str) -> str:
    """Returns the name `account/deal`, from the slugs of both."""
    return f"{account}/{deal}"


def account_names_deal(is_open: bool, deals: int, open_deals: int) -> bool:
    """True if the account's slug is enough to name a deal: its only deal, or its only open one.

    `is_open` says whether the deal itself is open; `deals` and `open_deals` count those of the account.
    """
    return deals == 1 or (is_open and open_deals == 1)


def deal_ref(account: str, deal: str, kind: str, deals: int, open_deals: int) -> str:
    """Returns the shortest name by which commands find a deal, from the slugs of its account and its own.

    It is the account's slug if that has only this deal, or if this is its only open one; otherwise `account/deal`.
    `kind` is that of the deal's current stage; `deals` and `open_deals` count those of the account.
    """
    return account if account_names_deal(kind == "open", deals, open_deals) else full_deal_ref(account, deal)


_ACCOUNT = "SELECT id, slug, name, domain, test FROM account"


def account(query: Query, ref: str) -> Account:
    """Returns the account with this slug or name, or the only one that begins with an Abbreviation.

    Raises NotFound with the nearest name, or all that match.
    """
    exact = _exact(query, ref)
    matches = exact or (_with_prefix(query, ref) if isinstance(ref, Abbreviation) else [])
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise _several(ref, [f"{match.slug}  {match.name}" for match in matches])
    suggestions = [] if isinstance(ref, Abbreviation) else _with_prefix(query, ref)
    if len(suggestions) == 1:
        raise NotFound(
            f'No account is called "{_short(ref)}" (did you mean "{suggestions[0].slug}"?).',
            "A command that writes needs the whole name, unless you are on a terminal.",
        )
    raise NotFound(
        f'No account is called "{_short(ref)}" {nearest(ref, _similar(query, ref))}'.rstrip() + ".",
        "handoffctl list shows the accounts there are; handoffctl add makes a new one.",
    )


def _exact(query: Query, ref: str) -> list[Account]:
    rows = query(f"{_ACCOUNT} WHERE slug = :ref", ref=ref.strip())
    rows = rows or query(f"{_ACCOUNT} WHERE folded = :folded ORDER BY slug", folded=fold(ref))
    return [_account(row) for row in rows]


def _with_prefix(query: Query, ref: str) -> list[Account]:
    start = fold(ref)
    if not start:
        return []
    sql = f"""{_ACCOUNT} WHERE slug >= :start AND slug < :end UNION
              {_ACCOUNT} WHERE folded >= :start AND folded < :end LIMIT :most"""
    return [_account(row) for row in query(sql, start=start, end=start + LAST, most=MOST_NAMED + 1)]


def _similar(query: Query, ref: str) -> list[str]:
    start = fold(ref)[:1]
    sql = "SELECT slug FROM account WHERE slug >= :start AND slug < :end LIMIT 500"
    return [row[0] for row in query(sql, start=start, end=start + LAST)]


def _account(row: Row) -> Account:
    return Account(row["id"], row["slug"], row["name"], row["domain"], bool(row["test"]))


def deal(query: Query, ref: str, kinds: Sequence[str] = ("open",)) -> Deal:
    """Returns the named deal, or the account's only deal in a stage of one of these kinds. Raises NotFound."""
    account_name, deal_name = _split(query, ref)
    owner = account(query, account_name)
    deals = deals_of(query, owner)
    if deal_name:
        return _deal_named(deals, deal_name, ref)
    matches = [deal for deal in deals if deal.kind in kinds]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise _several_deals(ref, matches)
    raise _no_match(owner, deals, kinds)


def deal_or_customer(query: Query, ref: str) -> Deal:
    """Returns the open deal, otherwise the won one: customers are still talked to. Raises NotFound."""
    return deal_or(query, ref, ("open", "won"))


def deal_to_record_for(query: Query, ref: str) -> Deal:
    """Returns the open deal; without one, the deal put aside; without that, the won one.

    What happens with a client is recorded whichever of these their deal is. Raises NotFound for none, and with the list
    where there are several of the kind that comes first: nothing is recorded for a deal that was not meant.
    """
    account_name, deal_name = _split(query, ref)
    if deal_name:
        return deal(query, ref)
    owner = account(query, account_name)
    deals = deals_of(query, owner)
    for kind in ("open", "nurture", "won"):
        matches = [deal for deal in deals if deal.kind == kind]
        if len(matches) > 1:
            raise _several_deals(ref, matches)
        if matches:
            return matches[0]
    raise _no_match(owner, deals, ("open",))


def deal_or(query: Query, ref: str, *others: Sequence[str]) -> Deal:
    """Returns the open deal; otherwise tries each group of kinds in turn and returns the first match.

    Raises the NotFound of the open deal if none matches.
    """
    try:
        return deal(query, ref)
    except NotFound as fault:
        for kinds in others:
            with suppress(NotFound):
                return deal(query, ref, kinds)
        raise fault


def again(query: Query, seen: Deal) -> Deal:
    """Reads a deal again by id, so renames do not matter. Raises NotFound if it no longer exists."""
    rows = query(f"{_ACCOUNT} WHERE id = :id", id=seen.account.id)
    deals = [deal for row in rows for deal in deals_of(query, _account(row)) if deal.id == seen.id]
    if not deals:
        raise NotFound(f"{seen.called} is not there any more.", "handoffctl list shows the accounts there are.")
    return deals[0]


def _split(query: Query, ref: str) -> tuple[str, str]:
    """Splits `account/deal`; an account whose own name contains the slash takes precedence."""
    if "/" not in ref or _exact(query, ref):
        return ref, ""
    account_name, _, deal_name = ref.rpartition("/")
    return part_of(ref, account_name), deal_name.strip()


def _deal_named(deals: Sequence[Deal], name: str, ref: str) -> Deal:
    folded_name = fold(name)
    matches = [deal for deal in deals if deal.slug == name or (deal.name and fold(deal.name) == folded_name)]
    if not matches and isinstance(ref, Abbreviation):
        matches = [deal for deal in deals if deal.slug.startswith(folded_name)]
    if len(matches) == 1:
        return matches[0]
    slugs = [deal.slug for deal in deals]
    if matches:
        raise _several(ref, [match.full_ref for match in matches])
    raise NotFound(
        f'{deals[0].account.name if deals else "The account"} has no deal called "{_short(name)}" '
        f"{nearest(name, slugs)}".rstrip()
        + ".",
        f"Its deals: {', '.join(slugs[:MOST_NAMED]) or 'none'}.",
    )


def _no_match(owner: Account, deals: Sequence[Deal], kinds: Sequence[str]) -> NotFound:
    put_aside = [deal for deal in deals if deal.kind == "nurture"]
    if "open" in kinds and len(put_aside) == 1 and not any(deal.kind == "open" for deal in deals):
        hint = f"Take it up again first: handoffctl reopen {put_aside[0].ref}"
        return NotFound(f"{owner.name} has no open deal; one is put aside.", hint)
    if "open" in kinds:
        hint = f'Open one with: handoffctl deal add {owner.slug} "NAME"'
        if deals:
            hint += f", or take a closed one up again with: handoffctl reopen {deals[-1].ref}"
        return NotFound(f"{owner.name} has no open deal.", hint)
    return NotFound(f"{owner.name} has no closed deal.", f"See its deals with: handoffctl show {owner.slug}")


def _several_deals(ref: str, matches: Sequence[Deal]) -> NotFound:
    return _several(ref, [f"{match.full_ref}  {match.name or match.stage}" for match in matches])


def _several(ref: str, lines: Sequence[str]) -> NotFound:
    shown = [*lines[:MOST_NAMED], *(["..."] if len(lines) > MOST_NAMED else [])]
    return NotFound(f'"{_short(ref)}" could be several.', "Give one of these names in full.", shown)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


_DEALS = """
    SELECT d.id, d.slug, d.name, d.outside_stage, d.outside_at, v.id AS visit_id, v.number, v.playbook, v.stage, v.kind,
           v.owner, v.entered_at, v.handoff_id, d.revision_id, r.hash
    FROM deal AS d JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    LEFT JOIN playbook_revision AS r ON r.id = d.revision_id
    WHERE d.account_id = :account ORDER BY d.id"""

_ALL_DEALS = """
    SELECT a.id AS account_id, a.slug AS account_slug, a.name AS account_name, a.domain, a.test,
           (SELECT count(*) FROM deal AS o WHERE o.account_id = a.id) AS deals,
           (SELECT count(*) FROM deal AS o JOIN visit AS w ON w.deal_id = o.id AND w.ended = 0
            WHERE o.account_id = a.id AND w.kind = 'open') AS open_deals,
           d.id, d.slug, d.name, d.outside_stage, d.outside_at, v.id AS visit_id, v.number, v.playbook, v.stage, v.kind,
           v.owner, v.entered_at, v.handoff_id, d.revision_id, r.hash
    FROM deal AS d JOIN account AS a ON a.id = d.account_id
    JOIN visit AS v ON v.deal_id = d.id AND v.ended = 0
    LEFT JOIN playbook_revision AS r ON r.id = d.revision_id ORDER BY d.id"""


def account_or_deal(query: Query, ref: str) -> tuple[Account, int | None]:
    """Returns the account, and the deal's id if a deal is named. Accepts prefixes, so for reading only."""
    try:
        return account(query, Abbreviation(ref)), None
    except NotFound:
        if "/" not in ref:
            raise
    match = deal(query, Abbreviation(ref))
    return match.account, match.id


def deals_of(query: Query, owner: Account) -> list[Deal]:
    """Returns all deals of the account, open and closed, oldest first."""
    rows = query(_DEALS, account=owner.id)
    open_deals = sum(row["kind"] == "open" for row in rows)
    return [_deal(row, owner, len(rows), open_deals) for row in rows]


def all_deals(query: Query) -> Iterator[Deal]:
    """Yields every deal, open and closed, in the order in which they were recorded."""
    for row in query(_ALL_DEALS):
        owner = Account(row["account_id"], row["account_slug"], row["account_name"], row["domain"], bool(row["test"]))
        yield _deal(row, owner, row["deals"], row["open_deals"])


def _deal(row: Row, owner: Account, deals: int, open_deals: int) -> Deal:
    ref = deal_ref(owner.slug, row["slug"], row["kind"], deals, open_deals)
    return Deal(
        row["id"], row["slug"], row["name"], owner, ref, row["visit_id"], row["number"], row["playbook"],
        row["stage"], row["kind"], row["owner"], row["entered_at"], row["handoff_id"], row["outside_stage"],
        row["outside_at"], kept_content(row["revision_id"], row["hash"]),
    )  # fmt: skip


def accounts_named(query: Query, name: str) -> list[Account]:
    """Returns the accounts of this name, ignoring case; there is one at most, unless an import brought more."""
    return [_account(row) for row in query(f"{_ACCOUNT} WHERE folded = :folded", folded=fold(name))]


def deal_slugs(query: Query, account_id: int) -> set[str]:
    """Returns the slugs of the account's deals."""
    return {row[0] for row in query("SELECT slug FROM deal WHERE account_id = :id", id=account_id)}


def slugs_taken(query: Query, start: str) -> set[str]:
    """Returns the account slugs that begin with `start`, for choosing a free one."""
    sql = "SELECT slug FROM account WHERE slug >= :start AND slug < :end"
    return {row[0] for row in query(sql, start=start, end=start + LAST)}


def completions(query: Query, start: str, most: int = 50) -> list[tuple[str, str]]:
    """Returns up to `most` (slug, name) pairs of accounts whose slug begins with `start`."""
    sql = "SELECT slug, name FROM account WHERE slug >= :start AND slug < :end ORDER BY slug LIMIT :most"
    return [(row[0], row[1]) for row in query(sql, start=fold(start), end=fold(start) + LAST, most=most)]
