"""The people of one's own side, as rows: their roles are set as a whole, and who is gone leaves none behind."""

from collections.abc import Iterable

from handoffctl.db.models.planning import Person, PersonRole
from handoffctl.db.session import Pen


def set_roles(pen: Pen, person_id: int, roles: Iterable[str]) -> None:
    """These are the roles of the person from now on; those that they had already are left as they are."""
    wanted = list(dict.fromkeys(roles))
    had = {row["role"]: row["id"] for row in pen.ask("SELECT id, role FROM person_role WHERE person_id = :id",
                                                     id=person_id)}  # fmt: skip
    pen.command_id()
    for role in had.keys() - wanted:
        pen.session.delete(pen.session.get_one(PersonRole, had[role]))
    pen.session.flush()
    for role in wanted:
        if role not in had:
            pen.add(PersonRole(person_id=person_id, role=role))


def remove(pen: Pen, person_id: int) -> None:
    """Forgets the person and their roles. What they did stays on record under their name."""
    set_roles(pen, person_id, ())
    pen.session.delete(pen.session.get_one(Person, person_id))
    pen.session.flush()
