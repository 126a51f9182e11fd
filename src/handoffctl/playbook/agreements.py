"""Records who agreed to which revision of a playbook, and when."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.names import NotAName, clean_name, fold
from handoffctl.errors import Refused
from handoffctl.playbook import query as view
from handoffctl.playbook.library import archive_revision, load_playbook, playbook_paths
from handoffctl.playbook.revisions import digest
from handoffctl.workspace.home import Home


class RecordedAgreement(NamedTuple):
    """A person's agreement to the playbook as it is now; `recorded` is False if they had agreed before, at `at`."""

    playbook: str
    revision: int
    who: str
    at: Moment
    recorded: bool


class AgreedRevision(NamedTuple):
    """Who agreed to which revision, and when; `present` if the file still has its content."""

    who: str
    at: Moment
    revision: int
    present: bool


def record_agreement(home: Home, name: str, who: str = "", on: str = "") -> RecordedAgreement:
    """Records that a person agreed to the playbook as it is now, once per person; its content is kept with it.

    Raises NotFound or RulesFault for the playbook, Refused for a date in the future or an unusable name.
    """
    loaded = load_playbook(home, name)
    person, at = _person(home, who, list(loaded.playbook.roles)), home.past_moment("--on", on)
    with home.writing() as session:
        revision_id = archive_revision(session, loaded)
        agreed = [row for row in view.agreements(session.query, name) if row["revision_id"] == revision_id]
        former = next((row for row in agreed if fold(row["who"]) == fold(person)), None)
        if former is None:
            session.add(session.models.Agreement(revision_id=revision_id, who=person, at=at))
            session.log(f"{person} agreed to the playbook {name}.")
        number = len(view.revisions(session.query, name))
    return RecordedAgreement(name, number, person, former["at"] if former else at, recorded=former is None)


def _person(home: Home, who: str, roles: list[str]) -> str:
    """Returns the name of the person or role that agrees, else the user's. Raises Refused for an unusable name."""
    try:
        person = clean_name(who or home.configuration.name or "me", "name of who agrees")
    except NotAName as fault:
        raise Refused(str(fault), "As in: --who seller") from None
    return next((role for role in roles if fold(role) == fold(person)), person)


def agreements(home: Home, name: str) -> list[AgreedRevision]:
    """Returns who agreed to which revision, newest revision first."""
    with home.reading() as query:
        rows = view.agreements(query, name)
    if not rows:
        return []
    present = _present_digest(home, name)
    return [AgreedRevision(row["who"], row["at"], row["number"], row["hash"] == present) for row in rows]


def _present_digest(home: Home, name: str) -> str:
    """Returns the digest of the file's content; empty if the file is gone or unreadable."""
    try:
        return digest(playbook_paths(home)[name].read_text(encoding="utf-8-sig"))
    except (KeyError, OSError, UnicodeDecodeError):
        return ""
