"""Writes the roles of team members."""

from collections.abc import Iterable

from handoffctl.db.session import WriteSession


def set_roles(session: WriteSession, person_id: int, roles: Iterable[str]) -> None:
    """Sets the roles of a team member; roles they already had keep their rows."""
    wanted = list(dict.fromkeys(roles))
    had = {row["role"]: row["id"] for row in session.query("SELECT id, role FROM person_role WHERE person_id = :id",
                                                     id=person_id)}  # fmt: skip
    session.command_id()
    for role in had.keys() - wanted:
        session.delete(session.models.PersonRole, had[role])
    for role in wanted:
        if role not in had:
            session.add(session.models.PersonRole(person_id=person_id, role=role))


def remove(session: WriteSession, person_id: int) -> None:
    """Deletes a team member with their roles. What they did stays on record under their name."""
    set_roles(session, person_id, ())
    session.delete(session.models.Person, person_id)
