"""Records who agreed to which revision of a playbook, and when."""

from typing import Any

from handoffctl.core.names import NotAName, clean_name, fold
from handoffctl.errors import Refused
from handoffctl.playbook import query as view
from handoffctl.playbook.library import files, revision, rules
from handoffctl.playbook.revisions import digest
from handoffctl.workspace.home import Home


def agree(home: Home, name: str, who: str = "", on: str = "") -> dict[str, Any]:
    """Records that a person agreed to the playbook as it is now, once per person; its content is kept with it.

    Raises NotFound or RulesFault for the playbook, Refused for a date in the future or an unusable name.
    """
    used = rules(home, name)
    person, at = _who(home, who, list(used.playbook.roles)), home.past_moment("--on", on)
    with home.writing() as session:
        kept = revision(session, used)
        same = [row for row in view.agreements(session.query, name) if row["revision_id"] == kept]
        already = next((row for row in same if fold(row["who"]) == fold(person)), None)
        if already is None:
            session.add(session.models.Agreement(revision_id=kept, who=person, at=at))
            session.log(f"{person} agreed to the playbook {name}.")
        number = len(view.revisions(session.query, name))
    told = already["at"] if already else at
    return {"playbook": name, "revision": number, "who": person, "at": told, "recorded": already is None}


def _who(home: Home, who: str, roles: list[str]) -> str:
    try:
        person = clean_name(who or home.configuration.name or "me", "name of who agrees")
    except NotAName as fault:
        raise Refused(str(fault), "As in: --who seller") from None
    return next((role for role in roles if fold(role) == fold(person)), person)


def agreements(home: Home, name: str) -> list[dict[str, Any]]:
    """Returns who agreed to which revision, newest revision first; `present` if it is the content of the file now."""
    with home.reading() as query:
        rows = view.agreements(query, name)
    if not rows:
        return []
    now = _present(home, name)
    return [
        {"who": row["who"], "at": row["at"], "revision": row["number"], "present": row["hash"] == now} for row in rows
    ]


def _present(home: Home, name: str) -> str:
    """Returns the digest of the file's content; empty if the file is gone or unreadable."""
    try:
        return digest(files(home)[name].read_text(encoding="utf-8-sig"))
    except (KeyError, OSError, UnicodeDecodeError):
        return ""
