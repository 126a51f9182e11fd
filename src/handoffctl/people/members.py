"""Team members: add, update, list and remove them; the roles they can have."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from handoffctl.core.field_values import BadValue, is_placeholder, parse_value
from handoffctl.core.moments import HOW_TO_WRITE
from handoffctl.core.names import fold, split_name_and_email
from handoffctl.db.person_roles import remove as forget
from handoffctl.db.person_roles import set_roles
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession
from handoffctl.deals.contacts import name_of
from handoffctl.deals.stays_query import deal_names, playbooks_used
from handoffctl.errors import HandoffError, NotFound, Refused, UsageFault, closest, nearest
from handoffctl.people.query import Person, named, open_deals_by_owner, people
from handoffctl.playbook.library import archived_playbook, load_kept, load_playbook
from handoffctl.playbook.model import BUILT_IN, Playbook
from handoffctl.playbook.query import kept_content, stages_taken
from handoffctl.workspace.home import Home

MOST_NAMED = 8
LONGEST_INTRO = 300
HOW_TO_SAY_INTRO = 'As in: --intro "Alan has set up online ordering for several wholesalers"'
HOW_TO_SAY_AWAY = "As in: --away 2026-12-20..2027-01-06, or: --away tomorrow..+10d"


class Absence(NamedTuple):
    """The ISO dates from the first to the last day that a person is away."""

    from_: str
    to: str


class MemberStatus(NamedTuple):
    """An owner of deals, with their absence as of a day unless it is past."""

    name: str
    roles: tuple[str, ...]
    email: str | None = None
    away: Absence | None = None
    away_now: bool = False


class TeamMember(NamedTuple):
    """A team member as in `MemberStatus`, with the number of open deals they own, and the number that is enough."""

    name: str
    roles: tuple[str, ...]
    email: str | None
    away: Absence | None
    away_now: bool
    open_deals: int
    intro: str
    capacity: int | None


def roles_in_use(home: Home, query: Query) -> dict[str, list[str]]:
    """Returns each role with the playbooks that have it.

    Considered are the playbooks with deals, the default one, the user's own, and those that these hand deals to.
    """
    own = sorted(path.stem for path in (home.folder / "playbooks").glob("*.yaml"))
    names = list(dict.fromkeys([*playbooks_used(query), home.configuration.playbook, *own]))
    playbooks_by_role: dict[str, list[str]] = {}
    for name in names:  # the list grows while it is read
        playbook = readable(home, query, name)
        if playbook:
            names += sorted({handoff.to_playbook for handoff in playbook.handoffs if handoff.to_playbook} - {*names})
            for role in roles_of(playbook):
                playbooks_by_role.setdefault(role, []).append(name)
    for name, kept in _kept_playbooks(home, query):  # deals may have roles that a newer version no longer has
        for role in roles_of(kept):
            of_role = playbooks_by_role.setdefault(role, [])
            if name not in of_role:
                of_role.append(name)
    return playbooks_by_role


def _kept_playbooks(home: Home, query: Query) -> Iterator[tuple[str, Playbook]]:
    """Yields the content of each playbook that deals entered it with, and its name; unreadable ones are left out."""
    contents = ((row["playbook"], kept_content(row["revision_id"], row["hash"])) for row in stages_taken(query))
    for name, content in dict.fromkeys(contents):
        with suppress(HandoffError):
            yield name, load_kept(home, name, content).playbook


def roles_of(playbook: Playbook) -> list[str]:
    """Returns the roles that can own a deal in this playbook; a stage without a role is owned by "me"."""
    return list(dict.fromkeys([*playbook.roles, *(playbook.owner_of(stage) for stage in playbook.stages)]))


def readable(home: Home, query: Query, name: str) -> Playbook | None:
    """Returns the playbook, or its last stored revision if the file is missing or invalid, or None without either."""
    with suppress(HandoffError):
        return load_playbook(home, name).playbook
    with suppress(HandoffError):
        return archived_playbook(query, name)
    return None


def add(
    home: Home,
    text: str,
    roles: Sequence[str],
    email: str | None,
    away: str | None,
    back: bool,
    intro: str | None = None,
    capacity: int | None = None,
) -> tuple[Person, bool]:
    """Adds a person, or changes the one of that name. Returns the person, and True if they are new.

    Given roles replace the previous ones. `away` is the absence, `FROM..TO`; an empty text, or `back`, ends it. `intro`
    is the sentence that tells a client how this person helps them; an empty text removes it. `capacity` is the number
    of open deals that is enough for them; 0 removes it.
    Raises NotFound for an unknown role, UsageFault for a new person without one, Refused for a bad value.
    """
    name, address = split_name_and_email(text)
    name = name_of(name, "person's name")
    email_change = _email(home, email if email is not None else address or None)
    absence = _away(home, away, back)
    introduction = _intro(intro)
    enough = {} if capacity is None else {"capacity": capacity or None}
    with home.writing() as session:
        existing = named(people(session.query), name)
        in_use = roles_in_use(home, session.query)
        _refuse_role_as_name(name, in_use)
        new_roles = [_role(role, in_use) for role in roles]
        if existing is None and not new_roles:
            raise UsageFault(
                f"{name} needs a role.",
                f'As in: handoffctl person add "{name}" --role {next(iter(in_use), "ROLE")}. '
                f"Roles: {', '.join(in_use)}.",
            )
        _write(session, existing, name, new_roles, {**email_change, **absence, **introduction, **enough})
        person = named(people(session.query), name)
        assert person is not None
        session.log(
            f"{'Changed' if existing else 'Added'} {person.name} ({', '.join(person.roles)}){_absence_text(absence)}."
        )
    return person, existing is None


def _write(
    session: WriteSession,
    existing: Person | None,
    name: str,
    roles: Sequence[str],
    values: Mapping[str, str | int | None],
) -> None:
    if existing is None:
        id = session.add(session.models.Person.model_validate({"name": name, "folded": fold(name), **values})).id
        assert id is not None
    else:
        id = existing.id
        session.change(session.models.Person, id, **values)
    if roles:
        set_roles(session, id, roles)


def _absence_text(absence: Mapping[str, str | None]) -> str:
    if not absence:
        return ""
    return f", away {absence['away_from']} to {absence['away_to']}" if absence["away_from"] else ", back"


def _role(role: str, in_use: Mapping[str, Sequence[str]]) -> str:
    """Returns the role as spelled in its playbook. Raises NotFound if no playbook in use has it."""
    match = next((known_role for known_role in in_use if fold(known_role) == fold(role)), None)
    if match is None:
        raise NotFound(
            f'No playbook in use has a role "{role[:60]}" {nearest(role, list(in_use))}'.rstrip() + ".",
            f"There are: {', '.join(in_use)}. A playbook is in use when deals are in it, or when it stands in your own "
            "playbooks folder and is in order: handoffctl playbook list",
        )
    return match


def _refuse_role_as_name(name: str, in_use: Mapping[str, Sequence[str]]) -> None:
    for role, playbooks in in_use.items():
        if fold(role) == fold(name):
            raise Refused(
                f"{role} is a role of {', '.join(playbooks)}, so nobody can be called that: an owner could be either.",
                f'Add a last name, as in: handoffctl person add "{name} Doe" --role {role}',
            )


def _email(home: Home, email: str | None) -> dict[str, str | None]:
    """Returns the checked e-mail address to write; an empty text removes it. Raises Refused for a bad one."""
    if email is None:
        return {}
    if not email.strip():
        return {"email": None}
    try:
        return {"email": parse_value(BUILT_IN["contact.email"], email, home.clock)}
    except BadValue as fault:
        raise Refused(f"E-mail: {fault}", "Nothing was recorded.") from None


def _intro(intro: str | None) -> dict[str, str | None]:
    """Returns the sentence to write; raises Refused for one that says nothing or is long."""
    if intro is None:
        return {}
    sentence = " ".join(intro.split())
    if sentence and is_placeholder(sentence):
        raise Refused(f'--intro: "{sentence[:40]}" tells a client nothing.', HOW_TO_SAY_INTRO)
    if len(sentence) > LONGEST_INTRO:
        raise Refused(
            f"--intro has {len(sentence):,} characters; {LONGEST_INTRO} is the most.", "Nothing was recorded."
        )
    return {"intro": sentence}


def _away(home: Home, away: str | None, back: bool) -> dict[str, str | None]:
    if away and back:
        raise UsageFault("--away and --back contradict each other.", "Give one of them.")
    if away is None and not back:
        return {}
    if back or not (away and away.strip()):
        return {"away_from": None, "away_to": None}
    first, dots, last = away.partition("..")
    if dots and not (first.strip() and last.strip()):
        raise Refused(f'--away: "{away[:60]}" lacks one of its two days.', HOW_TO_SAY_AWAY)
    begin = _day(home, first)
    end = _day(home, last) if dots else begin
    if end < begin:
        raise Refused(f"--away: {end} is before {begin}.", HOW_TO_SAY_AWAY)
    return {"away_from": begin, "away_to": end}


def _day(home: Home, text: str) -> str:
    return home.clock.day_of(home.moment("--away", text, f"{HOW_TO_SAY_AWAY}. {HOW_TO_WRITE}")).isoformat()


def members(home: Home) -> list[TeamMember]:
    """Returns all team members with their roles, address, absence and number of open deals."""
    with home.reading() as query:
        counts = open_deals_by_owner(query)
        everybody = people(query)
    today = home.clock.today
    return [
        TeamMember(*status_of(person, today), counts.get(person.name, 0), person.intro, person.capacity)
        for person in everybody
    ]


def status_of(person: Person, today: date) -> MemberStatus:
    """Returns a person with their present or coming absence, and whether they are away today."""
    away = None
    if person.away_from and person.away_to and person.away_to >= today.isoformat():
        away = Absence(person.away_from, person.away_to)
    return MemberStatus(person.name, person.roles, person.email, away, person.away_on(today))


def namesakes(home: Home, roles: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Returns a warning for each person whose name is also a role: a playbook may have gained that role later.

    `roles` are the roles to compare, each with its playbooks; by default all roles in use.
    """
    with home.reading() as query:
        everybody = people(query)
        in_use = (roles_in_use(home, query) if everybody else {}) if roles is None else roles
    return [
        f"{person.name} is called like the role {role} of {', '.join(playbooks)}: "
        f"of a deal nobody can tell whose it is. Rename the role, or add the person under a longer name."
        for person in everybody
        for role, playbooks in in_use.items()
        if fold(role) == person.folded
    ]


