"""Previous contents of rows that a command changed or deleted."""

from handoffctl.db.models import Record


class Former(Record, table=True):
    of_table: str
    of_row: int
    was: str
