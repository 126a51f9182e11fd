"""Undoes the last command, and redoes it: an undo is a command that can be undone.

Nothing is recomputed, rows get back their previous contents; so no trigger is detected, and the clock does not matter.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from handoffctl.core.moments import Moment
from handoffctl.db import command_query as commands
from handoffctl.db.command_query import Command
from handoffctl.db.query import Query
from handoffctl.db.session import WriteSession, writing
from handoffctl.db.undo_log import forget_earlier_undos, restore_rows
from handoffctl.db.undone import undo_root, undone_commands
from handoffctl.errors import NotReady, Refused
from handoffctl.workspace.home import Home

LONGEST = 300  # of what is said before it is done


@dataclass(frozen=True)
class UndoPlan:
    """What `undo` would undo: one command, perhaps by undoing its undo; `again` if that redoes it."""

    target: Command
    about: Command
    again: bool

    @property
    def says(self) -> str:
        return f"{'Did again' if self.again else 'Took back'}: {self.about.says}"


class UndoneCommand(NamedTuple):
    """The command that was undone or redone: its id, its time and its sentence in the log."""

    id: int
    at: Moment
    says: str


class UndoResult(NamedTuple):
    """What was undone, or redone if `again`. `undoes` is the id of the command whose rows were restored.

    `notes` tell what the command left outside the records.
    """

    undoes: int
    again: bool
    command: UndoneCommand
    says: str
    notes: Sequence[str]


def plan_undo(home: Home, further: bool) -> UndoPlan:
    """Returns what `undo` would undo. Raises NotReady if there is nothing, Refused if it cannot be undone."""
    with home.reading() as query:
        return _meant(query, further)


def _meant(query: Query, further: bool) -> UndoPlan:
    undos = commands.undo_pairs(query)
    target = commands.newest_but(query, undone_commands(undos.items())) if further else commands.newest(query)
    if target is None:
        raise NotReady(
            "There is nothing to take back.", "See what happened, and what of it was taken back: handoffctl log"
        )
    id, steps = undo_root(undos, target.id)
    plan = UndoPlan(target, commands.command_by_id(query, id) or target, steps % 2 == 1)
    _refuse_final(plan.target)
    if commands.is_built_upon(query, target.id):
        raise Refused(f"{_short(plan.about.says)} That cannot be taken back: later changes rest on it.", _BY_HAND)
    return plan


_BY_HAND = "Put right by hand what was wrong about it; handoffctl --help lists the commands."


def _refuse_final(command: Command) -> None:
    if command.final:
        reason, _, instead = command.final.partition("\n")
        raise Refused(f"{_short(command.says)} That cannot be taken back: {reason}.", instead or _BY_HAND)


def _short(says: str) -> str:
    """Truncates a sentence and terminates it."""
    text = " ".join(says.split())
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
    return text if text.endswith((".", "!", "?")) else f"{text}."


def question(undoing: UndoPlan) -> str:
    """Returns what would be undone or redone, for the confirmation: `Added Acme Corp, in Lead.`"""
    return _short(undoing.about.says)


def carry_out(home: Home, shown: UndoPlan, further: bool) -> UndoResult:
    """Undoes it in one transaction.

    Raises NotReady if another command came in between, Refused if the records do not allow it.
    """
    try:
        # Not home.writing(): that would notice triggers in records that were put back to what they were.
        with writing(home.database, home.invocation) as session:
            now = _meant(session.query, further)
            if now.target.id != shown.target.id:
                raise NotReady("Something else was recorded meanwhile.", "Look again with: handoffctl undo")
            own = session.command_id()
            restore_rows(session.raw_connection(), now.target.id)
            _sign(session, now)
            forget_earlier_undos(session.raw_connection(), own)
    except sqlite3.IntegrityError as error:
        raise Refused(
            f"{_short(shown.about.says)} That cannot be taken back: later records rest on it.", _BY_HAND
        ) from error
    undone = UndoneCommand(shown.about.id, shown.about.at, shown.about.says)
    return UndoResult(shown.target.id, shown.again, undone, shown.says, _left_behind(home, shown))


def _sign(session: WriteSession, undoing: UndoPlan) -> None:
    """Records what was undone, so that it is found at its account, if that still exists.

    The same goes for earlier undos of it: the log of an account shows them, and they go when the account does.
    """
    about = commands.command_by_id(session.query, undoing.about.id) or undoing.about
    session.command.undoes_id = undoing.target.id
    session.log(undoing.says, about.account_id, about.deal_id)
    if about.account_id is None:
        return
    undos, id = commands.undo_pairs(session.query), undoing.target.id
    while id != about.id:
        session.log_under(id, about.account_id, about.deal_id)
        id = undos[id]


def _left_behind(home: Home, undoing: UndoPlan) -> list[str]:
    """Returns what a command left outside the records."""
    command = undoing.about
    if undoing.again or not command.wrote_file:
        return []
    path = command.wrote_file
    if command.kind != "import":
        return [f"The calendar file that it wrote stays: {path}. Remove it, and look at what your calendar has."]
    playbook = home.folder / path
    if not playbook.is_file():
        return []
    again = f"import again with --playbook {playbook.stem}"
    return [f"The playbook that it made stays: {playbook}. Remove the file, or {again}."]