def refuse_deals_left(query: Query, person: Person, deals: Sequence[int]) -> None:
    """Raises Refused if there are open deals of a person who leaves that nobody takes over, by their ids."""
    if not deals:
        return
    names = deal_names(query, deals[:MOST_NAMED])
    count = "1 open deal" if len(deals) == 1 else f"{len(deals)} open deals"
    raise Refused(
        f"{person.name} still drives {count}.",
        f'Hand everything to another: handoffctl person remove "{person.name}" --to NAME. Or each: '
        f"handoffctl handoff ACCOUNT --to-person NAME --stay. See them with: "
        f'handoffctl list --owner "{person.name}"',
        [*(names[id].ref for id in deals[:MOST_NAMED]), *(["..."] if len(deals) > MOST_NAMED else [])],
    )


def remove_person(session: WriteSession, person: Person, handed: str = "") -> None:
    """Removes a person. `handed` says in the log what was handed over before."""
    forget(session, person.id)
    session.log(f"Removed {person.name} ({', '.join(person.roles)}){handed}.")


def nobody_called(name: str, everybody: Sequence[Person]) -> str:
    """Returns the error text for an unknown name, with a suggestion if one person is close."""
    with_prefix = [person for person in everybody if person.folded.startswith(fold(name))]
    close = closest(name, [person.folded for person in everybody])
    suggestion = with_prefix[0] if len(with_prefix) == 1 else named(everybody, close)
    return f'Nobody here is called "{name[:60]}"' + (f' (did you mean "{suggestion.name}"?).' if suggestion else ".")


def person_called(query: Query, name: str) -> Person:
    """Returns the person of this name. Raises NotFound with the nearest name."""
    everybody = people(query)
    person = named(everybody, name)
    if person is None:
        names = ", ".join(person.name for person in everybody)
        raise NotFound(
            nobody_called(name, everybody),
            f"There are: {names}." if names else "Add somebody with: handoffctl person add NAME --role ROLE",
        )
    return person
