"""Merges one account into another: moves everything that belongs to it, then deletes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handoffctl.core.names import fold, next_free_slug
from handoffctl.db.foreign_keys import references_to
from handoffctl.db.query import Row
from handoffctl.db.session import WriteSession

PARTS = ("name", "email", "phone", "title", "level")

SamePerson = Callable[
    [Mapping[str, str | None], Mapping[str, str | None]], bool
]  # tells if two contacts are one person


@dataclass
class MergedRows:
    """What was moved, by table, and what could not stay as it was."""

    moved: dict[str, int]
    people: list[str] = field(default_factory=list)  # contacts of both that became one
    renumbered: dict[str, str] = field(default_factory=dict)  # slugs of deals that were taken
    outdone: list[tuple[str, str, str]] = field(default_factory=list)  # what, the value that stays, the one that goes


def merge_accounts(session: WriteSession, into: int, gone: int, same_person: SamePerson) -> MergedRows:
    """Moves everything of `gone` to `into`, whose own values win, and deletes `gone`."""
    session.command_id()
    done = MergedRows({})
    _domain(session, into, gone, done)
    _people(session, into, gone, done, same_person)
    _slugs(session, into, gone, done)
    ours, theirs = _facts(session, into), _facts(session, gone)
    done.moved |= _point(session, "account", gone, into)
    _facts_stay(session, ours, theirs, done)
    session.execute("DELETE FROM account WHERE id = :id", id=gone)
    return done


def _point(session: WriteSession, table: str, old: int, new: int) -> dict[str, int]:
    """Re-points every reference to the old row at the new one. Returns the counts by table."""
    counts = {}
    for name, place in references_to(session.query, table):
        here = {"old": old, "new": new}
        counts[name] = session.query(f"SELECT count(*) FROM {name} WHERE {place} = :old", old=old)[0][0]
        session.execute(f"UPDATE {name} SET {place} = :new WHERE {place} = :old", **here)
    return counts


def _domain(session: WriteSession, into: int, gone: int, done: MergedRows) -> None:
    ours, theirs = (session.query("SELECT domain FROM account WHERE id = :id", id=id)[0][0] for id in (into, gone))
    if theirs and not ours:
        session.change(session.models.Account, into, domain=theirs)
    elif theirs and theirs != ours:
        done.outdone.append(("domain", ours, theirs))


def _people(session: WriteSession, into: int, gone: int, done: MergedRows, same_person: SamePerson) -> None:
    """Merges contacts that are the same person. The remaining account keeps its main contact."""
    sql = f"SELECT id, main, folded, {', '.join(PARTS)} FROM contact WHERE account_id = :id ORDER BY main DESC, id"
    ours, theirs = ([dict(row) for row in session.query(sql, id=id)] for id in (into, gone))
    for person in theirs:
        alike = [one for one in ours if same_person(one, person)]
        # An address tells more than a name does.
        alike.sort(key=lambda one: not (one["email"] and person["email"]))
        if alike:
            _one_of_two(session, alike[0], person, done)
        elif ours and person["main"]:
            session.change(session.models.Contact, person["id"], main=0)


def _one_of_two(session: WriteSession, kept: dict[str, Any], person: dict[str, Any], done: MergedRows) -> None:
    called = kept["name"] or person["name"] or kept["email"]
    blanks = {part: person[part] for part in PARTS if person[part] and not kept[part]}
    if "name" in blanks:
        blanks["folded"] = person["folded"]
    done.people.append(called)
    done.outdone += [
        (f"{part} of {called}", kept[part], person[part])
        for part in PARTS
        if person[part] and kept[part] and fold(person[part]) != fold(kept[part])
    ]
    if blanks:
        session.change(session.models.Contact, kept["id"], **blanks)
        kept |= blanks
    _point(session, "contact", person["id"], kept["id"])
    session.execute("DELETE FROM contact WHERE id = :id", id=person["id"])


def _slugs(session: WriteSession, into: int, gone: int, done: MergedRows) -> None:
    """Gives deals whose slug is taken the next free number."""
    sql = "SELECT id, slug FROM deal WHERE account_id = :id ORDER BY id"
    ours, theirs = ({row["slug"]: row["id"] for row in session.query(sql, id=id)} for id in (into, gone))
    taken = {*ours, *theirs}
    for slug, id in theirs.items():
        if slug in ours:
            done.renumbered[slug] = next_free_slug(slug, taken)
            taken.add(done.renumbered[slug])
            session.change(session.models.Deal, id, slug=done.renumbered[slug])


def _facts(session: WriteSession, account: int) -> dict[str, Row]:
    """Returns the newest row of each account field."""
    sql = "SELECT * FROM field_value WHERE account_id = :id AND deal_id IS NULL AND NOT forgotten ORDER BY id"
    return {row["name"]: row for row in session.query(sql, id=account)}


def _facts_stay(session: WriteSession, ours: dict[str, Row], theirs: dict[str, Row], done: MergedRows) -> None:
    """Re-adds our values where the other account's are newer, since values are only ever added and the newest counts.

    So the history keeps what was known of the other account, and when.
    """
    for name, row in theirs.items():
        kept = ours.get(name)
        if not kept or (kept["type"], kept["value"]) == (row["type"], row["value"]):
            continue
        if "." not in name:  # those with a dot stand in columns, and only their history is here
            done.outdone.append((name, kept["value"], row["value"]))
        if row["id"] > kept["id"]:
            # But for the seconds: the answer was given once, and took its time once.
            same = {column: kept[column] for column in {*kept.keys()} - {"id", "command_id", "seconds"}}
            session.add(session.models.FieldValue.model_validate(same))
