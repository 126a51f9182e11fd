"""Shows what is on record: the list of deals, one account whole, the log."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from handoffctl.core.field_values import for_json
from handoffctl.core.moments import Moment, days_between, order
from handoffctl.core.names import folded
from handoffctl.db import command_query as commands
from handoffctl.db.query import Query, Row
from handoffctl.db.undone import taken_back
from handoffctl.deals import facts_query as knowing
from handoffctl.deals import lookup_query as finding
from handoffctl.deals.stays_query import playbooks_used
from handoffctl.emails.summary import query as summaries
from handoffctl.emails.summary.model import ANSWERED, changed, standing
from handoffctl.errors import HandoffError, NotFound, nearest
from handoffctl.meetings.list import still_booked
from handoffctl.overview import query as listing
from handoffctl.people.query import owner_called
from handoffctl.promises import query as promises
from handoffctl.workspace.home import Home


def deals(
    home: Home, most: int, playbook: str | None, stage: str | None, owner: str | None, closed: bool
) -> dict[str, Any]:
    """Open deals (all of them with `closed`), by account; and accounts that have no deal yet."""
    stage = _stage_named(home, stage, playbook) if stage else None
    if playbook:
        from handoffctl.playbook.library import rules

        rules(home, playbook)  # raises where there is none
    with home.reading() as query:
        kind = None if closed else "open"
        owner = owner_called(query, owner) if owner else None
        rows, total = listing.deals(query, most, playbook=playbook, stage=stage, owner=owner, kind=kind)
    found = [
        {
            **{name: row[name] for name in ("account", "name", "deal", "playbook", "stage", "kind", "owner")},
            "deal_name": row["deal_name"],
            "entered_at": row["entered_at"],
            "days": age(home, row["entered_at"]),
            "step": _step(row["step"], row["due"]),
            "wakes_on": row["wakes_on"],
            "test": bool(row["test"]),
        }
        for row in rows
        if row["deal"]
    ]
    without = [{"account": row["account"], "name": row["name"]} for row in rows if not row["deal"]]
    return {"deals": found, "total": total, "without_deal": without}


def _stage_named(home: Home, stage: str, playbook: str | None) -> str:
    """The stage of this name or title. Raises NotFound where no playbook that is meant has one."""
    from handoffctl.playbook.library import rules

    with home.reading() as query:
        names = [playbook] if playbook else dict.fromkeys([*playbooks_used(query), home.configuration.playbook])
    known: dict[str, str] = {}
    for name in names:
        used = rules(home, name).playbook
        known |= {folded(used.title_of(one)): one for one in used.stages} | {folded(one): one for one in used.stages}
    if folded(stage) not in known:
        raise NotFound(
            f'No stage is called "{stage[:60]}" {nearest(stage, list(known))}'.rstrip() + ".",
            f"There are: {', '.join(dict.fromkeys(known.values()))}.",
        )
    return known[folded(stage)]


def _step(text: str | None, due: Moment | None) -> dict[str, Any] | None:
    return {"text": text, "due": due} if text else None


def age(home: Home, since: Moment | None) -> float | None:
    """Days since then, or None where it is not known since when."""
    return None if since is None else days_between(since, home.clock.now, home.clock.zone)


def account(home: Home, ref: str, allow_prefix: bool) -> dict[str, Any]:
    """Everything about an account, or about the one deal that is named."""
    with home.reading() as query:
        one, chosen = _meant(query, ref, allow_prefix)
        return {
            "account": one.slug,
            "name": one.name,
            "domain": one.domain,
            "test": one.test,
            "contacts": [_contact(row) for row in knowing.contacts(query, one.id)],
            "touches_without_deal": query(
                "SELECT count(*) FROM touch WHERE account_id = :id AND deal_id IS NULL", id=one.id
            )[0][0],
            "deals": [_deal(home, query, found) for found in chosen],
        }


def _meant(query: Query, ref: str, allow_prefix: bool) -> tuple[finding.Account, list[finding.Deal]]:
    try:
        one = finding.account(query, ref, allow_prefix)
    except NotFound:
        if "/" not in ref:
            raise
        found = finding.deal(query, ref, allow_prefix, ("open", "won", "lost", "nurture"))
        return found.account, [found]
    return one, finding.deals_of(query, one)


def _contact(row: Any) -> dict[str, Any]:
    return {part: row[part] for part in ("name", "email", "phone", "title", "level")} | {"main": bool(row["main"])}


def _deal(home: Home, query: Query, found: finding.Deal) -> dict[str, Any]:
    step = knowing.step(query, found.id)
    touches = query("SELECT count(*), max(at) FROM touch WHERE deal_id = :id", id=found.id)[0]
    stays = listing.stays(query, found.id)
    present = stays[-1]
    return {
        "deal": found.slug,
        "ref": found.ref,
        "name": found.name,
        "playbook": found.playbook,
        "stage": found.stage,
        "kind": found.kind,
        "owner": found.owner,
        "entered_at": found.entered_at,
        "days": age(home, found.entered_at),
        "because": present["because"],
        "wakes_on": present["wakes_on"],
        "fields": _fields(query, found),
        "step": _step(step.text, step.due) if step else None,
        "meetings": still_booked(home, query, found),
        "follow_up": _follow_up(home, query, found),
        **_summary(home, query, found),
        "promises": [
            {"number": one.number, "text": one.text, "due": one.due, "kept_at": one.kept_at}
            for one in promises.of_deal(query, found.id)
        ],
        "touches": touches[0],
        "last_touch": touches[1],
        "outside": {"stage": found.outside_stage, "at": found.outside_at} if found.outside_stage else None,
        "stays": [
            {name: row[name] for name in ("playbook", "stage", "owner", "entered_at", "left_at", "days", "because")}
            for row in stays
        ],
    }


def _follow_up(home: Home, query: Query, found: finding.Deal) -> dict[str, Any] | None:
    """How the deal is being followed up where it is; None without a guideline, or without its playbook."""
    from handoffctl.follow_up.status import as_json, pursued
    from handoffctl.playbook.library import rules

    if found.kind == "open":
        with suppress(HandoffError):
            return as_json(home, pursued(home, query, found, rules(home, found.playbook).playbook))
    return None


def _summary(home: Home, query: Query, found: finding.Deal) -> dict[str, Any]:
    """Where the summary stands, and which fields are others now than the client confirmed.

    The playbook is read only where it has a say in that.
    """
    said = [one for one in summaries.of_deal(query, found.id) if one.state != "draft"]
    told: dict[str, Any] = {"summary": said[-1].state if said else None, "changed": []}
    answered = [one for one in said if one.state in ANSWERED]
    if answered:
        confirmed = summaries.confirmed_values(query, found, answered[-1])
        others = changed(confirmed, knowing.values(query, found))
        told["changed"] = list(_in_summaries(home, found, others)) if others else []
    if said and said[-1].state == "sent":
        from handoffctl.emails.summary.ledger import confirm_within

        told["summary"] = standing(said[-1], home.clock, home.week, confirm_within(home, found.playbook))
    return told


def _in_summaries(home: Home, found: finding.Deal, names: Iterable[str]) -> Iterator[str]:
    """Those of the fields that a summary tells the client."""
    from handoffctl.playbook.library import rules

    with suppress(HandoffError):  # without its playbook a deal can still be shown
        fields = rules(home, found.playbook).playbook.fields
        yield from (name for name in names if name in fields and fields[name].summary)


def _fields(query: Query, found: finding.Deal) -> dict[str, Any]:
    typed = {name: for_json(type, value) for name, (type, value) in knowing.typed_values(query, found).items()}
    for name, value in knowing.built_in(query, found).items():
        if not name.startswith("contact."):  # people stand among the contacts
            typed[name] = for_json("money" if name == "deal.amount" else "text", value)
    return typed


def log(home: Home, ref: str | None, most: int, allow_prefix: bool) -> dict[str, Any]:
    """The newest events, oldest first. For an account with the stays and touches that an import brought."""
    with home.reading() as query:
        one = finding.account(query, _account_part(query, ref), allow_prefix) if ref else None
        rows, total = listing.log(query, most, one.id if one else None)
        undone = taken_back(commands.undos(query).items())
        events = [
            {"id": row["id"], "at": row["at"], "says": row["says"], "undone": row["id"] in undone,
             "undoes": row["undoes_id"]} for row in rows
        ]  # fmt: skip
        if one:
            brought = [
                _event(row["at"], f"Came to {row['stage']} ({row['name'] or row['slug']}), as imported.")
                for row in listing.imported_stays(query, one.id)
            ]
            brought += [_event(row["at"], _touched(row)) for row in listing.imported_touches(query, one.id)]
            outside = [
                _event(found.outside_at, f"Moved outside: the export has {found.called} in {found.outside_stage}.")
                for found in finding.deals_of(query, one)
                if found.outside_stage
            ]
            zone = home.clock.zone
            brought.sort(key=lambda event: order(event["at"], zone) if event["at"] else order("1900-01-01", zone))
            total += len(brought) + len(outside)
            events = [*brought, *events, *outside][-most:]
    return {"events": events, "total": total}


def _event(at: str | None, says: str) -> dict[str, Any]:
    """What an import brought has no number of its own in the log."""
    return {"id": None, "at": at, "says": says, "undone": False, "undoes": None}


def _touched(row: Row) -> str:
    whose = f" ({row['name'] or row['slug']})" if row["slug"] else ""
    result = f", {row['outcome']}" if row["outcome"] else ""
    said = f": {row['text']}" if row["text"] else ""
    return f"{row['kind'].capitalize()} {row['direction']}{result}{whose}, as imported{said}"


def _account_part(query: Query, ref: str) -> str:
    try:
        finding.account(query, ref, True)
    except NotFound:
        return ref.rpartition("/")[0] or ref
    return ref
