"""Erasure: an account leaves neither rows, nor words in the log, nor bytes in the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from handoffctl.store.file import opened, refusal
from handoffctl.store.former import forget_all
from handoffctl.store.writing import Pen


def erase(pen: Pen, account_id: int) -> None:
    """Deletes the account; what hangs on it follows. Commands stay as empty rows, because other rows may name them."""
    pen.command_id()
    pen.session.execute(text("PRAGMA secure_delete = ON"))
    deals = "SELECT id FROM deal WHERE account_id = :id"
    for sql in (
        f"UPDATE command SET words = '', says = '' WHERE account_id = :id OR deal_id IN ({deals})",
        # A stay and the handoff that began it name each other; the knot is undone before the rows go.
        f"UPDATE visit SET handoff_id = NULL WHERE deal_id IN ({deals})",
        "DELETE FROM account WHERE id = :id",
    ):
        pen.session.execute(text(sql), {"id": account_id})
    forget_all(pen.plain())  # what is kept for undo may be of it


def overwrite(path: Path) -> None:
    """Rebuilds the file, so that no free page keeps what was erased."""
    try:
        with closing(opened(path)) as connection:
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        raise refusal(error, path) from error
