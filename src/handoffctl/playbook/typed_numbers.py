"""Records and lists numbers that cannot be counted here, such as sign-ups; the newest for a month counts."""

from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.core.money import NotANumber, parse_number
from handoffctl.errors import NotFound, Refused, nearest
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.model import Playbook
from handoffctl.workspace.home import Home

TYPED = "typed"
MOST = 1_000_000_000


class RecordedNumber(NamedTuple):
    """The number recorded for an objective and a month; `was` is the one it replaces, None if it is the first."""

    playbook: str
    objective: str
    month: str
    number: float
    was: float | None


class TypedNumber(NamedTuple):
    """The number that counts for an objective and a month, and when it was recorded."""

    playbook: str
    objective: str
    month: str
    number: float
    at: Moment


def numbers_that_count(home: Home, playbook_name: str = "") -> list[TypedNumber]:
    """Returns the newest number of each objective and month, of one playbook or of all.

    Raises NotFound for an unknown playbook.
    """
    if playbook_name:
        load_playbook(home, playbook_name)
    sql = """SELECT playbook, objective, month, number, at FROM typed_number
             WHERE id IN (SELECT MAX(id) FROM typed_number GROUP BY playbook, objective, month)
             ORDER BY playbook, objective, month"""
    with home.reading() as query:
        numbers = [TypedNumber._make(row) for row in query(sql)]
    return [each for each in numbers if playbook_name in ("", each.playbook)]


def record_number(home: Home, playbook_name: str, name: str, number: str, month: str) -> RecordedNumber:
    """Records a number for a month such as `2026-03`.

    Raises NotFound for an unknown objective, and Refused for one that is counted here, or for a bad number.
    """
    playbook = load_playbook(home, playbook_name).playbook
    objective = _objective(playbook, name)
    value = _number(number)
    with home.writing() as session:
        sql = """SELECT number FROM typed_number WHERE playbook = :playbook AND objective = :objective
                 AND month = :month ORDER BY id DESC LIMIT 1"""
        rows = session.query(sql, playbook=playbook.playbook, objective=objective, month=month)
        session.add(
            session.models.TypedNumber(
                playbook=playbook.playbook, objective=objective, month=month, number=value, at=session.at
            )
        )
        was = rows[0]["number"] if rows else None
        before = f", was {was:,.10g}" if was is not None else ""
        session.log(f"{objective}: {value:,.10g} for {month}{before} ({playbook.playbook}).")
    return RecordedNumber(playbook.playbook, objective, month, value, was)


def _objective(playbook: Playbook, name: str) -> str:
    """Returns the objective of this name whose number is typed. Raises NotFound and Refused."""
    typed = [each for each, objective in playbook.objectives.items() if objective.measure == TYPED]
    hint = f"Typed here are: {', '.join(typed)}." if typed else "Give an objective of the playbook: measure: typed"
    chosen = next((each for each in playbook.objectives if each.casefold() == name.casefold()), None)
    if chosen is None:
        known = list(playbook.objectives)
        close = nearest(name, known)
        raise NotFound(
            f'The playbook {playbook.playbook} has no objective "{name[:60]}"{f" {close}" if close else ""}.',
            hint if typed or not known else f"Its objectives: {', '.join(known)}. {hint}",
        )
    if chosen not in typed:
        raise Refused(f"Can't type {chosen}: it is counted here ({playbook.objectives[chosen].measure}).", hint)
    return chosen


def _number(text: str) -> float:
    try:
        value = float(parse_number(text))
    except NotANumber as fault:
        raise Refused(
            f"Can't record that: {fault}", "As in: handoffctl goals set sign-ups 42 --month 2026-03"
        ) from None
    if not 0 <= value <= MOST:
        raise Refused(f"Can't record {text[:20]}: it is not between 0 and {MOST:,}.", "Write a number in between.")
    return value
