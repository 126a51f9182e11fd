"""The people of one's own side, as rows: their roles are set as a whole, and who is gone leaves none behind."""

from collections.abc import Iterable

from handoffctl.db.session import WriteSession


def set_roles(session: WriteSession, person_id: int, roles: Iterable[str]) -> None:
    """These are the roles of the person from now on; those that they had already are left as they are."""
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
    """Forgets the person and their roles. What they did stays on record under their name."""
    set_roles(session, person_id, ())
    session.delete(session.models.Person, person_id)
