"""Erasure: removes an account's rows, its words in the log and its bytes in the file."""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from handoffctl.core.names import fold
from handoffctl.db.file import open_for_writing, refusal
from handoffctl.db.session import WriteSession
from handoffctl.db.undo_log import forget_all, forget_of
from handoffctl.db.undone import undo_root, undone_commands

# A command stays as a row, because other rows may name it. Who gave it stays too; what it was does not.
_BLANK = "UPDATE command SET words = '', kind = '', wrote_file = NULL"
_AMONG = "WHERE id IN (SELECT value FROM json_each(:ids))"


def erase(session: WriteSession, account_id: int) -> None:
    """Deletes the account and everything that belongs to it. Its commands stay as blank rows, since other rows name
    them.

    Undone commands are blanked as well: they may have been about the account, and only their words would tell.
    """
    session.command_id()
    _leave_no_bytes(session)
    _silence(session)
    deals = "SELECT id FROM deal WHERE account_id = :id"
    told = [id for id, in session.query(f"SELECT id FROM command WHERE account_id = :id OR deal_id IN ({deals})",
                                  id=account_id)]  # fmt: skip
    _blank(
        session,
        {
            *told,
            *_merges_naming(session, *session.query("SELECT name, slug FROM account WHERE id = :id", id=account_id)[0]),
        },
    )
    for sql in (
        # A stay and the handoff that began it name each other; the knot is undone before the rows go.
        f"UPDATE visit SET handoff_id = NULL WHERE deal_id IN ({deals})",
        "DELETE FROM account WHERE id = :id",
    ):
        session.execute(sql, id=account_id)
    forget_all(session.raw_connection())  # what is kept for undo may be of it


def forget_taken_back(session: WriteSession) -> int:
    """Erases the content and words of undone commands, which then cannot be redone. Returns how many there were."""
    own = session.command_id()
    _leave_no_bytes(session)
    undos, gone = _undos(session), _of_taken_back(session)
    _silence(session)
    forget_of(session.raw_connection(), {*gone, own})
    return len(undone_commands(undos.items()) - undos.keys())


def _leave_no_bytes(session: WriteSession) -> None:
    session.execute("PRAGMA secure_delete = ON")


def _undos(session: WriteSession) -> dict[int, int]:
    return {
        row["id"]: row["undoes_id"] for row in session.query("SELECT id, undoes_id FROM command WHERE undoes_id > 0")
    }


def _of_taken_back(session: WriteSession) -> set[int]:
    """Returns the commands not in effect and all undos and redos, which repeat their sentences."""
    undos = _undos(session)
    return {*undone_commands(undos.items()), *undos}


def _merges_naming(session: WriteSession, *names: str) -> Iterable[int]:
    """Yields merges whose words name the account; a merge names two accounts but belongs to one."""
    named = re.compile("|".join(rf"(?<!\w){re.escape(fold(name))}(?!\w)" for name in names))
    for row in session.query("SELECT id, words, says FROM command WHERE kind IN ('merge', '')"):
        if named.search(fold(f"{row['words']}")) or named.search(fold(f"{row['says']}")):
            yield row["id"]


def _blank(session: WriteSession, ids: Collection[int]) -> None:
    session.execute(f"{_BLANK}, says = '' {_AMONG}", ids=json.dumps(sorted(ids)))


def _silence(session: WriteSession) -> None:
    """Reduces the sentences of undone commands, and of the undos and redos, to what kind of command they were."""
    undos, gone = _undos(session), _of_taken_back(session)
    again = {id for id, undone in undos.items() if undo_root(undos, undone)[1] % 2 == 1}
    sentences = {"Forgotten.": gone - undos.keys(), "Did again.": again, "Took back.": undos.keys() - again}
    for sentence, ids in sentences.items():
        order = f"{_BLANK}, says = CASE WHEN says = '' THEN '' ELSE :sentence END {_AMONG}"
        session.execute(order, sentence=sentence, ids=json.dumps(sorted(ids)))


def overwrite(path: Path) -> None:
    """Rebuilds the file, so that no free page keeps erased data."""
    try:
        with closing(open_for_writing(path)) as connection:
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise refusal(error, path) from error
